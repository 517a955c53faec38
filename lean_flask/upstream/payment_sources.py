"""The accounts that a customer can pay from, as Lean's payment sources describe them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields, post_load

from ..common.fields import LenientSchema
from ..common.lenient import load_leniently
from ..common.skipped_records import skipped_records
from ..common.text import sanitize_text
from ..common.validators import is_identifier

log = logging.getLogger(__name__)

MAX_TEXT_LENGTH = 200  # characters of a name


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
class PaymentSource:
    """A customer's connection to a bank for payments.

    :param id: Lean's, a UUID.
    :param customer_id: Lean's id of the customer.
    :param bank_identifier: of the bank.
    :param active_destinations: ids of the payment destinations that may be paid from it now.
    :param accounts: all of them at this bank.
    """

    id: str
    customer_id: str = field(repr=False)
    bank_identifier: str
    active_destinations: tuple[str, ...]
    accounts: tuple[Account, ...]


class _Text(fields.String):
    """Text of any JSON scalar: Lean's own sample has a numeric account number."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        number = isinstance(value, int) and not isinstance(value, bool)
        text = str(value) if number and abs(value) < 10**MAX_TEXT_LENGTH else value
        return sanitize_text(super()._deserialize(text, *args, **options))[:MAX_TEXT_LENGTH]


class _AccountSchema(LenientSchema):
    id = fields.UUID(required=True)
    account_name = _Text(load_default="")
    account_number = _Text(load_default="")
    iban = _Text(load_default="")
    currency = _Text(load_default="")


class _BeneficiarySchema(LenientSchema):
    payment_destination_id = _Text(load_default="")
    status = _Text(load_default="")


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
            beneficiary["payment_destination_id"]
            for beneficiary in data["beneficiaries"]
            if beneficiary["status"] == "ACTIVE"
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
        )


_source = PaymentSourceSchema()
_STRICT = frozenset({"id", "customer_id", "bank_identifier"})


def load_payment_sources(records: Iterable[Any], customer_id: str) -> tuple[PaymentSource, ...]:
    """Return the sources of *customer_id* among *records*.

    What is another customer's, or without valid identifiers, is skipped with a log line. What else
    is malformed is left out by itself.
    """
    sources: list[PaymentSource] = []
    with (
        skipped_records(log, "Skipped payment source") as skip,
        skipped_records(log, "Left out fields of payment source") as note,
    ):
        for number, record in enumerate(records, start=1):
            try:
                source, wrong = load_leniently(_source, record, strict=_STRICT)
            except ValidationError as error:
                skip(f"number {number}", ", ".join(error.messages_dict))
                continue
            if source.customer_id != customer_id.lower():
                skip(f"number {number}", "another customer's")
                continue
            if wrong:
                note(f"number {number}", ", ".join(wrong))
            sources.append(source)
    return tuple(sources)


def accounts_of(sources: Iterable[PaymentSource]) -> tuple[Account, ...]:
    """Return the accounts of *sources*, each once: as one to pay from, if it is that anywhere."""
    accounts: dict[str, Account] = {}
    for account in (account for source in sources for account in source.accounts):
        known = accounts.get(account.account_id)
        if known is None or (account.payable and not known.payable):
            accounts[account.account_id] = account
    return tuple(accounts.values())
