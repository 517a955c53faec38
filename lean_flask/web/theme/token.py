"""The theme in the stylesheet's URL: what the page shows of a customization, signed.

Without the signature anyone could make the server compute a stylesheet of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from marshmallow import ValidationError

from ...config.customization import CustomizationSchema

#: The fields that show on the page; the others concern the SDK's own dialog only.
SHOWN_FIELDS = (
    "theme_color",
    "theme_color_dark",
    "button_text_color",
    "button_text_color_dark",
    "link_color",
    "button_border_radius",
    "dialog_background_color_light",
    "dialog_background_color_dark",
    "force_appearance",
)
MAX_THEME_LENGTH = 4096

_schema = CustomizationSchema(only=SHOWN_FIELDS)


def shown_fields(customization: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of *customization*."""
    return {name: customization[name] for name in SHOWN_FIELDS if name in customization}


class ThemeSerializer:
    """Make and read the themes of one blueprint.

    The same customization always gives the same text, so that browsers cache the stylesheet.

    :param secret_keys: the host's ``SECRET_KEY``, then its ``SECRET_KEY_FALLBACKS``. The first one
        signs, all of them verify.
    :param salt: differs per blueprint.
    """

    def __init__(self, secret_keys: Sequence[str | bytes], salt: str) -> None:
        self._serializer = URLSafeSerializer(
            # itsdangerous signs with the last one
            [key if isinstance(key, bytes) else key.encode() for key in reversed(secret_keys)],
            salt,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def dumps(self, customization: Mapping[str, Any]) -> str:
        """Return what the page shows of *customization*, as a text for a URL."""
        return str(self._serializer.dumps(shown_fields(customization)))

    def loads(self, text: str) -> dict[str, Any]:
        """Return the customization in *text*. Nothing is computed before the signature is verified.

        :raises ValueError: when this blueprint did not sign it.
        """
        if len(text) > MAX_THEME_LENGTH:
            raise ValueError("Not a theme.")
        try:
            signed = self._serializer.loads(text)
            theme: dict[str, Any] = _schema.load(signed)
        except (BadData, ValueError, ValidationError) as error:
            raise ValueError("Not a theme.") from error
        return theme


@lru_cache(maxsize=32)
def theme_serializer(secret_keys: tuple[str | bytes, ...], salt: str) -> ThemeSerializer:
    """Return the serializer of these keys, made once."""
    return ThemeSerializer(secret_keys, salt)
