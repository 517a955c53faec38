"""Lean's webhooks: the signature over the raw body, and the event inside it."""

from __future__ import annotations

import calendar
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from ..errors import SignatureError

_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T* ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(?:Z|([+-])(\d\d):?(\d\d))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified event.

    :param type: such as ``entity.created``; the set is open.
    :param payload: what the event is about, as Lean wrote it.
    :param message: Lean's sentence about it.
    :param timestamp: as Lean wrote it, with 7 to 9 fraction digits.
    :param nanoseconds: the same, since the epoch; 0 when it could not be read.
    :param event_id: the same in each delivery of an event; a digest of the body if Lean sends none.
    """

    type: str
    payload: Mapping[str, Any] = field(repr=False)
    message: str
    timestamp: str
    nanoseconds: int
    event_id: str

    @property
    def is_bank_event(self) -> bool:
        """Return whether it is about a bank. lean-flask acts on those as well as the host."""
        return self.type.startswith(("bank.", "banks."))


class WebhookEventSchema(Schema):
    """Load the envelope of an event."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, validate=validate.Length(min=1, max=200))
    payload = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    message = fields.String(load_default="", allow_none=True)
    timestamp = fields.String(load_default="", allow_none=True)
    event_id = fields.String(load_default="", allow_none=True, validate=validate.Length(max=200))

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> WebhookEvent:
        given = {name: value for name, value in data.items() if value is not None}
        event = {"payload": {}, "message": "", "timestamp": "", "event_id": ""} | given
        return WebhookEvent(**event, nanoseconds=nanoseconds(event["timestamp"]))


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> None:
    """Check ``lean-signature`` over the raw *body*, in constant time, against every secret.

    :raises SignatureError: unless one of them made it.
    """
    scheme, _, claimed = (header or "").strip().partition("=")
    given = claimed.strip().lower().encode("utf-8", "replace")
    made = [hmac.digest(secret.encode(), body, "sha512").hex().encode() for secret in secrets]
    matches = [hmac.compare_digest(given, digest) for digest in made]
    if scheme.lower() != "sha512" or not any(matches):
        raise SignatureError("lean-signature does not match the body")


def parse_event(body: bytes) -> WebhookEvent:
    """Return the event in a verified body. Its id is a digest of the body if Lean sends none.

    :raises ValidationError: when it is no event.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise ValidationError("Not JSON.") from None
    if not isinstance(content, dict):
        raise ValidationError("Not an object.")
    if not content.get("event_id"):
        content = content | {"event_id": hashlib.sha256(body).hexdigest()}
    event: WebhookEvent = WebhookEventSchema().load(content)
    return event


def nanoseconds(timestamp: str) -> int:
    """Return *timestamp* since the epoch. Nanoseconds order events; ``datetime`` has none."""
    match = _TIMESTAMP.fullmatch(timestamp.strip())
    if not match:
        return 0
    day, clock, fraction, sign, hours, minutes = match.groups()
    try:
        seconds = calendar.timegm(time.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M:%S"))
    except ValueError:
        return 0
    offset = (int(hours) * 60 + int(minutes)) * 60 if sign else 0
    seconds -= -offset if sign == "-" else offset
    return seconds * 1_000_000_000 + int((fraction or "").ljust(9, "0")[:9])
