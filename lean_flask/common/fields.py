"""Marshmallow fields and a base schema for JSON from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlunsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from .secret import Secret
from .text import sanitize_text
from .urls import is_web_address, split_url

# Browsers drop or reinterpret these, so what Python parses would not be where they go.
UNSAFE_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\\u2028\u2029\ud800-\udfff]")


class CleanString(fields.String):
    """A short string on one line, without invisible characters; null loads as an empty string.

    :param max_length: characters, counted after cleaning.
    """

    def __init__(self, *, max_length: int = 200, allow_none: bool = True, **options: Any) -> None:
        super().__init__(allow_none=allow_none, validate=validate.Length(max=max_length), **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        return sanitize_text(super()._deserialize(value, *args, **options) or "")


class SecretString(fields.String):
    """A string that loads as :class:`Secret`, so that no repr shows it."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Secret:
        return Secret(super()._deserialize(value, *args, **options))


class HostURL(fields.String):
    """A path of the host, or an absolute http(s) URL of the host's choice."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        url: str = super()._deserialize(value, *args, **options)
        parts = split_browser_url(url)
        if parts.scheme or parts.netloc:
            if not is_web_address(parts):
                raise ValidationError("Not an http(s) URL.")
        elif not re.match(r"/(?!/)", url):
            raise ValidationError("Not a path from the root.")
        return urlunsplit(parts)


class LenientSchema(Schema):
    """Load a JSON object, ignoring unknown fields; a null counts as a missing field."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _drop_nulls(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError("Not an object.")
        return {name: value for name, value in data.items() if value is not None}


def split_browser_url(url: str) -> SplitResult:
    """Return the parts of *url*, which a browser would read as Python does.

    :raises ValidationError: when it might not.
    """
    if UNSAFE_CHARACTERS.search(url):
        raise ValidationError("Has a character that addresses cannot hold.")
    try:
        parts = split_url(url)
    except ValueError:
        raise ValidationError("Not a URL, or one that holds a user name.") from None
    if "%" in parts.netloc:  # browsers decode it, and may find another host
        raise ValidationError("Has a character that host names cannot hold.")
    return parts
