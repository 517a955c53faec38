"""Encryption with the host's ``SECRET_KEY``, one key per purpose.

cryptography is imported when the first key is made: it holds 7 MiB.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from contextlib import suppress

_NONCE_BYTES = 12
_TAG_BYTES = 16


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

        keys = [base64.urlsafe_b64encode(_derived(one, salt, purpose)) for one in secrets]
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._invalid = InvalidToken
        self.encrypt = self._fernet.encrypt

    def decrypt(self, token: bytes) -> bytes:
        """Return what *token* holds.

        :raises DecryptionError: when no key opens it.
        """
        try:
            return self._fernet.decrypt(token)
        except self._invalid:
            raise DecryptionError from None


class ShortSeal:
    """Encrypts with AES-256-GCM and a random nonce, for what is opened in each request.

    It takes a fraction of the time and two thirds of the overhead of :class:`Encryption`. One key
    is good for four billion messages.

    :param secrets: as of :class:`Encryption`, and so the others.
    """

    def __init__(self, secrets: Sequence[str | bytes], salt: str, purpose: bytes) -> None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._keys = [AESGCM(_derived(one, salt, purpose)) for one in secrets]
        self._invalid = InvalidTag

    def encrypt(self, content: bytes) -> bytes:
        """Return *content*, encrypted and authenticated."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, content, None)

    def decrypt(self, sealed: bytes) -> bytes:
        """Return what :meth:`encrypt` was given.

        :raises DecryptionError: when no key opens it.
        """
        if len(sealed) >= _NONCE_BYTES + _TAG_BYTES:
            nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            for key in self._keys:
                with suppress(self._invalid):
                    return key.decrypt(nonce, content, None)
        raise DecryptionError


def _derived(secret: str | bytes, salt: str, purpose: bytes) -> bytes:
    """Return 32 bytes of key of *secret* (HKDF of RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(SHA256(), length=32, salt=salt.encode(), info=purpose).derive(material)
