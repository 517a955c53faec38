"""The picker in pages of a host that renew flows, are dark, or are swapped by a library."""

from __future__ import annotations

import pytest
from flask import render_template_string, request
from playwright.sync_api import expect

from lean_flask.services import get_services
from support.picker_pages import opened
from support.picker_stage import BANK, make_host

PAGE = """<!doctype html><html lang="en" style="color-scheme: {{ scheme }}"><title>Host</title>
<main><h1>My account</h1>{{ flow.embed() }}</main></html>"""
RENEW = """() => document.addEventListener("lean:flow_expired", async (event) => {
  event.preventDefault();
  event.target.flow = await (await fetch("/token")).text();
})"""


@pytest.fixture
def account(stage):
    here = stage()
    lean = here.app.blueprints["lean"]
    customer = here.fake.add_customer("user-1")

    def flow():
        return lean.connect(
            customer_id=customer, permissions=["accounts"], language="en", return_url="/account"
        )

    @here.app.get("/account")
    def account():
        scheme = request.args.get("scheme", "normal")
        return render_template_string(PAGE, flow=flow(), scheme=scheme)

    @here.app.get("/token")
    def token():
        return flow().token

    return here


def expire(here):
    settings = get_services("lean").settings
    object.__setattr__(settings, "flow_max_age", -1)
    return lambda: object.__setattr__(settings, "flow_max_age", 1800)


def test_a_host_renews_a_flow_that_expired_and_the_choice_is_carried_out(account):
    page = account.page
    page.goto(f"{account.site}/account")
    page.evaluate(RENEW)
    with account.app.app_context():
        heal = expire(account)
    page.route("**/token", lambda route: (heal(), route.continue_()))
    page.locator(f"#all [value={BANK}]").click()
    account.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert account.fake.launches[-1]["config"]["bank_identifier"] == BANK


def test_without_a_new_flow_an_embedded_picker_says_so_and_leads_on(account):
    page = account.page
    page.goto(f"{account.site}/account")
    with account.app.app_context():
        expire(account)
    page.locator(f"#all [value={BANK}]").click()
    expect(page.locator("#screen h2")).to_have_text("This link has expired")
    back = page.locator("#screen").get_by_role("link", name="Back to Qahwa")
    assert "/account?lean_status=" in back.get_attribute("href")
    expect(page.get_by_role("button", name="Start again")).to_be_visible()


DARK, LIGHT = "rgb(20, 24, 31)", "rgb(255, 255, 255)"


def test_an_embedded_picker_is_as_dark_as_the_page_around_it(account):
    page = account.page
    for system, scheme, surface in (
        ("dark", "normal", LIGHT),
        ("dark", "light dark", DARK),
        ("light", "light dark", LIGHT),
        ("light", "dark", DARK),
    ):
        page.emulate_media(color_scheme=system)
        page.goto(f"{account.site}/account?scheme={scheme}")
        expect(page.locator("lean-picker .card")).to_have_css("background-color", surface)


def test_an_embedded_picker_works_where_a_script_moves_it(account):
    page = account.page
    page.goto(f"{account.site}/account")
    page.locator("#query").fill("rajhi")
    page.evaluate(
        """() => { const picker = document.querySelector("lean-picker");
        picker.remove(); document.body.append(picker); }"""
    )
    page.locator(f"#all [value={BANK}]").click()
    account.dialog.locator("[data-lean-end=SUCCESS]").wait_for()
    assert len(account.fake.launches) == 1


@pytest.mark.parametrize("kept", ["cloneNode(true)", "outerHTML"])
def test_a_page_that_a_library_kept_and_put_back_is_loaded_anew(account, kept):
    """Turbo keeps a clone of the page; htmx and others keep its HTML, without shadow roots."""
    page = account.page
    page.goto(f"{account.site}/account")
    page.locator("#query").fill("rajhi")
    with page.expect_navigation():
        page.evaluate(
            f"""() => {{ const picker = document.querySelector("lean-picker");
            const kept = picker.{kept}; const place = picker.parentElement;
            picker.remove();
            if (typeof kept === "string") place.insertAdjacentHTML("beforeend", kept);
            else place.append(kept);
            }}"""
        )
    expect(page.locator("#query")).to_have_value("")
    page.locator(f"#all [value={BANK}]").click()
    account.dialog.locator("[data-lean-end=SUCCESS]").wait_for()


def test_turbo_loads_the_hosted_pages_whole(fake_lean):
    head = opened(make_host(fake_lean)).text.partition("</head>")[0]
    assert '<meta name="turbo-visit-control" content="reload">' in head
