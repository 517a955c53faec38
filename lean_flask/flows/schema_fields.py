"""The kinds of fields that the methods of the SDK take, with what an error says that they take."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from ..common.money import Amount
from ..common.validators import is_currency
from ..upstream.consent_body import ControlParametersSchema
from .identity import user_id_text
from .urls import ImageURL, RedirectURL

MAX_TEXT_LENGTH = 500  # characters; the flow's URL holds it


class UUIDText(fields.String):
    """A UUID that stays a string, as the SDK wants it."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        text = str(value) if isinstance(value, UUID) else value
        text = super()._deserialize(text, *args, **options)
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
            raise ValidationError("Not a UUID.")
        return text


class UserIDText(fields.Field[str]):
    """The id of a user of the host, as ``@lean.identify`` gives it; loads as a string."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        try:
            return user_id_text(value)
        except ValueError:
            raise ValidationError("Not a user's id.") from None


class ConsentId(UUIDText):
    """The id of a consent, or a function that makes one, which stays as it is."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        return value if callable(value) else super()._deserialize(value, *args, **options)


class ControlParameters(fields.Nested):
    """The limits of a consent, as ``create_consent`` takes them, or as Lean has sent them.

    Amounts come out as exact text, since a flow is kept as JSON.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(ControlParametersSchema, **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        if isinstance(value, Mapping):
            value = {name: limit for name, limit in value.items() if limit is not None}
        limits: dict[str, Any] = super()._deserialize(value, *args, **options)
        return {
            name: f"{limit:f}" if isinstance(limit, Decimal) else limit
            for name, limit in limits.items()
        }


class ISODate(fields.String):
    """A date or a date and time of ISO 8601; Python's own objects are taken too."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        text = value.isoformat() if isinstance(value, date) else value
        text = super()._deserialize(text, *args, **options)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError("Not an ISO 8601 date.") from None
        return text


class StrictBoolean(fields.Boolean):
    """A real boolean: in JavaScript, the string ``"false"`` counts as true."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Not a boolean.")
        return value


class Texts(fields.Field[dict[str, str]]):
    """A text, or one for each language; loads by language, with ``""`` for every other one."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        texts = {"": value} if isinstance(value, str) else value
        if not isinstance(texts, Mapping) or not texts:
            raise ValidationError("Not a text.")
        for text in (part for pair in texts.items() for part in pair):
            if not isinstance(text, str) or len(text) > MAX_TEXT_LENGTH:
                raise ValidationError("Not a text.")
        if not all(text.strip() for text in texts.values()):
            raise ValidationError("Empty.")
        return dict(texts)


def text_field(longest: int = 255, **options: Any) -> fields.String:
    """Return a field for words that may be about the customer, so no message repeats them."""
    return fields.String(
        validate=validate.Length(min=1, max=longest),
        metadata={"takes": f"a string of 1 to {longest} characters", "secret": True},
        **options,
    )


def uuid_field(internal: bool = False, **options: Any) -> UUIDText:
    """Return a field for an id of Lean's. What is passed by mistake may be a name or an address."""
    return UUIDText(metadata={"takes": "a UUID", "secret": True, "internal": internal}, **options)


def redirect_field() -> RedirectURL:
    """Return a field for a landing URL."""
    takes = "an https:// URL or app link registered in Lean's dashboard"
    return RedirectURL(metadata={"takes": takes})


def picture_field() -> ImageURL:
    """Return a field for the URL of a picture."""
    return ImageURL(metadata={"takes": "an https:// URL of a PNG or JPG"})


def boolean_field() -> StrictBoolean:
    """Return a field for a boolean."""
    return StrictBoolean(metadata={"takes": "True or False"})


def amount_field() -> Amount:
    """Return a field for an amount of money; the SDK does not take it."""
    takes = "an exact amount above zero, as Decimal, int or string"
    return Amount(metadata={"takes": takes, "internal": True})


def currency_field(**options: Any) -> fields.String:
    """Return a field for a currency; the SDK does not take it."""
    return fields.String(
        validate=is_currency,
        metadata={"takes": "an ISO 4217 code such as 'AED' or 'SAR'", "internal": True},
        **options,
    )


def is_json(value: Any) -> None:
    """Refuse a value that JSON cannot hold."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValidationError("Holds something that JSON cannot.") from None
