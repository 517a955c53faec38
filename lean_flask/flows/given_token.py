"""The ``access_token`` that a host gives: whether Lean's SDK will take it, for this flow."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..config.environments import ENVIRONMENTS
from ..config.settings import Settings
from ..upstream.tokens import SDK_MIN_LIFETIME as MIN_LIFETIME


def seconds_left(token: str, now: float) -> float | None:
    """Return how long *token* is valid after *now* (since the epoch); ``None`` if it cannot say."""
    expiry = _claims(token).get("exp")
    if isinstance(expiry, bool) or not isinstance(expiry, int | float):
        return None
    return expiry - now if math.isfinite(expiry) else None


def is_lasting(token: str, now: float) -> bool:
    """Return whether *token* lasts as long as the SDK wants; also if it does not say how long."""
    left = seconds_left(token, now)
    return left is None or left > MIN_LIFETIME


def mismatch(token: str, customer_id: str | None, settings: Settings) -> str:
    """Return what *token* is made for instead of this flow; empty when it fits.

    Claims that are missing or of another shape say nothing: Lean does not document them.
    """
    claims = _claims(token)
    customers = {*_ids(claims.get("customers"))}
    if customers and customer_id and customer_id.lower() not in customers:
        return "it is for another customer"
    applications = {*_ids(claims.get("applications"))}
    own = {settings.app_token.lower(), settings.client_id.lower()}
    if applications and not applications & own:
        return "it is for another application than LEAN_APP_TOKEN"
    issuer = claims.get("iss")
    here = _AUTH_HOSTS.get((settings.country, settings.sandbox))
    if isinstance(issuer, str) and _host(issuer) in {*_AUTH_HOSTS.values()} - {here}:
        return "it is for another environment than LEAN_COUNTRY and LEAN_SANDBOX say"
    return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


_AUTH_HOSTS = {key: _host(environment.auth_url) for key, environment in ENVIRONMENTS.items()}


def _claims(token: str) -> Mapping[str, Any]:
    """Return the claims, unverified: Lean verifies them. None for what is no JWT."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _ids(entries: Any) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("id") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield name.lower()
