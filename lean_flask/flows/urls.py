"""Fields for URLs that a browser is sent to."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from marshmallow import ValidationError, fields

from ..common.fields import HostURL, split_browser_url
from ..common.urls import EXECUTABLE_SCHEMES, is_https_or_loopback

#: Characters of a flow's URL. gunicorn takes 4,094 for ``GET <url> HTTP/1.1``, nginx 8,000.
MAX_URL_LENGTH = 4_000
_APP_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)


class RedirectURL(fields.String):
    """An address that can be registered in Lean's dashboard: ``https://…`` or an app link."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        address: str = super()._deserialize(value, *args, **options)
        parts = split_browser_url(address)
        if not parts.netloc or not _APP_SCHEME.fullmatch(parts.scheme):
            raise ValidationError("Not an absolute URL.")
        if parts.scheme in EXECUTABLE_SCHEMES:
            raise ValidationError("Not a web address or an app link.")
        if parts.scheme == "http" and not is_https_or_loopback(parts):
            raise ValidationError("Not https.")
        return address


class ReturnURL(HostURL):
    """An address of the host, or of an app: ``myapp://done``, ``com.example.app:/done``.

    Which schemes are the host's apps', its settings say, which no field knows.
    """

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        address: str = fields.String._deserialize(self, value, *args, **options)
        parts = split_browser_url(address)
        if parts.scheme in {"", "http", "https"}:
            return super()._deserialize(address, *args, **options)
        if parts.scheme in EXECUTABLE_SCHEMES or not (parts.netloc or parts.path.startswith("/")):
            raise ValidationError("Not a web address or an app link.")
        return parts.scheme + address[len(parts.scheme) :]


class ImageURL(RedirectURL):
    """An address that a picture is loaded from: ``https://…``."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        address = super()._deserialize(value, *args, **options)
        if not address.lower().startswith("https://"):
            raise ValidationError("Not https.")
        return address


def with_query(address: str, **added: str | None) -> str:
    """Return *address* with the parameters that are not ``None`` added to its query."""
    rest, mark, fragment = address.partition("#")
    start, _, query = rest.partition("?")
    new = urlencode({name: value for name, value in added.items() if value is not None})
    whole = "&".join(filter(None, [query, new]))
    return f"{start}{whole and '?'}{whole}{mark}{fragment}"
