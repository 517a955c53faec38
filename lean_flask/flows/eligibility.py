"""Which banks and accounts a flow may use."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from ..banks.bank import Bank
from ..common.types import Purpose
from ..errors import BankUnavailable
from ..upstream.payment_sources import Account
from .flow import Flow


@dataclass(frozen=True, slots=True)
class Choice:
    """Both are ``None`` where the SDK is to ask."""

    bank: Bank | None = None
    account_id: str | None = None


class FlowRequirements(Protocol):
    """The part of a flow that decides which banks it can use."""

    @property
    def method(self) -> str:
        """``connect``, ``pay`` or ``checkout``."""

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """All that the bank must be available for."""

    @property
    def amount(self) -> Decimal | None:
        """In units of the currency."""

    @property
    def currency(self) -> str | None:
        """ISO 4217."""


def supports_method(bank: Bank, requirements: FlowRequirements) -> bool:
    """Return whether the method works with *bank* at all; checkout needs Open Finance."""
    return requirements.method != "checkout" or bank.connection_type != "REVERSE_ENGINEERED"


def unavailable_reason(
    bank: Bank, requirements: FlowRequirements
) -> Literal["unavailable", "limit", ""]:
    """Return why *bank* cannot be used for *requirements* now; empty if it can."""
    if not all(bank.is_available(purpose) for purpose in requirements.purposes):
        return "unavailable"
    if not supports_method(bank, requirements):
        return "unavailable"
    if requirements.amount is not None and requirements.currency:
        return "" if bank.allows(requirements.amount, requirements.currency) else "limit"
    return ""


def offered_banks(
    banks: Iterable[Bank], requirements: FlowRequirements, account_types: Collection[str]
) -> list[Bank]:
    """Return the banks that a flow may show: enabled for it, and of one of *account_types*.

    A bank that is offered may still be unavailable now: see :func:`unavailable_reason`.
    """
    return [
        bank
        for bank in banks
        if (bank.account_type is None or bank.account_type in account_types)
        and all(bank.is_enabled(purpose) for purpose in requirements.purposes)
        and supports_method(bank, requirements)
    ]


def group_brands(banks: Iterable[Bank], requirements: FlowRequirements) -> list[list[Bank]]:
    """Return *banks* with the records of one brand together, the one to use first."""
    brands: list[list[Bank]] = []
    known: dict[tuple[object, ...], list[Bank]] = {}
    for bank in banks:
        names = (bank.account_type, bank.country_code, *bank.names.values())
        keys = [names, *((bank.account_type, name) for name in (bank.identifier, *bank.relates_to))]
        brand = next((known[key] for key in keys if key in known), None)
        if brand is None:
            brand = []
            brands.append(brand)
        brand.append(bank)
        for key in keys:
            known.setdefault(key, brand)
    return [sorted(brand, key=lambda bank: _preference(bank, requirements)) for brand in brands]


def _preference(bank: Bank, requirements: FlowRequirements) -> tuple[bool, bool]:
    return bool(
        unavailable_reason(bank, requirements)
    ), bank.connection_type == "REVERSE_ENGINEERED"


def require_bank(flow: Flow, banks: Iterable[Bank], identifier: str) -> Bank:
    """Return the bank with *identifier*, if *flow* can use it now.

    :raises BankUnavailable: with the reason why not.
    """
    bank = next((bank for bank in banks if bank.identifier == identifier), None)
    if bank is None:
        raise BankUnavailable(f"No bank {identifier} in the list of this flow", "unknown")
    reason = unavailable_reason(bank, flow)
    if reason:
        raise BankUnavailable(
            f"{identifier} cannot be used for this flow now: {reason}", reason, bank
        )
    return bank


def require_account(accounts: Iterable[Account], account_id: str) -> Account:
    """Return the account with *account_id* among the customer's own.

    :raises BankUnavailable: when it is not one of them, or cannot be paid from yet.
    """
    account = next(
        (account for account in accounts if account.account_id == account_id.lower()), None
    )
    if account is None:
        raise BankUnavailable("That account is not one of the customer's", "account")
    if not account.payable:
        raise BankUnavailable("That account is still being set up", "account")
    return account
