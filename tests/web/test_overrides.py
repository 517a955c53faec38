"""A bank by hand: what lean.override() changes, over HTTP."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lean_flask import Override

BANK = "RJHI_SAU"
MESSAGE = {"en": "Back at 6 pm", "ar": "يعود في السادسة مساءً"}


@pytest.fixture
def record(client):
    def record(identifier=BANK, **query):
        found = client.get(f"/lean/banks/{identifier}", query_string=query)
        return found.get_json() if found.status_code == 200 else None

    return record


def test_an_unavailable_bank_is_listed_as_such_with_the_notice(override, record):
    assert record()["notice"] is None
    override(message=MESSAGE)
    bank = record()
    assert bank["available"] == {"data": False, "payments": False}
    assert bank["availability"]["active"] == {"data": False, "payments": False}
    assert bank["availability"]["enabled"] == {"data": True, "payments": True}
    assert bank["notice"] == MESSAGE


def test_a_cleared_override_leaves_the_bank_as_lean_says(override, record):
    before = record()
    override(message=MESSAGE)
    (cleared,) = override("clear")
    assert (cleared.identifier, cleared.action) == (BANK, "unavailable")
    assert record() == before


def test_a_hidden_bank_is_in_no_list(override, record, client):
    override("hide")
    assert record() is None
    for query in ({}, {"q": "rajhi"}, {"purpose": "data"}):
        found = client.get("/lean/banks", query_string=query).get_json()
        assert BANK not in {bank["identifier"] for bank in found}


def test_one_purpose_leaves_the_other_alone(override, record, client):
    override(purpose="payments", message=MESSAGE)
    assert record()["available"] == {"data": True, "payments": False}
    assert record()["notice"] == MESSAGE
    override("hide", purpose="payments")
    bank = record()
    assert bank["availability"]["enabled"] == {"data": True, "payments": False}
    assert bank["notice"] is None


def test_the_later_word_on_a_purpose_replaces_the_earlier(override, app):
    override()
    override("hide", purpose="data")
    with app.app_context():
        said = [(one.action, one.purpose) for one in app.blueprints["lean"].overrides()]
    assert said == [("hide", "data"), ("unavailable", "payments")]


def test_an_override_says_who_and_why(override, app, caplog):
    until = datetime.now(UTC) + timedelta(hours=1)
    with caplog.at_level(logging.WARNING, "lean_flask"):
        (made,) = override(until=until, by="noura@shell", why="their ticket 4711")
    with app.app_context():
        assert app.blueprints["lean"].overrides() == (made,)
    assert isinstance(made, Override)
    assert (made.by, made.why, made.until) == ("noura@shell", "their ticket 4711", until)
    assert "by noura@shell (their ticket 4711)" in caplog.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"identifier": "no bank"}, "not an identifier"),
        ({"identifier": "RJHI_SAO"}, "did you mean RJHI_SAU"),
        ({"identifier": "ALRAJHI"}, "did you mean RJHI_SAU"),
        ({"action": "off"}, "action got 'off': must be one of unavailable, hide, clear"),
        ({"purpose": "all"}, "purpose got 'all'"),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, "in the past"),
        ({"until": datetime(2099, 1, 1)}, "must have a zone"),  # noqa: DTZ001
        ({"until": datetime.max.replace(tzinfo=ZoneInfo("Etc/GMT+3"))}, "not a time in UTC"),
        ({"until": "tomorrow"}, "must be a datetime"),
        ({"message": {"fr": "Fermée"}}, "message got"),
        ({"message": "x" * 201}, "200 are the most"),
        ({"message": {"en": 5}}, "must be a text"),
        ({"by": None, "why": 3}, "why got 3"),
    ],
)
def test_what_cannot_be_is_refused_by_name(override, client, options, said):
    client.get("/lean/banks")
    with pytest.raises(ValueError, match=said):
        override(**options)


def test_before_any_list_is_held_any_identifier_is_taken(override, fake_lean, record):
    override()
    assert fake_lean.count("banks") == 0
    assert record()["available"] == {"data": False, "payments": False}
