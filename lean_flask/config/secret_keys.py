"""The host's secret keys, from which lean-flask derives its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import ConfigurationError
from .settings import Settings


def read_secret_keys(config: Mapping[str, Any]) -> tuple[str | bytes, ...]:
    """Return ``SECRET_KEY`` of *config*, then its ``SECRET_KEY_FALLBACKS``.

    :raises ConfigurationError: when there is no ``SECRET_KEY``, or one of them is no key.
    """
    secret_key = config.get("SECRET_KEY")
    if not secret_key:
        raise ConfigurationError(
            "SECRET_KEY is missing; flows are encrypted with it, and it takes a long random string"
        )
    fallbacks = config.get("SECRET_KEY_FALLBACKS") or ()
    if not isinstance(fallbacks, list | tuple):
        raise ConfigurationError("SECRET_KEY_FALLBACKS takes a list of earlier keys")
    for name, key in (
        ("SECRET_KEY", secret_key),
        *(("SECRET_KEY_FALLBACKS", key) for key in fallbacks),
    ):
        if not isinstance(key, str | bytes):
            raise ConfigurationError(
                f"{name} got a value of type {type(key).__name__}; it takes a string or bytes"
            )
    return (secret_key, *fallbacks)


def salt_of(purpose: str, blueprint_name: str, settings: Settings) -> str:
    """Return the salt of a key, which differs per purpose, blueprint, application and environment.

    So a token of the sandbox means nothing in production, nor one of Saudi Arabia in the UAE,
    where two applications share a ``SECRET_KEY``.
    """
    made_by = {
        "blueprint": blueprint_name,
        "app_token": settings.app_token,
        "client_id": settings.client_id,
        "country": settings.country,
        "sandbox": settings.sandbox,
        "api_url": settings.api_url,
    }
    return f"lean-flask {purpose} {json.dumps(made_by)}"
