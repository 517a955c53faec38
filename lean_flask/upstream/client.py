"""The calls that lean-flask makes to Lean's backend."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID

from ..common.secret import Secret
from ..config.settings import Settings
from ..errors import ConfigurationError, UpstreamError, UpstreamInvalid, UpstreamRejected
from .api_request import ApiRequest
from .circuit import Circuit
from .deadline import Deadline, run_with_deadline
from .http import Transport
from .ids import app_user_id_text, customer_id_text
from .network import Network
from .payment_intents import intent_body
from .payment_sources import PaymentSource, source_loader
from .tokens import Tokens

T = TypeVar("T")


class LeanClient:
    """Lean's API for one environment. Each method takes at most ``LEAN_TIMEOUT`` seconds.

    :param clock: monotonic seconds, for the lifetime of tokens.
    :param network: how to reach Lean; by default as the environment says now.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        network: Network | None = None,
    ) -> None:
        self._settings = settings
        self._transport = Transport(network or Network.of_environment(settings))
        self._tokens = Tokens(settings, self._transport, clock)
        operations = ("payment sources", "customer", "payment intent")
        self._circuits = {operation: Circuit(operation) for operation in operations}

    def banks(self, account_type: str, customer_id: str | UUID | None = None) -> list[Any]:
        """Return Lean's bank list for one account type, unchecked.

        :param customer_id: scopes the list to the banks rolled out to this customer.
        :raises UpstreamError: when there is no array to be had.
        """
        # One call per account type: the only form that both countries document.
        params = {"account_types": account_type}
        if customer_id:
            params["customer_id"] = customer_id_text(customer_id)
        records = self._call("bank list", "GET", "/banks/v1/", params=params)
        if not isinstance(records, list):
            raise UpstreamInvalid("Lean's bank list is not an array")
        return records

    def customer_token(self, customer_id: str | UUID) -> str:
        """Return a token for the SDK, scoped to *customer_id*, valid for over ten minutes.

        :raises ConfigurationError: without ``LEAN_CLIENT_SECRET``.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean mints none.
        """
        if not self._settings.client_secret:
            raise ConfigurationError("LEAN_CLIENT_SECRET is missing; it takes your client secret")
        name = customer_id_text(customer_id)
        held = self._tokens.held(name)
        if held:
            return held
        return self._within_budget(
            self._token_call("customer token"),
            lambda deadline: self._tokens.customer(name, deadline),
        )

    def prepare_customer_token(self, customer_id: str | UUID) -> None:
        """Begin to mint the customer's token in the background, unless a good one is held."""
        self._tokens.prefetch(customer_id_text(customer_id), self._settings.timeout)

    def create_customer(self, app_user_id: str | int | UUID) -> str:
        """Return Lean's id of your user *app_user_id*; create the customer at Lean if needed.

        :param app_user_id: your own id of the user, 1 to 255 characters.
        :raises FlowError: when *app_user_id* is none.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = app_user_id_text(app_user_id)
        try:
            response = self._call("customer", "POST", "/customers/v1/", json={"app_user_id": name})
        except UpstreamRejected as error:
            if error.status != 409:
                raise
            # The one call that finds exactly this user; the list of customers has no such filter.
            response = self._call(
                "customer", "GET", "/customers/v1/app-user-id/{app_user_id}", app_user_id=name
            )
        return _text_of(response, "customer_id")

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

    def create_payment_intent(
        self,
        customer_id: str | UUID,
        amount: Decimal | int | str,
        currency: str,
        *,
        payment_destination_id: str | UUID | None = None,
        description: str | None = None,
        purpose_code: str | None = None,
    ) -> str:
        """Create a payment intent and return its id. It is never retried: that could make two.

        :param customer_id: Lean's id of the customer, a UUID.
        :param amount: exact; in units of *currency*, not its hundredths.
        :param currency: ISO 4217, such as ``AED``.
        :param payment_destination_id: Lean's id of who is paid, a UUID; the default one of your
            application otherwise.
        :param description: 32 characters at most.
        :param purpose_code: one of Lean's three-letter codes of what the payment is for.
        :raises FlowError: naming the argument that Lean would refuse.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        body = {
            "customer_id": customer_id,
            "amount": amount,
            "currency": currency,
            "payment_destination_id": payment_destination_id,
            "description": description,
            "purpose_code": purpose_code,
        }
        response = self._call(
            "payment intent", "POST", "/payments/v1/intents/", json=intent_body(body)
        )
        return _text_of(response, "payment_intent_id")

    @property
    def clock_skew(self) -> float | None:
        """Seconds that this machine is ahead of Lean's, or ``None`` if no answer told."""
        return self._transport.clock_skew

    def check_credentials(self) -> None:
        """Mint, or reuse, the backend's token.

        :raises UpstreamError: when Lean refuses the credentials.
        """
        self._within_budget(self._token_call("backend token"), self._tokens.api)

    def _call(
        self,
        operation: str,
        method: str,
        template: str,
        *,
        params: dict[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        wait: float | None = None,
        **ids: str,
    ) -> Any:
        """Return Lean's answer.

        :param template: the path, with the names of *ids* in braces.
        :param wait: seconds to wait, if less than the budget; the call goes on without us.
        """
        path = template.format(**{name: _quote_path_segment(id) for name, id in ids.items()})
        call = ApiRequest(
            method,
            self._settings.api_url + path,
            {},
            operation=operation,
            template=urlsplit(self._settings.api_url).path + template,
            setting="LEAN_API_URL",
            params=params,
            json=json,
            idempotent=method == "GET",
        )

        def work(deadline: Deadline) -> Any:
            circuit = self._circuits.get(operation)  # the bank list has a back-off of its own
            if circuit is None:
                return self._authorized(call, deadline)
            return circuit.run(lambda: self._authorized(call, deadline))

        return self._within_budget(call.describe(), work, wait)

    def _token_call(self, operation: str) -> str:
        return f"{operation}, POST {self._settings.auth_url.partition('://')[2]} (LEAN_AUTH_URL)"

    def _within_budget(
        self, call: str, work: Callable[[Deadline], T], wait: float | None = None
    ) -> T:
        try:
            return run_with_deadline(self._settings.timeout, work, wait)
        except UpstreamError as error:
            error.call = error.call or call
            raise

    def _authorized(self, call: ApiRequest, deadline: Deadline) -> Any:
        """Send with credentials; a token that Lean refuses is minted again, once."""

        def send(headers: dict[str, str]) -> Any:
            return self._transport.send(replace(call, headers=headers), deadline)

        if not self._settings.client_secret:
            return send({"lean-app-token": self._settings.app_token})
        token = self._tokens.api(deadline)
        try:
            return send(_bearer(token))
        except UpstreamRejected as error:
            if error.status != 401:
                raise
        self._tokens.discard(token)
        return send(_bearer(self._tokens.api(deadline)))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": Secret(f"Bearer {token}")}


def _quote_path_segment(text: str) -> str:
    """Quote *text* as one segment of a path; dots too, since ``..`` would lead elsewhere."""
    return quote(text, safe="").replace(".", "%2E")


def _text_of(response: Any, name: str) -> str:
    text = response.get(name) if isinstance(response, dict) else None
    if not isinstance(text, str) or not text:
        raise UpstreamInvalid(f"Lean's response has no {name}")
    return text
