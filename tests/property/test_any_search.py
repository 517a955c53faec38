"""The search takes any query over any names, and finds what is typed out whole."""

from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.banks.bank import Bank
from lean_flask.banks.schema import load_banks
from lean_flask.banks.search import search
from lean_flask.banks.words import fold
from lean_flask.testing.data.banks import load_banks as records_of
from support.generated import text

BANKS = load_banks(records_of("sa", "https://logos.example"))
queries = text | st.text(st.sampled_from("alrjهإ٣ -\u0640ﷺ"), max_size=100)


@given(queries)
@example("ﷺ" * 100)
@example("a" * 100)
def test_any_query_finds_some_of_the_banks(query):
    found = search(BANKS, query)
    assert set(found) <= set(BANKS)
    assert len(set(found)) == len(found)


@given(queries, st.sampled_from(BANKS))
def test_a_query_among_banks_of_any_name(query, bank):
    named = Bank(bank.identifier, query or "A", arabic_name=query)
    assert search([named, bank], bank.name)[:2]
    assert not fold(query[:80]) or named in search([named, bank], query)


@given(st.sampled_from(BANKS))
def test_a_whole_name_finds_its_bank_first(bank):
    assert search(BANKS, bank.name)[0].names["en"] == bank.names["en"]
