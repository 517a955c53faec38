"""An inbox on a real Postgres in trouble."""

from __future__ import annotations

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.events.postgres_inbox import PostgresInbox
from support.inbox import T0, drain, new_event, take

SETTING = "SELECT current_setting('synchronous_commit')"


@pytest.fixture
def inbox(empty_postgres):
    return PostgresInbox(empty_postgres.url(), "app")


def test_a_server_that_crashes_keeps_every_event(inbox, empty_postgres):
    for number in range(20):
        inbox.add(new_event(str(number), subject=str(number % 4)))
    claim = take(inbox)
    empty_postgres.stop()
    try:
        for operation in (
            lambda: inbox.add(new_event("more")),
            lambda: inbox.claim(T0, 60),
            lambda: inbox.deliver(claim, T0, ()),
            inbox.counts,
        ):
            with pytest.raises(StoreError, match=f"Postgres at 127.0.0.1:{empty_postgres.port}: "):
                operation()
    finally:
        empty_postgres.start()
    inbox.deliver(claim, T0, ())
    assert len(drain(inbox, T0)) >= 19  # the claim may be among what a crash has lost
    assert inbox.counts() == {"waiting": 0, "delivered": 20, "dead": 0}


def test_what_must_last_waits_for_the_disk_whatever_the_users_setting_is(inbox, empty_postgres):
    run = inbox._database.run
    assert run(SETTING, durably=True) == [("on",)]
    assert run(SETTING) == [("off",)]
    empty_postgres.sql("ALTER DATABASE postgres SET synchronous_commit = off")
    try:
        other = PostgresInbox(empty_postgres.url(more="?application_name=other"), "app")
        assert other._database.run(SETTING, durably=True) == [("on",)]
        empty_postgres.sql("ALTER DATABASE postgres SET synchronous_commit = remote_apply")
        other = PostgresInbox(empty_postgres.url(more="?application_name=another"), "app")
        assert other._database.run(SETTING, durably=True) == [("remote_apply",)]
    finally:
        empty_postgres.sql("ALTER DATABASE postgres RESET synchronous_commit")


@pytest.mark.parametrize(("fsync", "words"), [("off", "set fsync on"), ("on", None)])
def test_how_postgres_could_lose_events_is_said(inbox, monkeypatch, fsync, words):
    monkeypatch.setattr(inbox._database, "run", lambda statement: [(fsync,)])
    assert words in inbox.risk() if words else inbox.risk() is None


def test_no_risk_is_told_of_a_server_that_is_not_there():
    assert PostgresInbox("postgresql://shop@127.0.0.1:1/shop", "app").risk() is None


def test_a_database_with_another_isolation_loses_no_order(empty_postgres):
    empty_postgres.sql("ALTER DATABASE postgres SET default_transaction_isolation = serializable")
    try:
        inbox = PostgresInbox(empty_postgres.url(more="?application_name=strict"), "app")
        assert inbox._database.run("SHOW transaction_isolation") == [("read committed",)]
        for id in "123":
            inbox.add(new_event(id))
        assert drain(inbox, T0) == ["1", "2", "3"]
    finally:
        empty_postgres.sql("ALTER DATABASE postgres RESET default_transaction_isolation")


def test_events_are_found_without_a_look_at_every_one(inbox, empty_postgres):
    """A month of them lies there."""
    inbox.add(new_event("1"))
    for table, where in (
        ("event_1", "scope = 'app' AND subject = 's' AND state = 'waiting' ORDER BY seq LIMIT 1"),
        ("event_1", "scope = 'app' AND ended < 1"),
        ("event_1", "scope = 'app' AND state = 'dead' ORDER BY seq LIMIT 10"),
        ("event_1", "scope = 'app' ORDER BY seq DESC LIMIT 10"),
        ("queue_1", "scope = 'app' AND due <= 1 ORDER BY due LIMIT 1"),
        ("known_1", "scope = 'app' AND expires <= 1"),
    ):
        plan = empty_postgres.sql(
            f"BEGIN; SET LOCAL enable_seqscan = off; EXPLAIN SELECT * FROM lean_flask_{table} "
            f"WHERE {where}"
        )
        empty_postgres.sql("ROLLBACK")
        said = "\n".join(row[0] for row in plan)
        assert "Index" in said, said
        assert "Seq Scan" not in said
        assert "Sort" not in said, said
