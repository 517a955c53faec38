"""What is asked of a store, one after the other: each is a wait for a disk or a server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

import redis

from lean_flask.banks.stores.sqlite_file import SqliteFile

#: Returns what was asked since it was called before.
Asked = Callable[[], list[str]]


@contextmanager
def sqlite_statements(monkeypatch: Any) -> Iterator[Asked]:
    """Hear of each statement on the files that are opened within, those of transactions too."""
    statements: list[str] = []
    connect = SqliteFile._connect

    def connect_and_listen(self: SqliteFile) -> sqlite3.Connection:
        connection = connect(self)
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(SqliteFile, "_connect", connect_and_listen)
    yield lambda: _taken(statements)


@contextmanager
def redis_commands(url: str) -> Iterator[Asked]:
    """Hear of each command that comes to the server, but not of those within scripts."""
    with redis.Redis.from_url(url) as other, other.monitor() as monitor:

        def asked() -> list[str]:
            mark = token_hex()
            other.echo(mark)
            commands = []
            while mark not in (command := monitor.next_command())["command"]:
                if command["client_type"] != "lua":
                    commands.append(command["command"])
            return commands

        yield asked


@contextmanager
def postgres_round_trips(monkeypatch: Any) -> Iterator[Asked]:
    """Hear of each text that is sent to a server, of one statement or of several."""
    import psycopg

    texts: list[str] = []
    execute = psycopg.Cursor.execute

    def listen(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        texts.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", listen)
    yield lambda: _taken(texts)


def _taken(texts: list[str]) -> list[str]:
    taken = texts[:]
    texts.clear()
    return taken
