"""The calls that lean-flask makes to Lean's backend."""

from __future__ import annotations

from typing import Any

from ..errors import ConfigurationError, UpstreamInvalid, UpstreamRejected
from ..settings import Settings
from .deadline import Deadline, within
from .http import Call, Http
from .tokens import Tokens


class LeanClient:
    """Lean's API for one environment. Each method takes at most ``LEAN_TIMEOUT`` seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http(settings)
        self._tokens = Tokens(settings, self._http)

    def banks(self, account_type: str, customer_id: str | None = None) -> list[Any]:
        """Lean's bank list for one account type, as it came.

        :param customer_id: scopes the list to the banks rolled out to this customer.
        :raises UpstreamError: when there is no array to be had.
        """
        # One call per account type: the only form that both countries document.
        params = {"account_types": account_type}
        if customer_id:
            params["customer_id"] = customer_id
        records = self._call("GET", "/banks/v1/", params=params)
        if not isinstance(records, list):
            raise UpstreamInvalid("Lean's bank list is not an array")
        return records

    def customer_token(self, customer_id: str) -> str:
        """A token for the SDK, scoped to *customer_id*, with more than ten minutes left.

        :raises ConfigurationError: without ``LEAN_CLIENT_SECRET``.
        :raises UpstreamError: when Lean mints none.
        """
        if not self._settings.client_secret:
            raise ConfigurationError("LEAN_CLIENT_SECRET is missing; it takes your client secret")
        return within(
            self._settings.timeout, lambda deadline: self._tokens.customer(customer_id, deadline)
        )

    def check_credentials(self) -> None:
        """Mint, or reuse, the backend's token.

        :raises UpstreamError: when Lean refuses the credentials.
        """
        within(self._settings.timeout, self._tokens.api)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: Any = None,
    ) -> Any:
        return within(
            self._settings.timeout,
            lambda deadline: self._authorized(method, path, params, json, deadline),
        )

    def _authorized(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None,
        json: Any,
        deadline: Deadline,
    ) -> Any:
        """Send with credentials; a token that Lean refuses is minted again, once."""

        def send(headers: dict[str, str]) -> Any:
            url = self._settings.api_url + path
            call = Call(method, url, headers, params, json, idempotent=method == "GET")
            return self._http.send(call, deadline)

        if not self._settings.client_secret:
            return send({"lean-app-token": self._settings.app_token})
        token = self._tokens.api(deadline)
        try:
            return send({"Authorization": f"Bearer {token}"})
        except UpstreamRejected as error:
            if error.status != 401:
                raise
        self._tokens.drop(token)
        return send({"Authorization": f"Bearer {self._tokens.api(deadline)}"})
