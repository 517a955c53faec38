"""What the customer, or the host, has chosen: a bank, an account at a bank, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..banks.bank import Bank
from ..errors import BankUnavailable
from ..upstream.payment_sources import Account
from .flow import Flow


@dataclass(frozen=True, slots=True)
class Choice:
    """Both are ``None`` where the SDK is to ask."""

    bank: Bank | None = None
    account_id: str | None = None


def usable_bank(flow: Flow, banks: Iterable[Bank], identifier: str) -> Bank:
    """The bank named *identifier*, if *flow* can use it now.

    :raises BankUnavailable: with the reason why not.
    """
    bank = next((bank for bank in banks if bank.identifier == identifier), None)
    if bank is None:
        raise BankUnavailable(f"No bank {identifier} in the list of this flow", "unknown")
    if not all(bank.is_available(purpose) for purpose in flow.purposes):
        raise BankUnavailable(f"{identifier} is not available for this flow now", "unavailable")
    if flow.method == "checkout" and bank.connection_type == "REVERSE_ENGINEERED":
        raise BankUnavailable(f"{identifier} is not reached by Open Finance", "unavailable")
    if flow.amount is not None and flow.currency and not bank.allows(flow.amount, flow.currency):
        raise BankUnavailable(f"The amount is outside the limits of {identifier}", "limit")
    return bank


def usable_account(accounts: Iterable[Account], account_id: str) -> Account:
    """The account called *account_id* among the customer's own.

    :raises BankUnavailable: when it is not one of them, or cannot be paid from yet.
    """
    account = next((one for one in accounts if one.account_id == account_id.lower()), None)
    if account is None:
        raise BankUnavailable("That account is not one of the customer's", "account")
    if not account.payable:
        raise BankUnavailable("That account is still being set up", "account")
    return account
