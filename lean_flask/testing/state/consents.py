"""The stand-in's consents to payments, which Lean calls Account on File."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..clock import moment, timestamp
from .sources import SourceState

#: How long a consent lasts that names no end.
LASTS = timedelta(days=365)
_ENDED = frozenset({"REVOKED", "REJECTED", "EXPIRED", "CONSUMED"})
PURPOSES = {
    "FIS": "Financial services",
    "TCS": "Telecommunication services",
    "MWP": "Mobile wallet payments",
    "OAT": "Own account transfer",
    "IFS": "Information services",
    "RNT": "Rent",
    "LNC": "Loan charges",
    "PIN": "Personal investments",
    "GDS": "Goods bought or sold",
}


class ConsentState(SourceState):
    """The consents to payments by id, and what the customers do with them."""

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        self.consents: dict[str, dict[str, Any]] = {}

    def add_consent(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Create a consent that awaits the customer; return its record, which has all Lean knows.

        *fields* are those of ``POST /consents/v1/account-on-file``.
        """
        begins = moment(fields.get("start_date_time") or timestamp(self.now()))
        ends = fields.get("expiration_date_time") or timestamp(begins + LASTS)
        consent = {
            "id": str(uuid.uuid4()),
            "application_id": self.app_token,
            "status": "AWAITING_AUTHORISATION",
            "customer_id": fields["customer_id"],
            "destination_account_id": fields["destination_account_id"],
            "currency": fields["currency"],
            "reference": fields["reference"],
            "purpose": fields["purpose"],
            "control_parameters": dict(fields["control_parameters"]),
            "start_date_time": timestamp(begins),
            "expiration_date_time": timestamp(moment(ends)),
            "immediate_payment": fields.get("immediate_payment"),
            "bank_identifier": None,
            "sender_account_id": None,
            "consented_account": None,
        }
        with self.lock:
            self.consents[consent["id"]] = consent
        return consent

    def authorise_consent(
        self,
        consent_id: str,
        bank_identifier: str | None = None,
        account_id: str | None = None,
    ) -> None:
        """Let the customer approve a consent at their bank; a payment at once is made.

        Nothing happens to one that is unknown, or does not await the customer.
        """
        with self.lock:
            consent = self.consents.get(consent_id)
            if consent is None or consent["status"] != "AWAITING_AUTHORISATION":
                return
            customer_id = consent["customer_id"]
            account = self.account_of(customer_id, account_id) if account_id else None
            bank, iban = account or (bank_identifier, self._made_up_iban(consent_id))
            consent |= {
                "bank_identifier": bank,
                "sender_account_id": account_id or str(uuid.uuid4()),
                "consented_account": {"iban": iban, "holder_name": "Sara Ali"},
            }
            self.set_consent_status(consent_id, "AUTHORISED")

    def reject_consent(self, consent_id: str) -> None:
        """Let the customer, or the bank, refuse a consent that awaits the customer."""
        consent = self.consents.get(consent_id, {})
        if consent.get("status") == "AWAITING_AUTHORISATION":
            self.set_consent_status(consent_id, "REJECTED")

    def revoke_consent(self, consent_id: str) -> None:
        """Let the customer end a consent at the bank, and send ``consent.status.updated``.

        Nothing happens to one that has ended before.

        :raises KeyError: when there is no such consent.
        """
        if self.consents[consent_id]["status"] not in _ENDED:
            self.set_consent_status(consent_id, "REVOKED")

    def set_consent_status(self, consent_id: str, status: str) -> None:
        """Give a consent another status, and send ``consent.status.updated``.

        :raises KeyError: when there is no such consent.
        """
        consent = self.consents[consent_id]
        consent["status"] = status
        self.notify(
            "consent.status.updated",
            {
                "id": consent_id,
                "customer_id": consent["customer_id"],
                "status": status,
                "consent_type": "PAYMENT",
                "account_id": consent["sender_account_id"],
            },
        )

    def catch_up(self) -> None:
        """End the consents that lasted until now."""
        super().catch_up()
        now = self.now()
        with self.lock:
            for consent in list(self.consents.values()):
                open_still = consent["status"] in {"AWAITING_AUTHORISATION", "AUTHORISED"}
                if open_still and moment(consent["expiration_date_time"]) <= now:
                    self.set_consent_status(consent["id"], "EXPIRED")

    def _made_up_iban(self, consent_id: str) -> str:
        number = f"{uuid.UUID(consent_id).int % 10**16:016d}"
        return f"AE07033{number}" if self.country == "ae" else f"SA038000{number}"
