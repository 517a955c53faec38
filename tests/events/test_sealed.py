"""Bodies of events are encrypted with the host's keys, which may rotate."""

from __future__ import annotations

import pytest

from lean_flask.events.sealed import Seal, SealError
from lean_flask.flows.token import FlowSerializer

BODY = b'{"type": "entity.created"}'


def test_a_sealed_body_opens_and_shows_nothing():
    sealed = Seal(["key"], "salt").seal(BODY)
    assert Seal([b"key"], "salt").open(sealed) == BODY
    assert b"entity" not in sealed


def test_an_earlier_key_opens_and_the_first_one_seals():
    old, rotated, new = Seal(["old"], "s"), Seal(["new", "old"], "s"), Seal(["new"], "s")
    assert rotated.open(old.seal(BODY)) == BODY
    assert new.open(rotated.seal(BODY)) == BODY


@pytest.mark.parametrize("other", [Seal(["other"], "salt"), Seal(["key"], "other")])
def test_another_key_or_blueprint_opens_nothing(other):
    with pytest.raises(SealError, match="SECRET_KEY_FALLBACKS"):
        other.open(Seal(["key"], "salt").seal(BODY))


@pytest.mark.parametrize("change", [lambda s: s[:-5], lambda s: b"x" + s, lambda s: b""])
def test_a_changed_body_does_not_open(change):
    seal = Seal(["key"], "salt")
    with pytest.raises(SealError):
        seal.open(change(seal.seal(BODY)))


def test_a_flow_token_is_no_sealed_body():
    token = FlowSerializer(["key"], "salt").dumps({})
    with pytest.raises(SealError):
        Seal(["key"], "salt").open(token.encode() + b"=" * (-len(token) % 4))
