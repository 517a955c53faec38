"""Access tokens shaped like Lean's: JWTs with its claims, signed by the stand-in itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

_KEY = b"the stand-in's own key"


def mint(
    *,
    issuer: str,
    application: str,
    scope: str,
    seconds: int,
    customer_id: str | None = None,
) -> str:
    """Return a token for *scope*, valid for *seconds*."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "sub": application,
        "applications": [{"id": application}],
        "iss": issuer,
        "aud": [issuer] if customer_id else issuer,
        "scope": ["connect.write", "payment.write"] if customer_id else ["bank.read"],
        "nbf": now,
        "iat": now,
        "exp": now + seconds,
        "jti": secrets.token_hex(8),
    }
    if customer_id:
        claims["customers"] = [{"id": customer_id}]
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_signature(signed)}"


def is_own(token: str, application: str) -> bool:
    """Return whether *token* is one that :func:`mint` made for the API, and in force."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signed).encode()):
        return False
    content = signed.partition(".")[2]
    claims = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    return (
        claims["sub"] == application
        and "customers" not in claims
        and bool(claims["exp"] > time.time())
    )


def _signature(signed: str) -> str:
    return _encode(hmac.digest(_KEY, signed.encode("utf-8", "replace"), hashlib.sha256))


def _part(content: dict[str, Any]) -> str:
    return _encode(json.dumps(content, separators=(",", ":")).encode())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
