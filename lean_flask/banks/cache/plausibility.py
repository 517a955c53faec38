"""Plausibility checks on a fetched bank list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...common.loading_cache import LoadingCache
from ...errors import UpstreamInvalid
from ..bank import Bank
from ..logos import LoadBanks
from ..stores.scoped import digest
from .shared_lists import MAX_VALIDATED

MAX_RECORDS = 20_000  # Saudi Arabia and the UAE together have fewer than 200 banks

#: A list that lost more than half of its banks is accepted when Lean has given the same banks for
#: this many seconds, and at least so many times.
DOUBT_SECONDS, DOUBT_FETCHES = 15 * 60, 3
#: An empty list is accepted after so many fetches, and only where there is no list to keep.
EMPTY_FETCHES = 2


@dataclass(frozen=True, slots=True)
class Doubt:
    """A list that Lean gave and that is not accepted yet.

    :param digest: of its banks.
    :param since: when Lean gave it first; wall clock, seconds since the epoch.
    :param fetches: how many times Lean gave it.
    """

    digest: str
    since: float
    fetches: int

    def again(self, digest: str, now: float) -> Doubt:
        """Return the doubt after Lean gave the list *digest*; another list begins a new one."""
        if digest != self.digest or now < self.since:  # or the clock was set back
            return Doubt(digest, now, 1)
        return Doubt(digest, self.since, self.fetches + 1)


class ImplausibleList(UpstreamInvalid):
    """A list that is empty, or has less than half of the banks of the last one.

    :ivar doubt: to be remembered until the next fetch.
    """

    def __init__(self, banks: int, before: int, doubt: Doubt) -> None:
        when = f"after {DOUBT_SECONDS // 60} minutes without another answer, or " if banks else ""
        super().__init__(
            f"Lean's list has {banks} banks, the last one had {before}; it is accepted {when}"
            "by `flask lean refresh --force`"
            if before
            else "Lean's list is empty; is a bank enabled in Lean's dashboard?"
        )
        self.doubt = doubt


class PlausibilityCheck:
    """Validate fetched records; results are cached by content hash.

    :param load: makes banks of records.
    """

    def __init__(self, load: LoadBanks) -> None:
        self._load = load
        self._validated = LoadingCache[tuple[Bank, ...]](MAX_VALIDATED)

    def load(self, records: list[Any]) -> tuple[Bank, ...]:
        """Return the valid banks in *records*.

        :raises UpstreamInvalid: when no record is valid, or there are too many records.
        """
        if len(records) > MAX_RECORDS:
            raise UpstreamInvalid(f"Lean's list has more than {MAX_RECORDS} records")
        try:
            content = digest(repr(records))
        except RecursionError:  # repr() needs more stack than the JSON parser did
            raise UpstreamInvalid("Lean's list is nested too deep") from None
        return self._validated.get_or_create(content, lambda: _load_any(records, self._load))


def lost_most(banks: int, before: int) -> bool:
    """Return whether a list went empty, or lost more than half of its banks."""
    return banks * 2 < before or not banks


def check_loss(banks: tuple[Bank, ...], before: int, doubt: Doubt | None, now: float) -> bool:
    """Return whether *banks* lost most of the current list, and are accepted all the same.

    :param before: how many banks the current list has; 0 if there is none.
    :param doubt: of an earlier fetch.
    :param now: wall clock, seconds since the epoch.
    :raises ImplausibleList: when they are not accepted now.
    """
    if not lost_most(len(banks), before):
        return False
    found = _digest_of(banks)
    doubt = doubt.again(found, now) if doubt else Doubt(found, now, 1)
    if before:
        is_accepted = (
            bool(banks) and doubt.fetches >= DOUBT_FETCHES and now - doubt.since >= DOUBT_SECONDS
        )
    else:
        is_accepted = doubt.fetches >= EMPTY_FETCHES
    if not is_accepted:
        raise ImplausibleList(len(banks), before, doubt)
    return bool(before)


def _load_any(records: list[Any], load: LoadBanks) -> tuple[Bank, ...]:
    banks = load(records)
    if records and not banks:
        raise UpstreamInvalid("Lean's list holds no valid bank")
    return banks


def _digest_of(banks: Iterable[Bank]) -> str:
    return digest(" ".join(sorted(bank.identifier for bank in banks)))
