"""Search in Python and in the browser: one file of vectors, the same answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from lean_flask.banks.bank import Bank
from lean_flask.banks.search import MAX_QUERY_LENGTH, search, search_keys
from lean_flask.banks.words import GENERIC_WORDS, fold
from support.paths import ROOT, SUPPORT

VECTORS = json.loads((SUPPORT / "search_vectors.json").read_text("utf-8"))
BANKS = tuple(Bank(**record) for record in VECTORS["banks"])
SEARCH_JS = ROOT / "lean_flask" / "static" / "src" / "search.js"


def test_text_folds_to_one_form() -> None:
    wrong = [(text, fold(text)) for text, folded in VECTORS["fold"] if fold(text) != folded]
    assert wrong == []


def test_folding_twice_changes_nothing() -> None:
    for text, _ in VECTORS["fold"] + VECTORS["first"]:
        assert fold(fold(text)) == fold(text)


def test_the_bank_that_is_meant_comes_first() -> None:
    wrong = []
    for query, identifier in VECTORS["first"]:
        first = next((bank.identifier for bank in search(BANKS, query)), None)
        if first != identifier:
            wrong.append((query, identifier, first))
    assert wrong == []


def test_an_empty_query_leaves_the_list_as_it_is() -> None:
    assert search(BANKS, " ، ") == BANKS


def test_slips_count_only_where_nothing_fits_better() -> None:
    exact = search(BANKS, "inma")
    assert [bank.identifier for bank in exact] == ["INMA_SAU"]


def test_a_slip_of_a_generic_word_finds_no_bank() -> None:
    saudi = [bank for bank in BANKS if bank.identifier.endswith("_SAU")]
    assert search(BANKS, "mbank")[0].identifier == "MBANK_UAE"
    assert search(saudi, "mbank") == ()


@pytest.mark.parametrize("known_as", ["Zand Bank", "ZAND_UAE"])
def test_a_host_adds_its_own_names(known_as: str) -> None:
    aliases = ((known_as, ("Tuwaiq",)),)
    (zand,) = search(BANKS, "tuwaiq", aliases)
    assert zand.identifier == "ZAND_UAE"
    assert "tuwaiq" in search_keys(zand, aliases)
    assert search(BANKS, "tuwaiq") == ()


def test_a_hosts_names_stand_beside_the_built_in_ones() -> None:
    aliases = (("HSBC", ("Red Hexagon",)),)
    for query in ("red hexagon", "اتش اس بي سي"):
        assert "HSBC" in search(BANKS, query, aliases)[0].name


def test_the_script_has_the_same_generic_words() -> None:
    (words,) = re.findall(r'GENERIC\w* = "([^"]*)"', SEARCH_JS.read_text("utf-8"))
    assert frozenset(words.split()) == GENERIC_WORDS


def test_the_script_cuts_a_query_at_the_same_length() -> None:
    (length,) = re.findall(r"MAX_QUERY_LENGTH = (\d+);", SEARCH_JS.read_text("utf-8"))
    assert int(length) == MAX_QUERY_LENGTH


def test_a_very_long_query_is_harmless() -> None:
    assert search(BANKS, "مصرف " * 100_000)
    assert search(BANKS, "q" * 100_000) == ()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("http://picker.test/*", _serve)
    page.goto("http://picker.test/")
    yield page
    page.close()


def _serve(route: Route) -> None:
    if route.request.url.endswith(".js"):
        route.fulfill(body=SEARCH_JS.read_text("utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def in_browser(page: Page, expression: str, argument: Any) -> Any:
    return page.evaluate(
        f"async (given) => {{ const bank = await import('/search.js'); {expression} }}", argument
    )


def test_the_browser_folds_the_same(browser_page: Page) -> None:
    texts = [text for text, _ in VECTORS["fold"] + VECTORS["first"]]
    folded = in_browser(browser_page, "return given.map(bank.fold);", texts)
    assert folded == [fold(text) for text in texts]


def test_the_browser_finds_the_same_in_the_same_order(browser_page: Page) -> None:
    queries = [query for query, _ in VECTORS["first"]]
    found = in_browser(
        browser_page,
        """
        const entries = given.banks.map(
          ([identifier, keys]) => ({ identifier, ...bank.entryOf(keys) }));
        return given.queries.map(
          (query) => bank.search(entries, query).map(({ identifier }) => identifier));
        """,
        {
            "queries": queries,
            "banks": [[bank.identifier, list(search_keys(bank))] for bank in BANKS],
        },
    )
    for query, identifiers in zip(queries, found, strict=True):
        assert identifiers == [bank.identifier for bank in search(BANKS, query)], query
