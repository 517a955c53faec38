"""Other names of banks: abbreviations, former names, other spellings, and banks that are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .words import AMBIGUOUS, TABLE, fold, strip_generic_words

#: Pairs of a bank's name or identifier and its other names. Hashable, as a cache key must be.
#: A host adds its own in the setting ``LEAN_BANK_ALIASES``.
Aliases = tuple[tuple[str, tuple[str, ...]], ...]


class KnownBank(NamedTuple):
    """A bank of the market, whether it is in a list or not.

    :param en: its name in English.
    :param ar: its name in Arabic.
    :param others: its other names.
    """

    en: str
    ar: str
    others: tuple[str, ...]


KNOWN_BANKS = tuple(KnownBank(en, ar, tuple(others)) for en, ar, *others in TABLE["banks"])

_by_core: dict[str, KnownBank] = {}
for _bank in KNOWN_BANKS:
    for _name in (_bank.en, _bank.ar):
        _by_core.setdefault(strip_generic_words(fold(_name)), _bank)
for _bank in KNOWN_BANKS:
    for _name in _bank.others:
        _by_core.setdefault(strip_generic_words(fold(_name)), _bank)


def known_bank(folded_names: Iterable[str]) -> KnownBank | None:
    """Return the known bank that one of *folded_names* names, or holds the name of.

    The whole name before a part of it, and the longest part.
    """
    cores = list(map(strip_generic_words, folded_names))
    for core in cores:
        if core in _by_core:
            return _by_core[core]
    for core in cores:
        words = core.split()
        for length in range(len(words) - 1, 0, -1):
            for start in range(len(words) - length + 1):
                known = _by_core.get(" ".join(words[start : start + length]))
                if known and (length > 1 or words[start] not in AMBIGUOUS):
                    return known
    return None


def built_in_aliases(folded_names: Iterable[str]) -> list[str]:
    """Return the other names of the bank that has *folded_names*, folded."""
    known = known_bank(folded_names)
    return [fold(name) for name in (known.en, known.ar, *known.others)] if known else []


def host_aliases(identifier: str, folded_names: list[str], aliases: Aliases) -> list[str]:
    """Return those of *aliases* that are of one bank, folded.

    :param folded_names: its own names.
    """
    folded_identifier = fold(identifier)
    return [
        fold(other)
        for known_as, others in aliases
        if _means(fold(known_as), folded_identifier, folded_names)
        for other in others
    ]


def _means(known_as: str, identifier: str, names: list[str]) -> bool:
    return known_as == identifier or any(
        f" {strip_generic_words(known_as)} " in f" {strip_generic_words(name)} " for name in names
    )
