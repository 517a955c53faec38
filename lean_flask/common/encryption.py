"""Encryption with the host's ``SECRET_KEY``, one key per purpose.

cryptography is imported when the first key is made: it holds 7 MiB.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence


class DecryptionError(ValueError):
    """It was encrypted with another key, or changed since."""


class Encryption:
    """Encrypts and signs with Fernet.

    :param secrets: the first one encrypts, each of them decrypts.
    :param salt: differs per blueprint, so that one cannot read what another encrypts.
    :param purpose: differs per kind of content, and per version of it.
    :raises ValueError: when there are no secrets.
    """

    def __init__(self, secrets: Sequence[str | bytes], salt: str, purpose: bytes) -> None:
        from cryptography.fernet import Fernet, InvalidToken, MultiFernet

        self._fernet = MultiFernet([Fernet(_derive_key(one, salt, purpose)) for one in secrets])
        self._invalid = InvalidToken
        self.encrypt = self._fernet.encrypt
        self.encrypt_at_time = self._fernet.encrypt_at_time

    def decrypt(self, token: bytes) -> bytes:
        """Return what *token* holds.

        :raises DecryptionError: when no key opens it.
        """
        try:
            return self._fernet.decrypt(token)
        except self._invalid:
            raise DecryptionError from None


def _derive_key(secret: str | bytes, salt: str, purpose: bytes) -> bytes:
    """Return a Fernet key of *secret* (HKDF of RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    material = secret.encode() if isinstance(secret, str) else secret
    key = HKDF(SHA256(), length=32, salt=salt.encode(), info=purpose).derive(material)
    return base64.urlsafe_b64encode(key)
