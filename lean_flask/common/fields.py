"""Marshmallow fields and a base schema for JSON from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from .secret import Secret
from .text import sanitize_text


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


class LenientSchema(Schema):
    """Load a JSON object, ignoring unknown fields; a null counts as a missing field."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _drop_nulls(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError("Not an object.")
        return {name: value for name, value in data.items() if value is not None}
