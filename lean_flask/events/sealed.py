"""The bodies of webhook events, encrypted for as long as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from ..common.encryption import DecryptionError, Encryption

#: Part of each key. Count it up when the content changes in a way that old code cannot read.
_PURPOSE = b"lean-flask webhook event 1"


class SealError(Exception):
    """The body was encrypted with another key, or changed since."""

    def __init__(self) -> None:
        super().__init__(
            "It cannot be decrypted: SECRET_KEY was changed. Put the earlier key into "
            "SECRET_KEY_FALLBACKS"
        )


class Seal:
    """Encrypts and signs with Fernet.

    :param keys: the host's ``SECRET_KEY``, then its ``SECRET_KEY_FALLBACKS``. The first one seals,
        all of them open.
    :param salt: differs per blueprint.
    :raises ValueError: when there are no keys.
    """

    def __init__(self, keys: Sequence[str | bytes], salt: str) -> None:
        self._encryption = Encryption(keys, salt, _PURPOSE)

    def seal(self, body: bytes) -> bytes:
        """Return *body* encrypted: a third longer."""
        return self._encryption.encrypt(body)

    def open(self, sealed: bytes) -> bytes:
        """Return the body.

        :raises SealError: when no key opens it.
        """
        try:
            return self._encryption.decrypt(sealed)
        except DecryptionError:
            raise SealError from None
