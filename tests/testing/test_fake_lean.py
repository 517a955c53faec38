"""FakeLean is as strict as Lean where it matters, and as odd as Lean where that is known."""

import hashlib
import hmac
import json
import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from functools import partial

import httpx
import pytest
from playwright.sync_api import expect

from lean_flask.banks.schema import load_banks
from lean_flask.testing import FakeLean, faults
from support import plain_http


def mint(fake_lean, **changes):
    form = {
        "client_id": fake_lean.app_token,
        "client_secret": fake_lean.client_secret,
        "grant_type": "client_credentials",
        "scope": "api",
    }
    return plain_http.post(f"{fake_lean.url}/oauth2/token", data=form | changes)


@pytest.fixture
def authority(fake_lean):
    return {"Authorization": f"Bearer {mint(fake_lean).json()['access_token']}"}


@pytest.mark.parametrize("country", ["sa", "ae"])
def test_every_record_is_a_bank(country):
    with FakeLean(country=country) as fake_lean:
        assert len(load_banks(fake_lean.banks)) == len(fake_lean.banks) >= 20


def test_every_logo_is_drawn(fake_lean):
    for bank in fake_lean.banks:
        for field in ("logo", "logo_alt"):
            if bank[field]:
                response = plain_http.get(bank[field])
                assert response.headers["content-type"].startswith("image/svg+xml")
                assert response.text.startswith("<svg")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "customer.nobody"}, 400, "invalid_scope"),
    ],
    ids=str,
)
def test_bad_token_requests_are_refused(fake_lean, changes, status, error):
    response = mint(fake_lean, **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)


def test_banks_need_credentials(fake_lean, authority):
    assert plain_http.get(f"{fake_lean.url}/banks/v1/").status_code == 401
    assert plain_http.get(f"{fake_lean.url}/banks/v1/", headers=authority).status_code == 200
    fake_lean.revoke_tokens()
    assert plain_http.get(f"{fake_lean.url}/banks/v1/", headers=authority).status_code == 401


def test_a_taken_user_id_is_a_409_without_the_customer(fake_lean, authority):
    url = f"{fake_lean.url}/customers/v1/"
    first = plain_http.post(url, json={"app_user_id": "u/1"}, headers=authority)
    again = plain_http.post(url, json={"app_user_id": "u/1"}, headers=authority)
    assert again.status_code == 409
    assert again.json()["status"] == "CUSTOMER_ALREADY_EXISTS"
    assert first.json()["customer_id"] not in again.text


def test_a_webhook_is_signed_over_its_raw_body(fake_lean):
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False})
    body, headers = fake_lean.signed(event)
    digest = hmac.new(fake_lean.webhook_secret.encode(), body, hashlib.sha512).hexdigest()
    assert headers["lean-signature"] == f"sha512={digest}"
    assert json.loads(body)["payload"]["availability"]["active"]["data"] is False
    assert re.search(r"\.\d{9}Z$", event["timestamp"])


def test_it_stops_and_starts_on_the_same_port(fake_lean):
    url = fake_lean.url
    fake_lean.stop()
    with pytest.raises(httpx.ConnectError):
        plain_http.get(url)
    fake_lean.start()
    assert fake_lean.url == url
    assert plain_http.get(f"{url}/stand-in/banks").status_code == 200


def test_other_stand_ins_are_started_by_their_own_fixture(fake_lean, make_fake_lean):
    emirates = make_fake_lean(country="ae")
    assert emirates.running
    assert emirates.url != fake_lean.url
    assert emirates.bank("FAB_UAE")["country_code"] == "ARE"


def test_a_fault_strikes_as_often_as_it_is_told_to(fake_lean, authority):
    fake_lean.fault("banks", faults.Status(500), times=1)
    url = f"{fake_lean.url}/banks/v1/"
    assert plain_http.get(url, headers=authority).status_code == 500
    assert plain_http.get(url, headers=authority).status_code == 200


# --- the loader, in a browser ---------------------------------------------------------------


@pytest.fixture
def lean_page(fake_lean, open_page):
    page = open_page()
    page.goto(f"{fake_lean.url}/stand-in/banks")  # any page of an allowed origin
    page.add_script_tag(url=fake_lean.settings()["loader_url"])
    return page


def connect(page, **changes):
    config = {
        "app_token": "token",
        "customer_id": "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11",
        "permissions": ["identity"],
        "sandbox": True,
    }
    merged = {name: value for name, value in (config | changes).items() if value is not None}
    page.evaluate(
        "config => Lean.connect({...config, callback: (data) => { window.outcome = data; }})",
        merged,
    )


def test_a_good_config_opens_the_dialog_and_calls_back(lean_page):
    connect(lean_page, bank_identifier="RJHI_SAU")
    dialog = lean_page.frame_locator("#lean-stand-in")
    expect(dialog.locator(".banner")).to_contain_text("Stand-in")
    dialog.locator("[data-lean-end=SUCCESS]").click()
    lean_page.wait_for_function("() => window.outcome")
    outcome = lean_page.evaluate("window.outcome")
    assert outcome["status"] == "SUCCESS"
    assert outcome["bank"] == {"bank_identifier": "RJHI_SAU", "is_supported": True}


#: Changes of a good config, and the field that the dialog names.
BAD = [
    ({"customer_id": None}, "customer_id"),
    ({"customer_id": "x"}, "customer_id"),
    ({"permissions": []}, "permissions"),
    ({"colour": "red"}, "colour"),
    ({"sandbox": True, "show_consent_explanation": "false"}, "show_consent_explanation"),
    ({"language": "fr"}, "language"),
    ({"customization": {"theme_color": "rgb(0 0 0)"}}, "theme_color"),
    ({"customization": {"theme_colour": "red"}}, "theme_colour"),
    ({"access_token": "Bearer a.b.c"}, "access_token"),
    ({"success_redirect_url": "/relative"}, "success_redirect_url"),
    ({"access_from": "2026-02-01", "access_to": "2026-01-01"}, "access_to"),
]


def test_a_bad_config_fails_loudly_in_the_sandbox(lean_page):
    for changes, named in BAD:
        connect(lean_page, **changes)
        problems = lean_page.frame_locator("#lean-stand-in").locator("#problems")
        expect(problems, str(changes)).to_contain_text(named)
        lean_page.evaluate("document.querySelector('#lean-stand-in').remove()")


def test_a_bad_config_is_silent_in_production(lean_page):
    connect(lean_page, sandbox=False, permissions=[])
    assert lean_page.locator("#lean-stand-in").count() == 0
    assert lean_page.evaluate("window.outcome") is None


def test_the_wanted_bank_can_be_missing_from_the_sdks_own_list(lean_page):
    connect(lean_page, language="ar")
    dialog = lean_page.frame_locator("#lean-stand-in")
    expect(dialog.locator("html")).to_have_attribute("dir", "rtl")
    dialog.locator("[data-lean-end=UNLISTED]").click()
    lean_page.wait_for_function("() => window.outcome")
    assert lean_page.evaluate("window.outcome.bank.is_supported") is False


# --- by itself --------------------------------------------------------------------------------


def test_it_runs_from_the_command_line_until_it_is_interrupted():
    command = [sys.executable, "-u", "-m", "lean_flask.testing", "--port", "0", "--country", "ae"]
    # What a shell starts in the background ignores the signal, and its children do.
    hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=hear) as process,
        ExitStack() as at_last,
    ):
        at_last.callback(process.kill)  # else a failure waits for it
        printed = {}
        while "LEAN_LOADER_URL" not in printed:
            name, _, value = process.stdout.readline().strip().partition("=")
            printed[name] = value
        assert printed["LEAN_COUNTRY"] == "ae"
        assert "window.Lean" in plain_http.get(printed["LEAN_LOADER_URL"]).text
        process.send_signal(signal.SIGINT)
        assert "stopped" in process.communicate(timeout=10)[0]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/customers/v1/", {}),
        ("/customers/v1/", {"app_user_id": "x" * 256}),
        ("/payments/v1/intents/", {"customer_id": "x", "amount": 1}),
        (
            "/payments/v1/intents/",
            {"customer_id": "x", "amount": 1, "currency": "SAR", "description": "x" * 33},
        ),
    ],
    ids=str,
)
def test_a_bad_request_is_refused_as_lean_does(fake_lean, authority, path, body):
    response = plain_http.post(f"{fake_lean.url}{path}", json=body, headers=authority)
    assert response.status_code == 400
    assert response.json()["status"].endswith("_PARAMETERS")
    assert fake_lean.intents == {}


def test_an_intent_can_be_read_again_and_another_cannot(fake_lean, authority):
    url = f"{fake_lean.url}/payments/v1/intents/"
    body = {"customer_id": "x", "amount": 1, "currency": "SAR"}
    made = plain_http.post(url, json=body, headers=authority).json()
    assert plain_http.get(url + made["payment_intent_id"], headers=authority).json() == made
    assert plain_http.get(url + "another", headers=authority).status_code == 404
