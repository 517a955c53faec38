"""What an answer of Lean's is worth: the banks in it, and whether they are all."""

from __future__ import annotations

from typing import Any

from ...common.loading_cache import LoadingCache
from ...errors import UpstreamInvalid
from ..bank import Bank
from ..schema import load_banks
from .shared_state import MOST_CHECKED, digest, digest_of

_MOST_RECORDS = 20_000  # many times what both countries have


class Doubtful(UpstreamInvalid):
    """A list so much shorter than the last one that it wants a second look."""

    def __init__(self, banks: int, before: int, digest: str) -> None:
        super().__init__(
            f"Lean's list has {banks} banks, the last one had {before}"
            if before
            else "Lean's list is empty; is a bank enabled in Lean's dashboard?"
        )
        self.digest = digest


class Answers:
    """Checks answers; the same one again is known sooner than it is checked."""

    def __init__(self) -> None:
        self._checked = LoadingCache[tuple[Bank, ...]](MOST_CHECKED)

    def banks(self, records: list[Any], before: int, doubt: str | None) -> tuple[Bank, ...]:
        """The banks among *records*, unless they are suspiciously few.

        :param before: how many banks the list in hand has, if there is one.
        :param doubt: the :attr:`Doubtful.digest` of the last answer; the same again is believed.
        :raises UpstreamInvalid: when there are records but not one is a bank; :class:`Doubtful`.
        """
        if len(records) > _MOST_RECORDS:
            raise UpstreamInvalid(f"Lean's list has more than {_MOST_RECORDS} records")
        try:
            content = digest(repr(records))
        except RecursionError:  # what was read with room to spare may not be spelt with less
            raise UpstreamInvalid("Lean's list is nested too deep") from None
        banks = self._checked.get_or_create(content, lambda: _loaded(records))
        if (banks and len(banks) * 2 >= before) or doubt == digest_of(banks):
            return banks
        raise Doubtful(len(banks), before, digest_of(banks))


def _loaded(records: list[Any]) -> tuple[Bank, ...]:
    banks = load_banks(records)
    if records and not banks:
        raise UpstreamInvalid("Lean's list holds no valid bank")
    return banks
