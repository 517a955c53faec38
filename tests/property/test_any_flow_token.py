"""A flow token that this blueprint did not make, exactly as it is, is refused."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lean_flask.errors import FlowError
from lean_flask.flows.token import FlowSerializer, is_expired
from support.generated import anything, text

SERIALIZER = FlowSerializer(["a key", "an older key"], "salt")
TOKENS = [SERIALIZER.dumps({"id": "x" * length}) for length in range(48)]
TOKEN = TOKENS[7]


def refused(token):
    with pytest.raises(FlowError) as error:
        SERIALIZER.loads(token)
    return error.value.reason == "invalid_flow"


@given(text)
@example("")
@example("..")
@example("\ud800.a.b")
@example("A" * 20_000)
def test_any_text_is_refused(token):
    assert refused(token)


@given(st.sampled_from(TOKENS), st.data(), st.characters())
def test_one_changed_letter_is_refused(token, data, letter):
    place = data.draw(st.integers(0, len(token) - 1))
    assume(letter != token[place])
    assert refused(token[:place] + letter + token[place + 1 :])


@given(st.sampled_from(TOKENS), st.data(), st.characters())
def test_one_added_letter_is_refused(token, data, letter):
    place = data.draw(st.integers(0, len(token)))
    assert refused(token[:place] + letter + token[place:])


@given(st.integers(0, len(TOKEN) - 1), st.integers(0, len(TOKEN)))
def test_a_part_of_a_token_is_refused(start, end):
    assume(TOKEN[start:end] != TOKEN)
    assert refused(TOKEN[start:end])


@given(st.dictionaries(text, anything))
def test_what_is_written_is_read_again(payload):
    assert repr(SERIALIZER.loads(SERIALIZER.dumps(payload))[0]) == repr(payload)


@pytest.mark.parametrize(
    ("age", "expired"), [(0, False), (60, False), (61, True), (-300, False), (-301, True)]
)
def test_an_expired_token_still_gives_its_payload(age, expired):
    reader = FlowSerializer(["a key"], "salt", clock=lambda: 1_000_000 + age)
    token = FlowSerializer(["a key"], "salt", clock=lambda: 1_000_000).dumps({"id": "id"})
    payload, seconds = reader.loads(token)
    assert (payload, is_expired(seconds, 60)) == ({"id": "id"}, expired)


def test_a_key_that_is_being_replaced_still_reads():
    token = FlowSerializer(["an older key"], "salt").dumps({"id": "id"})
    assert SERIALIZER.loads(token)[0] == {"id": "id"}


def test_a_token_of_another_key_or_blueprint_is_refused():
    for other in (FlowSerializer(["another"], "salt"), FlowSerializer(["a key"], "another")):
        assert refused(other.dumps({"id": "id"}))
    assert refused(Fernet(Fernet.generate_key()).encrypt(b"{}").decode())
