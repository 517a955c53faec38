"""The stand-in's entities: connections to banks, with the consents that they rest on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any

from ..clock import moment, timestamp
from .base import BaseState, chosen

#: How long a consent to data lasts when the config of ``connect`` has no ``access_to``.
CONSENT_LASTS = timedelta(days=365)

_BANK_DETAILS = (
    "name",
    "logo",
    "main_color",
    "background_color",
    "swift_code",
    "account_type",
    "bank_type",
)
_EVENT_FIELDS = ("id", "customer_id", "app_user_id", "permissions", "bank_details")
_PERMISSIONS = (
    "identity",
    "accounts",
    "balance",
    "transactions",
    "identities",
    "scheduled_payments",
    "standing_orders",
    "direct_debits",
    "beneficiaries",
)


class EntityState(BaseState):
    """The connections, each in the shape of Lean's events, with a few fields of its own."""

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        self.entities: list[dict[str, Any]] = []

    def entity(self, entity_id: str) -> dict[str, Any]:
        """Return a connection.

        :raises KeyError: when there is none.
        """
        for entity in self.entities:
            if entity["id"] == entity_id:
                return entity
        raise KeyError(entity_id)

    def add_entity(
        self,
        customer_id: str,
        bank_identifier: str | None,
        permissions: Sequence[str],
        *,
        access_from: str | None = None,
        access_to: str | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Connect a customer, and send the event; return the entity, and whether it is new.

        Another connection to the same bank for the same data renews the one there is. A bank of
        Open Finance gives a consent that lasts until *access_to*, else for twelve months.
        """
        with self.lock:
            known = self._connected(customer_id, bank_identifier, permissions)
            entity = known or self._new_entity(customer_id, bank_identifier, permissions)
            now = timestamp(self.now())
            entity |= {"status": "ACTIVE", "reconnect_id": None, "updated_at": now}
            if not self._has_credentials(bank_identifier):
                entity["consents"].append(self._new_consent(entity, access_from, access_to))
            is_new = known is None
            if is_new:
                self.entities.append(entity)
        if is_new:
            self.notify("entity.created", chosen(entity, _EVENT_FIELDS))
        else:
            self._notify_update(entity)
        return entity, is_new

    def expire_entity(self, entity_id: str) -> None:
        """Let the consents of a connection end now, and send ``entity.updated``.

        :raises KeyError: when there is no such entity.
        """
        self.end_consents(self.entity(entity_id), "EXPIRED")

    def revoke_entity(self, entity_id: str) -> None:
        """Let the customer end a connection at the bank, and send ``entity.updated``.

        :raises KeyError: when there is no such entity.
        """
        self.end_consents(self.entity(entity_id), "REVOKED")

    def break_entity(self, entity_id: str) -> str:
        """Let calls for data need the customer again, as at banks that take credentials.

        Data answer ``RECONNECT_REQUIRED`` until ``reconnect`` with the id that is returned. The
        event is ``entity.data.refresh.updated``.

        :raises KeyError: when there is no such entity.
        """
        entity = self.entity(entity_id)
        entity["reconnect_id"] = reconnect_id = str(uuid.uuid4())
        self.notify_refresh(entity, str(uuid.uuid4()), "RECONNECT_REQUIRED")
        return reconnect_id

    def reconnect(self, reconnect_id: str) -> None:
        """Let data of a broken connection be read again, and send the events of it."""
        entity = next((one for one in self.entities if one["reconnect_id"] == reconnect_id), None)
        if entity is None:
            return
        entity["reconnect_id"] = None
        self.notify("entity.reconnected", {"id": entity["id"], "reconnect_id": reconnect_id})
        self.notify("results.ready", {"id": reconnect_id})

    def is_live(self, entity: dict[str, Any]) -> bool:
        """Return whether a connection is in force: one with consents rests on these."""
        consents = entity["consents"]
        if not consents:
            return bool(entity["status"] == "ACTIVE")
        return any(consent["consent_status"] == "ACTIVE" for consent in consents)

    def catch_up(self) -> None:
        """End the consents that lasted until now."""
        super().catch_up()
        now = self.now()
        with self.lock:
            for entity in self.entities:
                ended = [
                    consent
                    for consent in entity["consents"]
                    if consent["consent_status"] == "ACTIVE"
                    and moment(consent["expiration_date_time"]) <= now
                ]
                if ended:
                    self.end_consents(entity, "EXPIRED", ended)

    def end_consents(
        self, entity: dict[str, Any], status: str, consents: list[dict[str, Any]] | None = None
    ) -> None:
        """End *consents*, or all that are in force, and send ``entity.updated`` if there are any.

        Lean's own status, beside the standard one, has no word for ``EXPIRED``.
        """
        now = timestamp(self.now())
        with self.lock:
            candidates = entity["consents"] if consents is None else consents
            ending = [one for one in candidates if one["consent_status"] == "ACTIVE"]
            for consent in ending:
                consent |= {
                    "consent_status": "REVOKED",
                    "standard_consent_status": status,
                    "status_update_date_time": now,
                }
                if status == "EXPIRED" and consents is None:
                    consent["expiration_date_time"] = now
            by_credentials = not entity["consents"] and entity["status"] == "ACTIVE"
            if not (ending or by_credentials):
                return
            if by_credentials:
                entity["status"] = "DISABLED"
            entity["updated_at"] = now
        self._notify_update(entity)

    def notify_refresh(
        self, entity: dict[str, Any], refresh_id: str, data_status: str | dict[str, str]
    ) -> None:
        """Send the event of data that were read anew, or could not be."""
        self.notify(
            "entity.data.refresh.updated",
            {
                "entity_id": entity["id"],
                "refresh_id": refresh_id,
                **chosen(entity, ("customer_id", "app_user_id")),
                "status": "FINISHED",
                "data_status": data_status,
            },
        )

    def _connected(
        self, customer_id: str, bank_identifier: str | None, permissions: Sequence[str]
    ) -> dict[str, Any] | None:
        for entity in self.entities:
            known = (entity["customer_id"], entity["bank_details"]["identifier"])
            if known == (customer_id, bank_identifier) and set(entity["permissions"]) == set(
                permissions
            ):
                return entity
        return None

    def _has_credentials(self, bank_identifier: str | None) -> bool:
        """Return whether a bank is reached by the customer's credentials, without a consent."""
        return any(
            bank["identifier"] == bank_identifier
            and bank.get("connection_type") == "REVERSE_ENGINEERED"
            for bank in self.banks
        )

    def _new_entity(
        self, customer_id: str, bank_identifier: str | None, permissions: Sequence[str]
    ) -> dict[str, Any]:
        bank = next((one for one in self.banks if one["identifier"] == bank_identifier), {})
        return {
            "id": str(uuid.uuid4()),
            "customer_id": customer_id,
            "app_user_id": self.customers.get(customer_id, {}).get("app_user_id"),
            "permissions": list(permissions),
            "bank_details": {
                "identifier": bank_identifier,
                **{name: bank.get(name) for name in _BANK_DETAILS},
            },
            "created_at": timestamp(self.now()),
            "consents": [],
        }

    def _new_consent(
        self, entity: dict[str, Any], access_from: str | None, access_to: str | None
    ) -> dict[str, Any]:
        now = self.now()
        ends = moment(access_to) if access_to else now + CONSENT_LASTS
        begins = timestamp(moment(access_from)) if access_from else None
        return {
            "id": str(uuid.uuid4()),
            "bank_consent_id": str(uuid.uuid4()),
            "bank_identifier": entity["bank_details"]["identifier"],
            "consent_type": "ACCOUNT_ACCESS",
            "consent_status": "ACTIVE",
            "standard_consent_status": "AUTHORISED",
            "permissions": _as_object(entity["permissions"]),
            "creation_date_time": timestamp(now),
            "status_update_date_time": timestamp(now),
            "expiration_date_time": timestamp(ends),
            "transaction_from_date_time": begins,
            "transaction_to_date_time": timestamp(ends) if access_to else None,
        }

    def _notify_update(self, entity: dict[str, Any]) -> None:
        self.notify("entity.updated", chosen(entity, (*_EVENT_FIELDS, "consents")))


def entity_record(entity: dict[str, Any]) -> dict[str, Any]:
    """Return a connection as the Entities API gives it."""
    bank = entity["bank_details"]
    return {
        **chosen(entity, ("id", "customer_id", "created_at", "updated_at", "status")),
        "bank_identifier": bank["identifier"],
        "bank_type": bank["bank_type"] or "RETAIL",
        "permissions": _as_object(entity["permissions"]),
        "consents": deepcopy(entity["consents"]),
    }


def _as_object(permissions: Sequence[str]) -> dict[str, bool]:
    return {name: name in permissions for name in _PERMISSIONS}
