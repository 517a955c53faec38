"""Which banks and accounts a flow may use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, Protocol

from ..banks.bank import Bank
from ..banks.overrides import Override, overrides_on
from ..common.types import Method, Purpose
from ..errors import BankUnavailable
from ..upstream.entities import Entity
from ..upstream.payment_sources import Account, PaymentSource
from .flow import Flow
from .methods import TRAITS


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer chose; nothing where the host has, or the SDK is to ask.

    :param bank: also the one that holds the account, or the payment source.
    :param permissions: of the connection that is renewed.
    """

    bank: Bank | None = None
    account_id: str | None = None
    payment_source_id: str | None = None
    permissions: tuple[str, ...] = ()

    @property
    def is_made(self) -> bool:
        """Return whether the customer chose anything."""
        return bool(self.bank or self.account_id or self.payment_source_id)


class FlowRequirements(Protocol):
    """The part of a flow that decides which banks it can use."""

    @property
    def method(self) -> Method:
        """The SDK's name of it."""

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """All that the bank must be available for."""

    @property
    def amount(self) -> Decimal | None:
        """In units of the currency."""

    @property
    def currency(self) -> str | None:
        """ISO 4217."""


_COOLS_OFF: Literal["AWAITING_BENEFICIARY_COOL_OFF"] = "AWAITING_BENEFICIARY_COOL_OFF"


def supports_method(bank: Bank, requirements: FlowRequirements) -> bool:
    """Return whether the method works with *bank* at all: some need Open Finance."""
    needs_open_finance = TRAITS[requirements.method].needs_open_finance
    return not needs_open_finance or bank.connection_type != "REVERSE_ENGINEERED"


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


def offered_banks(banks: Iterable[Bank], requirements: FlowRequirements) -> list[Bank]:
    """Return the banks that a flow may show: enabled for it, and within reach of its method.

    A bank that is offered may still be unavailable now: see :func:`unavailable_reason`.
    """
    return [
        bank
        for bank in banks
        if all(bank.is_enabled(purpose) for purpose in requirements.purposes)
        and supports_method(bank, requirements)
    ]


def group_brands(banks: Iterable[Bank], requirements: FlowRequirements) -> list[list[Bank]]:
    """Return *banks* with the records of one brand together, the one to use first.

    Two records are of one brand where Lean relates them, or where their account type, country and
    names are the same and one is the other's counterpart on another connection. Banks that only
    have the same name stay apart, so that none hides another.
    """
    banks = list(banks)
    brand_of = {_identity(bank): [bank] for bank in banks}
    for bank, other in (*_related(banks), *_counterparts(banks)):
        one, two = brand_of[_identity(bank)], brand_of[_identity(other)]
        if one is not two:
            one += two
            brand_of.update(dict.fromkeys(map(_identity, two), one))
    brands = {id(brand): brand for brand in brand_of.values()}.values()
    return [sorted(brand, key=lambda bank: _preference(bank, requirements)) for brand in brands]


def _identity(bank: Bank) -> tuple[str, str | None]:
    """Return what no two records of the lists have in common."""
    return bank.identifier, bank.account_type


def _related(banks: Iterable[Bank]) -> Iterator[tuple[Bank, Bank]]:
    """Yield the pairs of which one names the other in ``relates_to``."""
    known = {_identity(bank): bank for bank in banks}
    for bank in known.values():
        for identifier in bank.relates_to:
            if other := known.get((identifier, bank.account_type)):
                yield bank, other


def _counterparts(banks: Iterable[Bank]) -> Iterator[tuple[Bank, Bank]]:
    """Yield the pairs that only the connection tells apart; three of one name are no pair."""
    same: dict[tuple[object, ...], list[Bank]] = {}
    for bank in banks:
        if bank.country_code and bank.connection_type:
            key = (bank.account_type, bank.country_code, *bank.names.values())
            same.setdefault(key, []).append(bank)
    for records in same.values():
        reverse_engineered = [bank.connection_type == "REVERSE_ENGINEERED" for bank in records]
        if sorted(reverse_engineered) == [False, True]:
            yield records[0], records[1]


def _preference(bank: Bank, requirements: FlowRequirements) -> tuple[bool, bool]:
    return bool(
        unavailable_reason(bank, requirements)
    ), bank.connection_type == "REVERSE_ENGINEERED"


def require_bank(
    flow: Flow, banks: Iterable[Bank], identifier: str, account_type: str | None = None
) -> Bank:
    """Return the bank with *identifier*, if *flow* can use it now.

    :param account_type: of the list that it was chosen from; without it, the first list in which
        it can be used.
    :raises BankUnavailable: with the reason why not.
    """
    named = [
        bank
        for bank in banks
        if bank.identifier == identifier
        and account_type in {None, bank.account_type}
        and not bank.is_hidden(flow.purposes)
    ]
    if not named:
        raise BankUnavailable(f"No bank {identifier} in the list of this flow", "unknown")
    reasons = [unavailable_reason(bank, flow) for bank in named]
    if "" in reasons:
        return named[reasons.index("")]
    notice = named[0].notice(flow.purposes) if reasons[0] == "unavailable" else None
    raise BankUnavailable(
        f"{identifier} cannot be used for this flow now: {reasons[0]}",
        reasons[0],
        named[0],
        notice.texts if notice else None,
    )


def require_no_override(flow: Flow, overrides: Iterable[Override], identifier: str) -> None:
    """Check what can be known of a bank without any list: that no operator has taken it away.

    :raises BankUnavailable: when one has.
    """
    for override in overrides_on(identifier, flow.purposes, overrides):
        if override.action == "hide":
            raise BankUnavailable(f"No bank {identifier} in the list of this flow", "unknown")
        raise BankUnavailable(
            f"{identifier} cannot be used for this flow now: unavailable",
            "unavailable",
            notice=override.message,
        )


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


def beneficiary_status(
    source: PaymentSource, destination_id: Any
) -> Literal["ACTIVE", "AWAITING_BENEFICIARY_COOL_OFF", ""]:
    """Return how far *source* is set up to pay the destination; empty where it is not.

    A status that Lean adds is none of these: its SDK knows what it means.
    """
    wanted = str(destination_id).lower()
    statuses = {
        beneficiary.status
        for beneficiary in source.beneficiaries
        if beneficiary.payment_destination_id.lower() == wanted
    }
    if "ACTIVE" in statuses:
        return "ACTIVE"
    return _COOLS_OFF if _COOLS_OFF in statuses else ""


def require_renewal(flow: Flow, entity: Entity, identifier: str | None) -> Flow:
    """Return *flow* for what the customer shares already: it renews *entity*, and asks no more.

    :param identifier: of the bank that the customer chose, or that the host has.
    :raises BankUnavailable: when it is of another customer or bank, or shares what *flow* does not
        ask for.
    """
    if entity.customer_id.lower() != (flow.customer_id or "").lower():
        raise BankUnavailable("That connection is not one of the customer's", "entity")
    if identifier not in {None, entity.bank_identifier}:
        raise BankUnavailable("That connection is to another bank", "entity")
    asked = flow.config["permissions"]
    if not entity.permissions or not {*entity.permissions} <= {*asked}:
        raise BankUnavailable("That connection shares what the flow does not ask for", "entity")
    shared = [permission for permission in asked if permission in entity.permissions]
    return replace(flow, config={**flow.config, "permissions": shared})


def require_source(
    sources: Iterable[PaymentSource], source_id: str, destination_id: Any
) -> PaymentSource:
    """Return the payment source with *source_id* among the customer's own.

    :param destination_id: of who is to be paid from it.
    :raises BankUnavailable: when it is not one of them, or has the destination already.
    """
    source = next((source for source in sources if source.id == source_id.lower()), None)
    if source is None:
        raise BankUnavailable("That payment source is not one of the customer's", "source")
    if beneficiary_status(source, destination_id):
        raise BankUnavailable("That payment source has the destination already", "source")
    return source
