"""Back from the bank: the landing pages, in the same browser, in another one, and forged."""

from __future__ import annotations

import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from lean_flask import flow_closed, loader_blocked
from lean_flask.testing import faults
from support.browser import skip_pause


def token_of(client, path="/link"):
    return parse_qs(urlsplit(client.get(path).location).query)["flow"][0]


@pytest.fixture
def flow(client):
    token = token_of(client)
    client.post("/lean/launch?lang=ar", json={"flow": token, "bank_identifier": "RJHI_SAU"})
    return token


@pytest.fixture
def capture(client, flow):
    def post(**landed_with):
        return client.post("/lean/return", json={"flow": flow, "landed_with": landed_with})

    return post


@pytest.mark.parametrize("path", ["success", "fail"])
def test_landing_recovers_the_flow_and_its_language(client, flow, path):
    page = client.get(f"/lean/return/{path}?granular_status_code=SUCCESS")
    assert page.status_code == 200
    assert f'data-flow="{flow}"' in page.text
    assert 'lang="ar" dir="rtl"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_flow_under_way_is_the_one(client, flow):
    client.post("/lean/callback", json={"flow": flow, "data": {"status": "CANCELLED"}})
    later = token_of(client)
    client.post("/lean/launch", json={"flow": later, "bank_identifier": "SNB_SAU"})
    assert f'data-flow="{later}"' in client.get("/lean/return/success").text


def test_the_session_fits_into_a_cookie_however_long_the_flows_are(app, caplog):
    client = app.test_client()

    def launched(letters):
        """A flow with an own token of that length, and the page of its way back."""
        app.config["CONNECT"]["access_token"] = f"e30.{secrets.token_hex(letters // 2)}.x"
        token = token_of(client)
        assert client.post("/lean/launch", json={"flow": token}).status_code == 200
        assert len(client.get_cookie("session").value) < 3_500
        page = client.get("/lean/return/success").text
        client.post("/lean/callback", json={"flow": token, "data": {"status": "CANCELLED"}})
        return token, page

    for letters in (900, 1000, 1100):
        token, page = launched(letters)
        assert f'data-flow="{token}"' in page
    _, page = launched(4_000)
    assert 'data-flow=""' in page  # none, rather than another's
    assert "does not fit into the session" in caplog.text


def test_landing_without_a_flow_explains_itself(app):
    page = app.test_client().get("/lean/return/success")
    assert page.status_code == 200
    assert 'data-flow=""' in page.text
    assert "where you started" in page.text


def test_the_landing_urls_are_constant(client, flow):
    config = client.post("/lean/launch", json={"flow": flow}).json["config"]
    for name, path in (("success", "success"), ("fail", "fail")):
        assert config[f"{name}_redirect_url"] == f"http://localhost/lean/return/{path}"


def test_a_token_that_cannot_be_minted_leaves_the_sdk_out(client, fake_lean):
    token = token_of(client)
    fake_lean.fault("token", faults.Status(400))
    response = client.post("/lean/return", json={"flow": token})
    assert response.json == {"method": None, "config": None}


def test_the_customer_never_comes_from_the_url(capture, app):
    config = capture(customer_id="somebody else").json["config"]
    assert config["customer_id"] == app.config["CONNECT"]["customer_id"]


def test_without_a_customer_the_sdk_is_not_asked(client, app):
    del app.config["CHECKOUT"]["customer_id"]
    token = token_of(client, "/checkout")
    response = client.post("/lean/return", json={"flow": token})
    assert response.json == {"method": None, "config": None}


def test_landing_alone_ends_no_flow(client, flow, app):
    """Anyone can be sent to the address of success: it tells the host nothing."""
    heard = []

    def listen(sender, **details):
        heard.append(details)

    with flow_closed.connected_to(listen, app):
        client.get("/lean/return/success?granular_status_code=SUCCESS")
    assert heard == []
    assert client.get("/lean/picker", query_string={"flow": flow}).status_code == 200


def test_another_browser_cannot_capture(app, flow):
    assert app.test_client().post("/lean/return", json={"flow": flow}).status_code == 403


def test_another_site_cannot_capture(client, flow):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/lean/return", json={"flow": flow}, headers=headers).status_code == 403


# --- in the browser -----------------------------------------------------------------------------


@pytest.fixture
def site(app, serve):
    return serve(app)


@pytest.fixture
def at_the_bank(site, open_page):
    """Goes through the picker and the SDK to the bank's own page."""

    def go(path="/link", language="en", page=None):
        if page is None:
            page = open_page(locale="ar-SA" if language == "ar" else "en-GB")
            page.clock.install()
        page.goto(site + path)
        page.locator("#all .row[value=RJHI_SAU]").click()
        page.frame_locator("#lean-stand-in").locator("[data-lean-end=REDIRECT]").click()
        page.wait_for_url("**/stand-in/bank?**")
        return page

    return go


@pytest.mark.parametrize(("language", "paths"), [("en", ["/link", "/checkout"]), ("ar", ["/pay"])])
def test_approved_at_the_bank(at_the_bank, fake_lean, app, language, paths):
    page, closed = None, []

    def listen(sender, flow, data):
        closed.append(data.status)

    for path in paths:
        closed.clear()
        with flow_closed.connected_to(listen, app):
            page = at_the_bank(path, language, page)
            page.locator("[data-bank-end=approve]").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]").click()
            skip_pause(page)
            page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS&lean_flow="))
        assert closed == ["REDIRECT", "SUCCESS"]
        config = captured(fake_lean)
        assert re.fullmatch(r"[0-9a-f-]{36}", config.pop("consent_attempt_id"))
        assert config == {
            "app_token": fake_lean.app_token,
            "customer_id": app.config["CONNECT"]["customer_id"],
            "bank_identifier": "RJHI_SAU",
            "granular_status_code": "SUCCESS",
            "language": language,
            "sandbox": True,
        }


def captured(fake_lean):
    """What the page called ``Lean.captureRedirect`` with, without the token and the callback."""
    capture = fake_lean.launches[-1]
    assert capture["method"] == "captureRedirect"
    return {
        name: value
        for name, value in capture["config"].items()
        if name not in {"access_token", "callback"}
    }


def test_a_reload_asks_again_and_a_bank_that_its_own_page_linked_is_remembered(at_the_bank):
    page = at_the_bank()
    page.locator("[data-bank-end=approve]").click()
    success = page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]")
    success.wait_for()
    page.reload()
    page.evaluate("""window.heard = []; document.addEventListener("lean:flow_closed",
        ({ detail }) => window.heard.push(detail))""")
    success.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("connected")
    assert page.evaluate("localStorage['lean-picker:recent']") == '["RJHI_SAU"]'
    (told,) = page.evaluate("window.heard")
    assert (told["method"], told["language"], told["status"]) == ("connect", "en", "SUCCESS")
    assert told["bank_identifier"] == "RJHI_SAU"
    skip_pause(page)
    page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS"))


def test_declined_at_the_bank(at_the_bank, fake_lean, app):
    page = at_the_bank()
    page.locator("[data-bank-end=decline]").click()
    page.frame_locator("#lean-stand-in").locator(".main[data-lean-end=ERROR]").click()
    page.get_by_role("link", name="Try again").wait_for()
    assert captured(fake_lean) == {
        "app_token": fake_lean.app_token,
        "customer_id": app.config["CONNECT"]["customer_id"],
        "granular_status_code": "USER_CANCELLED",
        "status_additional_info": "The customer declined at the bank",
        "language": "en",
        "sandbox": True,
    }
    page.clock.run_for(60_000)  # a failure never leaves by itself
    page.get_by_role("link", name="Back to").click()
    page.wait_for_url(re.compile(r"/done\?lean_status=ERROR&lean_flow="))


def test_nothing_is_reported_where_the_loader_is_blocked(at_the_bank, fake_lean, app):
    blocked, closed = [], []
    with (
        loader_blocked.connected_to(lambda sender, flow: blocked.append(flow.method), app),
        flow_closed.connected_to(lambda sender, flow, data: closed.append(data.status), app),
    ):
        page = at_the_bank()
        fake_lean.fault("loader", faults.Status(403))
        with page.expect_response("**/events"):
            page.locator("[data-bank-end=approve]").click()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert blocked == ["connect"]
    assert closed == ["REDIRECT"]
    back = page.locator("#screen a.button").get_attribute("href")
    assert re.match(r"/done\?lean_status=REDIRECT&lean_flow=", back)


def test_each_tab_comes_back_to_its_own_flow(site, open_page, fake_lean):
    first = open_page()
    first.context.clock.install()
    second = first.context.new_page()
    for page in (first, second):
        page.bring_to_front()
        page.goto(f"{site}/link")
        page.locator("#all .row[value=RJHI_SAU]").click()
        page.frame_locator("#lean-stand-in").locator("[data-lean-end=REDIRECT]").click()
        page.wait_for_url("**/stand-in/bank?**")
    flows = []
    for page in (first, second):
        page.bring_to_front()
        page.locator("[data-bank-end=approve]").click()
        page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]").click()
        skip_pause(page)
        page.wait_for_url(re.compile(r"/done\?"))
        flows.append(parse_qs(urlsplit(page.url).query)["lean_flow"][0])
    assert len(set(flows)) == 2


def test_a_strict_session_cookie_survives_the_way_back(app, at_the_bank):
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    page = at_the_bank()
    page.locator("[data-bank-end=approve]").click()
    page.frame_locator("#lean-stand-in").locator("[data-lean-end=SUCCESS]").click()
    skip_pause(page)
    page.wait_for_url(re.compile(r"/done\?lean_status=SUCCESS"))


def test_opened_in_another_browser_the_page_explains_itself(site, open_page):
    page = open_page(locale="ar-SA")
    page.goto(f"{site}/lean/return/success")
    expect(page.get_by_role("heading", level=1)).to_have_text("لم نتعرّف على طلبك")
