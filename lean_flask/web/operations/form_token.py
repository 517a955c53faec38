"""The token that each form of the operations page carries, so that no other page can send one.

It is good for one operator in one browser session, and for the hours that a page stays open.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from ...services import get_services
from ..browser_session import browser_id, is_browser
from ..secret_keys import key_salt, secret_keys

MAX_AGE = 12 * 3600  # seconds
MAX_LENGTH = 2_000  # characters


def make_token(blueprint_name: str, operator: str) -> str:
    """Return a token for the forms of a page that *operator* gets."""
    return str(_serializer(blueprint_name).dumps([browser_id(), operator]))


def is_token(text: str, blueprint_name: str, operator: str) -> bool:
    """Return whether *text* came with a page that *operator* got in this browser session."""
    if not 0 < len(text) <= MAX_LENGTH:
        return False
    try:
        browser, name = _serializer(blueprint_name).loads(text, max_age=MAX_AGE)
    except (BadData, ValueError, TypeError):
        return False
    return is_browser(browser) and secrets.compare_digest(name.encode(), operator.encode())


def _serializer(blueprint_name: str) -> URLSafeTimedSerializer:
    return _make_serializer(secret_keys(), key_salt("operations", get_services(blueprint_name)))


@lru_cache(maxsize=32)
def _make_serializer(keys: tuple[str | bytes, ...], salt: str) -> URLSafeTimedSerializer:
    options: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    # itsdangerous signs with the last one
    encoded = [key if isinstance(key, bytes) else key.encode() for key in reversed(keys)]
    return URLSafeTimedSerializer(encoded, salt, signer_kwargs=options)
