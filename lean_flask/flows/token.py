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
#: What most flows say, so that their tokens need not: the commonest last, as zlib wants it.
_COMMON = (
    b'"success_redirect_url":"https://"fail_redirect_url":"payment_destination_id":"'
    b'"bulk_payment_intent_id":"customer_name":"access_from":"access_to":"amount","currency"'
    b'"s":{"theme_color":"#"button_border_radius":"a":"BUSINESS","a":"PERSONAL",'
    b'"y":"SAR","y":"AED","n":"l":"ar","l":"en","r":"https://","r":"/'
    b'","m":"checkout","c":{"payment_intent_id":"","m":"pay","c":{"payment_intent_id":"'
    b'"balance","transactions","payments"],"permissions":["identity","accounts"'
    b'"},"b":"{"i":"","m":"connect","c":{"customer_id":"'
)


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
        plain = _compressed(json.dumps(payload, separators=(",", ":")).encode())
        sealed = nonce + self._ciphers[0].encrypt(nonce, plain, self._salt)
        return self._signer.sign(base64_encode(sealed)).decode()

    def open(self, token: str, max_age: int) -> tuple[dict[str, Any], bool]:
        """The payload of *token*, and whether it is older than it may be.

        :param max_age: seconds that a token lives.
        :raises FlowError: with reason ``invalid_flow``.
        """
        expired = False
        try:
            signed = self._signer.unsign(token, max_age=max_age)
        except SignatureExpired as error:
            signed, expired = error.payload or b"", True
        except (BadData, ValueError):
            raise FlowError("The flow's token is not one of ours", reason="invalid_flow") from None
        payload: dict[str, Any] = json.loads(_expanded(self._decrypt(signed)))
        return payload, expired

    def _decrypt(self, signed: bytes) -> bytes:
        for cipher in self._ciphers:
            try:
                sealed = base64_decode(signed)
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._salt)
            except (BadData, InvalidTag, ValueError):
                continue
        raise FlowError("The flow's token is not one of ours", reason="invalid_flow")

    def _key(self, secret: str | bytes) -> bytes:
        return hmac.digest(_bytes(secret), b"lean-flask flow encryption 2 " + self._salt, "sha256")


def _compressed(text: bytes) -> bytes:
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_COMMON)
    return squeeze.compress(text) + squeeze.flush()


def _expanded(data: bytes) -> bytes:
    return zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_COMMON).decompress(data)


def _bytes(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret
