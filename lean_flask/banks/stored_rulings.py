"""Rulings as JSON for the shared store, and back through a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from ..common.fields import CleanString
from ..common.lenient import load_leniently
from ..common.logs import get_logger
from ..common.skipped_records import skipped_records
from ..common.types import LANGUAGES
from ..common.validators import is_identifier, is_purpose
from .overrides import (
    ACTIONS,
    LATEST_END,
    MAX_BY,
    MAX_MESSAGE,
    MAX_WHY,
    Override,
    in_both_languages,
)
from .rulings import NO_RULINGS, Ruling, Rulings, Slot

log = get_logger(__name__)

_LAST_SECOND = LATEST_END.timestamp()


class _MessageSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    en = CleanString(max_length=MAX_MESSAGE, load_default="")
    ar = CleanString(max_length=MAX_MESSAGE, load_default="")


def _time(**options: Any) -> fields.Float:
    return fields.Float(allow_nan=False, validate=validate.Range(0, _LAST_SECOND), **options)


class _RulingSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    identifier = fields.String(required=True, validate=is_identifier)
    ruled = fields.String(required=True, validate=is_purpose)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**63))
    action = fields.String(required=True, validate=validate.OneOf([*ACTIONS, "clear"]))
    purpose = fields.String(required=True, allow_none=True, validate=is_purpose)
    until = _time(required=True, allow_none=True)
    message = fields.Nested(_MessageSchema, load_default=dict)
    by = CleanString(max_length=MAX_BY, load_default="")
    why = CleanString(max_length=MAX_WHY, load_default="")
    since = _time(load_default=0.0)

    @validates_schema
    def _check_purpose(self, data: dict[str, Any], **_: Any) -> None:
        if data["purpose"] not in {None, data["ruled"]}:
            raise ValidationError("Is for another purpose.", "purpose")


_schema = _RulingSchema()
#: What decides whether customers are shown a bank: nothing of it is guessed.
_STRICT = frozenset({"identifier", "ruled", "version", "action", "purpose", "until"})


def load_rulings(value: bytes | None) -> Rulings:
    """Return the rulings in *value*. What cannot be read is left out, one ruling by itself."""
    if value is None:
        return NO_RULINGS
    try:
        content = json.loads(value)
        floor, records = int(content["floor"]), list(content["rulings"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        log.warning("The stored overrides are ignored as corrupt")
        return NO_RULINGS
    slots: dict[Slot, Ruling] = {}
    with skipped_records(log, "Skipped stored override") as skip:
        for position, record in enumerate(records):
            try:
                loaded, _ = load_leniently(_schema, record, strict=_STRICT)
            except ValidationError as error:
                skip(f"number {position + 1}", error.messages_dict)
                continue
            slots[loaded["identifier"], loaded["ruled"]] = _ruling(loaded)
    return Rulings(floor, slots)


def _ruling(loaded: Mapping[str, Any]) -> Ruling:
    until = loaded["until"]
    if loaded["action"] == "clear":
        return Ruling(loaded["version"], None, loaded["by"] or "", loaded["why"] or "")
    return Ruling(
        loaded["version"],
        Override(
            loaded["identifier"],
            loaded["action"],
            loaded["purpose"],
            None if until is None else datetime.fromtimestamp(until, UTC),
            in_both_languages(loaded["message"]),
            loaded["by"] or "",
            loaded["why"] or "",
            datetime.fromtimestamp(loaded["since"], UTC),
        ),
    )


def dump_rulings(rulings: Rulings) -> bytes:
    """Return *rulings* as a value; the same ones give the same bytes."""
    records = [
        {"identifier": identifier, "ruled": purpose, "version": ruling.version}
        | (_record(ruling.override) if ruling.override else _cleared(ruling))
        for (identifier, purpose), ruling in sorted(rulings.slots.items(), key=lambda item: item[0])
    ]
    return json.dumps({"floor": rulings.floor, "rulings": records}).encode()


def _cleared(ruling: Ruling) -> dict[str, Any]:
    return {
        "action": "clear",
        "purpose": None,
        "until": None,
        "by": ruling.by,
        "why": ruling.why,
    }


def _record(override: Override) -> dict[str, Any]:
    return {
        "action": override.action,
        "purpose": override.purpose,
        "until": override.until.timestamp() if override.until else None,
        "message": {language: override.message.get(language, "") for language in LANGUAGES},
        "by": override.by,
        "why": override.why,
        "since": override.since.timestamp(),
    }
