"""POST /events, and the signals of the picker."""

from __future__ import annotations

import pytest

import lean_flask
from lean_flask.testing import faults
from support.picker_pages import opened, token_in
from support.picker_stage import make_host


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


@pytest.mark.parametrize("query", ["SA03 8000 0000 6080 1016 7519", "٤١١١ ١١١١ ١١١١ ١١١١"])
def test_the_number_of_an_account_is_told_to_nobody(fake_lean, caplog, query):
    app = make_host(fake_lean, report_queries=True)
    queries = []
    receiver = lambda _, flow, query: queries.append(query)  # noqa: E731
    lean_flask.search_empty.connect(receiver, app)
    assert event(app, event="search_empty", query=query).status_code == 204
    assert queries == [None]
    assert query not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": "flow_launched"},
        {"event": "bank_unavailable", "bank_identifier": "<script>"},
        {"event": "bank_unavailable", "reason": "because"},
        {"event": "search_empty", "query": "x" * 101},
        {"event": "search_empty", "customer_id": "1"},
    ],
    ids=str,
)
def test_an_event_is_checked(host, told, body):
    assert event(host, **body).status_code == 400
    assert [name for name, _ in told] == ["picker_viewed"]
