"""What Chromium makes of the security headers."""

from flask import Flask, request
from playwright.sync_api import expect

LEAVE = """url => {
  const link = document.createElement("a");
  link.href = url;
  document.body.append(link);
  link.click();
}"""


def stranger(name, view):
    app = Flask(name)
    app.get("/")(view)
    return app


def test_chromium_heeds_the_headers(make_app, serve, open_page):
    """What the page may ask for, and what a link away from it gives away."""
    site = serve(make_app())
    elsewhere = serve(stranger("elsewhere", lambda: request.headers.get("Referer", "")))
    page = open_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}/link")
    expect(page.locator("#all .row").first).to_be_visible()
    assert [text for text in said if "Permissions-Policy" in text] == []  # every name is known
    allows = "name => document.featurePolicy.allowsFeature(name)"
    assert page.evaluate(allows, "camera") is False
    assert page.evaluate(allows, "publickey-credentials-get") is True
    page.evaluate(LEAVE, f"{elsewhere}/")
    page.wait_for_url(f"{elsewhere}/")
    assert page.locator("body").inner_text() == f"{site}/"


def test_chromium_does_not_show_the_page_in_a_strangers_frame(make_app, serve, browser):
    site = serve(make_app(csp=None))
    frame = f"<iframe src='{site}/lean/return/success'></iframe>"
    elsewhere = serve(stranger("elsewhere", lambda: frame))
    page = browser.new_page()
    with page.expect_console_message(lambda message: "X-Frame-Options" in message.text):
        page.goto(f"{elsewhere}/")
    assert page.frames[1].url.startswith("chrome-error:")
    page.close()
