"""``@lean.on``: which functions get which events, and which are refused."""

from __future__ import annotations

import functools

import pytest

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.common.callables import full_name_of
from lean_flask.events.receivers import Receivers


@pytest.fixture
def receivers():
    return Receivers()


@pytest.mark.parametrize(
    ("patterns", "type", "wanted"),
    [
        (["entity.created"], "entity.created", True),
        (["entity.created"], "entity.created.later", False),
        (["entity.created", "payment.*"], "payment.account-on-file.updated", True),
        (["payment.*"], "payment_intent.created", False),
        (["payment.*"], "payment", False),
        (["payment_source.beneficiary.*"], "payment_source.beneficiary.updated", True),
        (["*"], "never.heard.of", True),
        (["*"], "", True),
        (["*", "entity.*", "entity.created"], "entity.created", True),
    ],
)
def test_a_receiver_gets_the_types_that_it_names(receivers, patterns, type, wanted):
    @receivers.on(*patterns)
    def receiver(event): ...

    assert receivers.matching(type) == ([receiver] if wanted else [])


def test_a_function_that_is_registered_twice_is_called_once(receivers):
    @receivers.on("entity.created")
    @receivers.on("entity.*")
    def receiver(event): ...

    assert receivers.matching("entity.created") == [receiver]


@pytest.mark.parametrize(
    "pattern", ["", "entity.", ".created", "entity.*.created", "ent*", "a b", "**", "é", 7, None]
)
def test_a_pattern_that_no_type_can_match_is_refused(receivers, pattern):
    with pytest.raises(ConfigurationError, match=r"on\(\) got .*; it takes types such as"):
        receivers.on(pattern)


def test_no_pattern_is_refused(receivers):
    with pytest.raises(ConfigurationError, match="no event type"):
        receivers.on()


def test_a_decorator_without_its_brackets_is_refused(receivers):
    with pytest.raises(ConfigurationError, match=r"write @lean.on\('entity.created'\)"):

        @receivers.on
        def receiver(event): ...


class AsyncObject:
    async def __call__(self, event): ...


async def waits(event): ...


def yields(event):
    yield event


async def waits_and_yields(event):
    yield event


class YieldingObject:
    def __call__(self, event):
        yield event


@pytest.mark.parametrize(
    ("receiver", "words"),
    [
        (waits, "waits is async, and would never run: use def"),
        (functools.partial(waits), "waits is async"),
        (AsyncObject(), "AsyncObject is async"),
        (waits_and_yields, "waits_and_yields is async"),
        (yields, "has a yield, and would never run"),
        (YieldingObject(), "YieldingObject has a yield"),
        ("a name", "registers functions, and got a str"),
    ],
)
def test_what_would_never_run_is_refused(receivers, receiver, words):
    with pytest.raises(TypeError, match=words):
        receivers.on("entity.created")(receiver)
    assert receivers.matching("entity.created") == []


def test_the_name_of_a_partial_shows_no_argument():
    assert full_name_of(functools.partial(yields, "secret")) == f"{__name__}.yields"


def test_the_decorator_returns_the_function():
    lean = LeanBlueprint()

    def receiver(event): ...

    assert lean.on("entity.created")(receiver) is receiver
