"""The banks that a caller asks for, out of the lists that the cache holds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ..common.types import Purpose
from ..config.settings import Settings
from ..errors import UpstreamError
from .bank import Availability, Bank
from .cache.cache import BankCache, Peek, Served, State
from .cache.shared_state import ListKey


class Listing(NamedTuple):
    """One or more lists as one.

    :param age: seconds since Lean gave the oldest of them.
    :param versions: changes whenever the banks do.
    :param failing: whether the last try to refresh one of them failed.
    """

    banks: tuple[Bank, ...]
    age: float
    state: State
    failing: bool
    versions: tuple[int, ...]


class Directory:
    """The bank lists of one Lean application."""

    def __init__(self, settings: Settings, cache: BankCache) -> None:
        self._settings = settings
        self._cache = cache
        self._joined: dict[tuple[str, ...], tuple[tuple[int, ...], tuple[Bank, ...]]] = {}

    def listing(self, account_type: str | None = None, customer_id: str | None = None) -> Listing:
        """The list of one account type, or of all that are held.

        :raises UpstreamError: when there is none to be had.
        """
        types = (account_type,) if account_type else self._settings.account_types
        scope = customer_id if self._settings.per_customer else None
        served, failure = [], None
        for one in types:
            try:
                served.append(self._cache.get(ListKey(one, scope)))
            except UpstreamError as error:
                failure = error
        if failure and not served:
            raise failure
        versions = tuple([one.held.serial for one in served])
        return Listing(
            banks=self._join(types, versions, served),
            age=max([one.age for one in served]),
            state=max([one.state for one in served], key=("fresh", "miss", "stale").index),
            failing=failure is not None or any(one.trouble for one in served),
            versions=versions,
        )

    def apply_event(self, identifier: str, timestamp: int, availability: Availability) -> bool:
        """Lay an availability event over every list. Whether a list holds the bank."""
        self._cache.apply_event(identifier, timestamp, availability)
        peeks = self.health().values()
        return any(bank.identifier == identifier for peek in peeks for bank in peek.banks)

    def refresh_soon(self) -> None:
        """Fetch all lists in the background, as after news that only a new list can tell."""
        self._cache.refresh_soon(*self._common_keys())

    def refresh(self) -> None:
        """Fetch the common lists now.

        :raises UpstreamError: at the first that Lean does not give.
        """
        for key in self._common_keys():
            self._cache.refresh(key)

    def health(self) -> dict[str, Peek]:
        """How the common list of each account type is doing; asking never waits on Lean."""
        return {key.account_type: self._cache.peek(key) for key in self._common_keys()}

    def _common_keys(self) -> list[ListKey]:
        return [ListKey(account_type) for account_type in self._settings.account_types]

    def _join(
        self, types: tuple[str, ...], versions: tuple[int, ...], served: list[Served]
    ) -> tuple[Bank, ...]:
        """The banks of all lists, each once; put together again only when a list has changed."""
        joined = self._joined.get(types)
        if joined is None or joined[0] != versions:
            banks = (bank for one in served for bank in one.banks)
            shown = {
                bank.identifier: bank for bank in banks if self._settings.show_mock or not bank.mock
            }
            joined = self._joined[types] = (versions, tuple(shown.values()))
        return joined[1]


def select(
    banks: Iterable[Bank],
    *,
    country: str | None = None,
    purpose: Purpose | None = None,
    amount: Decimal | None = None,
    currency: str | None = None,
) -> tuple[Bank, ...]:
    """The banks that the dashboard shows, in *country*, available for *purpose*, within limits."""
    return tuple(
        bank
        for bank in banks
        if (bank.is_enabled("data") or bank.is_enabled("payments"))
        and (country is None or bank.country_code == country)
        and (purpose is None or bank.is_available(purpose))
        and (amount is None or currency is None or bank.allows(amount, currency))
    )
