"""Lean as an enemy: what it answers is shown as text or not at all, and nothing else happens."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from lean_flask.testing import faults
from lean_flask.testing.data.banks import many_banks

PWN = "window.pwned=1"
#: What Lean sends as a name, and what a customer reads.
NAMES = {
    f"<script>{PWN}</script>": f"<script>{PWN}</script>",
    f'"><img src=x onerror="{PWN}">': f'"><img src=x onerror="{PWN}">',
    f"'-{PWN}-'": f"'-{PWN}-'",
    f"</template></main><svg onload={PWN}>": f"</template></main><svg onload={PWN}>",
    "{{ 7*7 }} %(host)s %s ${7*7}": "{{ 7*7 }} %(host)s %s ${7*7}",
    "Riyad \u202eknaB\u202c \u2066x\u2069": "Riyad knaB x",
    "One\x00\x1b[31m\r\nSet-Cookie: two=2": "One [31m Set-Cookie: two=2",
    "Half \ud83d a letter": "Half a letter",
    "Nothing\u200b\u2060 seen\U000e0041": "Nothing seen",
    "Wide" + "W" * 196: "Wide" + "W" * 196,
    "Tall" + "\u0301" * 190: unicodedata.normalize("NFC", "Tall") + "\u0301" * 190,
}
#: What Lean sends of a bank that is better left out.
LEFT_OUT = [{"identifier": f'"><script>{PWN}</script>'}, {"availability": [[[[[[]]]]]]}]
#: Fields that are left out or repaired by themselves.
REPAIRED = [
    {"name": "x" * 100_000},
    {"logo": f"javascript:{PWN}"},
    {"logo_alt": f"data:text/html,<script>{PWN}</script>"},
    {"main_color": f"red;background:url(https://evil.example/?{PWN})"},
    {"background_color": "</style><script>"},
    {"transfer_limits": [{"currency": "SAR", "max": 1e300}]},
]
FOREIGN = "https://evil.example/logo.svg"


@pytest.fixture
def hostile(fake_lean):
    """A stand-in whose list has every trick in it."""
    model = fake_lean.bank("RJHI_SAU")
    named = [
        model
        | dict.fromkeys(("name", "arabic_name", "commercial_name", "theme", "country"), name)
        | {"identifier": f"HOSTILE{number}_SAU", "traits": [name], "relates_to": [name]}
        | {"logo": FOREIGN, "logo_alt": FOREIGN, "commercial_name_arabic": None}
        for number, name in enumerate(NAMES)
    ]
    left_out = [
        model | {"identifier": f"LEFTOUT{number}_SAU"} | change
        for number, change in enumerate(LEFT_OUT + REPAIRED)
    ]
    fake_lean.banks = [*named, *left_out]
    return fake_lean


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_banks_are_harmless_in_the_browser(hostile, app, serve, open_page, language):
    customer = app.config["PAY"]["customer_id"]
    source = hostile.add_payment_source(customer, "HOSTILE0_SAU", iban='"><img src=x onerror=x>')
    source["accounts"][0]["account_name"] = next(iter(NAMES)) + "\u202e"
    site = serve(app)
    page = open_page(locale="ar-SA" if language == "ar" else "en-GB")
    asked, dialogs = set(), []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site}/pay")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#all .row")).to_have_count(len(NAMES) + len(REPAIRED))

    shown = page.locator("#all .row[value^=HOSTILE] .name").all_text_contents()
    assert sorted(shown) == sorted(NAMES.values())
    account = page.locator(".row[name=account_id]")
    expect(account.locator(".name")).to_have_text(next(iter(NAMES)))
    assert (
        page.locator("#lean-picker :is(script, iframe, [onerror], [onload], [style])").count() == 0
    )
    assert page.locator("#all .row[value^=HOSTILE] img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("searchbox").fill("<script>")
    page.get_by_role("searchbox").fill("")
    page.wait_for_function("() => window.Lean")
    page.evaluate(f"""() => {{ Lean.pay = ({{callback}}) => callback({{
        status: "REDIRECT", message: "<img src=x onerror={PWN}>",
        open_banking_redirect_url: "javascript:{PWN}", lean_correlation_id: "<svg onload={PWN}>",
        bank: {{bank_identifier: "<script>"}}}}) }}""")
    with page.expect_response("**/lean/launch?*"):  # the screen is shown after it
        account.click()
    expect(page.locator("#screen")).to_be_visible()
    assert page.locator("a[href^='javascript:' i]").count() == 0
    assert page.evaluate("window.pwned") is None
    assert dialogs == []
    assert asked <= {urlsplit(site).netloc, urlsplit(hostile.url).netloc}


def test_hostile_banks_are_harmless_as_json(hostile, make_app, caplog):
    hostile.banks += many_banks(2000, "sa", hostile.url)
    patient = make_app(timeout=60)  # so many records take a busy machine long
    banks = patient.test_client().get("/lean/banks").json
    named = [bank for bank in banks if bank["identifier"].startswith("HOSTILE")]
    assert sorted(bank["names"]["en"] for bank in named) == sorted(NAMES.values())
    assert {bank["logo"] + bank["logo_alt"] for bank in named} == {""}
    assert len(banks) == len(NAMES) + len(REPAIRED) + 2000
    assert caplog.text.count("Skipped bank") == len(LEFT_OUT)
    assert caplog.text.count("left out fields of bank") == len(REPAIRED)
    assert PWN not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b'[{"a":' * 50_000, b'{"a":1,' * 9, b"[" + b"9" * 5_000 + b"]", b"[NaN]"],
    ids=["deep", "cut", "digits", "NaN"],
)
def test_a_hostile_body_costs_the_refresh_alone(client, fake_lean, body):
    fake_lean.fault("banks", faults.Status(200, body))
    assert client.get("/lean/banks").status_code == 503
    fake_lean.heal()


def test_no_depth_of_a_list_is_a_500(make_app, fake_lean):
    """What the parser lets through may be too deep for whoever comes after it."""
    statuses = set()
    for depth in range(800, sys.getrecursionlimit() + 50, 2):
        nested = b"[" * depth + b"]" * depth
        fake_lean.fault("banks", faults.Status(200, b'[{"identifier":"A","x":' + nested + b"}]"))
        statuses.add(make_app().test_client().get("/lean/banks").status_code)
    assert statuses == {200, 503}


def test_a_flood_of_records_is_no_flood_of_work_or_of_lines(make_app, fake_lean, caplog):
    fake_lean.fault("banks", faults.Status(200, b"[" + b"0," * 20_000 + b"0]"))
    assert make_app().test_client().get("/lean/banks").status_code == 503
    assert "more than 20000 records" in caplog.text
    caplog.clear()
    record = b'{"identifier":"A"}'
    fake_lean.fault("banks", faults.Status(200, b"[" + b"0," * 900 + record + b"]"))
    assert len(make_app().test_client().get("/lean/banks").json) == 0  # enabled for nothing
    assert caplog.text.count("Skipped bank number") == 10
    assert "Skipped bank: and 890 more" in caplog.text


def test_a_hostile_refusal_is_one_clean_line(client, fake_lean, caplog):
    """Its words reach the log on one line; the customer sees none of them."""
    caplog.set_level(logging.INFO)
    words = f"No\r\nINFO forged line \u202e<script>{PWN}</script>" + "x" * 10_000
    body = json.dumps({"status": words, "message": words}).encode()
    token = client.get("/link").location.partition("flow=")[2]
    reference = f"<svg onload={PWN}>" + "x" * 500
    headers = {"lean-correlation-id": reference}
    fake_lean.fault("token", faults.Status(400, body, headers=headers))
    response = client.post("/lean/launch", json={"flow": token})
    assert response.status_code == 502
    assert "forged" not in response.text
    assert response.json["correlation_id"] == reference[:64]
    (line,) = [r.getMessage() for r in caplog.records if "during a flow" in r.getMessage()]
    assert line.isprintable()
    assert len(line) < 700
