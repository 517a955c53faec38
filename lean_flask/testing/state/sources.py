"""The stand-in's payment sources: accounts to pay from, with the payees that they can pay."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from ..clock import moment, timestamp
from .base import BaseState, chosen

COOLING_OFF = "AWAITING_BENEFICIARY_COOL_OFF"
#: How long a bank waits before a new payee can be paid.
COOL_OFF_LASTS = timedelta(hours=24)


class SourceState(BaseState):
    """The payment sources of each customer, in Lean's shape."""

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        self.payment_sources: dict[str, list[dict[str, Any]]] = {}
        #: Status of a payee that a customer adds; with ``AWAITING_BENEFICIARY_COOL_OFF`` it is
        #: ``ACTIVE`` a day later by the stand-in's clock.
        self.beneficiary_status = "ACTIVE"
        self._cooling_off: list[tuple[datetime, dict[str, Any], dict[str, Any]]] = []

    def add_payment_source(
        self,
        customer_id: str,
        bank_identifier: str,
        *,
        iban: str | None = None,
        beneficiary_status: str = "ACTIVE",
        payment_destination_id: str | None = None,
    ) -> dict[str, Any]:
        """Give a customer an account to pay from; return the payment source, in Lean's shape."""
        number = f"{secrets.randbelow(10**12):012d}"
        currency, prefix = ("AED", "AE07033") if self.country == "ae" else ("SAR", "SA0380000")
        beneficiary = self._new_beneficiary(
            bank_identifier, payment_destination_id, beneficiary_status
        )
        source: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "customer_id": customer_id,
            "app_id": self.app_token,
            "bank_identifier": bank_identifier,
            "status": beneficiary_status,
            "beneficiary_cool_off_expiry": beneficiary["beneficiary_cool_off_expiry"],
            "beneficiaries": [beneficiary],
            "accounts": [
                {
                    "id": str(uuid.uuid4()),
                    "account_id": str(uuid.uuid4()),
                    "account_name": "Current account",
                    "account_number": number,
                    "iban": iban or f"{prefix}{number}",
                    "currency": currency,
                }
            ],
        }
        self.payment_sources.setdefault(customer_id, []).append(source)
        self._await_bank(source, beneficiary)
        return source

    def create_payment_source(
        self, customer_id: str, bank_identifier: str, payment_destination_id: str | None = None
    ) -> dict[str, Any]:
        """Let a customer add an account to pay from, and send the events; return the source."""
        source = self.add_payment_source(
            customer_id,
            bank_identifier,
            beneficiary_status=self.beneficiary_status,
            payment_destination_id=payment_destination_id,
        )
        fields = ("id", "status", "bank_identifier", "customer_id")
        self.notify("payment_source.created", chosen(source, fields))
        self._notify_beneficiary("created", source, source["beneficiaries"][0])
        return source

    def add_beneficiary(
        self, customer_id: str, payment_destination_id: str, payment_source_id: str | None = None
    ) -> dict[str, Any] | None:
        """Let a customer add a payee to a source, else to their first, and send the event.

        Return the payee, or ``None`` when the customer has no such source.
        """
        sources = self.payment_sources.get(customer_id, [])
        source = next((one for one in sources if payment_source_id in (None, one["id"])), None)
        if source is None:
            return None
        added = self._new_beneficiary(
            source["bank_identifier"], payment_destination_id, self.beneficiary_status
        )
        for known in source["beneficiaries"]:
            if known["payment_destination_id"] == payment_destination_id:
                known |= chosen(added, ("status", "beneficiary_cool_off_expiry"))
                self._await_bank(source, known)
                self._notify_beneficiary("updated", source, known)
                return dict(known)
        source["beneficiaries"].append(added)
        self._await_bank(source, added)
        self._notify_beneficiary("created", source, added)
        return added

    def account_of(self, customer_id: str, account_id: str) -> tuple[str, str] | None:
        """Return bank and IBAN of one of the customer's accounts to pay from."""
        for source in self.payment_sources.get(customer_id, []):
            for account in source["accounts"]:
                if account["id"] == account_id:
                    return source["bank_identifier"], account["iban"]
        return None

    def catch_up(self) -> None:
        """Let payees be paid whose bank has waited for long enough."""
        super().catch_up()
        now = self.now()
        with self.lock:
            over = [one for one in self._cooling_off if one[0] <= now]
            self._cooling_off = [one for one in self._cooling_off if one[0] > now]
        for _, source, beneficiary in over:
            if beneficiary["status"] == COOLING_OFF:
                beneficiary["status"] = "ACTIVE"
                source["status"] = source["beneficiaries"][0]["status"]
                self._notify_beneficiary("updated", source, beneficiary)

    def _await_bank(self, source: dict[str, Any], beneficiary: dict[str, Any]) -> None:
        if beneficiary["status"] == COOLING_OFF:
            expiry = moment(beneficiary["beneficiary_cool_off_expiry"])
            self._cooling_off.append((expiry, source, beneficiary))

    def _new_beneficiary(
        self, bank_identifier: str, payment_destination_id: str | None, status: str
    ) -> dict[str, Any]:
        wait = COOL_OFF_LASTS if status == COOLING_OFF else timedelta()
        return {
            "id": str(uuid.uuid4()),
            "payment_destination_id": payment_destination_id or str(uuid.uuid4()),
            "status": status,
            "bank_identifier": bank_identifier,
            "beneficiary_cool_off_expiry": timestamp(self.now() + wait),
        }

    def _notify_beneficiary(
        self, action: str, source: dict[str, Any], beneficiary: dict[str, Any]
    ) -> None:
        self.notify(
            f"payment_source.beneficiary.{action}",
            {
                **chosen(beneficiary, ("id", "status", "payment_destination_id")),
                "customer_id": source["customer_id"],
                "payment_source_id": source["id"],
                "payment_source_bank_identifier": source["bank_identifier"],
            },
        )
