"""What every part of the stand-in's state builds on: its credentials, banks and customers."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

from ..tokens import is_own
from ..webhooks import WebhookSender

#: Customers have the same id again in a stand-in that was started anew.
_CUSTOMERS = uuid.UUID("3c1f6a5e-7d0b-4a55-9a0e-6a2f43c0b7d1")
_CUSTOMERS_ARE = 5  # version of their UUIDs


class BaseState(WebhookSender):
    """Lean's credentials, banks and customers.

    :param country: ``sa`` or ``ae``.
    :param port: of the server on this machine.
    """

    #: The address under which apps and browsers reach it, where that is another one.
    base_url: str | None = None
    #: Whether it takes the tokens and customer ids that it gave out before a restart.
    resumes = False

    def __init__(self, country: str, port: int) -> None:
        super().__init__()
        self.country = country
        self.port = port
        self.app_token = str(uuid.uuid4())
        self.client_secret = secrets.token_hex(16)
        self.token_seconds = 3599
        self.live_tokens: set[str] = set()
        self.banks: list[dict[str, Any]] = []
        #: Customer id to what Lean knows of the customer.
        self.customers: dict[str, dict[str, Any]] = {}
        #: Customer id to what the dialog was opened with when it sent them to their bank's page.
        #: The config of a payment names no customer.
        self.at_bank: dict[str | None, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        """The base URL of the server, on this machine alone if there is no :attr:`base_url`."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    def takes_token(self, token: str) -> bool:
        """Return whether *token* opens the API."""
        if token in self.live_tokens:
            return True
        return self.resumes and is_own(token, self.app_token)

    def knows_customer(self, customer_id: str) -> bool:
        """Return whether *customer_id* is a customer's, also of one from before a restart."""
        if customer_id in self.customers:
            return True
        with suppress(ValueError):
            return self.resumes and uuid.UUID(customer_id).version == _CUSTOMERS_ARE
        return False

    def revoke_tokens(self) -> None:
        """Respond with 401 to every token issued so far."""
        self.live_tokens.clear()
        self.resumes = False

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

    def set_availability(
        self,
        identifier: str,
        *,
        active: Mapping[str, bool] | None = None,
        enabled: Mapping[str, bool] | None = None,
    ) -> dict[str, Any]:
        """Change a bank in the list; return the event that Lean would send for it."""
        availability = self.bank(identifier)["availability"]
        for part, change in (("active", active), ("enabled", enabled)):
            availability[part] = {**availability.get(part, {}), **(change or {})}
        payload = {"identifier": identifier, "availability": deepcopy(availability)}
        return self.webhook_event("bank.availability.updated", payload)

    def add_customer(self, app_user_id: str) -> str:
        """Return the id of the customer with *app_user_id*, created when unknown."""
        with self.lock:
            for customer_id, customer in self.customers.items():
                if customer["app_user_id"] == app_user_id:
                    return customer_id
            customer_id = str(uuid.uuid5(_CUSTOMERS, f"{self.app_token} {app_user_id}"))
            self.customers[customer_id] = {"customer_id": customer_id, "app_user_id": app_user_id}
            return customer_id


def chosen(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return a copy of some *fields* of a record."""
    return {field: record[field] for field in fields}
