"""Lean's webhooks: the signature over the raw body, and the event inside it."""

from __future__ import annotations

import calendar
import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..errors import SignatureError

_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T* ](\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?(?:Z|([+-])(\d\d):?(\d\d))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified event.

    :param type: such as ``entity.created``; the set is open. ``""`` if Lean sends none.
    :param payload: what the event is about, as Lean wrote it: an object in all documented events.
    :param message: Lean's sentence about it.
    :param timestamp: as Lean wrote it, with 7 to 9 fraction digits.
    :param nanoseconds: the same, since the epoch; 0 when it could not be read.
    :param event_id: the same in each delivery of an event; a digest of the body if Lean sends none.
    """

    type: str
    payload: Any = field(repr=False)
    message: str
    timestamp: str
    nanoseconds: int
    event_id: str

    @property
    def is_bank_event(self) -> bool:
        """Return whether it is about a bank. lean-flask acts on those as well as the host."""
        return self.type.startswith(("bank.", "banks."))


def signature_of(body: bytes, secret: str) -> str:
    """Return the ``lean-signature`` that Lean would send with the raw *body*."""
    return f"sha512={hmac.digest(secret.encode(), body, 'sha512').hex()}"


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> None:
    """Check ``lean-signature`` over the raw *body*, in constant time, against every secret.

    :raises SignatureError: unless one of them made it.
    """
    scheme, _, claimed = (header or "").strip().partition("=")
    given = f"{scheme}={claimed.strip()}".lower().encode("utf-8", "replace")
    made = [signature_of(body, secret).encode() for secret in secrets]
    matches = [hmac.compare_digest(given, signature) for signature in made]
    if not any(matches):
        raise SignatureError("lean-signature does not match the body")


def parse_event(body: bytes) -> WebhookEvent:
    """Return the event in a verified *body*, whatever its shape: the host sees all that Lean says.

    A body that is not a JSON object has the type ``""``, and is itself the payload.

    :raises ValueError: when it is not JSON.
    """
    content = _decode(body)
    envelope = content if isinstance(content, dict) else {"payload": content}
    kind, payload = envelope.get("type"), envelope.get("payload")
    event_id, timestamp = envelope.get("event_id"), _text(envelope.get("timestamp"))
    if not isinstance(event_id, str) or not event_id.strip():
        event_id = hashlib.sha256(body).hexdigest()
    return WebhookEvent(
        type=kind if isinstance(kind, str) else "",
        payload={} if payload is None else payload,
        message=_text(envelope.get("message")),
        timestamp=timestamp,
        nanoseconds=nanoseconds(timestamp),
        event_id=event_id,
    )


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body, parse_int=_integer)
    except RecursionError:
        raise ValueError("Nested too deep") from None


def _integer(digits: str) -> int | Decimal:
    """Return the number; Python makes no ``int`` of thousands of digits."""
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


def _text(value: Any) -> str:
    """Return *value* as a text: what is none is written as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    try:
        return json.dumps(value, default=str)
    except RecursionError:
        return ""


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
