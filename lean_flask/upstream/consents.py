"""Consents to payments from an account on file, as Lean describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import fields, post_load, pre_load

from ..common.fields import LenientSchema
from ..common.json_object import JSONObject
from ..common.validators import is_currency, is_identifier
from .record_fields import Object, Text, Timestamp
from .records import RecordLoader


@dataclass(frozen=True, slots=True)
class Consent:
    """A customer's consent that you may take payments later.

    :param id: what ``authorize_consent`` takes as its ``consent_id``.
    :param customer_id: Lean's id of the customer.
    :param status: ``AWAITING_AUTHORISATION``, ``AUTHORISED``, ``REVOKED``, ``REJECTED``,
        ``EXPIRED``, ``SUSPENDED`` or ``CONSUMED``; the set is open.
    :param bank_identifier: of the bank where it was authorised, or ``None`` before.
    :param destination_account_id: Lean's id of who is paid.
    :param sender_account_id: Lean's id of the account that pays, or ``None`` before.
    :param currency: ISO 4217.
    :param reference: for the account statement.
    :param purpose: one of Lean's three-letter codes of what the payments are for.
    :param control_parameters: the limits as Lean sends them, such as ``max_individual_amount``;
        amounts are exact (``Decimal`` or ``int``).
    :param starts_at: from when payments may be taken.
    :param expires_at: until when.
    :param consumption: what has been paid so far, as Lean sends it; empty before the first payment.
    :param immediate_payment: the payment that is made with the authorisation; empty without one.
    :param iban: of the account that pays.
    :param holder_name: of that account.
    """

    id: str
    customer_id: str = field(repr=False)
    status: str
    bank_identifier: str | None = None
    destination_account_id: str = ""
    sender_account_id: str | None = field(default=None, repr=False)
    currency: str = ""
    reference: str = field(default="", repr=False)
    purpose: str = ""
    control_parameters: Mapping[str, Any] = field(default_factory=JSONObject, hash=False)
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    consumption: Mapping[str, Any] = field(default_factory=JSONObject, hash=False)
    immediate_payment: Mapping[str, Any] = field(default_factory=JSONObject, hash=False)
    iban: str = field(default="", repr=False)
    holder_name: str = field(default="", repr=False)


class _AccountSchema(LenientSchema):
    iban = Text()
    holder_name = Text()


class _PurposeSchema(LenientSchema):
    code = Text()


class ConsentSchema(LenientSchema):
    """Load one of Lean's consents, of the answer to its creation or of a later one."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    status = Text(required=True)
    bank_identifier = fields.String(validate=is_identifier)
    destination_account_id = Text()
    sender_account_id = Text()
    currency = fields.String(validate=is_currency)
    reference = Text()
    purpose = Text()
    payment_purpose = fields.Nested(_PurposeSchema)
    control_parameters = Object()
    starts_at = Timestamp(data_key="start_date_time")
    expires_at = Timestamp(data_key="expiration_date_time")
    consumption = Object(data_key="payment_consumption")
    immediate_payment = Object()
    consented_account = fields.Nested(_AccountSchema)

    @pre_load
    def _same_names(self, data: Any, **_: Any) -> Any:
        """Take ``consent_id``: the answer to the creation alone calls it ``id``."""
        if isinstance(data, Mapping) and "id" not in data and "consent_id" in data:
            return {**data, "id": data["consent_id"]}
        return data

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Consent:
        purpose = data.pop("payment_purpose", {}).get("code", "")
        account = data.pop("consented_account", {})
        ids = {name: str(data[name]) for name in ("id", "customer_id")}
        return Consent(**{"purpose": purpose, **account, **data, **ids})


consent_loader = RecordLoader[Consent](
    "consent", ConsentSchema(), frozenset({"id", "consent_id", "customer_id", "status"})
)
