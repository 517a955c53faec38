"""The URL of a Redis server, as redis-py takes it, checked before anything connects."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from redis import ConnectionPool, SSLConnection
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.exceptions import ConnectionError
from redis.retry import Retry

SOCKET_TIMEOUT = 0.25  # seconds; a slower store would not save time
_OPTIONS = {
    *("host", "port", "db", "username", "password", "connection_class", "max_connections"),
    *("socket_timeout", "socket_connect_timeout", "socket_keepalive", "health_check_interval"),
    *("client_name", "protocol"),
}
_TLS_OPTIONS = {
    name
    for name in inspect.signature(SSLConnection.__init__).parameters
    if name.startswith("ssl_") and name != "ssl_context"
}
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
#: What lean-flask decides, whatever the URL says.
OURS = {"decode_responses", "encoding", "encoding_errors", "retry_on_error", "retry_on_timeout"}


def connection_options(url: str, timeout: float = SOCKET_TIMEOUT) -> dict[str, Any]:
    """Return the options of a connection pool for *url*.

    :param timeout: seconds to wait for one answer, unless *url* says less.
    :raises ValueError: naming what is wrong with it, without its password.
    """
    options: dict[str, Any] = {"host": "localhost", "port": 6379} | _parse(url)
    options["db"] = _database(url, options)
    for name in OURS & options.keys():
        del options[name]
    _refuse_unknown(options)
    for name in ("socket_timeout", "socket_connect_timeout"):
        given = options.get(name, timeout)
        if not given > 0:
            raise ValueError(f"{name} must be above 0")
        options[name] = min(given, timeout)
    if str(options.get("protocol", 2)) not in {"2", "3"}:
        raise ValueError("protocol must be 2 or 3")
    if options.get("max_connections", 1) < 1:
        raise ValueError("max_connections must be above 0")
    # Once more over a new connection, for those that the server has closed while they were idle.
    options["retry"] = Retry(NoBackoff(), 1, (ConnectionError,))
    try:
        ConnectionPool(**options).make_connection()
    except Exception as error:
        raise ValueError(f"redis-py refuses an option of it ({type(error).__name__})") from None
    return options


def check_tls(options: Mapping[str, Any]) -> None:
    """Check what *options* say of TLS, as far as that can be known without a connection.

    :raises ValueError: naming the option that is wrong.
    """
    for name in _FILES:
        if options.get(name) is not None and not Path(options[name]).is_file():
            raise ValueError(f"{name} names no file")
    context = ssl.create_default_context()
    uses: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("ssl_ca_certs", lambda path: context.load_verify_locations(cafile=path)),
        ("ssl_ca_path", lambda path: context.load_verify_locations(capath=path)),
        ("ssl_ca_data", lambda data: context.load_verify_locations(cadata=data)),
        ("ssl_ciphers", context.set_ciphers),
        ("ssl_min_version", lambda version: setattr(context, "minimum_version", version)),
        ("ssl_certfile", lambda path: _load_certificate(context, path, options)),
    )
    for name, use in uses:
        if options.get(name) is not None:
            try:
                use(options[name])
            except (OSError, ValueError, TypeError) as error:
                raise ValueError(f"{name} cannot be used ({type(error).__name__})") from None


def _load_certificate(context: ssl.SSLContext, path: str, options: Mapping[str, Any]) -> None:
    context.load_cert_chain(path, options.get("ssl_keyfile"), options.get("ssl_password"))


def _parse(url: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError as error:
        # redis-py's own words name an option; those of urllib.parse may quote a password.
        words = str(error) if str(error).startswith("Invalid value for") else ""
        raise ValueError(words or "its host, port or password cannot be read") from None
    return parsed


def _database(url: str, options: dict[str, Any]) -> int:
    path = url.partition("://")[2].partition("?")[0].partition("/")[2].strip("/")
    if path and not (path.isascii() and path.isdigit()):
        raise ValueError("the database after the host is not a number")
    number: int = options.get("db", 0)
    if number < 0:
        raise ValueError("the database is not a number from 0")
    return number


def _refuse_unknown(options: dict[str, Any]) -> None:
    with_tls = options.get("connection_class") is SSLConnection
    known = _TLS_OPTIONS | _OPTIONS if with_tls else _OPTIONS
    for name in sorted(options.keys() - known):
        if name in _TLS_OPTIONS:
            raise ValueError("options of TLS need rediss://")
        raise ValueError(f"unknown option {name[:40]!r}")
