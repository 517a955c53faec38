"""What the stand-in knows: its credentials, banks, customers, payment sources and intents."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

_BANK_DETAILS = (
    "name",
    "logo",
    "main_color",
    "background_color",
    "swift_code",
    "account_type",
    "bank_type",
)


class LeanState:
    """Lean's data, all of it public and changeable by a test.

    :param country: ``sa`` or ``ae``.
    :param port: of the server on this machine.
    """

    def __init__(self, country: str, port: int) -> None:
        self.country = country
        self.port = port
        self.app_token = str(uuid.uuid4())
        self.client_secret = secrets.token_hex(16)
        self.webhook_secret = secrets.token_hex(16)
        self.token_seconds = 3599
        self.banks: list[dict[str, Any]] = []
        #: Customer id to what Lean knows of the customer.
        self.customers: dict[str, dict[str, Any]] = {}
        self.payment_sources: dict[str, list[dict[str, Any]]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        #: Payment intent id to the payments for it, the latest last.
        self.payments: dict[str, list[dict[str, Any]]] = {}
        #: Status of a payment that a customer makes; with ``PENDING_WITH_BANK`` it stays undecided.
        self.payment_status = "ACCEPTED_BY_BANK"
        #: Customer id to what the dialog was opened with when it sent them to their bank's page.
        #: The config of a payment names no customer.
        self.at_bank: dict[str | None, dict[str, Any]] = {}
        self.entities: list[dict[str, Any]] = []
        self.live_tokens: set[str] = set()

    @property
    def url(self) -> str:
        """The base URL of the server, on this machine alone."""
        return f"http://127.0.0.1:{self.port}"

    def revoke_tokens(self) -> None:
        """Respond with 401 to every token issued so far."""
        self.live_tokens.clear()

    def rotate_secret(self) -> None:
        """Take a new client secret, as the dashboard does; the former one is refused."""
        self.client_secret = secrets.token_hex(16)

    def bank(self, identifier: str) -> dict[str, Any]:
        """Return the record of a bank, to be changed in place.

        :raises KeyError: when there is none.
        """
        for bank in self.banks:
            if bank["identifier"] == identifier:
                return bank
        raise KeyError(identifier)

    def add_customer(self, app_user_id: str) -> str:
        """Return the id of the customer with *app_user_id*, created when unknown."""
        for customer_id, customer in self.customers.items():
            if customer["app_user_id"] == app_user_id:
                return customer_id
        customer_id = str(uuid.uuid4())
        self.customers[customer_id] = {"customer_id": customer_id, "app_user_id": app_user_id}
        return customer_id

    def add_entity(
        self, customer_id: str, bank_identifier: str | None, permissions: list[str]
    ) -> tuple[dict[str, Any], bool]:
        """Connect a customer; return the entity in Lean's shape, and whether it is new.

        Another connection to the same bank for the same data renews the one there is.
        """
        wanted = (customer_id, bank_identifier, permissions)
        for known in self.entities:
            bank_details = known["bank_details"]
            if wanted == (known["customer_id"], bank_details["identifier"], known["permissions"]):
                return known, False
        bank = next((bank for bank in self.banks if bank["identifier"] == bank_identifier), {})
        entity = {
            "id": str(uuid.uuid4()),
            "customer_id": customer_id,
            "app_user_id": self.customers.get(customer_id, {}).get("app_user_id"),
            "permissions": permissions,
            "bank_details": {
                "identifier": bank_identifier,
                **{name: bank.get(name) for name in _BANK_DETAILS},
            },
        }
        self.entities.append(entity)
        return entity, True

    def add_payment(self, intent_id: str) -> dict[str, Any]:
        """Pay for an intent; return the payment, in Lean's shape."""
        intent = self.intents.get(intent_id, {})
        payment = {
            "id": str(uuid.uuid4()),
            "intent_id": intent_id,
            "status": self.payment_status,
            "amount": intent.get("amount"),
            "currency": intent.get("currency"),
            "customer_id": intent.get("customer_id"),
            "bank_transaction_reference": f"payment-{uuid.uuid4()}",
        }
        self.payments.setdefault(intent_id, []).append(payment)
        return payment

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
        expiry = datetime.now(UTC).isoformat()
        currency, prefix = ("AED", "AE07033") if self.country == "ae" else ("SAR", "SA0380000")
        source: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "customer_id": customer_id,
            "app_id": self.app_token,
            "bank_identifier": bank_identifier,
            "status": beneficiary_status,
            "beneficiary_cool_off_expiry": expiry,
            "beneficiaries": [
                {
                    "id": str(uuid.uuid4()),
                    "payment_destination_id": payment_destination_id or str(uuid.uuid4()),
                    "status": beneficiary_status,
                    "bank_identifier": bank_identifier,
                    "beneficiary_cool_off_expiry": expiry,
                }
            ],
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
        return source
