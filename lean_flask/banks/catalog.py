"""The banks that a caller asks for, from the cached lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ..common.logs import get_logger
from ..common.types import PURPOSES, Language, Purpose
from ..config.settings import Settings
from ..errors import UpstreamError
from .bank import Availability, Bank
from .cache.cache import BankCache
from .cache.entries import CacheResult, CacheStatus, State
from .cache.shared_lists import ListKey
from .cache.shared_overrides import Active
from .overrides import Action, Override, apply_overrides, check_target, new_override
from .search import similar_banks

log = get_logger(__name__)

_RANKS: Mapping[State, int] = {"fresh": 0, "miss": 1, "stale": 2}


class Listing(NamedTuple):
    """One or more lists, merged.

    :param age: seconds since Lean gave the oldest of them.
    :param failing: whether the last attempt to refresh one of them failed.
    :param named: the banks by identifier, which two lists may have in common.
    :param revisions: change whenever the banks do, also by an override.
    """

    banks: tuple[Bank, ...]
    named: Mapping[str, Sequence[Bank]]
    age: float
    state: State
    failing: bool
    revisions: tuple[int, ...]


class _Merged(NamedTuple):
    revisions: tuple[int, ...]
    banks: tuple[Bank, ...]
    named: Mapping[str, Sequence[Bank]]


class UnknownBank(ValueError):
    """The lists that are held have no such bank."""


class BankCatalog:
    """The bank lists of one Lean application."""

    def __init__(self, settings: Settings, cache: BankCache) -> None:
        self._settings = settings
        self._cache = cache
        self._merged: dict[tuple[str, ...], _Merged] = {}

    def listing(self, account_type: str | None = None, customer_id: str | None = None) -> Listing:
        """Return the list of *account_type*, or all configured lists merged.

        :param customer_id: used where ``LEAN_PER_CUSTOMER`` is on.
        :raises UpstreamError: when there is no list and Lean gives none.
        """
        types = (account_type,) if account_type else self._settings.account_types
        scope = customer_id if self._settings.per_customer else None
        results: dict[str, CacheResult] = {}
        failure = None
        for name in types:
            try:
                results[name] = self._cache.get(ListKey(name, scope))
            except UpstreamError as error:
                failure = error
        if failure and not results:
            raise failure
        overrides = self._cache.overrides.active()
        revisions = (
            *[result.entry.revision for result in results.values()],
            overrides.revision,
        )
        age: float = 0
        state: State = "fresh"
        failing = failure is not None
        for result in results.values():
            age = max(age, result.age)
            state = max(state, result.state, key=_RANKS.__getitem__)
            failing = failing or result.failure is not None
        merged = self._merge_lists(revisions, results, overrides)
        return Listing(merged.banks, merged.named, age, state, failing, revisions)

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

    def overrides(self) -> tuple[Override, ...]:
        """Return the overrides in force, by identifier, as the store has them now."""
        self._cache.overrides.sync()
        return self._cache.overrides.active().overrides

    def known_overrides(self) -> tuple[Override, ...]:
        """Return the overrides in force, as this process knows them: seconds old at most."""
        return self._cache.overrides.active().overrides

    def override(
        self,
        identifier: str,
        action: Action,
        *,
        purpose: Purpose | None = None,
        until: datetime | None = None,
        message: str | Mapping[Language, str] | None = None,
        by: str,
        why: str = "",
    ) -> Override:
        """Lay an operator's word over what Lean says of a bank, in all processes; return it.

        It replaces the one before, of the same bank and purpose. The arguments are those of
        :meth:`lean_flask.LeanBlueprint.override`.

        :raises ValueError: naming each bad argument; :class:`UnknownBank` where no list has it.
        """
        override = new_override(
            identifier,
            action,
            purpose=purpose,
            until=until,
            message=message,
            by=by,
            why=why,
            now=self._cache.overrides.wall_clock(),
        )
        self.require_known(identifier)
        self._cache.overrides.put(override)
        return override

    def clear_override(
        self, identifier: str, purpose: Purpose | None = None, *, by: str = "", why: str = ""
    ) -> tuple[Override, ...]:
        """End the overrides of a bank, in all processes; return those that were in force.

        :param purpose: end them for this one only.
        :raises ValueError: naming each bad argument.
        """
        check_target(identifier, purpose)
        purposes = (purpose,) if purpose else PURPOSES
        return self._cache.overrides.clear(identifier, purposes, by=by, why=why)

    def require_known(self, identifier: str) -> bool:
        """Return whether a list that is held has the bank; ``False`` where none is held.

        Lean is not called.

        :raises UnknownBank: when the lists have no such bank, naming similar ones.
        """
        held = self.health().values()
        banks = [bank for status in held for bank in status.banks]
        if any(bank.identifier == identifier for bank in banks):
            return True
        if any(status.state == "empty" for status in held) or self._settings.per_customer:
            log.warning("No list that is held has the bank %s, so it was not checked", identifier)
            return False
        similar = similar_banks(banks, identifier, self._settings.bank_aliases)
        advice = f"; did you mean {' or '.join(similar)}?" if similar else ""
        raise UnknownBank(f"The lists have no bank {identifier}{advice}")

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

    def held_bank(self, identifier: str, customer_id: str | None = None) -> Bank | None:
        """Return the bank, if a list that is held has it, without any call to Lean.

        :param customer_id: used where ``LEAN_PER_CUSTOMER`` is on.
        """
        scope = customer_id if self._settings.per_customer else None
        keys = [ListKey(account_type, scope) for account_type in self._settings.account_types]
        held = (bank for key in keys for bank in self._cache.status(key).banks)
        return next((bank for bank in held if bank.identifier == identifier), None)

    def wait_until_idle(self, timeout: float = 30.0) -> None:
        """Wait for the background refreshes of this process, for tests.

        :param timeout: seconds.
        :raises TimeoutError: when they have not ended by then.
        """
        self._cache.wait_until_idle(timeout)

    def _common_keys(self) -> list[ListKey]:
        return [ListKey(account_type) for account_type in self._settings.account_types]

    def _merge_lists(
        self, revisions: tuple[int, ...], results: Mapping[str, CacheResult], overrides: Active
    ) -> _Merged:
        """Return the banks of all lists with the overrides; merge again only after a change.

        A bank is of the account type whose list it came in, whatever its record says. So a bank
        that is in both lists is there twice, and is launched as the one that was chosen.
        """
        types = tuple(results)
        merged = self._merged.get(types)
        if merged is None or merged.revisions != revisions:
            banks = tuple(
                bank if bank.account_type == name else replace(bank, account_type=name)
                for name, result in results.items()
                for bank in result.banks
                if self._settings.show_mock or not bank.mock
            )
            banks = apply_overrides(banks, overrides.overrides)
            named: dict[str, list[Bank]] = {}
            for bank in banks:
                named.setdefault(bank.identifier, []).append(bank)
            merged = self._merged[types] = _Merged(revisions, banks, named)
        return merged


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
