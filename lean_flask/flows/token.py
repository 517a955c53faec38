"""Flow tokens: a whole flow as compressed JSON, encrypted and dated.

They are encrypted because URLs reach logs and browser histories. A flow is not kept on the server,
so its token works in every worker and on every machine that shares ``SECRET_KEY``.
"""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..common.encryption import ShortSeal
from ..errors import FlowError

#: Part of each key. Count it up when the payload changes, so that older tokens are refused.
_PURPOSE = b"lean-flask flow token 4"
#: Seconds that a token may come from the future: the clocks of machines differ.
MAX_CLOCK_SKEW = 300
_DATE_BYTES = 8  # seconds since the epoch


class FlowSerializer:
    """Make and read the flow tokens of one blueprint.

    :param secret_keys: the host's ``SECRET_KEY``, then its ``SECRET_KEY_FALLBACKS``. The first one
        makes tokens, all of them read.
    :param salt: differs per blueprint, so that a token of one is refused by another.
    :param clock: seconds since the epoch.
    """

    def __init__(
        self,
        secret_keys: Sequence[str | bytes],
        salt: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._seal = ShortSeal(secret_keys, salt, _PURPOSE)
        self._clock = clock

    def dumps(self, payload: Mapping[str, Any]) -> str:
        """Return a token of *payload*, which must fit into JSON. It needs no quoting in a URL."""
        made_at = int(self._clock()).to_bytes(_DATE_BYTES, "big")
        content = zlib.compress(json.dumps(payload, separators=(",", ":")).encode())
        return base64.urlsafe_b64encode(self._seal.encrypt(made_at + content)).decode().rstrip("=")

    def loads(self, token: str) -> tuple[dict[str, Any], float]:
        """Return the payload of *token*, and its age in seconds.

        An expired token still gives its payload, which says where the customer can go on.

        :raises FlowError: with reason ``invalid_flow``, when this blueprint did not make it.
        """
        try:
            content = self._seal.decrypt(_decoded(token))
        except ValueError:
            raise FlowError(
                "The flow token was not made by this blueprint", reason="invalid_flow"
            ) from None
        made_at = int.from_bytes(content[:_DATE_BYTES], "big")
        payload: dict[str, Any] = json.loads(zlib.decompress(content[_DATE_BYTES:]))
        return payload, self._clock() - made_at


def is_expired(age: float, max_age: float) -> bool:
    """Return whether a token of *age* has ended, or comes from too far in the future.

    :param age: seconds.
    :param max_age: seconds that it lives.
    """
    return not -MAX_CLOCK_SKEW <= age <= max_age


def _decoded(token: str) -> bytes:
    """Return the bytes of *token*.

    Several texts of base64 decode to the same bytes; only the one that :meth:`FlowSerializer.dumps`
    writes is taken.

    :raises ValueError: for any other text.
    """
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != token.encode():
        raise ValueError("not canonical base64")
    return raw
