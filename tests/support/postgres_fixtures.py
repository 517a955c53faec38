"""A real Postgres, for the tests of a process together: to start one costs more than a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lean_flask.banks.stores import postgres, postgres_pool
from lean_flask.events import postgres_inbox
from support.postgres_server import PostgresServer

#: Seconds: an answer comes, also where the machine is busy. Tests of what hangs say less.
PATIENT = 30.0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "TIMEOUT", PATIENT)
        patch.setattr(postgres, "CONFLICT_TIMEOUT", PATIENT)
        patch.setattr(postgres_inbox, "TIMEOUT", PATIENT)
        patch.setattr(postgres_pool, "CONNECT_TIMEOUT", PATIENT)
        yield server
    server.remove()


@pytest.fixture
def empty_postgres(postgres_server: PostgresServer) -> PostgresServer:
    """Its tables are empty, or not there yet."""
    postgres_server.empty()
    return postgres_server
