"""Whatever stands in the store, the list is right."""

import pytest

from support.bank_cache import (
    OpenStore,
    Process,
)

HUGE = (
    b'1 2\n[{"identifier":"A","transfer_limits":[{"currency":"SAR","max":1e99999999999999999999}]}]'
)


@pytest.mark.parametrize(
    "junk", [b"", b"junk", b"1 2\n{", b"x y\n[]", b"1 2\n7", b"\xff\xfe", HUGE]
)
def test_junk_in_the_store_counts_as_absent(scripted_lean, clock, junk):
    store = OpenStore(clock)
    Process(scripted_lean, clock, store).get()
    store.replace_values(lambda value: junk)
    served = Process(scripted_lean, clock, store).get()
    assert len(served.banks) == 4


def test_a_hostile_field_in_the_store_is_left_out(scripted_lean, clock):
    store = OpenStore(clock)
    Process(scripted_lean, clock, store).get()
    store.replace_values(
        lambda value: value.replace(b'"logo":""', b'"logo":"javascript:alert(1)"', 1).replace(
            b'"name":"B"', b'"name":"\\u202eB"'
        )
    )
    served = Process(scripted_lean, clock, store).get()
    assert [bank.name for bank in served.banks] == ["A", "B", "C", "D"]
    assert {bank.logo for bank in served.banks} == {""}
    assert scripted_lean.calls == 1
