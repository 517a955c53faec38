"""The picker's script folds, and finds, whatever is typed as the server does."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.banks.schema import load_banks
from lean_flask.banks.search import SearchIndex
from lean_flask.banks.words import fold
from lean_flask.testing.data.banks import load_banks as records_of
from support.search_cases import search_script

BANKS = load_banks(records_of("sa", "https://logos.example"))
INDEX = SearchIndex(BANKS)
#: Python and Node.js may know different editions of Unicode; this one is in both.
letters = st.characters(codec="utf-8").filter(
    lambda letter: unicodedata.ucd_3_2_0.category(letter) != "Cn"
)
texts = st.text(letters, max_size=120)
typed = st.text(st.sampled_from("abdhijklmnrsuy23567 لبنكأإصرفحجيسا٣३৩0 -[];"), max_size=120)


@pytest.fixture(scope="module")
def script() -> Iterator[Callable[[str, Any], Any]]:
    with search_script() as running:
        running.use(BANKS)
        yield running.ask


def test_every_decimal_digit_folds_to_its_value(script):
    digits = [
        letter
        for letter in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(letter) == "Nd"
    ]
    digits = script("digits", digits)
    assert len(digits) > 600
    assert script("fold", digits) == [str(unicodedata.decimal(digit)) for digit in digits]
    assert script("fold", ["৩৬০ ३६० ٣٦٠"]) == ["360 360 360"] == [fold("৩৬০ ३६० ٣٦٠")]


@given(st.lists(texts, max_size=30))
@example(["ΑΣ ΣΑΣ", "İı", "ǅ", "ﷺ", "Ⅷ½²", "e\u0301", "\u0345"])
def test_any_text_folds_the_same(script, given_texts):
    assert script("fold", given_texts) == [fold(text) for text in given_texts]


@given(st.lists(texts | typed | st.sampled_from([bank.name for bank in BANKS]), max_size=10))
@example(["ﷺ" * 100, "\U0001d400" * 120, "riyadh " * 20, "دي ३६०", "𞤀𞤁𞤂"])
def test_any_query_finds_the_same_banks_in_the_same_order(script, queries):
    found = [[bank.identifier for bank in INDEX.search(BANKS, query)] for query in queries]
    assert [banks for banks, _ in script("search", queries)] == found
