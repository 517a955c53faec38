"""Tables and functions in a Postgres database: made once, and called with a limit of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from psycopg import Error, errors, sql

from .base import StoreError
from .postgres_errors import describe
from .postgres_pool import NoAnswer, TimedConnection, pool_of
from .postgres_url import PostgresPlace

CREATE_TIMEOUT = 5.0  # seconds, once in the life of a database
#: Names the lock under which tables are made. Advisory locks are numbers that all users share.
_LOCK = 7_262_953_541_080_306_129
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = {}"
# A server that crashes loses the last of these, as SQLite's "synchronous = NORMAL" does.
_LAZILY = "SET LOCAL synchronous_commit = off"
_DURABLY = (
    "SELECT set_config('synchronous_commit', 'on', true) "
    "WHERE current_setting('synchronous_commit') = 'off'"
)
_FOUND = """SELECT
    (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
        ON n.oid = c.relnamespace WHERE n.nspname = %(schema)s AND c.relname = ANY(%(names)s))
    + (SELECT count(DISTINCT p.proname) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
        ON n.oid = p.pronamespace WHERE n.nspname = %(schema)s AND p.proname = ANY(%(names)s))"""
_LOST = (
    errors.UndefinedTable,
    errors.UndefinedFunction,
    errors.UndefinedColumn,
    errors.InvalidSchemaName,
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layout:
    """Tables and functions that belong together.

    :param names: of all of them.
    :param script: creates them, and changes nothing when it is run again. ``{s}`` is the schema.
    """

    names: tuple[str, ...]
    script: str


class PostgresDatabase:
    """The tables of *layout*, for any number of threads, processes and machines.

    :param timeout: seconds to wait for one answer.
    """

    def __init__(self, place: PostgresPlace, layout: Layout, timeout: float) -> None:
        self._place = place
        self._layout = layout
        self._timeout = timeout
        self._pool = pool_of(place.conninfos)
        self._schema: str | None = None  # the quoted name, once the tables are there

    def run(
        self, statement: str, values: Sequence[Any] = (), *, durably: bool = False
    ) -> list[tuple[Any, ...]]:
        """Run *statement* in a transaction of its own, in one round trip; return the rows.

        :param statement: with ``{s}`` for the schema, and ``%s`` for each of *values*.
        :param durably: no crash of the server undoes it.
        :raises StoreError: in place of any error.
        """
        return self._guarded(lambda: self._try(statement, values, durably))

    def _try(self, statement: str, values: Sequence[Any], durably: bool) -> list[tuple[Any, ...]]:
        try:
            return self._run(statement, values, durably)
        except _LOST:  # the database was made anew
            self._schema = None
            return self._run(statement, values, durably)

    def _run(self, statement: str, values: Sequence[Any], durably: bool) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            schema = self._schema = self._schema or self._prepare(connection)
            named = statement.replace("{s}", schema.replace("%", "%%"))  # "%" begins a placeholder
            return _execute(connection, named, values, self._timeout, durably)

    def _guarded(self, operation: Callable[[], T]) -> T:
        try:
            return operation()
        except NoAnswer as error:
            said = str(error)
        except Error as error:
            said = describe(error)
        except (OSError, ValueError) as error:
            said = type(error).__name__
        raise StoreError(f"Postgres at {self._place.address}: {said}")

    def _prepare(self, connection: TimedConnection) -> str:
        """Create what is missing; return the schema's quoted name."""
        schema = self._place.schema or self._own_schema(connection)
        values = {"schema": schema, "names": list(self._layout.names)}
        quoted = sql.Identifier(schema).as_string(connection)
        if _execute(connection, _FOUND, values, self._timeout)[0][0] < len(self._layout.names):
            try:
                self._create(connection, schema, quoted)
            except errors.InsufficientPrivilege:
                raise StoreError(
                    f"Postgres at {self._place.address}: the user may not create tables in the "
                    f"schema {schema} (42501)"
                ) from None
        return quoted

    def _own_schema(self, connection: TimedConnection) -> str:
        schema = _execute(connection, "SELECT current_schema()", (), self._timeout)[0][0]
        if schema is None:
            raise StoreError(
                f"Postgres at {self._place.address}: no schema of the user's search_path is there"
            )
        return str(schema)

    def _create(self, connection: TimedConnection, schema: str, quoted: str) -> None:
        """Create the tables; of several processes, one after the other."""
        found = _execute(
            connection,
            "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s",
            (schema,),
            self._timeout,
        )
        make = "" if found else f"CREATE SCHEMA IF NOT EXISTS {quoted};"
        script = self._layout.script.replace("{s}", quoted)
        lock = f"SELECT pg_catalog.pg_advisory_xact_lock({_LOCK});"
        # Whoever had the lock before may have made them, and others may use them by now.
        count = _FOUND % {
            "schema": sql.Literal(schema).as_string(connection),
            "names": sql.Literal(list(self._layout.names)).as_string(connection),
        }
        script = (
            f"DO $lean_flask$ BEGIN IF ({count}) < {len(self._layout.names)} THEN "
            f"EXECUTE $lean_flask_script${script}$lean_flask_script$; END IF; END $lean_flask$"
        )
        _execute(connection, f"{lock} {make} {script}", None, CREATE_TIMEOUT, durably=True)


def _execute(
    connection: TimedConnection,
    statement: str,
    values: Any,
    timeout: float,
    durably: bool = False,
) -> list[tuple[Any, ...]]:
    """Run *statement* in a transaction; return the rows of the last statement that has some.

    :param timeout: seconds, for the server and, a little longer, for the answer.
    """
    milliseconds = max(1, int(timeout * 1000))
    begin = f"{_BEGIN.format(milliseconds)}; {_DURABLY if durably else _LAZILY}"
    connection.deadline = time.monotonic() + timeout + 0.1
    with connection.cursor() as cursor:
        cursor.execute(f"{begin}; {statement}; COMMIT".encode(), values)
        rows: list[tuple[Any, ...]] = []
        while True:
            if cursor.description is not None:
                rows = cursor.fetchall()
            if not cursor.nextset():
                return rows
