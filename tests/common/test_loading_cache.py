"""Things that are made once and kept: bounded, shared by those who wait, and not for everybody."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from lean_flask.common.loading_cache import Once


def test_what_is_kept_is_bounded_by_its_size() -> None:
    once = Once[str](10, len)
    for number in range(20):
        once.get(number, lambda: "xxx")
    made: list[int] = []
    for number in range(20):
        once.get(number, lambda number=number: made.append(number) or "xxx")  # type: ignore[misc]
    assert len(made) == 20
    assert once.get("large", lambda: "x" * 11) == "x" * 11
    assert once.get("large", lambda: "again") == "again"


def test_many_who_ask_at_once_have_one_thing_made() -> None:
    once, gate, made = Once[str](10), threading.Event(), []

    def make() -> str:
        made.append(gate.wait(5))
        return "thing"

    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(once.get, "key", make) for _ in range(10)]
        gate.set()
    assert {answer.result() for answer in answers} == {"thing"}
    assert made == [True]


def test_what_is_not_for_others_is_made_for_each() -> None:
    once = Once[str](10)
    assert once.get("key", lambda: "mine", keep=lambda: False) == "mine"
    assert once.get("key", lambda: "yours", keep=lambda: False) == "yours"


def test_a_failure_is_not_kept() -> None:
    once = Once[str](10)

    def fail() -> str:
        raise ZeroDivisionError

    with ThreadPoolExecutor(1) as pool:
        assert isinstance(pool.submit(once.get, "key", fail).exception(), ZeroDivisionError)
    assert once.get("key", lambda: "thing") == "thing"
