"""A real Postgres in each kind of trouble: the store falls back, with one line, and comes back."""

from __future__ import annotations

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask.banks import stores
from lean_flask.banks.stores import fallback, postgres_pool
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.postgres import PostgresStore
from lean_flask.services import get_services
from support.paths import ROOT
from support.postgres_fixtures import PATIENT
from support.redis_server import until

DOWN, UP = "falling back to process memory", "Store recovered"
#: The user of a host, who may use what another one has made.
SHOP = "shop:hidden-password"
NEW_SHOP = """
    DO $$BEGIN CREATE ROLE shop; EXCEPTION WHEN duplicate_object THEN NULL; END$$;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop';
    DROP SCHEMA IF EXISTS lean CASCADE; DROP OWNED BY shop; DROP ROLE shop;
    CREATE ROLE shop LOGIN PASSWORD 'hidden-password'"""


@pytest.fixture
def server(empty_postgres):
    empty_postgres.sql(NEW_SHOP)
    return empty_postgres


def put(store, key, value, seconds=100):
    return store.update(key, lambda old, version: value, seconds)


def shop_url(server):
    return server.url(SHOP, "?options=-csearch_path%3Dlean")


@pytest.fixture
def host(make_app, server, monkeypatch, caplog):
    """A host of the user ``shop``, whose store is tried again every 20 ms."""
    monkeypatch.setattr(fallback, "RETRY_INTERVAL", 0.02)
    monkeypatch.setattr(stores, "REQUEST_BUDGET", PATIENT)
    caplog.set_level(logging.INFO)
    server.sql("CREATE SCHEMA lean AUTHORIZATION shop")
    client = make_app(store_url=shop_url(server), webhook_delivery="inline").test_client()
    assert client.get("/lean/banks").status_code == 200
    return client


def lines(caplog, text):
    return [line for line in caplog.messages if text in line]


def is_up(client, caplog):
    client.get("/lean/health")
    return lines(caplog, UP)


def wait_at_most(monkeypatch, client, seconds):
    """Let the store and the inbox of a host wait for so long."""
    monkeypatch.setattr(postgres_pool, "CONNECT_TIMEOUT", seconds)
    with client.application.app_context():
        services = get_services("lean")
    for each in (services.store._store._store, services.events.inbox):
        each._database._timeout = seconds


def hang_up(server):
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'")


def make_read_only(server):
    server.sql("ALTER ROLE shop SET default_transaction_read_only = on")
    hang_up(server)


def forbid(server):
    server.sql("REASSIGN OWNED BY shop TO lean; GRANT USAGE ON SCHEMA lean TO shop")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA lean TO shop")


def change_password(server):
    server.sql("ALTER ROLE shop PASSWORD 'another'")
    hang_up(server)


def take_no_more(server):
    server.sql("ALTER ROLE shop CONNECTION LIMIT 0")
    hang_up(server)


def freeze(server):
    server.freeze()


def stop(server):
    server.stop()


def mend(server):
    server.thaw() if server.is_running else server.start()
    server.sql("ALTER ROLE shop CONNECTION LIMIT -1 PASSWORD 'hidden-password'")
    server.sql("ALTER ROLE shop RESET default_transaction_read_only")
    server.sql("GRANT ALL ON SCHEMA lean TO shop; GRANT ALL ON ALL TABLES IN SCHEMA lean TO shop")
    hang_up(server)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (make_read_only, "read-only"),
        (forbid, "the user may not do this"),
        (change_password, "refuses the user name or the password"),
        (take_no_more, "takes no more connections"),
        (freeze, "no answer in time"),
        (stop, "Connection refused"),
    ],
)
def test_trouble_costs_the_sharing_and_two_lines(
    host, server, caplog, fake_lean, monkeypatch, trouble, words
):
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    body, headers = fake_lean.signed(event)
    if trouble is freeze:
        wait_at_most(monkeypatch, host, 0.1)
    trouble(server)
    try:
        for _ in range(20):
            assert host.get("/lean/banks").status_code == 200
        assert host.post("/lean/webhooks", data=body, headers=headers).status_code == 503
        until(lambda: host.get("/lean/banks") and lines(caplog, DOWN))
        time.sleep(0.1)  # some attempts, each of which may read and cannot write
        assert host.get("/lean/banks").status_code == 200
        assert (len(lines(caplog, DOWN)), lines(caplog, UP)) == (1, [])
        assert words in lines(caplog, DOWN)[0]
        assert fake_lean.count("banks") == 1
    finally:
        wait_at_most(monkeypatch, host, PATIENT)
        mend(server)
    assert until(lambda: is_up(host, caplog)) == [UP]
    assert host.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert not host.get("/lean/banks/RJHI_SAU").json["available"]["data"]
    assert "hidden-password" not in caplog.text


def test_a_server_that_hangs_is_waited_for_no_longer_than_said(server, monkeypatch):
    both = [PostgresStore(server.url()) for _ in range(2)]
    put(both[0], "a", b"1")
    both[0]._database._timeout = 0.1
    monkeypatch.setattr(postgres_pool, "CONNECT_TIMEOUT", 0.1)
    server.freeze()
    try:
        for store in both:  # one of which has a connection
            with pytest.raises(StoreError, match="no answer in time"):
                store.read("a")
    finally:
        server.thaw()
    monkeypatch.undo()
    both[0]._database._timeout = PATIENT
    assert [store.read("a") for store in both] == [b"1", b"1"]


def test_a_change_that_waits_for_another_ends_in_the_server_too(server):
    store = PostgresStore(server.url())
    put(store, "a", b"1")
    store._database._timeout = 0.3
    server.sql("BEGIN; SELECT 1 FROM lean_flask_clock_1 FOR UPDATE")
    try:
        with pytest.raises(StoreError, match="no answer in time"):
            put(store, "a", b"2")
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(lambda: server.sql(waiting)[0][0] == 0)
    finally:
        server.sql("ROLLBACK")
    store._database._timeout = PATIENT
    assert put(store, "a", b"2") == b"2"


@pytest.mark.parametrize("what", ["TABLE lean_flask_entry_1", "TABLE lean_flask_clock_1"])
def test_tables_that_are_gone_are_made_anew(server, what):
    store = PostgresStore(server.url())
    put(store, "a", b"1")
    before = store.version()
    server.sql(f"DROP {what}")
    put(store, "b", b"2")
    assert store.read("b") == b"2"
    assert store.version() > before


def test_a_database_that_was_emptied_goes_on_with_later_versions(server):
    store = PostgresStore(server.url())
    put(store, "a", b"1")
    before = store.version()
    server.empty()
    assert (store.read("a"), store.version()) == (None, 0)
    put(store, "a", b"1")
    assert store.version() > before


def test_processes_that_start_at_once_make_the_tables_once(server):
    url = server.url(more="?options=-csearch_path%3Dlean")
    stores = [PostgresStore(f"{url}&application_name=worker-{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda pair: put(pair[1], str(pair[0]), b"1"), enumerate(stores)))
    assert values == [b"1"] * 8
    assert [stores[0].read(str(number)) for number in range(8)] == [b"1"] * 8
    names = server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'lean' ORDER BY 1")
    assert names == [("lean_flask_clock_1",), ("lean_flask_entry_1",)]


def test_the_schema_of_the_url_is_made_and_used_alone(server):
    plain = PostgresStore(server.url())
    put(plain, "a", b"plain")
    for path, schema in (("Lean", "lean"), ("%22A+b%22", "A+b"), ("%22A%25s%22", "A%s")):
        server.sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        store = PostgresStore(server.url(more=f"?options=-c%20search_path%3D{path}"))
        assert store.read("a") is None
        put(store, "a", schema.encode())
        found = server.sql(f'SELECT value FROM "{schema}".lean_flask_entry_1')
        assert found == [(schema.encode(),)]
    assert plain.read("a") == b"plain"


def test_who_may_make_no_tables_is_told_so(server):
    server.sql("CREATE SCHEMA lean; GRANT USAGE ON SCHEMA lean TO shop")
    with pytest.raises(StoreError, match="may not create tables in the schema lean") as caught:
        PostgresStore(shop_url(server)).read("a")
    assert "hidden-password" not in str(caught.value)


def test_the_rights_of_the_page_on_stores_are_enough(server):
    page = (ROOT / "docs" / "stores.md").read_text("utf-8")
    grants = re.search(r"```sql\n(.+?)```", page, re.DOTALL)[1]
    owner = PostgresStore(server.url(more="?options=-csearch_path%3Dlean"))
    put(owner, "a", b"1")
    server.sql(grants)
    store = PostgresStore(shop_url(server))
    assert store.read("a") == b"1"
    assert put(store, "a", b"2") == b"2"
    assert owner.version() == store.version()


def test_the_next_of_several_servers_is_taken(server):
    nobody = f"127.0.0.1:1,127.0.0.1:{server.port}"
    url = server.url(more="?target_session_attrs=read-write").replace(
        f"127.0.0.1:{server.port}", nobody
    )
    assert put(PostgresStore(url), "a", b"1") == b"1"


def test_a_value_from_before_the_clock_was_set_back_has_what_was_left_of_its_time(server):
    store = PostgresStore(server.url())
    put(store, "a", b"1", 0.01)
    server.sql(
        "UPDATE lean_flask_entry_1 SET written = written + interval '600 s', "
        "expires = expires + interval '600 s'"
    )
    assert store.update("a", lambda old, version: old, 100) == b"1"  # it begins anew
    until(lambda: store.read("a") is None)


def test_what_has_expired_is_deleted_by_the_next_change(server):
    store = PostgresStore(server.url())
    for number in range(3):
        put(store, str(number), b"1", 0.001)
    until(lambda: store.read("2") is None)
    put(store, "a", b"1")
    assert server.sql("SELECT key FROM lean_flask_entry_1") == [("a",)]


def test_a_password_is_in_no_error():
    with pytest.raises(StoreError, match=r"Postgres at 127\.0\.0\.1:1: .*refused") as caught:
        PostgresStore("postgresql://shop:hidden-password@127.0.0.1:1/shop").version()
    assert "hidden-password" not in str(caught.value)
