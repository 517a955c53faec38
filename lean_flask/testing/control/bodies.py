"""What the routes of the control take as JSON. None takes a field that it does not know."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

#: To which a fault can be set at once.
MAX_TIMES = 1_000_000
MAX_URLS = 100


def is_http_url(value: str) -> None:
    """Check that *value* is an absolute http(s) URL.

    :raises ValidationError: when it is none.
    """
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises ValueError for an invalid port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable():
        raise ValidationError("It takes an http(s) URL.")


def _is_finite(value: float) -> None:
    if not math.isfinite(value):
        raise ValidationError("It takes a number.")


class _Sides(fields.Field[dict[str, bool]]):
    """``true`` or ``false``, or one for each of ``data`` and ``payments``."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, bool]:
        if isinstance(value, bool):
            return {"data": value, "payments": value}
        if (
            isinstance(value, dict)
            and value
            and value.keys() <= {"data", "payments"}
            and all(isinstance(one, bool) for one in value.values())
        ):
            return value
        raise ValidationError('It takes true, false, or {"data": …, "payments": …}.')


class FaultBody(Schema):
    """A fault for an operation."""

    fault = fields.String(required=True)
    arguments = fields.Dict(fields.String(), fields.Raw(), load_default=dict)
    times = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(1, MAX_TIMES)
    )


class BankBody(Schema):
    """Which purposes of a bank are up, and which ones the application may use."""

    active = _Sides()
    enabled = _Sides()
    notify = fields.Boolean(load_default=True)

    @validates_schema
    def has_change(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a body without a change."""
        if not data.keys() & {"active", "enabled"}:
            raise ValidationError("It takes active, enabled, or both.")


class EventBody(Schema):
    """An event of any type, with any payload."""

    type = fields.String(required=True, validate=validate.Length(1, 200))
    payload = fields.Dict(load_default=dict)
    timestamp = fields.String(load_default=None, validate=validate.Length(1, 100))
    event_id = fields.String(load_default=None, validate=validate.Length(1, 200))


class WebhooksBody(Schema):
    """Where events go, and when."""

    urls = fields.List(fields.String(validate=is_http_url), validate=validate.Length(max=MAX_URLS))
    delay = fields.Float(validate=validate.Range(0, 3600))
    minute = fields.Float(allow_none=True, validate=validate.Range(0, 60))
    held = fields.Boolean()


class ClockBody(Schema):
    """Seconds to move the clock on."""

    advance = fields.Float(required=True, validate=[validate.Range(0), _is_finite])
