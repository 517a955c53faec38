"""Payloads about a customer's connections: entities, their data, and consents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .payload import BankDetails, Payload


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EntityPayload(Payload):
    """A customer's connection to a bank for data.

    ``entity.updated`` comes when its consent changes: the customer connected again, or revoked it.

    :param id: the entity id, which Lean's Data API takes.
    :param customer_id: Lean's id of the customer.
    :param app_user_id: your own id of the customer.
    :param permissions: what the customer agreed to.
    :param bank_details: of the bank.
    """

    id: str | None = None
    customer_id: str | None = None
    app_user_id: str | None = None
    permissions: tuple[str, ...] = ()
    bank_details: BankDetails | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EntityReconnectedPayload(Payload):
    """A connection that works again.

    :param id: the entity id.
    :param reconnect_id: which ``reconnect`` was given.
    """

    id: str | None = None
    reconnect_id: str | None = None
    customer_id: str | None = None
    app_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DataRefreshPayload(Payload):
    """How far Lean is with fetching an entity's data.

    :param entity_id: of the entity whose data it is.
    :param status: ``PENDING``; at the end ``FINISHED`` (Saudi Arabia) or ``OK`` (UAE).
    :param data_status: what came of each kind of data.
    """

    entity_id: str | None = None
    refresh_id: str | None = None
    customer_id: str | None = None
    app_user_id: str | None = None
    status: str | None = None
    data_status: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResultsPayload(Payload):
    """The answer to a call that was ``PENDING`` is there.

    :param id: the ``results_id`` of that call.
    """

    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConsentPayload(Payload):
    """A consent, such as one for payments from an account on file.

    :param id: the consent id.
    :param status: ``AWAITING_AUTHORISATION``, ``AUTHORISED``, ``REVOKED``, ``REJECTED``,
        ``EXPIRED``, ``SUSPENDED`` or ``CONSUMED``.
    """

    id: str | None = None
    customer_id: str | None = None
    status: str | None = None
    consent_type: str | None = None
    account_id: str | None = None
