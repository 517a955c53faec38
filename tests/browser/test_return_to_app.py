"""The hosted page in a system browser leads back to the app that opened it."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_end_of_a_flow_opens_the_app(stage):
    here = stage(settings={"return_schemes": ["myapp"], "webhook_secret": None})
    lean, page = here.app.blueprints["lean"], here.page
    needed = {"permissions": ["identity"], "customer_id": here.fake.add_customer("user-1")}

    @here.app.get("/app")
    def from_the_app():
        return "", 302, {"Location": lean.connect(**needed, return_url="myapp://done?a=b").url}

    opened: list[str] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.enable")
    devtools.on("Page.frameRequestedNavigation", lambda event: opened.append(event["url"]))
    page.clock.install()
    page.goto(f"{here.site}/app")
    here.tap()
    here.dialog.locator("[data-lean-end=SUCCESS]").first.click()
    way_on = page.get_by_role("link", name="Continue")
    expect(way_on).to_be_visible()
    page.clock.run_for(4_100)  # by itself, as far as the browser lets it
    way_on.click()
    devtools.send("Page.getFrameTree")  # the events of what was done before it have come, too
    _, *led_to = opened  # the first is the stand-in's dialog
    assert len(led_to) == 2
    for url in led_to:
        assert url.startswith("myapp://done?a=b&lean_status=SUCCESS&lean_flow=")
    expect(way_on).to_be_visible()  # the page stays, for a customer who comes back to it
