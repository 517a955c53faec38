"""Connections to a real Postgres: forks, TLS, several servers, and PgBouncer before it."""

from __future__ import annotations

import socket
import subprocess
import sys

import psycopg
import pytest

from lean_flask.banks.stores import postgres_pool
from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.postgres import PostgresStore
from lean_flask.banks.stores.postgres_pool import MAX_IDLE, pool_of
from lean_flask.events.postgres_inbox import PostgresInbox
from support.certificates import certificate
from support.inbox import T0, drain, new_event
from support.postgres_server import program, unprivileged
from support.redis_server import free_port, until


def put(store, key, value, seconds=100):
    return store.update(key, lambda old, version: value, seconds)


def in_a_process(script: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run *script*, which forks, on the database at *url*."""
    command = [sys.executable, "-c", script, url]
    return subprocess.run(command, capture_output=True, text=True, check=False)


FORKS = """
import os, sys
from lean_flask.banks.stores import postgres, postgres_pool
from lean_flask.banks.stores.postgres import PostgresStore

# A busy machine is no slow server.
postgres.TIMEOUT = postgres.CONFLICT_TIMEOUT = postgres_pool.CONNECT_TIMEOUT = 30.0
store = PostgresStore(sys.argv[1])

def add():
    for _ in range(10):
        store.update("forks", lambda old, version: str(int(old or 0) + 1).encode(), 100)

add()
children = []
for _ in range(3):
    child = os.fork()
    if not child:
        add()
        os._exit(0)
    children.append(child)
add()
for child in children:
    assert os.waitpid(child, 0)[1] == 0
add()
print(store.read("forks").decode())
"""


def test_a_parent_and_its_children_each_have_connections_of_their_own(empty_postgres):
    run = in_a_process(FORKS, empty_postgres.url())
    assert (run.stdout, run.stderr) == ("60\n", "")


GIVEN_BACK = """
import os, sys

lent = []
# Of the hooks before a fork, the one that was registered first runs last.
os.register_at_fork(before=lambda: lent and lent.pop().__exit__(None, None, None))

from lean_flask.banks.stores.postgres import PostgresStore

store = PostgresStore(sys.argv[1])
store.update("a", lambda old, version: b"1", 100)
lent.append(store._database._pool.connection())
lent[0].__enter__()
child = os.fork()
if not child:
    store.read("a")
    store = None  # nor does it hang up for its parent
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
idle = store._database._pool._idle[0]
assert store.read("a") == b"1"
assert idle is store._database._pool._idle[0] and not idle.closed
"""


def test_a_connection_that_a_thread_gives_back_during_a_fork_stays_the_parents(empty_postgres):
    run = in_a_process(GIVEN_BACK, empty_postgres.url())
    assert (run.returncode, run.stderr) == (0, "")


@pytest.fixture
def encrypted(empty_postgres, tmp_path):
    """The server, with TLS; the authority's file."""
    authority, (authority_file, _) = certificate(tmp_path, "authority")
    _, (_, _) = certificate(tmp_path, "server", authority)
    empty_postgres.use_tls(tmp_path / "server.crt", tmp_path / "server.pem")
    yield authority_file
    empty_postgres.use_no_tls()


def test_certificates_are_checked_where_the_url_says_so(empty_postgres, encrypted):
    url = empty_postgres.url(more="?sslmode=verify-full&sslrootcert=")
    store = PostgresStore(f"{url}{encrypted}")
    assert put(store, "a", b"1") == b"1"
    assert empty_postgres.sql("SELECT count(*) FROM pg_stat_ssl WHERE ssl")[0][0] >= 1
    with pytest.raises(StoreError, match="TLS failed: "):
        PostgresStore(f"{url}system").read("a")  # the authorities of the system


def test_a_server_that_hangs_is_passed_over(empty_postgres, monkeypatch):
    with socket.create_server(
        ("127.0.0.1", 0)
    ) as hanging:  # it takes connections, and says nothing
        hosts = f"127.0.0.1:{hanging.getsockname()[1]},127.0.0.1:{empty_postgres.port}"
        url = f"postgresql://lean@{hosts}/postgres?target_session_attrs=read-write"
        store = PostgresStore(url)
        monkeypatch.setattr(postgres_pool, "CONNECT_TIMEOUT", 3.0)
        assert put(store, "a", b"1") == b"1"
        # The one that answered is asked first the next time.
        assert f"port={empty_postgres.port}" in store._database._pool._conninfos[0]


PGBOUNCER = """
[databases]
* = host=127.0.0.1 port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
"""


@pytest.fixture
def pgbouncer(empty_postgres):
    """PgBouncer in transaction mode: a session of the server is lent for one transaction."""
    own_port, folder = free_port(), empty_postgres.folder
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        PGBOUNCER.format(port=empty_postgres.port, own_port=own_port, folder=folder)
    )
    (folder / "users").write_text('"lean" ""\n')
    with subprocess.Popen(
        [program("pgbouncer"), settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **unprivileged(),
    ) as process:
        url = f"postgresql://lean@127.0.0.1:{own_port}/postgres"
        until(lambda: answers(url))
        yield url
        process.terminate()


def answers(url):
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_pgbouncer_lends_a_session_for_each_transaction(pgbouncer, empty_postgres):
    schema = "?options=-csearch_path%3Dlean"
    empty_postgres.sql("DROP SCHEMA IF EXISTS lean CASCADE")
    stores = [PostgresStore(pgbouncer + schema) for _ in range(3)]
    for number, store in enumerate(stores * 3):
        put(store, str(number), b"1")
        assert store.read(str(number)) == b"1"
    assert len({store.version() for store in stores}) == 1
    inbox = PostgresInbox(pgbouncer + schema, "app")
    for id in "123":
        assert inbox.add(new_event(id))
    assert drain(inbox, T0) == ["1", "2", "3"]
    found = empty_postgres.sql("SELECT count(*) FROM lean.lean_flask_entry_1")
    assert found == [(9,)]


def test_an_option_that_pgbouncer_refuses_is_named_as_such(pgbouncer):
    with pytest.raises(StoreError, match="it refuses an option of the URL, as PgBouncer does"):
        PostgresStore(f"{pgbouncer}?options=-cwork_mem%3D1MB").version()


def test_idle_connections_are_few_and_shared_by_the_store_and_the_inbox(empty_postgres):
    url = empty_postgres.url(more="?application_name=few")
    store, inbox = PostgresStore(url), PostgresInbox(url, "app")
    for _ in range(3):
        put(store, "a", b"1")
        inbox.counts()
    few = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'few'"
    assert empty_postgres.sql(few) == [(1,)]
    pool = pool_of(store._database._place.conninfos)
    assert pool is inbox._database._pool
    lent = [pool.connection() for _ in range(MAX_IDLE + 2)]
    for each in lent:
        each.__enter__()
    for each in lent:
        each.__exit__(None, None, None)
    until(lambda: empty_postgres.sql(few) == [(MAX_IDLE,)])


def test_a_connection_that_the_server_has_closed_is_not_used(empty_postgres):
    store = PostgresStore(empty_postgres.url(more="?application_name=closed"))
    assert put(store, "a", b"1") == b"1"
    for _ in range(3):
        empty_postgres.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'closed'"
        )
        assert store.read("a") == b"1"
