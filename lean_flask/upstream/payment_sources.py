"""The accounts that a customer can pay from, as Lean's payment sources describe them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import fields, post_load

from ..common.fields import LenientSchema
from ..common.validators import is_identifier
from .record_fields import Text, Timestamp
from .records import RecordLoader


@dataclass(frozen=True, slots=True)
class Account:
    """A saved account.

    :param account_id: what the SDK takes: the ``id`` of the account, not its ``account_id``, which
        is a second and different identifier.
    :param bank_identifier: of the bank that holds it.
    :param name: as the bank calls it.
    :param last4: the last four characters of its IBAN or number; the rest stays on the server.
    :param currency: ISO 4217, or ``""`` when Lean does not say.
    :param payable: whether one of the source's beneficiaries is active.
    """

    account_id: str
    bank_identifier: str
    name: str = field(repr=False)
    last4: str = field(repr=False)
    currency: str
    payable: bool


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Whether a payment destination can be paid from a payment source.

    :param payment_destination_id: Lean's id of who is paid.
    :param status: ``ACTIVE``, or ``AWAITING_BENEFICIARY_COOL_OFF``; the set is open.
    :param cool_off_expires_at: when the bank's waiting time is or was over, if there is one.
    """

    payment_destination_id: str = ""
    status: str = ""
    cool_off_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentSource:
    """A customer's connection to a bank for payments.

    :param id: Lean's, a UUID.
    :param customer_id: Lean's id of the customer.
    :param bank_identifier: of the bank.
    :param active_destinations: ids of the payment destinations that may be paid from it now.
    :param accounts: all of them at this bank.
    :param beneficiaries: every payment destination that was added to it, also those that the
        bank's waiting time still holds.
    """

    id: str
    customer_id: str = field(repr=False)
    bank_identifier: str
    active_destinations: tuple[str, ...]
    accounts: tuple[Account, ...]
    beneficiaries: tuple[Beneficiary, ...] = ()


class _AccountSchema(LenientSchema):
    id = fields.UUID(required=True)
    account_name = Text(load_default="")
    account_number = Text(load_default="")
    iban = Text(load_default="")
    currency = Text(load_default="")


class _BeneficiarySchema(LenientSchema):
    payment_destination_id = Text()
    status = Text()
    cool_off_expires_at = Timestamp(data_key="beneficiary_cool_off_expiry")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Beneficiary:
        return Beneficiary(**data)


class PaymentSourceSchema(LenientSchema):
    """Load one of Lean's payment sources."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    bank_identifier = fields.String(required=True, validate=is_identifier)
    beneficiaries = fields.List(fields.Nested(_BeneficiarySchema), load_default=list)
    accounts = fields.List(fields.Nested(_AccountSchema), load_default=list)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> PaymentSource:
        active = tuple(
            beneficiary.payment_destination_id
            for beneficiary in data["beneficiaries"]
            if beneficiary.status == "ACTIVE"
        )
        accounts = (
            Account(
                account_id=str(account["id"]),
                bank_identifier=data["bank_identifier"],
                name=account["account_name"],
                last4=(account["iban"] or account["account_number"])[-4:],
                currency=account["currency"],
                payable=bool(active),
            )
            for account in data["accounts"]
        )
        return PaymentSource(
            id=str(data["id"]),
            customer_id=str(data["customer_id"]),
            bank_identifier=data["bank_identifier"],
            active_destinations=active,
            accounts=tuple(accounts),
            beneficiaries=tuple(data["beneficiaries"]),
        )


source_loader = RecordLoader[PaymentSource](
    "payment source", PaymentSourceSchema(), frozenset({"id", "customer_id", "bank_identifier"})
)


def accounts_of(sources: Iterable[PaymentSource]) -> tuple[Account, ...]:
    """Return the accounts of *sources*, each once: as one to pay from, if it is that anywhere."""
    accounts: dict[str, Account] = {}
    for account in (account for source in sources for account in source.accounts):
        known = accounts.get(account.account_id)
        if known is None or (account.payable and not known.payable):
            accounts[account.account_id] = account
    return tuple(accounts.values())
