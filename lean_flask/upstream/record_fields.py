"""Marshmallow fields for what Lean's records have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from ..common.json_object import JSONObject
from ..common.money import Amount
from ..common.text import sanitize_text
from .webhook import nanoseconds

MAX_TEXT_LENGTH = 200  # characters
_MAX_PERMISSIONS = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Text(fields.String):
    """Text of any JSON scalar: Lean's own sample has a numeric account number."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        number = isinstance(value, int) and not isinstance(value, bool)
        text = str(value) if number and abs(value) < 10**MAX_TEXT_LENGTH else value
        return sanitize_text(super()._deserialize(text, *args, **options))[:MAX_TEXT_LENGTH]


class Timestamp(fields.Field[datetime]):
    """A time with up to twelve fraction digits, as an aware UTC datetime.

    Microseconds are kept. A time without an offset is UTC, as Lean writes some. One before 1970 is
    none: some services write "no time" as the year 1.
    """

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        since_epoch = nanoseconds(value) if isinstance(value, str) else 0
        if since_epoch <= 0:
            raise ValidationError("Not a time.")
        try:
            return _EPOCH + timedelta(microseconds=since_epoch // 1000)
        except OverflowError:
            raise ValidationError("Not a time.") from None


class Permissions(fields.Field[tuple[str, ...]]):
    """The permissions that are granted: an object of booleans in the API, a list in events."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        if isinstance(value, Mapping):
            value = [name for name, is_granted in value.items() if is_granted is True]
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValidationError("Neither an object of booleans nor a list of names.")
        names = (sanitize_text(name)[:MAX_TEXT_LENGTH] for name in value[:_MAX_PERMISSIONS])
        return tuple(dict.fromkeys(name for name in names if name))


class Money(Amount):
    """An amount, exact: a JSON number, or a text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(zero=True, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Decimal:
        if isinstance(value, float):  # its shortest spelling is what Lean wrote
            value = Decimal(repr(value))
        return super()._deserialize(value, *args, **options)


class Object(fields.Field[Mapping[str, Any]]):
    """A JSON object as Lean wrote it, whose repr shows no values."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError("Not an object.")
        return JSONObject(value)
