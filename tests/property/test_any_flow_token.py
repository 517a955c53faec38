"""A flow token is one of ours, whole, or it is refused; there is no third way."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lean_flask.errors import FlowError
from lean_flask.flows.token import Seal
from support.generated import anything, text

SEAL = Seal(["a key", "an older key"], "salt")
TOKEN = SEAL.close({"i": "id", "m": "connect"})


def refused(token):
    with pytest.raises(FlowError) as error:
        SEAL.open(token, 60)
    return error.value.reason == "invalid_flow"


@given(text)
@example("")
@example("..")
@example("\ud800.a.b")
@example("A" * 20_000)
def test_any_text_is_refused(token):
    assert refused(token)


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_one_changed_letter_is_refused(place, letter):
    assume(letter != TOKEN[place])
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if place == len(TOKEN) - 1:  # the last letter of base64 has bits that mean nothing
        assume(not letter.isascii())
    assert refused(changed)


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, len(TOKEN)))
def test_a_part_of_a_token_is_refused(start, end):
    assume(TOKEN[start:end] != TOKEN)
    assert refused(TOKEN[start:end])


@given(st.binary())
def test_other_bytes_under_a_right_signature_are_refused(content):
    signer = SEAL._signer
    assert refused(signer.sign(content).decode("latin-1"))


@given(st.dictionaries(text, anything))
def test_what_is_sealed_comes_out_again(payload):
    assert repr(SEAL.open(SEAL.close(payload), 60)) == repr((payload, False))


def test_a_token_of_another_key_or_blueprint_is_refused():
    for other in (Seal(["another"], "salt"), Seal(["a key"], "another")):
        assert refused(other.close({"i": "id"}))
