"""LEAN_STORE_URL: what its driver would refuse is refused at registration, without the password."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from lean_flask import ConfigurationError, LeanBlueprint


def register(url: object) -> None:
    Flask(__name__).register_blueprint(LeanBlueprint(app_token="a", store_url=url))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://:hidden@localhost:notaport/0", "port"),
        ("redis://:hidden@localhost:99999/0", "port"),
        ("redis://localhost:6379:hidden/0", "port"),
        ("redis://[::1", "host"),
        ("redis://:hidden@localhost/first", "database"),
        ("redis://localhost/-1", "database"),
        ("redis://localhost?db=x&password=hidden", "'db'"),
        ("redis://localhost?socket_timeout=abc&password=hidden", "'socket_timeout'"),
        ("redis://localhost?socket_timeout=0", "socket_timeout"),
        ("redis://localhost?socket_timeout=nan", "socket_timeout"),
        ("redis://localhost?max_connections=0", "max_connections"),
        ("redis://localhost?socket_timout=1&password=hidden", "'socket_timout'"),
        ("redis://localhost?credential_provider=x", "'credential_provider'"),
        ("redis://localhost?ssl_cert_reqs=none", "rediss://"),
        ("rediss://localhost?ssl_cert_reqs=perhaps", "an option"),
        ("rediss://localhost?ssl_ca_certs=/no/such/file", "ssl_ca_certs names no file"),
        (f"rediss://localhost?ssl_ca_certs={__file__}", "ssl_ca_certs cannot be used"),
        ("rediss://localhost?ssl_ca_data=garbage", "ssl_ca_data cannot be used"),
        ("rediss://localhost?ssl_ciphers=nonsense", "ssl_ciphers cannot be used"),
        ("rediss://localhost?ssl_min_version=1", "ssl_min_version cannot be used"),
        (f"rediss://localhost?ssl_certfile={__file__}", "ssl_certfile cannot be used"),
        ("redis://localhost?protocol=nine", "protocol"),
        ("redis://localhost?protocol=9", "protocol must be 2 or 3"),
        ("sqlite:///:memory:", "'memory:'"),
        ("sqlite:///file::memory:?cache=shared", "'memory:'"),
        ("sqlite:///file:list.db", "plain path"),
        ("sqlite:////tmp/list.db?mode=ro", "without options"),
        ("sqlite:///~/list.db", "whole path"),
        ("sqlite:////tmp/a\0b", "STORE_URL"),
        ("sqlite:////", "not a file"),
        ("sqlite:////tmp", "not a file"),
        ("sqlite:////dev/null/list.db", "not a folder"),
        ("sqlite:////tmp/" + "x" * 300, "too long"),
        ("sqlite://", "STORE_URL"),
        ("redis+sentinel://localhost", "names no service"),
        ("redis+sentinel://:hidden@localhost/", "names no service"),
        ("redis+sentinel:///shop", "host is empty"),
        ("redis+sentinel://:hidden@one,,two/shop", "host is empty"),
        ("redis+sentinel://:hidden@one:x,two/shop", "port"),
        ("redis+sentinel://:hidden@one/shop/first", "database"),
        ("redis+sentinel://one/shop?max_connections=5", "max_connections"),
        ("redis+sentinel://one/shop?sentinel_pasword=hidden", "'sentinel_pasword'"),
        ("redis://one?sentinel_password=hidden", "redis+sentinel://"),
        ("redis://one?password=x@hidden&port=7000", "before its '?'"),
        ("redis+cluster://one?host=two", "before its '?'"),
        ("redis://one,two", "redis+cluster://"),
        ("redis+cluster://:hidden@one,two:0:1", "port"),
        ("redis+cluster://one/2", "database 0"),
        ("redis+cluster://one?db=1", "database 0"),
        ("redis+cluster://one?socket_timeout=0", "socket_timeout"),
        ("redis+other://one", "STORE_URL"),
        ("rediss+sentinel://one/shop?ssl_ca_certs=/no/such/file", "ssl_ca_certs names no file"),
        ("postgresql://shop:hidden@db:54x2/shop", "the value of port"),
        ("postgresql://shop:hidden@db:99999/shop", "invalid port number"),
        ("postgresql://shop:hidden@db/shop?sslmode=perhaps", "invalid sslmode value"),
        ("postgresql://shop:hidden@db/shop?ssl_mode=require", "unknown option 'ssl_mode'"),
        ("postgresql://shop:hidden%zz@db/shop", "percent-encoded"),
        ("postgresql://shop:hidden@[db/shop", "cannot be read"),
        ("postgresql://shop:hidden@db/shop?target_session_attrs=x", "target_session_attrs"),
        ("postgresql://shop:hidden@db:1,db:2,db/shop?port=1,2", "port"),
        ("postgresql://shop:hidden@db/shop?replication=database", "'replication'"),
        ("postgresql://shop@db/shop?sslrootcert=/no/such/file", "sslrootcert names no file"),
        ("postgresql://shop@db/shop?sslkey=/no/such/file", "sslkey names no file"),
        ("postgresql://db/shop?options=-csearch_path%3Da,b", "the name of one schema"),
        (f"postgresql://db/shop?options=-csearch_path%3D{'x' * 64}", "longer than 63"),
        ("postgresql+psycopg://shop:hidden@db/shop", "STORE_URL"),
        ("unix:///run/redis.sock", "STORE_URL"),
    ],
)
def test_what_the_driver_refuses_is_refused_at_registration(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match="LEAN_STORE_URL") as caught:
        register(url)
    assert words in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert caught.value.__context__ is None or "hidden" not in repr(caught.value.__context__)


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://user:p%40ss@redis.internal:6380/2?socket_timeout=5&health_check_interval=30",
        "redis://localhost?decode_responses=true&encoding=latin-1&retry_on_timeout=yes",
        "redis://localhost?max_connections=5&client_name=shop&protocol=3",
        "rediss://localhost?ssl_cert_reqs=none&ssl_check_hostname=false",
        "redis://[::1]:6379/0",
        "redis+sentinel://user:p%40ss@one,two:7000,[::1]:7001/shop/2?sentinel_password=x",
        "rediss+sentinel://:p@one/shop?ssl_cert_reqs=none&sentinel_username=y",
        "redis+cluster://user:p@one:7000,[::1],two?max_connections=5",
        "rediss+cluster://one",
        "postgresql://shop:p%40ss@db.internal/shop?sslmode=verify-full&sslrootcert=system",
        "postgres://db-1,db-2:5433/shop?target_session_attrs=read-write&connect_timeout=1",
        "postgresql://shop@/shop?host=/run/postgresql",
        "postgresql://db/shop?options=-c%20search_path%3D%22My+Shop%22%20-c%20work_mem%3D1MB",
    ],
)
def test_what_it_takes_is_taken(url: str) -> None:
    register(url)


def test_a_path_is_checked_and_nothing_is_made(tmp_path: Path) -> None:
    register(f"sqlite:///{tmp_path}/new/folder/store")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="is not a folder"):
        register(f"sqlite:///{tmp_path}/file/store")
