"""A bank by hand: what the picker and the launch make of it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from lean_flask.testing import faults
from support.clock import MovableClock, use_clock
from support.linked_host import LinkedHost

BANK = "RJHI_SAU"
MESSAGE = {"en": "Back at 6 pm", "ar": "يعود في السادسة مساءً"}


@pytest.fixture
def saved(app, fake_lean):
    """An account that the customer has saved at the bank."""
    source = fake_lean.add_payment_source(app.config["CONNECT"]["customer_id"], BANK)
    return source["accounts"][0]["id"]


def rows(page, value=BANK):
    """The buttons of a bank or an account: the attributes and the text, without isolates."""
    found = re.findall(
        rf'<button class="row"[^>]*value="{value}"([^>]*)>(.*?)</button>', page, re.S
    )
    return [
        (attributes, unescape(re.sub("[\u2066-\u2069]", "", text))) for attributes, text in found
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_row_says_the_notice_in_the_language_of_the_page(start, override, language):
    override(message=MESSAGE)
    page = start("connect").open(f"&lang={language}").text
    for attributes, text in rows(page):
        assert 'aria-disabled="true" data-reason="unavailable"' in attributes
        assert f'<span class="note">{MESSAGE[language]}</span>' in text


def test_a_notice_in_one_language_is_marked_as_such_on_pages_of_the_other(start, override):
    override(message={"en": "Back at 6 pm"})
    for _, text in rows(start("connect").open("&lang=ar").text):
        assert '<span class="note" lang="en">Back at 6 pm</span>' in text


def test_a_notice_is_text_on_one_line(start, override):
    override(message="<b>Back</b>\n soon\u202e")
    [(_, text), *_] = rows(start("connect").open().text.replace("&lt;", "‹").replace("&gt;", "›"))
    assert '<span class="note">‹b›Back‹/b› soon</span>' in text


def test_without_a_notice_the_row_says_that_it_is_not_available(start, override):
    override(message={"en": " ", "ar": ""})
    assert "Not available right now" in rows(start("connect").open().text)[0][1]


def test_a_page_that_was_made_before_is_made_anew(start, override):
    assert "aria-disabled" not in rows(start("connect").open().text)[0][0]
    override()
    assert "aria-disabled" in rows(start("connect").open().text)[0][0]
    override("clear")
    assert "aria-disabled" not in rows(start("connect").open().text)[0][0]


def test_a_hidden_bank_has_no_row_not_even_a_popular_one(make_app, override):
    app = make_app(popular_banks=[BANK])
    with app.app_context():
        app.blueprints["lean"].override(BANK, "hide")
    page = app.test_client().get("/link", follow_redirects=True).text
    assert rows(page, "RIYAD_SAU")
    assert BANK not in page


def test_a_flow_goes_by_the_purposes_that_it_needs(start, override):
    override(purpose="payments", message=MESSAGE)
    assert "aria-disabled" not in rows(start("connect").open().text)[0][0]
    assert "Back at 6 pm" in rows(start("checkout").open().text)[0][1]
    assert start("connect").launch(bank_identifier=BANK).status_code == 200
    assert start("checkout").launch(bank_identifier=BANK).status_code == 409


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("en", "Back at 6 pm. Try again later, or choose another bank."),
        ("ar", "يعود في السادسة مساءً. أعد المحاولة لاحقًا أو اختر بنكًا آخر."),
    ],
)
def test_a_launch_is_refused_with_the_notice(start, override, language, advice):
    override(message=MESSAGE)
    for page, query in (
        (start("connect"), f"?lang={language}"),
        (start("connect", language=language), ""),
    ):
        refused = page.launch(query, bank_identifier=BANK)
        assert (refused.status_code, refused.json["reason"]) == (409, "unavailable")
        assert re.sub("[\u2066-\u2069]", "", refused.json["advice"]) == advice


def test_where_nothing_else_can_be_chosen_the_notice_stands_alone(app, start, override, fake_lean):
    customer = app.config["CONNECT"]["customer_id"]
    entity, _ = fake_lean.add_entity(customer, BANK, ["accounts"])
    override(message="Back at 6 pm!")
    refused = start("renew", entity_id=entity["id"]).launch()
    assert refused.status_code == 409
    assert re.sub("[\u2066-\u2069]", "", refused.json["advice"]) == "Back at 6 pm!"


def test_a_hidden_bank_is_refused_as_one_that_is_not_listed(start, override):
    override("hide")
    refused = start("connect").launch(bank_identifier=BANK)
    assert (refused.status_code, refused.json["reason"]) == (409, "unknown")


def test_a_bank_that_the_host_chose_is_refused_without_any_list_too(start, override, fake_lean):
    fake_lean.fault("banks", faults.Status(503))
    override(message=MESSAGE)
    override("hide", "RIYAD_SAU")
    refused = start("connect", bank_identifier=BANK).launch()
    assert refused.json["reason"] == "unavailable"
    assert "Back at 6 pm" in refused.json["advice"]
    refused = start("connect", bank_identifier="RIYAD_SAU").launch()
    assert refused.json["reason"] == "unknown"
    assert start("connect", bank_identifier="SNB_SAU").launch().status_code == 200


def test_an_account_at_the_bank_shows_the_notice_and_is_refused(start, override, saved):
    assert start("pay").launch(account_id=saved).status_code == 200
    override(message=MESSAGE)
    page = start("pay")
    [(attributes, text)] = rows(page.open().text, saved)
    assert "aria-disabled" in attributes
    assert "Back at 6 pm" in text
    refused = page.launch(account_id=saved)
    assert (refused.status_code, refused.json["reason"]) == (409, "unavailable")
    assert "Back at 6 pm" in refused.json["advice"]


def test_an_account_at_the_bank_is_refused_without_any_list_too(start, override, saved, fake_lean):
    fake_lean.fault("banks", faults.Status(503))
    assert "aria-disabled" not in rows(start("pay").open().text, saved)[0][0]
    override(message=MESSAGE)
    page = start("pay")
    assert "Back at 6 pm" in rows(page.open().text, saved)[0][1]
    refused = page.launch(account_id=saved)
    assert (refused.status_code, refused.json["reason"]) == (409, "unavailable")


def test_an_account_at_a_hidden_bank_is_not_shown_without_any_list_either(
    start, override, saved, fake_lean
):
    fake_lean.fault("banks", faults.Status(503))
    override("hide")
    assert saved not in start("pay").open().text


def test_an_account_at_a_hidden_bank_is_not_shown(start, override, saved):
    override("hide", purpose="data")
    assert rows(start("pay").open().text, saved)
    override("hide", purpose="payments")
    page = start("pay")
    assert saved not in page.open().text
    assert page.launch(account_id=saved).status_code == 409


def test_a_payment_source_at_the_bank_shows_the_notice_or_is_hidden(
    app, start, override, fake_lean
):
    source = fake_lean.add_payment_source(app.config["CONNECT"]["customer_id"], BANK)["id"]
    override(message=MESSAGE)
    page = start("update_payment_source").open().text
    assert "Back at 6 pm" in rows(page, source)[0][1]
    override("hide")
    assert source not in start("update_payment_source").open().text


def test_a_linked_bank_shows_its_link_and_the_notice_and_is_hidden_with_the_others(fake_lean):
    host = LinkedHost(fake_lean)
    host.link()
    lean = host.app.blueprints["lean"]
    with host.app.app_context():
        lean.override(BANK, "unavailable", message=MESSAGE)
    attributes, text = rows(host.open().text)[-1]
    assert "aria-disabled" in attributes
    assert "Linked until" in text
    assert "Back at 6 pm" in text
    with host.app.app_context():
        lean.override(BANK, "hide")
    assert BANK not in host.open().text


def test_lists_and_pages_end_with_the_override(app, client, override):
    clock = MovableClock()
    use_clock(app, clock)
    before = client.get("/lean/banks").headers["ETag"]
    override(message=MESSAGE, until=datetime.now(UTC) + timedelta(seconds=100))
    during = client.get("/lean/banks")
    assert during.headers["ETag"] != before
    flow = client.get("/link").location
    assert "Back at 6 pm" in client.get(flow).text
    clock.ahead = 101
    assert client.get("/lean/banks").headers["ETag"] == before
    assert "Back at 6 pm" not in client.get(flow).text
    assert client.get("/lean/health").json["overrides"] == 0


def test_health_counts_the_overrides(client, override):
    client.get("/lean/banks")
    assert client.get("/lean/health").json["overrides"] == 0
    override()
    override("hide", "RIYAD_SAU", purpose="data")
    assert client.get("/lean/health").json["overrides"] == 2
