"""Plausibility checks on a fetched bank list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...common.loading_cache import LoadingCache
from ...errors import UpstreamInvalid
from ..bank import Bank
from ..schema import load_banks
from ..stores.scoped import digest
from .shared_lists import MAX_VALIDATED

MAX_RECORDS = 20_000  # Saudi Arabia and the UAE together have fewer than 200 banks


class ImplausibleList(UpstreamInvalid):
    """A list that is empty, or has less than half of the banks of the last one.

    :ivar digest: of its banks.
    """

    def __init__(self, banks: int, before: int, digest: str) -> None:
        super().__init__(
            f"Lean's list has {banks} banks, the last one had {before}"
            if before
            else "Lean's list is empty; is a bank enabled in Lean's dashboard?"
        )
        self.digest = digest


class PlausibilityCheck:
    """Validate fetched records; results are cached by content hash."""

    def __init__(self) -> None:
        self._validated = LoadingCache[tuple[Bank, ...]](MAX_VALIDATED)

    def validate(
        self, records: list[Any], before: int, pending_digest: str | None
    ) -> tuple[Bank, ...]:
        """Return the banks in *records*.

        :param before: how many banks the current list has; 0 if there is none.
        :param pending_digest: of the last implausible list; the same list again is accepted.
        :raises ImplausibleList: when there are suspiciously few banks.
        :raises UpstreamInvalid: when no record is valid, or there are too many records.
        """
        if len(records) > MAX_RECORDS:
            raise UpstreamInvalid(f"Lean's list has more than {MAX_RECORDS} records")
        try:
            content = digest(repr(records))
        except RecursionError:  # repr() needs more stack than the JSON parser did
            raise UpstreamInvalid("Lean's list is nested too deep") from None
        banks = self._validated.get_or_create(content, lambda: _load(records))
        found = _digest_of(banks)
        if (banks and len(banks) * 2 >= before) or pending_digest == found:
            return banks
        raise ImplausibleList(len(banks), before, found)


def _load(records: list[Any]) -> tuple[Bank, ...]:
    banks = load_banks(records)
    if records and not banks:
        raise UpstreamInvalid("Lean's list holds no valid bank")
    return banks


def _digest_of(banks: Iterable[Bank]) -> str:
    return digest(" ".join(sorted(bank.identifier for bank in banks)))
