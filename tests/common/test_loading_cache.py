"""Things that are made once and kept: bounded, shared by those who wait, and not for everybody."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from lean_flask.common.loading_cache import LoadingCache


def test_what_is_kept_is_bounded_by_its_size() -> None:
    cache = LoadingCache[str](10, len)
    for number in range(20):
        cache.get_or_create(number, lambda: "xxx")
    made: list[int] = []
    for number in range(20):
        cache.get_or_create(number, lambda number=number: made.append(number) or "xxx")  # type: ignore[misc]
    assert len(made) == 20
    assert cache.get_or_create("large", lambda: "x" * 11) == "x" * 11
    assert cache.get_or_create("large", lambda: "again") == "again"


def test_many_who_ask_at_once_have_one_thing_made() -> None:
    cache, gate, made = LoadingCache[str](10), threading.Event(), []

    def make() -> str:
        made.append(gate.wait(5))
        return "thing"

    with ThreadPoolExecutor(10) as pool:
        results = [pool.submit(cache.get_or_create, "key", make) for _ in range(10)]
        gate.set()
    assert {result.result() for result in results} == {"thing"}
    assert made == [True]


def test_what_is_not_for_others_is_made_for_each() -> None:
    cache = LoadingCache[str](10)
    assert cache.get_or_create("key", lambda: "mine", should_cache=lambda: False) == "mine"
    assert cache.get_or_create("key", lambda: "yours", should_cache=lambda: False) == "yours"


def test_a_failure_is_not_kept() -> None:
    cache = LoadingCache[str](10)

    def fail() -> str:
        raise ZeroDivisionError

    with ThreadPoolExecutor(1) as pool:
        assert isinstance(
            pool.submit(cache.get_or_create, "key", fail).exception(), ZeroDivisionError
        )
    assert cache.get_or_create("key", lambda: "thing") == "thing"
