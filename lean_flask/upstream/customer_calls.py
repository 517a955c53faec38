"""Calls about customers, and about what they have linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..errors import UpstreamInvalid, UpstreamRejected
from .api_request import ApiRequest
from .calls import Calls
from .deadline import Deadline
from .entities import Entity, entity_loader
from .government_identifiers import government_identifier_body
from .ids import app_user_id_text, customer_id_text, lean_id_text
from .payment_sources import PaymentSource, source_loader
from .records import RecordLoader, RecordT
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
        call = self._request_of("customer", "POST", "/customers/v1/", json=body)
        return self._run(call, lambda deadline: self._created_or_known(call, body, deadline))

    def _created_or_known(
        self, call: ApiRequest, body: Mapping[str, Any], deadline: Deadline
    ) -> str:
        """Return the id of the customer; all of it has the time of one call."""
        try:
            return text_of(self._authorized(call, deadline), "customer_id")
        except UpstreamRejected as error:
            if error.status != 409:
                raise
            conflict = error
        try:
            known = self._known_customer(body["app_user_id"], deadline)
        except UpstreamRejected as error:
            # Nobody has this app_user_id: the conflict is about something else.
            raise (conflict if error.status == 404 else error) from None
        customer_id = text_of(known, "customer_id")
        identifiers = body.get("government_identifiers")
        if identifiers and known.get("government_identifiers") != identifiers:
            change = self._request_of(
                "customer",
                "PUT",
                "/customers/v1/{customer_id}/",
                json={"government_identifiers": identifiers},
                may_be_empty=True,
                customer_id=customer_id,
            )
            self._authorized(change, deadline)
        return customer_id

    def _known_customer(self, app_user_id: str, deadline: Deadline) -> Any:
        # The one call that finds exactly this user; the list of customers has no such filter.
        path = "/customers/v1/app-user-id/{app_user_id}"
        call = self._request_of("customer", "GET", path, app_user_id=app_user_id)
        return self._authorized(call, deadline)

    def payment_sources(
        self, customer_id: str | UUID, *, wait: float | None = None
    ) -> tuple[PaymentSource, ...]:
        """Return the accounts that *customer_id* has saved to pay from.

        :param wait: seconds after which to give up, if less than ``LEAN_TIMEOUT``.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        return self._records("payment sources", "payment-sources", source_loader, customer_id, wait)

    def entities(self, customer_id: str | UUID, *, wait: float | None = None) -> tuple[Entity, ...]:
        """Return the banks that *customer_id* has linked for data.

        :param wait: seconds after which to give up, if less than ``LEAN_TIMEOUT``.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        return self._records("entities", "entities", entity_loader, customer_id, wait)

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

    def _records(
        self,
        operation: str,
        segment: str,
        loader: RecordLoader[RecordT],
        customer_id: str | UUID,
        wait: float | None,
    ) -> tuple[RecordT, ...]:
        """Return what Lean lists of a customer, under the last *segment* of the path."""
        name = customer_id_text(customer_id)
        path = f"/customers/v1/{{customer_id}}/{segment}"
        records = self._call(operation, "GET", path, wait=wait, customer_id=name)
        if not isinstance(records, list):
            raise UpstreamInvalid(f"Lean's {operation} are not an array")
        return loader.load_many(records, name)


def text_of(response: Any, name: str) -> str:
    """Return the text *name* of a response.

    :raises UpstreamInvalid: when there is none.
    """
    text = response.get(name) if isinstance(response, dict) else None
    if not isinstance(text, str) or not text:
        raise UpstreamInvalid(f"Lean's response has no {name}")
    return text
