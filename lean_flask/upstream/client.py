"""The calls that lean-flask makes to Lean's backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ..errors import ConfigurationError, UpstreamInvalid
from .any_request import HTTPMethod, QueryValue, check_request
from .customer_calls import CustomerCalls
from .ids import customer_id_text
from .payment_calls import PaymentCalls


class LeanClient(CustomerCalls, PaymentCalls):
    """Lean's API for one environment. Each method takes at most ``LEAN_TIMEOUT`` seconds.

    :param clock: monotonic seconds, for the lifetime of tokens.
    :param network: how to reach Lean; by default as the environment says now.
    :param metrics: counts the calls.
    """

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

    def request(
        self,
        method: HTTPMethod,
        path: str,
        *,
        params: Mapping[str, QueryValue | Sequence[QueryValue]] | None = None,
        json: Mapping[str, Any] | Sequence[Any] | None = None,
        idempotency_key: str | UUID | None = None,
    ) -> Any:
        """Make any call to Lean's API and return the JSON of its answer; numbers are exact.

        It has the same token, time and retries as the other calls. ``GET`` and ``HEAD`` are
        retried; what changes something only with an *idempotency_key*.

        :param method: ``GET``, ``HEAD``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``.
        :param path: such as ``/customers/v1/``; ids in it are quoted by you where they are not
            Lean's own.
        :param params: the query; a list repeats its name, ``None`` is left out.
        :param json: the body; it may hold ``Decimal``, ``UUID`` and dates.
        :param idempotency_key: unique per operation; sent as ``Idempotency-Key``.
        :returns: ``None`` when Lean answers without a body.
        :raises FlowError: naming the argument that cannot be sent.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        return self._call_any(check_request(method, path, params, json, idempotency_key))

    @property
    def clock_skew(self) -> float | None:
        """Seconds that this machine is ahead of Lean's, or ``None`` if no answer told."""
        return self._transport.clock_skew

    def check_credentials(self) -> None:
        """Mint, or reuse, the backend's token.

        :raises UpstreamError: when Lean refuses the credentials.
        """
        self._within_budget(self._token_call("backend token"), self._tokens.api)
