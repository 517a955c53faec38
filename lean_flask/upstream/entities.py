"""Entities: a customer's connections to banks for data, with the consents that they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from marshmallow import fields, post_load

from ..common.fields import LenientSchema
from ..common.validators import is_identifier
from .record_fields import Permissions, Text, Timestamp
from .records import RecordLoader

ConnectionState: TypeAlias = Literal["linked", "pending", "ended"]

#: Statuses of a consent that is over, in the words of all of Lean's lists; the last three are of
#: the one for Saudi Arabia.
_OVER = frozenset(
    {"REVOKED", "REJECTED", "EXPIRED", "SUSPENDED", "CONSUMED"}
    | {"REJECTED_BY_BANK", "CONSENT_EXPIRED", "FAILED"}
)
#: Statuses of an entity that cannot be read any more.
_GONE = frozenset({"DELETED", "DISABLED", "REMOVED"})


@dataclass(frozen=True, slots=True)
class EntityConsent:
    """What a customer agreed to at the bank.

    :param id: Lean's.
    :param bank_consent_id: the bank's own id of it, or ``""``.
    :param bank_identifier: of the bank, or ``""`` when Lean does not say.
    :param consent_type: such as ``ACCOUNT_ACCESS``, or ``""``.
    :param status: such as ``ACTIVE`` or ``REVOKED``; the set is open.
    :param standard_status: the same in the words of Open Finance, such as ``AUTHORISED`` or
        ``EXPIRED``; ``""`` when Lean does not say.
    :param permissions: what may be read.
    :param created_at: when the customer was asked.
    :param expires_at: when it ends or has ended.
    :param updated_at: of the status.
    :param transactions_from: of the first transactions that may be read.
    :param transactions_to: of the last ones.
    """

    id: str
    bank_consent_id: str = field(default="", repr=False)
    bank_identifier: str = ""
    consent_type: str = ""
    status: str = ""
    standard_status: str = ""
    permissions: tuple[str, ...] = ()
    created_at: datetime | None = None
    expires_at: datetime | None = None
    updated_at: datetime | None = None
    transactions_from: datetime | None = None
    transactions_to: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Return whether its status says that it has ended."""
        return not _OVER.isdisjoint({self.status, self.standard_status})

    @property
    def is_pending(self) -> bool:
        """Return whether the customer has not agreed to it yet."""
        statuses = (self.status, self.standard_status)
        return not self.is_over and any(status.startswith("AWAITING_") for status in statuses)

    def is_live(self, now: datetime) -> bool:
        """Return whether data can be read under it at *now*, an aware datetime."""
        return not (self.is_over or self.is_pending or self._has_passed(now))

    def _has_passed(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Entity:
    """A customer's connection to a bank for data.

    :param id: the entity id, a UUID, which Lean's Data API takes.
    :param customer_id: Lean's id of the customer.
    :param bank_identifier: of the bank.
    :param permissions: what may be read, such as ``accounts``.
    :param bank_type: ``RETAIL`` or ``SME``; ``""`` when Lean does not say.
    :param status: such as ``ACTIVE``; ``""`` when Lean does not say, which is usual.
    :param created_at: when the bank was linked.
    :param consents: empty at banks that the customer linked with a user name and password.
    """

    id: str
    customer_id: str = field(repr=False)
    bank_identifier: str
    permissions: tuple[str, ...] = ()
    bank_type: str = ""
    status: str = ""
    created_at: datetime | None = None
    consents: tuple[EntityConsent, ...] = ()

    @property
    def expires_at(self) -> datetime | None:
        """Return when the last of its consents ends, by their status; ``None`` if unknown."""
        open_ones = [one for one in self.consents if not (one.is_over or one.is_pending)]
        ends = [consent.expires_at for consent in open_ones if consent.expires_at is not None]
        return max(ends, default=None) if len(ends) == len(open_ones) else None

    def connection_state(self, now: datetime) -> ConnectionState:
        """Return whether its data can be read.

        :param now: an aware datetime.
        :returns: ``linked``; ``pending`` while the customer has not agreed yet; ``ended`` when no
            consent is left.
        """
        if self.status in _GONE:
            return "ended"
        if not self.consents or any(consent.is_live(now) for consent in self.consents):
            return "linked"
        return "pending" if any(consent.is_pending for consent in self.consents) else "ended"


class _ConsentSchema(LenientSchema):
    id = Text(required=True)
    bank_consent_id = Text()
    bank_identifier = fields.String(validate=is_identifier)
    consent_type = Text()
    status = Text(data_key="consent_status")
    standard_status = Text(data_key="standard_consent_status")
    permissions = Permissions()
    created_at = Timestamp(data_key="creation_date_time")
    expires_at = Timestamp(data_key="expiration_date_time")
    updated_at = Timestamp(data_key="status_update_date_time")
    transactions_from = Timestamp(data_key="transaction_from_date_time")
    transactions_to = Timestamp(data_key="transaction_to_date_time")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> EntityConsent:
        return EntityConsent(**data)


class EntitySchema(LenientSchema):
    """Load one of Lean's entities."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    bank_identifier = fields.String(required=True, validate=is_identifier)
    permissions = Permissions()
    bank_type = Text()
    status = Text()
    created_at = Timestamp()
    consents = fields.List(fields.Nested(_ConsentSchema))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Entity:
        ids = {name: str(data[name]) for name in ("id", "customer_id")}
        return Entity(**data | ids | {"consents": tuple(data.get("consents", ()))})


entity_loader = RecordLoader[Entity](
    "entity", EntitySchema(), frozenset({"id", "customer_id", "bank_identifier"})
)
