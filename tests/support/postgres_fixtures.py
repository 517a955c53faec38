"""A real Postgres, for the tests of a process together: to start one costs more than a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def empty_postgres(postgres_server: PostgresServer) -> PostgresServer:
    """Its tables are empty, or not there yet."""
    postgres_server.empty()
    return postgres_server
