"""Encryption with the host's ``SECRET_KEY``, one key per purpose."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_TAG_BYTES = 16


class ShortSeal:
    """AES-256-GCM with a random nonce, for what is opened in each request.

    It takes a fraction of the time and two thirds of the overhead of :func:`encryption`. One key is
    good for four billion messages.

    :param secrets: the first one encrypts, each decrypts.
    :param salt: see :func:`encryption`.
    :param purpose: see :func:`encryption`.
    """

    def __init__(self, secrets: Sequence[str | bytes], salt: str, purpose: bytes) -> None:
        self._keys = [AESGCM(_derived(secret, salt, purpose)) for secret in secrets]

    def encrypt(self, content: bytes) -> bytes:
        """Return *content*, encrypted and authenticated."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, content, None)

    def decrypt(self, sealed: bytes) -> bytes:
        """Return what :meth:`encrypt` was given.

        :raises ValueError: when none of the keys made it.
        """
        if len(sealed) >= _NONCE_BYTES + _TAG_BYTES:
            nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            for key in self._keys:
                with suppress(InvalidTag):
                    return key.decrypt(nonce, content, None)
        raise ValueError("not encrypted with one of these keys")


def encryption(secrets: Sequence[str | bytes], salt: str, purpose: bytes) -> MultiFernet:
    """Return what encrypts with the first of *secrets*, and decrypts with each.

    :param salt: differs per blueprint, so that one cannot read what another encrypts.
    :param purpose: differs per kind of content, and per version of it.
    :raises ValueError: when there are no secrets.
    """
    keys = [base64.urlsafe_b64encode(_derived(secret, salt, purpose)) for secret in secrets]
    return MultiFernet([Fernet(key) for key in keys])


def _derived(secret: str | bytes, salt: str, purpose: bytes) -> bytes:
    """Return 32 bytes of key of *secret* (HKDF of RFC 5869)."""
    material = secret.encode() if isinstance(secret, str) else secret
    return HKDF(SHA256(), length=32, salt=salt.encode(), info=purpose).derive(material)
