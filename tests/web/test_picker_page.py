"""The picker's page over HTTP: shared where flows ask alike, weighed, overridden, embedded."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from flask import g, render_template_string
from jinja2 import ChoiceLoader, DictLoader

import lean_flask
from lean_flask import FlowError
from lean_flask.flows.flow import make_flow
from lean_flask.testing import faults
from lean_flask.testing.data.banks import load_banks
from support.picker_stage import make_host

LARGEST = 14_100  # bytes: what a new TCP connection can carry in its first round trip


@pytest.fixture
def host(fake_lean):
    return make_host(fake_lean)


def opened(app, kind="connect", lang="en", **headers):
    client = app.test_client()
    return client.get(client.get(f"/{kind}/{lang}").location, headers=headers)


def token_in(page):
    return re.search(r'name="flow" value="([^"]+)"', page.text)[1]


# --- one page for many flows --------------------------------------------------------------------


def test_flows_that_ask_alike_are_shown_the_same_page_with_their_own_token(host):
    one, other = opened(host), opened(host)
    assert token_in(one) != token_in(other)
    assert one.text.replace(token_in(one), "") == other.text.replace(token_in(other), "")


def test_a_page_is_rendered_once(host):
    rendered = []
    host.context_processor(lambda: rendered.append(1) or {})
    for _ in range(3):
        opened(host)
    assert len(rendered) == 1
    opened(host, lang="ar")
    assert len(rendered) == 2


def test_the_way_back_is_each_flows_own(host):
    lean = host.blueprints["lean"]
    customer = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"

    @host.get("/order/<number>")
    def order(number):
        flow = lean.connect(
            customer_id=customer, permissions=["accounts"], return_url=f"/o/{number}?a=1&b=2"
        )
        return "", 302, {"Location": flow.url}

    for number in ("1", "2"):
        client = host.test_client()
        page = client.get(client.get(f"/order/{number}").location).text
        assert f'href="/o/{number}?a=1&amp;b=2"' in page


def test_a_page_of_a_changed_list_is_made_anew(host, fake_lean):
    def row():
        return re.search(r'<button[^>]*value="RJHI_SAU"[^>]*>', opened(host).text)[0]

    assert "aria-disabled" not in row()
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False})
    body, headers = fake_lean.signed(event)
    host.test_client().post("/lean/webhooks", data=body, headers=headers)
    assert 'aria-disabled="true"' in row()


def test_saved_accounts_are_shown_to_their_customer_alone(host, fake_lean):
    assert 'name="account_id"' not in opened(host, "pay").text
    source = fake_lean.add_payment_source(fake_lean.add_customer("user-1"), "RJHI_SAU")
    page = opened(host, "pay").text
    assert source["accounts"][0]["id"] in page
    fake_lean.payment_sources.clear()
    assert source["accounts"][0]["id"] not in opened(host, "pay").text


def test_gzip_is_sent_to_those_who_take_it(host):
    zipped = opened(host, **{"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(zipped.data)
    for refused in ("", "gzip;q=0", "br"):
        plain = opened(host, **{"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]


# --- templates of the host ----------------------------------------------------------------------


def with_templates(app, **templates: str):
    files = {f"lean_flask/{name}.html": text for name, text in templates.items()}
    app.jinja_loader = ChoiceLoader([DictLoader(files)])
    return app


def test_a_host_overrides_a_block_without_copying_the_page(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block brand %}<img src="/logo">{% endblock %}'
    page = opened(with_templates(host, picker=own)).text
    assert '<img src="/logo">' in page
    assert 'id="all"' in page


def test_a_host_overrides_one_macro_alone(host):
    own = "{% macro tile(row) %}<b>{{ row.initials }}</b>{% endmacro %}"
    page = opened(with_templates(host, _tile=own)).text
    assert "<b>SNB</b>" in page
    assert "<rect" not in page.split('id="all"')[1].split("</ul>")[0]


def test_what_a_hosts_template_shows_one_visitor_is_not_shown_to_the_next(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block brand %}{{ g.visitor }}{% endblock %}'
    with_templates(host, picker=own)
    names = iter(["Amal", "Badr"])

    @host.before_request
    def who() -> None:
        from flask import request

        if request.path == "/lean/picker":
            g.visitor = next(names)

    assert "Amal" in opened(host).text
    second = opened(host).text
    assert "Badr" in second
    assert "Amal" not in second


def test_the_embedded_picker_follows_the_same_templates(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block footer %}<i>ours</i>{% endblock %}'
    assert "<i>ours</i>" in with_templates(host, picker=own).test_client().get("/embedded/en").text


# --- what the page says -------------------------------------------------------------------------


def test_the_pages_call_the_host_by_its_name(fake_lean):
    assert "Qahwa" in opened(make_host(fake_lean)).text
    assert "قهوة" in opened(make_host(fake_lean), lang="ar").text
    assert "One &amp; All" in opened(make_host(fake_lean, host_name="One & All"), lang="ar").text
    assert "localhost" in opened(make_host(fake_lean, host_name={})).text


def test_two_records_of_one_brand_are_one_row(host, fake_lean):
    """Paired by relates_to: the one that Open Finance reaches is chosen, where it is available."""
    rajhi = fake_lean.bank("RJHI_SAU")
    twin = rajhi | {
        "identifier": "RJHI_OLD_SAU",
        "connection_type": "REVERSE_ENGINEERED",
        "relates_to": ["RJHI_SAU"],
    }
    rajhi["connection_type"] = "OPEN_BANKING"
    fake_lean.banks.insert(0, twin)
    page = opened(host).text
    assert 'value="RJHI_SAU"' in page
    assert 'value="RJHI_OLD_SAU"' not in page


def test_the_twin_stands_in_while_the_better_record_is_offline(host, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"data": False})
    twin = fake_lean.bank("RJHI_SAU") | {
        "identifier": "RJHI_OLD_SAU",
        "relates_to": ["RJHI_SAU"],
        "availability": fake_lean.bank("SNB_SAU")["availability"],
    }
    fake_lean.banks.append(twin)
    page = opened(host).text
    assert 'value="RJHI_OLD_SAU"' in page
    assert 'value="RJHI_SAU"' not in page


@pytest.mark.parametrize(
    ("lang", "minimum", "maximum"),
    [
        (
            "en",
            "Minimum per payment: \u2068SAR 1,000\u2069",
            "Limit per payment: \u2068SAR 99.50\u2069",
        ),
        (
            "ar",
            "الحد الأدنى للعملية: \u20681,000 ر.س\u2069",
            "الحد الأعلى للعملية: \u206899.50 ر.س\u2069",
        ),
    ],
)
def test_a_bank_outside_whose_limits_the_payment_is_says_which(
    host, fake_lean, lang, minimum, maximum
):
    fake_lean.bank("RJHI_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1000, "max": 5000}]
    fake_lean.bank("RIYAD_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1, "max": 99.5}]
    page = opened(host, "checkout", lang).text  # of 250.50
    assert minimum in page
    assert maximum in page


def test_a_bank_that_has_data_alone_says_that_payments_are_off(host, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"payments": False})
    lean = host.blueprints["lean"]

    @host.get("/both")
    def both():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01", permissions=["accounts", "payments"]
        )
        return "", 302, {"Location": flow.url}

    client = host.test_client()
    assert "Not available for payments right now" in client.get(client.get("/both").location).text


def test_an_own_theme_is_in_the_address_of_the_stylesheet_and_the_common_one_is_not(host):
    lean = host.blueprints["lean"]

    @host.get("/themed")
    def themed():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
            permissions=["accounts"],
            customization={"theme_color": "#663399"},
        )
        return "", 302, {"Location": flow.url}

    client = host.test_client()
    page = client.get(client.get("/themed").location).text
    stylesheet = re.search(r'rel="stylesheet" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "#663399" in client.get(stylesheet).text
    assert "theme=" not in opened(host).text


# --- weight -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_with_40_banks_fits_one_round_trip(fake_lean, lang):
    banks = [bank for country in ("sa", "ae") for bank in load_banks(country, fake_lean.url)]
    shown = [b for b in banks if not b.get("mock") and b["account_type"] == "PERSONAL"][:40]
    for bank in shown:
        bank["availability"] = {
            part: {"data": True, "payments": True} for part in ("active", "enabled")
        }
    fake_lean.banks = shown
    app = make_host(fake_lean, popular_banks=[])
    page = opened(app, lang=lang, **{"Accept-Encoding": "gzip"})
    html = gzip.decompress(page.data).decode()
    assert html.count('name="bank_identifier"') >= 38  # some are two records of one brand
    assets = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)\?[^"]*)"', html)
    assert len(assets) == 2
    weights = {"html": len(page.data)}
    for asset in assets:
        answer = app.test_client().get(
            asset.replace("&amp;", "&"), headers={"Accept-Encoding": "gzip"}
        )
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        weights[asset.partition("?")[0]] = len(answer.data)
    assert sum(weights.values()) <= LARGEST, weights


# --- embedded, and told -------------------------------------------------------------------------


def test_an_embedded_picker_is_no_second_page(host):
    page = host.test_client().get("/embedded/ar").text
    picker = page.split("<lean-picker")[1].split("</lean-picker>")[0]
    assert 'lang="ar" dir="rtl"><template shadowrootmode="open">' in picker
    assert "<main" not in picker
    assert "<h1" not in picker
    assert "<html" not in picker
    assert page.count("<h1") == 1


def test_a_page_that_embeds_a_flow_is_kept_by_nobody(host):
    assert host.test_client().get("/embedded/en").headers["Cache-Control"] == "no-store"


def test_embed_is_markup_that_templates_leave_alone(host):
    lean = host.blueprints["lean"]
    with host.test_request_context():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01", permissions=["accounts"]
        )
        assert "<lean-picker" in render_template_string("{{ flow.embed() }}", flow=flow)


def test_a_flow_that_no_blueprint_made_cannot_be_embedded():
    arguments: dict[str, Any] = {
        "customer_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
        "permissions": ["accounts"],
    }
    with pytest.raises(FlowError, match="embedded"):
        make_flow("connect", arguments, None).embed()


@pytest.fixture
def told(host):
    """What the signals say, without the app and the flow."""
    heard = []

    def hear(name):
        return lambda _, flow, **more: heard.append((name, more))

    names = ("picker_viewed", "list_missing", "search_empty", "bank_unavailable", "loader_blocked")
    receivers = {name: hear(name) for name in names}
    for name, receiver in receivers.items():
        getattr(lean_flask, name).connect(receiver, host)
    yield heard
    del receivers  # signals hold them weakly


def test_the_host_is_told_what_was_shown(host, told):
    opened(host, lang="ar")
    assert told == [("picker_viewed", {"language": "ar"})]
    host.test_client().get("/embedded/en")
    assert told[1:] == [("picker_viewed", {"language": "en"})]


def test_the_host_is_told_when_there_was_no_list(host, told, fake_lean):
    fake_lean.fault("banks", faults.Status(500))
    opened(host)
    assert ("list_missing", {}) in told


def test_the_host_is_told_of_a_bank_that_was_refused(host, told):
    client = host.test_client()
    flow = token_in(client.get(client.get("/connect/en").location))
    client.post("/lean/launch", json={"flow": flow, "bank_identifier": "NOBODY"})
    assert told[-1] == ("bank_unavailable", {"bank_identifier": "NOBODY", "reason": "unknown"})


def event(app, **body):
    client = app.test_client()
    flow = token_in(client.get(client.get("/connect/en").location))
    return client.post("/lean/events", json={"flow": flow} | body)


def test_the_host_is_told_what_happens_on_the_page_alone(host, told):
    assert event(host, event="loader_blocked").status_code == 204
    event(host, event="bank_unavailable", bank_identifier="RJHI_SAU", reason="limit")
    event(host, event="search_empty", query="bank of the moon")
    assert [one for one in told if one[0] != "picker_viewed"] == [
        ("loader_blocked", {}),
        ("bank_unavailable", {"bank_identifier": "RJHI_SAU", "reason": "limit"}),
        ("search_empty", {"query": None}),
    ]


def test_what_was_searched_for_is_told_only_to_a_host_that_asks(fake_lean):
    app = make_host(fake_lean, report_queries=True)
    queries = []
    receiver = lambda _, flow, query: queries.append(query)  # noqa: E731
    lean_flask.search_empty.connect(receiver, app)
    event(app, event="search_empty", query="bank of the moon")
    assert queries == ["bank of the moon"]
    assert 'data-queries="1"' in opened(app).text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "flow_launched"},
        {"event": "bank_unavailable", "bank_identifier": "<script>"},
        {"event": "bank_unavailable", "reason": "because"},
        {"event": "search_empty", "query": "x" * 81},
        {"event": "search_empty", "customer_id": "1"},
    ],
    ids=str,
)
def test_an_event_is_checked(host, told, body):
    assert event(host, **body).status_code == 400
    assert [name for name, _ in told] == ["picker_viewed"]
