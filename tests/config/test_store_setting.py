"""LEAN_STORE: an object of the host in place of a URL."""

from __future__ import annotations

import traceback

import pytest
import redis
import redis.asyncio
from flask import Flask
from redis.sentinel import Sentinel

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.config.settings import load_settings


class Asynchronous:
    async def version(self) -> int:
        return 0

    async def read(self, key: str) -> None: ...

    async def update(self, key: str, updater: object, ttl: float) -> None: ...


class Unfinished:
    def version(self) -> int:
        return 0


def register(**settings: object) -> None:
    Flask(__name__).register_blueprint(LeanBlueprint(app_token="a", **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("redis://:hidden@localhost", "a URL belongs in STORE_URL"),
        (redis.Redis, "it is a class"),
        (redis.asyncio.Redis(password="hidden"), "asynchronous client"),
        (Sentinel([("localhost", 1)], password="hidden"), "master_for"),
        (Asynchronous(), "its methods are asynchronous"),
        (Unfinished(), "it has no method read"),
        (7, "it has no method version"),
    ],
)
def test_what_is_no_store_is_refused_at_registration(value: object, words: str) -> None:
    with pytest.raises(ConfigurationError, match="LEAN_STORE got a value of type") as caught:
        register(store=value)
    assert words in str(caught.value)
    assert "redis.Redis or redis.RedisCluster" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_url_and_an_object_are_not_taken_together() -> None:
    with pytest.raises(ConfigurationError, match="LEAN_STORE and LEAN_STORE_URL are both set"):
        register(store=redis.Redis(), store_url="memory:")


def test_no_repr_and_no_traceback_shows_the_client() -> None:
    class Telltale(Unfinished):
        def __repr__(self) -> str:
            return "hidden"

    config = {"LEAN_APP_TOKEN": "a", "LEAN_STORE": Telltale()}
    with pytest.raises(ConfigurationError) as caught:
        load_settings({**config})
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in lines.stack if "lean_flask" in frame.filename]
    shown = [
        (name, value)
        for frame in ours
        for name, value in (frame.locals or {}).items()
        if name != "config"  # the host's own
    ]
    assert shown
    assert "hidden" not in repr(shown)
