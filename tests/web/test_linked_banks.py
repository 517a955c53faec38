"""What the picker says of banks that its customer has linked."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask.flows import linked_banks
from lean_flask.testing import faults
from support.linked_host import ASKED, LinkedHost


@pytest.fixture
def host(fake_lean):
    return LinkedHost(fake_lean)


def row(page, bank="RJHI_SAU"):
    """The bank's row in the list of all banks: its attributes and its text."""
    html = page.text[page.text.index('id="all"') :]
    found = re.search(rf'<button class="row"[^>]*value="{bank}"([^>]*)>(.*?)</button>', html, re.S)
    return found and (found[1], re.sub(r"<[^>]+>", " ", found[2]))


def text(page, bank="RJHI_SAU"):
    return row(page, bank)[1]


@pytest.mark.parametrize(
    ("lang", "until", "linked", "ended", "pending"),
    [
        (
            "en",
            "Linked until 12 Jan 2027",
            "Linked ",
            "The connection has ended",
            "Being set up",
        ),
        ("ar", "مرتبط حتى 12 يناير 2027", "مرتبط ", "انتهى الربط", "قيد الإعداد"),
    ],
)
def test_a_row_says_the_state_of_its_connection(host, lang, until, linked, ended, pending):
    entity = host.link()
    assert until in text(host.open(lang=lang))
    [consent] = entity["consents"]
    consent |= {"consent_status": "AWAITING_AUTHORISATION", "standard_consent_status": ""}
    assert pending in text(host.open(lang=lang))
    consent |= {"consent_status": "REVOKED"}
    assert ended in text(host.open(lang=lang))
    entity["consents"].clear()
    assert text(host.open(lang=lang)).strip().endswith(linked.strip())


def test_the_mark_is_part_of_the_name_of_the_button(host):
    host.link()
    attributes, content = row(host.open())
    assert "aria-label" not in attributes
    assert re.search(r"Al Rajhi Bank.*Linked until 12 Jan 2027", content, re.S)


def test_linked_rows_stay_where_they_were(host):
    values = r'name="bank_identifier" value="(\w+)"'
    before = re.findall(values, host.open().text)
    host.link("SNB_SAU")
    host.link("RIYAD_SAU")
    assert re.findall(values, host.open().text) == before


def test_a_bank_among_the_popular_ones_is_marked_in_both_places(host):
    host.link()
    assert host.open().text.count("Linked until") == 2


def test_other_flows_ask_lean_for_nothing(host):
    host.link()
    page = host.open("none")
    assert "Linked" not in page.text
    assert host.asked() == []


@pytest.mark.parametrize(
    ("permissions", "is_offered"),
    [(["accounts"], True), (ASKED, True), ([*ASKED, "transactions"], False), ([], False)],
)
def test_a_renewal_is_offered_where_the_flow_asks_for_all_that_is_linked(
    host, permissions, is_offered
):
    entity = host.link(permissions=permissions)
    attributes, _ = row(host.open())
    assert f' data-linked="{entity["id"] if is_offered else ""}"' in attributes


def test_only_what_is_linked_is_offered_for_renewal(host):
    assert 'id="offer"' not in host.open().text
    entity = host.link()
    assert '<template id="offer">' in host.open().text
    host.fake.revoke_entity(entity["id"])
    page = host.open()
    assert "data-linked" not in page.text
    assert 'id="offer"' not in page.text


def test_of_several_connections_the_one_that_holds_longest_is_shown(host):
    host.link(permissions=["identity"], ends="2026-12-31T00:00:00Z")
    longest = host.link(permissions=["accounts"])
    ended = host.link(permissions=["balance"], ends="2028-01-01T00:00:00Z")
    host.fake.revoke_entity(ended["id"])
    attributes, content = row(host.open())
    assert "Linked until 12 Jan 2027" in content
    assert longest["id"] in attributes


def test_both_records_of_a_brand_are_linked(host, fake_lean):
    """The row is that of Open Finance; the customer linked the older record with a password."""
    rajhi = fake_lean.bank("RJHI_SAU")
    fake_lean.banks.insert(
        0,
        rajhi
        | {
            "identifier": "RJHI_OLD_SAU",
            "connection_type": "REVERSE_ENGINEERED",
            "relates_to": ["RJHI_SAU"],
        },
    )
    host.link("RJHI_OLD_SAU")
    attributes, content = row(host.open())
    assert "Linked" in content
    assert 'data-linked=""' in attributes  # another connection than the one the row would launch
    assert row(host.open("hide")) is None


def test_an_entity_marks_the_list_of_its_own_account_type(fake_lean):
    host = LinkedHost(fake_lean, account_types=["PERSONAL", "BUSINESS"])
    business = fake_lean.bank("RJHI_SAU") | {"account_type": "BUSINESS", "bank_type": "SME"}
    fake_lean.banks.append(business)
    host.link()  # of a personal account
    html = host.open().text
    html = html[html.index('id="all"') :]
    marked = re.findall(r'data-type="(\w+)"><button[^>]*value="RJHI_SAU"[^>]*data-linked', html)
    assert marked == ["PERSONAL"]


def test_hiding_leaves_out_what_is_linked_and_marks_the_rest(host):
    host.link()
    ended = host.link("SNB_SAU")
    host.fake.revoke_entity(ended["id"])
    page = host.open("hide")
    assert 'value="RJHI_SAU"' not in page.text
    assert "The connection has ended" in text(page, "SNB_SAU")
    assert 'id="offer"' not in page.text


def test_a_list_is_never_empty_for_hiding(host, fake_lean):
    del fake_lean.banks[1:]
    host.link()
    page = host.open("hide")
    assert "Linked until" in text(page)
    assert '<template id="offer">' in page.text


@pytest.mark.parametrize("mode", ["mark", "hide"])
@pytest.mark.parametrize("fault", [faults.Status(500), faults.Status(404), faults.NotAnArray()])
def test_without_an_answer_the_list_is_as_ever(host, fault, mode, monkeypatch):
    monkeypatch.setattr(linked_banks, "WAIT", 0.05)  # the client tries again after a 500
    plain = host.open("none").text
    host.link()
    host.fake.fault("entities", fault)
    page = host.open(mode)
    assert page.status_code == 200
    strip = r'value="[\w-]{60,}"|lean_flow=[\w-]+|flow=[^"&]+'
    assert re.sub(strip, "", page.text) == re.sub(strip, "", plain)


def test_marks_reach_no_other_customer_and_no_cache(host):
    host.link()
    marked = host.open()
    assert "Linked until" in marked.text
    assert marked.headers["Cache-Control"] == "no-store"
    for linked in ("mark", "hide", "none"):
        page = host.open(linked, user="user-2", client=host.app.test_client())
        assert "Linked" not in page.text
        assert 'value="RJHI_SAU"' in page.text


def test_the_public_list_has_no_marks(host):
    host.link()
    host.open()
    public = host.client.get("/lean/banks").text
    assert "inked" not in public
    assert host.customer not in public


def test_an_embedded_picker_is_marked_too(host):
    entity = host.link()
    host.forget()
    page = host.client.get("/embedded")
    assert "Linked until 12 Jan 2027" in page.text
    assert entity["id"] in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_two_pages_ask_lean_once_and_a_report_or_an_event_has_it_asked_again(host):
    host.link()
    url = host.client.get("/start/user-1/mark").location
    for _ in range(2):
        assert "Linked until" in host.client.get(url).text
    assert len(host.asked()) == 1
    entity = host.link("SNB_SAU")
    payload = {"id": entity["id"], "customer_id": host.customer, "consents": entity["consents"]}
    body, headers = host.fake.signed(host.fake.webhook_event("entity.created", payload))
    assert host.client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert "Linked until" in text(host.client.get(url), "SNB_SAU")
    flow = re.search(r"flow=([^&]+)", url)[1]
    report = {"flow": flow, "data": {"status": "CANCELLED"}}
    assert host.client.post("/lean/callback", json=report).status_code == 200
    host.client.get(url)
    assert len(host.asked()) == 3


def test_a_preset_bank_asks_for_no_links(host):
    with host.app.test_request_context():
        flow = host.lean.connect(
            customer_id=host.customer,
            permissions=ASKED,
            bank_identifier="RJHI_SAU",
            linked_banks="mark",
        )
    host.client.get(flow.url)
    assert host.asked() == []


def test_a_choice_posted_before_the_script_is_a_plain_launch(host):
    host.link()
    page = host.open()
    token = re.search(r'name="flow" value="([^"]+)"', page.text)[1]
    form = {"flow": token, "bank_identifier": "RJHI_SAU"}
    response = host.client.post("/lean/launch", data=form)
    assert response.status_code == 303
    assert "entity" not in response.location


def test_the_days_are_those_of_the_country(fake_lean):
    host = LinkedHost(fake_lean, country="ae")
    night = datetime(2027, 1, 11, 20, 30, tzinfo=UTC)  # 00:30 in Dubai, 23:30 in Riyadh
    host.link(ends=night.isoformat())
    assert "Linked until 12 Jan 2027" in text(host.open())
    host.fake.entities.clear()
    host.link(ends=(night - timedelta(minutes=31)).isoformat())
    assert "Linked until 11 Jan 2027" in text(host.open())
