"""Search in Python and in the picker's script: the same vectors, the same answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lean_flask.banks.search import (
    MAX_QUERY_LENGTH,
    SearchIndex,
    has_long_number,
    names_of,
    search,
)
from lean_flask.banks.words import fold
from support.paths import ROOT
from support.search_cases import BANKS, VECTORS, SearchScript, cases_of, search_script

#: A class of queries, and how many of them may find another bank first.
CLASSES = {
    "exact": 0.0,
    "slips": 0.03,
    "sentences": 0.03,
    "keyboard": 0.03,
    "arabizi": 0.03,
    "letters": 0.03,
    "urdu": 0.03,
    "joined": 0.03,
    "codes": 0.0,
    "negatives": 0.0,
}
INDEX = SearchIndex(BANKS)
COUNTRIES = {
    "SAU": tuple(bank for bank in BANKS if bank.identifier.endswith("_SAU")),
    "ARE": tuple(bank for bank in BANKS if bank.identifier.endswith("_UAE")),
}


@pytest.fixture(scope="module")
def script() -> Iterator[SearchScript]:
    with search_script() as running:
        running.use(BANKS)
        yield running


def test_text_folds_to_one_form() -> None:
    wrong = [(text, fold(text)) for text, folded in VECTORS["fold"] if fold(text) != folded]
    assert wrong == []


def test_folding_twice_changes_nothing() -> None:
    for text, _ in VECTORS["fold"] + VECTORS["first"]:
        assert fold(fold(text)) == fold(text)


def test_the_bank_that_is_meant_comes_first() -> None:
    wrong = []
    for query, identifier in VECTORS["first"]:
        first = next((bank.identifier for bank in INDEX.search(BANKS, query)), None)
        if first != identifier:
            wrong.append((query, identifier, first))
    assert wrong == []


@pytest.mark.parametrize("name", CLASSES)
def test_nearly_every_query_of_a_class_finds_its_bank_first(name: str) -> None:
    asked = [case for case in cases_of(name) if case.identifier != "-"]
    wrong = []
    for identifier, query in asked:
        first = next((bank.identifier for bank in INDEX.search(BANKS, query)), "")
        if first.rpartition("_")[0] != identifier:
            wrong.append((query, identifier, first))
    assert len(wrong) <= CLASSES[name] * len(asked), wrong


@pytest.mark.parametrize("name", CLASSES)
def test_what_names_no_bank_finds_none(name: str) -> None:
    asked = [query for identifier, query in cases_of(name) if identifier == "-"]
    found = {query: INDEX.search(BANKS, query) for query in asked}
    assert [query for query in asked if found[query]] == []


def test_a_bank_that_is_known_but_not_in_the_list_is_named_and_nothing_is_found() -> None:
    indexes = {country: SearchIndex(banks) for country, banks in COUNTRIES.items()}
    wrong = []
    for place, query in cases_of("absent"):
        country, _, name = place.partition(" ")
        banks, known = indexes[country].find(COUNTRIES[country], query)
        if banks or not known or known.en != name:
            wrong.append((query, name, known, [bank.identifier for bank in banks]))
    assert wrong == []


def test_the_script_finds_the_same_in_the_same_order(script: SearchScript) -> None:
    queries = [query for name in (*CLASSES, "absent") for _, query in cases_of(name)]
    queries += [query for query, _ in VECTORS["first"]]
    for banks in (BANKS, *COUNTRIES.values()):
        index = SearchIndex(banks)
        script.use(banks)
        for query, (identifiers, name) in zip(queries, script.ask("search", queries), strict=True):
            found, known = index.find(banks, query)
            assert [bank.identifier for bank in found] == identifiers, query
            assert (known.en if known else None) == name, query
    script.use(BANKS)


def test_the_script_folds_the_same(script: SearchScript) -> None:
    texts = [text for text, _ in VECTORS["fold"] + VECTORS["first"]]
    assert script.ask("fold", texts) == [fold(text) for text in texts]


def test_the_script_cuts_a_query_at_the_same_length(script: SearchScript) -> None:
    long = " " * (MAX_QUERY_LENGTH - 3) + "snb" + "xyz"
    assert script.ask("search", [long])[0][0] == ["SNB_SAU"]
    assert [bank.identifier for bank in search(BANKS, long)] == ["SNB_SAU"]


def test_an_empty_query_leaves_the_list_as_it_is() -> None:
    assert search(BANKS, " ، ") == BANKS


def test_slips_count_only_where_nothing_fits_better() -> None:
    assert [bank.identifier for bank in search(BANKS, "inma")] == ["INMA_SAU"]


def test_a_slip_of_a_generic_word_finds_no_bank() -> None:
    assert search(BANKS, "mbank")[0].identifier == "MBANK_UAE"
    assert search(COUNTRIES["SAU"], "mbank") == ()


def test_a_banks_own_name_comes_before_the_initials_of_another() -> None:
    assert next(bank.identifier for bank in search(BANKS, "sib")) == "SIB_UAE"


@pytest.mark.parametrize("known_as", ["Zand Bank", "ZAND_UAE"])
def test_a_host_adds_its_own_names(known_as: str) -> None:
    aliases = ((known_as, ("Tuwaiq",)),)
    (zand,) = search(BANKS, "tuwaiq", aliases)
    assert zand.identifier == "ZAND_UAE"
    assert search(BANKS, "tuwaiq") == ()


def test_a_hosts_names_stand_beside_the_built_in_ones() -> None:
    aliases = (("HSBC", ("Red Hexagon",)),)
    for query in ("red hexagon", "اتش اس بي سي"):
        assert "HSBC" in names_of(search(BANKS, query, aliases)[0])


@pytest.mark.parametrize(
    ("query", "is_number"),
    [
        ("SA03 8000 0000 6080 1016 7519", True),
        ("٤١١١ ١١١١", True),
        ("4111-1111", True),
        ("d360", False),
        ("1234567", False),
    ],
)
def test_a_number_of_an_account_or_a_card_is_known_as_one(
    script: SearchScript, query: str, is_number: bool
) -> None:
    assert has_long_number(query) is is_number
    assert script.ask("numbers", [query]) == [is_number]


def test_a_very_long_query_is_harmless() -> None:
    assert search(BANKS, "مصرف " + "س" * 100_000) == ()
    assert search(BANKS, "q" * 100_000) == ()


def test_the_tables_of_the_search_are_in_one_file() -> None:
    sources = (ROOT / "lean_flask" / "static" / "src").glob("search*.js")
    assert any("search_table.json" in source.read_text("utf-8") for source in sources)
