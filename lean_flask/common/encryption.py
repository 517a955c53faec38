"""Encryption with the host's ``SECRET_KEY``, one key per purpose."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def encryption(secrets: Sequence[str | bytes], salt: str, purpose: bytes) -> MultiFernet:
    """Return what encrypts with the first of *secrets*, and decrypts with each.

    :param salt: differs per blueprint, so that one cannot read what another encrypts.
    :param purpose: differs per kind of content, and per version of it.
    :raises ValueError: when there are no secrets.
    """
    return MultiFernet([Fernet(_derive_key(secret, salt, purpose)) for secret in secrets])


def _derive_key(secret: str | bytes, salt: str, purpose: bytes) -> bytes:
    """Return a Fernet key of *secret* (HKDF of RFC 5869)."""
    material = secret.encode() if isinstance(secret, str) else secret
    key = HKDF(SHA256(), length=32, salt=salt.encode(), info=purpose).derive(material)
    return base64.urlsafe_b64encode(key)
