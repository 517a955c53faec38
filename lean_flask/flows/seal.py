"""Flow tokens: signed and dated by itsdangerous, encrypted because URLs reach logs.

The whole flow travels in its token. Nothing has to be kept on the server, so a flow works in every
worker and on every machine that shares ``SECRET_KEY``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import BadData, SignatureExpired, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from ..errors import FlowError

_NONCE = 12  # bytes, as AES-GCM takes it


class Seal:
    """Seals and opens the tokens of one blueprint.

    :param secret_keys: the host's ``SECRET_KEY``, then its ``SECRET_KEY_FALLBACKS``.
    :param salt: differs per blueprint, so that a token of one means nothing to another.
    """

    def __init__(self, secret_keys: Sequence[str | bytes], salt: str) -> None:
        self._salt = salt.encode()
        self._signer = TimestampSigner(
            [_bytes(secret) for secret in reversed(secret_keys)],
            salt=self._salt,
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
        self._ciphers = [AESGCM(self._key(secret)) for secret in secret_keys]

    def close(self, payload: dict[str, Any]) -> str:
        """The token of *payload*, safe in a URL."""
        nonce = os.urandom(_NONCE)
        plain = zlib.compress(json.dumps(payload, separators=(",", ":")).encode(), 9)
        sealed = nonce + self._ciphers[0].encrypt(nonce, plain, self._salt)
        return self._signer.sign(base64_encode(sealed)).decode()

    def open(self, token: str, max_age: int) -> dict[str, Any]:
        """The payload of *token*.

        :param max_age: seconds that a token lives.
        :raises FlowError: with reason ``expired`` or ``foreign``.
        """
        try:
            sealed = base64_decode(self._signer.unsign(token, max_age=max_age))
        except SignatureExpired:
            raise FlowError("The flow has expired", reason="expired") from None
        except (BadData, ValueError):
            raise FlowError("The flow's token is not one of ours", reason="foreign") from None
        payload: dict[str, Any] = json.loads(zlib.decompress(self._decrypt(sealed)))
        return payload

    def _decrypt(self, sealed: bytes) -> bytes:
        nonce, text = sealed[:_NONCE], sealed[_NONCE:]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, text, self._salt)
            except InvalidTag:
                continue
        raise FlowError("The flow's token is not one of ours", reason="foreign")

    def _key(self, secret: str | bytes) -> bytes:
        return hmac.digest(_bytes(secret), b"lean-flask flow encryption " + self._salt, "sha256")


def _bytes(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret
