"""Finding a bank by what a customer types: in English or Arabic, with aliases and typing errors.

The picker's ``search.js`` has the same rules for search as you type; ``search_vectors.json`` in the
tests holds both to the same results.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import lru_cache

from .aliases import Aliases, aliases_of
from .bank import Bank
from .matching import Names, Query
from .words import fold, initials, strip_generic_words

#: Characters of a query, as of the search box and of ``GET /banks``; further ones are ignored.
MAX_QUERY_LENGTH = 100
MAX_SIMILAR = 3


def search_keys(bank: Bank, aliases: Aliases = ()) -> tuple[str, ...]:
    """Return all that finds *bank*, folded: names, initials, identifier, SWIFT code, aliases."""
    return _search_keys(_texts_of(bank), bank.identifier, bank.swift_code, aliases)


def _search_keys(
    texts: tuple[str, ...], identifier: str, swift_code: str | None, aliases: Aliases
) -> tuple[str, ...]:
    names = [fold(text) for text in texts]
    keys = [*names, *map(initials, names[:1]), fold(identifier), fold(swift_code or "")]
    return _without_repeats(filter(None, [*keys, *aliases_of(identifier, names, aliases)]))


def _texts_of(bank: Bank) -> tuple[str, ...]:
    sent = (bank.name, bank.commercial_name, bank.arabic_name, bank.commercial_name_arabic)
    return tuple(dict.fromkeys(text for text in (*sent, bank.names["ar"]) if text))


def _without_repeats(keys: Iterable[str]) -> tuple[str, ...]:
    """Return *keys* without those that find nothing more than the ones before them."""
    kept: dict[str, str] = {}
    for key in keys:
        kept.setdefault(strip_generic_words(key), key)
    return tuple(kept.values())


class SearchIndex:
    """The names of a list of banks, prepared once for every search in it.

    :param aliases: the host's own names of banks, besides the built-in ones.
    """

    def __init__(self, banks: Iterable[Bank], aliases: Aliases = ()) -> None:
        self._aliases = aliases
        self._names = {id(bank): (bank, _names_of(bank, aliases)) for bank in banks}

    def search(self, banks: Iterable[Bank], query: str) -> tuple[Bank, ...]:
        """Return those of *banks* that *query* may mean, best first.

        All of them if it has no letter or digit. Matches are ranked by
        :class:`~lean_flask.banks.matching.Rank`. If there are none, words of several names of one
        bank are matched. If there are none either, other spellings and typing errors are.

        :param banks: of this list.
        """
        banks = tuple(banks)
        folded = fold(_cut(fold(_cut(query))))
        if not folded:
            return banks
        queries = tuple(map(Query, _variants(folded)))
        names = [self._names.get(id(bank)) or (bank, self._names_of(bank)) for bank in banks]
        return (
            _best_first(names, queries, Names.rank)
            or tuple(bank for bank, own in names if own.has_words(queries[-1].countries))
            or _best_first(names, queries, Names.typo_distance)
        )

    def _names_of(self, bank: Bank) -> Names:
        return _names_of(bank, self._aliases)


def search(banks: Iterable[Bank], query: str, aliases: Aliases = ()) -> tuple[Bank, ...]:
    """Return those of *banks* that *query* may mean; see :meth:`SearchIndex.search`."""
    banks = tuple(banks)
    return SearchIndex(banks, aliases).search(banks, query)


def _cut(query: str) -> str:
    """Return the beginning of *query*, counted as browsers do: in units of UTF-16."""
    units = query[:MAX_QUERY_LENGTH].encode("utf-16-le", "replace")
    return units[: 2 * MAX_QUERY_LENGTH].decode("utf-16-le", "ignore")


def _best_first(
    names: Iterable[tuple[Bank, Names]],
    queries: tuple[Query, ...],
    judge: Callable[[Names, Query], int | None],
) -> tuple[Bank, ...]:
    found = []
    for bank, own in names:
        ranks = [
            (rank, position)  # the query as typed before the one without generic words
            for position, query in enumerate(queries)
            if (rank := judge(own, query)) is not None
        ]
        if ranks:
            found.append((min(ranks), bank))
    return tuple(bank for _, bank in sorted(found, key=lambda pair: pair[0]))


def _names_of(bank: Bank, aliases: Aliases) -> Names:
    return _prepared(_texts_of(bank), bank.identifier, bank.swift_code, aliases)


@lru_cache(maxsize=8192)
def _prepared(
    texts: tuple[str, ...], identifier: str, swift_code: str | None, aliases: Aliases
) -> Names:
    """Return the names of a bank, shared between lists: each customer may have one."""
    keys = _search_keys(texts, identifier, swift_code, aliases)
    return Names(dict.fromkeys(name for key in keys for name in _variants(key)))


def _variants(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((folded, strip_generic_words(folded))))


def similar_banks(banks: Iterable[Bank], identifier: str, aliases: Aliases = ()) -> tuple[str, ...]:
    """Return the identifiers of up to three banks that a wrong *identifier* may mean."""
    banks = tuple(banks)
    known = {bank.identifier.upper(): bank.identifier for bank in banks}
    near = difflib.get_close_matches(identifier.upper(), known, n=MAX_SIMILAR, cutoff=0.75)
    if near:
        return tuple(known[name] for name in near)
    found = search(banks, identifier.replace("_", " "), aliases)
    return tuple(dict.fromkeys(bank.identifier for bank in found))[:MAX_SIMILAR]
