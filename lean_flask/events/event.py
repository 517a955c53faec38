"""An event of Lean as receivers get it: typed where Lean documents it, whole in any case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ..common.logs import get_logger
from ..upstream.webhook import WebhookEvent
from .payload import Payload, UnknownPayload, load_payload
from .payloads import PAYLOADS

log = get_logger(__name__)

P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True, slots=True)
class Event(Generic[P_co]):
    """An event with a valid signature.

    :param type: such as ``entity.created``; the set is open. ``""`` if Lean sends none.
    :param payload: what it is about; an :class:`UnknownPayload` where the type is new.
    :param message: Lean's sentence about it.
    :param timestamp: as Lean wrote it, with 7 to 9 fraction digits.
    :param nanoseconds: the same, since the epoch; 0 when it could not be read.
    :param event_id: the same in each delivery of an event; keep it to do nothing twice.
    :param app_user_id: your own id of the customer; ``None`` where Lean sends none.
    """

    type: str
    payload: P_co
    message: str
    timestamp: str
    nanoseconds: int
    event_id: str
    app_user_id: str | None = field(default=None, repr=False)


def event_of(webhook: WebhookEvent) -> Event[Any]:
    """Return *webhook* with its payload typed; a field with a wrong value costs only itself."""
    model = PAYLOADS.get(webhook.type, UnknownPayload)
    payload, wrong = load_payload(model, webhook.payload)
    if wrong:
        log.warning(
            "Fields of the event %.200a (%.200a) were left out: %s",
            webhook.event_id,
            webhook.type,
            ", ".join(wrong),
        )
    app_user_id = payload.raw.get("app_user_id")
    return Event(
        type=webhook.type,
        payload=payload,
        message=webhook.message,
        timestamp=webhook.timestamp,
        nanoseconds=webhook.nanoseconds,
        event_id=webhook.event_id,
        app_user_id=app_user_id if isinstance(app_user_id, str) else None,
    )
