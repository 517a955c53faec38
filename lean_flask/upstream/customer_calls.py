"""Calls about customers, and about what they have linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..errors import UpstreamInvalid, UpstreamRejected
from .calls import Calls
from .entities import Entity, entity_loader
from .government_identifiers import government_identifier_body
from .ids import app_user_id_text, customer_id_text, lean_id_text
from .payment_sources import PaymentSource, source_loader
from .words import lean_word

_ENTITY = "/customers/v1/{customer_id}/entities/{entity_id}"


class CustomerCalls(Calls):
    """Customers, their entities and their payment sources."""

    def create_customer(
        self,
        app_user_id: str | int | UUID,
        government_identifier: Mapping[str, str] | None = None,
    ) -> str:
        """Return Lean's id of your user *app_user_id*; create the customer at Lean if needed.

        :param app_user_id: your own id of the user, 1 to 255 characters.
        :param government_identifier: ``{"type": "EMIRATES_ID", "value": …}``. Consents for later
            payments need it in the UAE. A customer whom Lean knows already gets it, too, in place
            of those that Lean had.
        :raises FlowError: when an argument cannot be sent.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = app_user_id_text(app_user_id)
        body: dict[str, Any] = {"app_user_id": name}
        if government_identifier is not None:
            body["government_identifiers"] = [government_identifier_body(government_identifier)]
        try:
            response = self._call("customer", "POST", "/customers/v1/", json=body)
        except UpstreamRejected as error:
            if error.status != 409:
                raise
            return self._known_customer(name, body.get("government_identifiers"))
        return text_of(response, "customer_id")

    def _known_customer(self, app_user_id: str, identifiers: list[Any] | None) -> str:
        # The one call that finds exactly this user; the list of customers has no such filter.
        response = self._call(
            "customer", "GET", "/customers/v1/app-user-id/{app_user_id}", app_user_id=app_user_id
        )
        customer_id = text_of(response, "customer_id")
        if identifiers and response.get("government_identifiers") != identifiers:
            self._call(
                "customer",
                "PUT",
                "/customers/v1/{customer_id}/",
                json={"government_identifiers": identifiers},
                may_be_empty=True,
                customer_id=customer_id,
            )
        return customer_id

    def payment_sources(
        self, customer_id: str | UUID, *, wait: float | None = None
    ) -> tuple[PaymentSource, ...]:
        """Return the accounts that *customer_id* has saved to pay from.

        :param wait: seconds after which to give up, if less than ``LEAN_TIMEOUT``.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = customer_id_text(customer_id)
        records = self._call(
            "payment sources",
            "GET",
            "/customers/v1/{customer_id}/payment-sources",
            wait=wait,
            customer_id=name,
        )
        if not isinstance(records, list):
            raise UpstreamInvalid("Lean's payment sources are not an array")
        return source_loader.load_many(records, name)

    def entities(self, customer_id: str | UUID, *, wait: float | None = None) -> tuple[Entity, ...]:
        """Return the banks that *customer_id* has linked for data.

        :param wait: seconds after which to give up, if less than ``LEAN_TIMEOUT``.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = customer_id_text(customer_id)
        records = self._call(
            "entities",
            "GET",
            "/customers/v1/{customer_id}/entities",
            wait=wait,
            customer_id=name,
        )
        if not isinstance(records, list):
            raise UpstreamInvalid("Lean's entities are not an array")
        return entity_loader.load_many(records, name)

    def entity(self, customer_id: str | UUID, entity_id: str | UUID) -> Entity:
        """Return one of the banks that *customer_id* has linked.

        :raises FlowError: when an id is no UUID.
        :raises UpstreamRejected: with status 404 when the customer has no such entity.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        customer, entity = customer_id_text(customer_id), lean_id_text("entity_id", entity_id)
        record = self._call("entity", "GET", _ENTITY, customer_id=customer, entity_id=entity)
        return entity_loader.load_one(record, id=entity, customer_id=customer)

    def delete_entity(
        self, customer_id: str | UUID, entity_id: str | UUID, reason: str = "USER_REQUESTED"
    ) -> None:
        """Unlink a bank of *customer_id*. The customer can link it again.

        :param reason: in Lean's words.
        :raises FlowError: when an argument cannot be sent.
        :raises UpstreamRejected: with status 404 when the customer has no such entity.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        why = {"reason": lean_word("reason", reason, "USER_REQUESTED")}
        self._call(
            "entity",
            "DELETE",
            _ENTITY,
            params=why,  # Lean's description has it in both places
            json=why,
            may_be_empty=True,
            customer_id=customer_id_text(customer_id),
            entity_id=lean_id_text("entity_id", entity_id),
        )


def text_of(response: Any, name: str) -> str:
    """Return the text *name* of a response.

    :raises UpstreamInvalid: when there is none.
    """
    text = response.get(name) if isinstance(response, dict) else None
    if not isinstance(text, str) or not text:
        raise UpstreamInvalid(f"Lean's response has no {name}")
    return text
