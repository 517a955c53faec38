"""A bank as ``GET /banks`` and ``flask lean banks --json`` show it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from ..common.types import PURPOSES, Language
from .bank import Bank
from .schema import BankSchema, PurposeFlagsSchema


class NamesSchema(Schema):
    """The name to show in each language."""

    en = fields.String(required=True)
    ar = fields.String(required=True)


class NoticeSchema(Schema):
    """What the operator of this server says of a bank that it has made unavailable."""

    en = fields.String(required=True)
    ar = fields.String(required=True)


class PublicBankSchema(BankSchema):
    """Lean's own fields, and those that a page needs."""

    display_name = fields.String(required=True)
    names = fields.Nested(NamesSchema, required=True)
    available = fields.Nested(PurposeFlagsSchema, required=True)
    notice = fields.Nested(NoticeSchema, load_default=None, allow_none=True)


_schema = PublicBankSchema()


def public_bank(bank: Bank, language: Language) -> dict[str, Any]:
    """Return *bank* as JSON types, with ``display_name`` in *language*."""
    record: dict[str, Any] = _schema.dump(bank)
    notice = bank.notice(PURPOSES)
    return record | {
        "display_name": bank.names[language],
        "names": bank.names,
        "available": {purpose: bank.is_available(purpose) for purpose in PURPOSES},
        "notice": notice.texts if notice else None,
    }
