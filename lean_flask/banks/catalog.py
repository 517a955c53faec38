"""The banks that a caller asks for, from the cached lists."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ..common.types import Purpose
from ..config.settings import Settings
from ..errors import UpstreamError
from .bank import Availability, Bank
from .cache.cache import BankCache
from .cache.entries import CacheResult, CacheStatus, State
from .cache.shared_lists import ListKey


class Listing(NamedTuple):
    """One or more lists, merged.

    :param age: seconds since Lean gave the oldest of them.
    :param failing: whether the last attempt to refresh one of them failed.
    :param revisions: change whenever the banks do.
    """

    banks: tuple[Bank, ...]
    age: float
    state: State
    failing: bool
    revisions: tuple[int, ...]


class BankCatalog:
    """The bank lists of one Lean application."""

    def __init__(self, settings: Settings, cache: BankCache) -> None:
        self._settings = settings
        self._cache = cache
        self._merged: dict[tuple[str, ...], tuple[tuple[int, ...], tuple[Bank, ...]]] = {}

    def listing(self, account_type: str | None = None, customer_id: str | None = None) -> Listing:
        """Return the list of *account_type*, or all configured lists merged.

        :param customer_id: used where ``LEAN_PER_CUSTOMER`` is on.
        :raises UpstreamError: when there is no list and Lean gives none.
        """
        types = (account_type,) if account_type else self._settings.account_types
        scope = customer_id if self._settings.per_customer else None
        results, failure = [], None
        for name in types:
            try:
                results.append(self._cache.get(ListKey(name, scope)))
            except UpstreamError as error:
                failure = error
        if failure and not results:
            raise failure
        revisions = tuple([result.entry.revision for result in results])
        return Listing(
            banks=self._merge_lists(types, revisions, results),
            age=max([result.age for result in results]),
            state=max([result.state for result in results], key=("fresh", "miss", "stale").index),
            failing=failure is not None or any(result.failure for result in results),
            revisions=revisions,
        )

    def apply_event(self, identifier: str, timestamp: int, availability: Availability) -> bool:
        """Apply an availability event to every list; return whether a list has the bank.

        :param timestamp: nanoseconds since the epoch, from Lean's event.
        """
        self._cache.apply_event(identifier, timestamp, availability)
        return any(
            bank.identifier == identifier
            for status in self.health().values()
            for bank in status.banks
        )

    def refresh_in_background(self) -> None:
        """Begin to fetch all lists, for example after an event that only a new list explains."""
        self._cache.refresh_in_background(*self._common_keys())

    def refresh(self, accept_loss: bool = False) -> None:
        """Fetch the lists of all configured account types now.

        :param accept_loss: accept lists that are empty or lost most of their banks.
        :raises UpstreamError: at the first that Lean does not give, or that is not accepted.
        """
        for key in self._common_keys():
            self._cache.refresh(key, accept_loss)

    def health(self) -> dict[str, CacheStatus]:
        """Return the state of the list of each account type, without any call to Lean."""
        return {key.account_type: self._cache.status(key) for key in self._common_keys()}

    def wait_until_idle(self, timeout: float = 30.0) -> None:
        """Wait for the background refreshes of this process, for tests.

        :param timeout: seconds.
        :raises TimeoutError: when they have not ended by then.
        """
        self._cache.wait_until_idle(timeout)

    def _common_keys(self) -> list[ListKey]:
        return [ListKey(account_type) for account_type in self._settings.account_types]

    def _merge_lists(
        self, types: tuple[str, ...], revisions: tuple[int, ...], results: list[CacheResult]
    ) -> tuple[Bank, ...]:
        """Return the banks of all lists, each once; merge again only after a change."""
        merged = self._merged.get(types)
        if merged is None or merged[0] != revisions:
            banks = (bank for result in results for bank in result.banks)
            shown = {
                bank.identifier: bank for bank in banks if self._settings.show_mock or not bank.mock
            }
            merged = self._merged[types] = (revisions, tuple(shown.values()))
        return merged[1]


def filter_banks(
    banks: Iterable[Bank],
    *,
    country: str | None = None,
    purpose: Purpose | None = None,
    amount: Decimal | None = None,
    currency: str | None = None,
) -> tuple[Bank, ...]:
    """Return the banks that are enabled in the dashboard and pass each given filter.

    :param country: ISO 3166 alpha-3 code.
    :param purpose: only banks available for it now.
    :param amount: in major units of *currency*; only banks whose limits allow it.
    """
    return tuple(
        bank
        for bank in banks
        if (bank.is_enabled("data") or bank.is_enabled("payments"))
        and (country is None or bank.country_code == country)
        and (purpose is None or bank.is_available(purpose))
        and (amount is None or currency is None or bank.allows(amount, currency))
    )
