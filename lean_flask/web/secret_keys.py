"""The secret keys of the current app, from which the keys of flow tokens and themes are derived."""

from __future__ import annotations

from flask import current_app

from ..config.secret_keys import read_secret_keys, salt_of
from ..services import Services


def secret_keys() -> tuple[str | bytes, ...]:
    """Return the host's ``SECRET_KEY``, then its ``SECRET_KEY_FALLBACKS``.

    :raises ConfigurationError: when the app has no ``SECRET_KEY``, or one of them is no key.
    """
    return read_secret_keys(current_app.config)


def key_salt(purpose: str, services: Services) -> str:
    """Return the salt of a key of the blueprint, see :func:`salt_of`."""
    salt = services.salts.get(purpose)
    if salt is None:
        salt = services.salts[purpose] = salt_of(purpose, services.name, services.settings)
    return salt
