"""The URL of a Postgres server, as libpq takes it, checked before anything connects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import Error, conninfo, pq

_SEARCH_PATH = re.compile(r"(?:^|\s)(?:-c\s*|--)search_path=(\S+)")
_SCHEMA = re.compile(r'"(?P<quoted>[^"\0]+)"|(?P<plain>[^",\s\0]+)')
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
_MAX_NAME = 63  # bytes; Postgres would cut a longer one
#: What lean-flask decides, whatever the URL says.
_OURS = {"client_encoding": "utf8"}
#: What it decides unless the URL says otherwise. GSSAPI would cost a round trip.
_DEFAULTS = {"application_name": "lean-flask", "gssencmode": "disable"}
_NOWHERE = "/nowhere"  # a folder for the socket of a server that is not there


@dataclass(frozen=True, slots=True)
class PostgresPlace:
    """Where the tables are.

    :param conninfos: what libpq connects with, for each server; it may hold a password.
    :param address: the hosts with their ports, to be shown.
    :param hosts: names, addresses, or folders of a socket.
    :param schema: the schema that the URL names, or ``None`` for the user's own first one.
    """

    conninfos: tuple[str, ...] = field(repr=False)
    address: str
    hosts: tuple[str, ...]
    schema: str | None


def read_url(url: str) -> PostgresPlace:
    """Return what *url* names.

    A schema in ``options=-csearch_path=…`` is taken out of the options: each statement names it,
    so that it holds behind a PgBouncer, too, which refuses this option.

    :raises ValueError: naming what libpq would refuse, without the password.
    """
    given = _parse(url)
    if "replication" in given:
        raise ValueError("'replication' is not for a store")
    schema = _take_schema(given)
    options = _DEFAULTS | given | _OURS
    _try_out(options)
    for name in _FILES:
        path = options.get(name)
        if path and path != "system" and not Path(path).is_file():
            raise ValueError(f"{name} names no file")
    hosts = _hosts(options)
    conninfos = tuple(conninfo.make_conninfo("", **each) for each in _each(options))
    return PostgresPlace(conninfos, _address(hosts, options), hosts, schema)


def is_checked(url: str) -> bool:
    """Return whether *url* asks for TLS and for a certificate of the server that is named."""
    return (_parse(url).get("sslmode") or os.environ.get("PGSSLMODE")) == "verify-full"


def _parse(url: str) -> dict[str, Any]:
    try:
        return conninfo.conninfo_to_dict(url)
    except (Error, UnicodeError) as error:
        unknown = re.match(r'invalid URI query parameter: "([\w-]{1,40})"', str(error))
    # The other words of libpq quote the URL, with its password.
    if unknown:
        raise ValueError(f"unknown option {unknown[1]!r}")
    raise ValueError("its user, password, host or port cannot be read; are they percent-encoded?")


def _take_schema(options: dict[str, Any]) -> str | None:
    given = str(options.get("options", ""))
    found = _SEARCH_PATH.search(given)
    if found is None:
        return None
    rest = _SEARCH_PATH.sub(" ", given).strip()
    if rest:
        options["options"] = rest
    else:
        del options["options"]
    name = _SCHEMA.fullmatch(found[1])
    if name is None:
        raise ValueError("its search_path must be the name of one schema")
    schema = name["quoted"] or name["plain"].lower()
    if len(schema.encode("utf-8", "surrogatepass")) > _MAX_NAME:
        raise ValueError(f"the name of its schema is longer than {_MAX_NAME} bytes")
    return schema


def _try_out(options: dict[str, Any]) -> None:
    """Let libpq check *options*: it does so before it looks for the server."""
    local = {name: value for name, value in options.items() if name not in {"host", "hostaddr"}}
    hosts = str(options.get("host") or options.get("hostaddr") or "").count(",") + 1
    local["host"] = ",".join([_NOWHERE] * hosts)
    try:
        tried = pq.PGconn.connect_start(conninfo.make_conninfo("", **local).encode())
    except (Error, UnicodeError):
        raise ValueError("libpq cannot read an option of it") from None
    said = tried.error_message.decode("utf-8", "replace")
    tried.finish()
    if not said.startswith("connection to server"):
        raise ValueError(f"libpq refuses it: {_without_values(said)}")


def _without_values(said: str) -> str:
    """Return the first line of what libpq *said*, without what it quotes but for an option."""
    option = re.search(r'connection option "(\w{1,40})"', said)
    if option:
        return f"the value of {option[1]}"
    return re.sub(r'\s*:?\s*".*?"', "", said.splitlines()[0])[:100]


def _each(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return *options* for each server, so that we can pass over one that hangs."""
    lists = {
        name: str(value).split(",")
        for name, variable in (("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"), ("port", "PGPORT"))
        if (value := options.get(name) or os.environ.get(variable))
    }
    for number in range(max(len(lists.get(name, [""])) for name in ("host", "hostaddr"))):
        own = {name: values[number % len(values)] for name, values in lists.items()}
        yield options | own


def _hosts(options: dict[str, Any]) -> tuple[str, ...]:
    given = options.get("host") or options.get("hostaddr") or os.environ.get("PGHOST")
    return tuple(str(given or "localhost").split(","))


def _address(hosts: tuple[str, ...], options: dict[str, Any]) -> str:
    ports = str(options.get("port") or os.environ.get("PGPORT") or "5432").split(",")
    if len(ports) < len(hosts):
        ports *= len(hosts)
    return ",".join(f"{host}:{port}" for host, port in zip(hosts, ports, strict=False))[:200]
