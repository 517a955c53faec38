"""OAuth client-credentials tokens: for the backend (``api``) and for one customer's SDK session."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cachetools import TLRUCache
from marshmallow import ValidationError, fields, validate

from ..common.fields import LenientSchema, SecretString
from ..common.logs import get_logger, log_fields
from ..common.metric_table import TOKENS
from ..common.metrics import NO_METRICS, Metrics
from ..common.secret import Secret
from ..common.single_flight import SingleFlight
from ..config.settings import Settings
from ..errors import UpstreamError, UpstreamInvalid
from .api_request import ApiRequest
from .circuit import Circuit
from .deadline import Deadline
from .http import Transport
from .measured import count_refusal

log = get_logger(__name__)

#: Lean's SDK refuses a customer token with less than ten minutes left; a minute more is for the
#: way to the browser and for clocks that differ.
SDK_MIN_LIFETIME = 600 + 60
EXPIRY_LEEWAY = 30  # an api token this close to its end is not sent any more
RENEW_AGAIN = 10  # seconds until an early renewal that failed is tried again
MAX_TOKENS = 1000

#: Seconds from now: when a token is due for renewal, and when it cannot be used any more.
Lifetime = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its lifetime on the monotonic clock, in seconds."""

    text: Secret
    refresh_at: float
    expires_at: float


class TokenResponseSchema(LenientSchema):
    """Load the response of the token endpoint (RFC 6749, 5.1)."""

    access_token = SecretString(
        required=True, validate=validate.Regexp(r"^[A-Za-z0-9._~+/-]{1,16384}=*$")
    )
    expires_in = fields.Integer(required=True, validate=validate.Range(min=1, max=31_536_000))


class Tokens:
    """Mint tokens and reuse them while they are valid. They are kept in memory only."""

    def __init__(
        self,
        settings: Settings,
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._transport = transport
        self._clock = clock
        self._flights = SingleFlight[Token]()
        self._api_circuit, self._customer_circuit = (
            Circuit(operation, on_refused=count_refusal(metrics, operation))
            for operation in ("backend token", "customer token")
        )
        self._lock = threading.Lock()
        self._held: TLRUCache[str, Token] = TLRUCache(
            MAX_TOKENS, ttu=lambda _, token, __: token.expires_at, timer=clock
        )

    @property
    def circuits(self) -> tuple[Circuit, Circuit]:
        """The circuits of the calls that mint tokens."""
        return self._api_circuit, self._customer_circuit

    def api(self, deadline: Deadline) -> str:
        """Return the backend's token. If an early renewal fails, the token in use is kept."""
        return self._get("api", deadline, self._api_lifetime)

    def customer(self, customer_id: str, deadline: Deadline) -> str:
        """Return a token for *customer_id* that is long enough valid for the SDK."""
        return self._get(f"customer.{customer_id}", deadline, self._customer_lifetime)

    def held(self, customer_id: str) -> str | None:
        """Return the token in hand for *customer_id*, if the SDK will accept it."""
        with self._lock:
            token = self._held.get(f"customer.{customer_id}")
        if token is None:
            return None
        self._metrics.count(TOKENS, "customer", "reused")
        return token.text

    def prefetch(self, customer_id: str, seconds: float) -> None:
        """Mint a token in the background, unless a valid one is held."""
        circuit, scope = self._customer_circuit, f"customer.{customer_id}"
        with self._lock:
            is_held = scope in self._held
        if is_held or circuit.is_open:
            return

        def mint() -> Token:
            deadline = Deadline(seconds)
            return circuit.run(lambda: self._mint(scope, deadline, self._customer_lifetime), 0)

        self._flights.start(scope, mint)

    def discard(self, text: str) -> None:
        """Forget the token that Lean refused; a newer one in its place stays."""
        with self._lock:
            for scope, token in list(self._held.items()):
                if token.text == text:
                    del self._held[scope]

    def _get(self, scope: str, deadline: Deadline, lifetime: Callable[[float], Lifetime]) -> str:
        with self._lock:
            token = self._held.get(scope)
        if token:
            if self._clock() >= token.refresh_at:
                self._renew(scope, token, deadline.seconds, lifetime)
            self._metrics.count(TOKENS, _kind_of(scope), "reused")
            return token.text
        circuit = self._api_circuit if scope == "api" else self._customer_circuit

        def mint() -> Token:
            try:
                return self._flights.do(
                    scope, lambda: self._mint(scope, deadline, lifetime), wait=deadline.remaining()
                )
            except TimeoutError:
                raise deadline.timeout_error() from None

        return circuit.run(mint).text

    def _renew(
        self, scope: str, token: Token, seconds: float, lifetime: Callable[[float], Lifetime]
    ) -> None:
        """Replace a good *token* in the background; nobody waits, and nobody tries too often."""
        with self._lock:
            if self._held.get(scope) is not token:
                return
            later = replace(token, refresh_at=self._clock() + RENEW_AGAIN)
            self._held[scope] = later

        def mint() -> Token:
            deadline = Deadline(seconds)
            try:
                return self._api_circuit.run(lambda: self._mint(scope, deadline, lifetime), 0)
            except UpstreamError as error:
                log.warning(
                    "Kept the token in use, renewing it failed: %s", error, extra=log_fields(error)
                )
                raise

        self._flights.start(scope, mint)

    def _mint(self, scope: str, deadline: Deadline, lifetime: Callable[[float], Lifetime]) -> Token:
        call = ApiRequest(
            "POST",
            self._settings.auth_url,
            headers={},
            operation="backend token" if scope == "api" else "customer token",
            template=urlsplit(self._settings.auth_url).path,
            setting="LEAN_AUTH_URL",
            scope=scope,
            form={
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret or "",
                "grant_type": "client_credentials",
                "scope": scope,
            },
            idempotent=True,
        )
        asked_at = self._clock()
        try:  # no variable holds the response: a token in it would show in tracebacks
            response = TokenResponseSchema().load(self._transport.send(call, deadline))
            if scope != "api":
                _check_customer(response["access_token"], scope.removeprefix("customer."))
        except ValidationError as error:
            words = f"Lean's token response is not usable: {', '.join(error.messages_dict)}"
            raise UpstreamInvalid(words, call=call.describe()) from None
        except UpstreamInvalid as error:
            error.call = error.call or call.describe()
            raise
        renew_in, unusable_in = lifetime(response["expires_in"])
        token = Token(response["access_token"], asked_at + renew_in, asked_at + unusable_in)
        with self._lock:
            self._held[scope] = token
        self._metrics.count(TOKENS, _kind_of(scope), "minted")
        return token

    @staticmethod
    def _api_lifetime(seconds: float) -> Lifetime:
        return seconds - max(60.0, seconds * 0.2), seconds - EXPIRY_LEEWAY

    @staticmethod
    def _customer_lifetime(seconds: float) -> Lifetime:
        return seconds - SDK_MIN_LIFETIME, seconds - SDK_MIN_LIFETIME


def _kind_of(scope: str) -> str:
    return "backend" if scope == "api" else "customer"


def _check_customer(jwt: str, customer_id: str) -> None:
    """Raise if the token names other customers only: it must not reach a browser.

    A token without the claim is accepted: the claim was seen in tokens, and is not documented.
    """
    customers = _claims(jwt).get("customers")
    if customers is None:
        return
    ids = (entry.get("id") if isinstance(entry, dict) else entry for entry in customers)
    if customer_id.lower() not in {name.lower() for name in ids if isinstance(name, str)}:
        raise UpstreamInvalid("Lean's token is for another customer")


def _claims(jwt: str) -> dict[str, Any]:
    """Return the claims, unverified: the token came from Lean over TLS; the SDK verifies it."""
    try:
        payload = jwt.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        customers = claims.get("customers")
        if "exp" not in claims or not isinstance(customers, list | None):
            raise ValueError("claims")
    except (IndexError, ValueError, AttributeError, RecursionError):
        raise UpstreamInvalid("Lean's customer token is not a JWT with an expiry") from None
    return claims  # type: ignore[no-any-return]
