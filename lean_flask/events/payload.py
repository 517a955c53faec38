"""What the payloads of all events have in common, and how a payload is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from typing import Any, Self, TypeVar, get_type_hints

from marshmallow import ValidationError
from marshmallow import fields as mf

from ..banks.bank import Availability
from ..banks.schema import AvailabilitySchema, ModelSchema
from ..common.fields import LenientSchema
from ..common.json_object import JSONObject
from ..common.lenient import load_leniently
from ..upstream.record_fields import Money, Object

PayloadT = TypeVar("PayloadT", bound="Payload")


def _repr_without_values(instance: object) -> str:
    """Return its name alone: a log is no place for customers' data."""
    return f"{type(instance).__name__}(...)"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Payload:
    """What an event is about. A field that Lean does not send, or sends wrong, is ``None``.

    :param raw: all fields as Lean wrote them, also those that are new; empty if it is no object.
    """

    raw: Mapping[str, Any] = field(default_factory=JSONObject, hash=False)

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Self:
        """Return *raw* as an event had it, such as in a task that was handed it as JSON."""
        payload, _ = load_payload(cls, raw)
        return payload

    def __repr__(self) -> str:
        return _repr_without_values(self)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class UnknownPayload(Payload):
    """The payload of an event whose type is new to lean-flask: only :attr:`raw`."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BankDetails:
    """The bank of an entity.

    :param identifier: as in the bank list.
    :param account_type: ``PERSONAL`` or ``BUSINESS``.
    """

    identifier: str | None = None
    name: str | None = None
    logo: str | None = None
    main_color: str | None = None
    background_color: str | None = None
    swift_code: str | None = None
    account_type: str | None = None
    bank_type: str | None = None

    def __repr__(self) -> str:
        return _repr_without_values(self)


class _BankDetailsSchema(ModelSchema):
    model = BankDetails


def load_payload(model: type[PayloadT], content: Any) -> tuple[PayloadT, list[str]]:
    """Return *content* as a *model*, and the names of its fields that were left out as wrong."""
    raw = JSONObject(content if isinstance(content, Mapping) else {})
    try:
        schema = _schema(model)  # type: ignore[arg-type]
        loaded, wrong = load_leniently(schema, _with_plain_amount(content))
    except ValidationError:
        return model(raw=raw), ["payload"]
    lists_as_tuples = {
        name: tuple(value) if isinstance(value, list) else value for name, value in loaded.items()
    }
    return model(raw=raw, **lists_as_tuples), wrong


def _with_plain_amount(content: Any) -> Any:
    """Return *content* with ``{"amount": {"amount": …, "currency": …}}`` as two fields."""
    amount = content.get("amount") if isinstance(content, Mapping) else None
    if not isinstance(amount, Mapping):
        return content
    return {"currency": amount.get("currency"), **content, "amount": amount.get("amount")}


@cache
def _schema(model: type[Payload]) -> LenientSchema:
    return LenientSchema.from_dict(_fields_of(model))()  # type: ignore[return-value]


def _fields_of(model: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(model)
    return {each.name: _FIELDS[hints[each.name]]() for each in fields(model) if each.name != "raw"}


_FIELDS: Mapping[Any, Any] = {
    str | None: mf.String,
    Decimal | None: Money,
    tuple[str, ...]: lambda: mf.List(mf.String()),
    Mapping[str, Any] | None: Object,
    Availability | None: lambda: mf.Nested(AvailabilitySchema),
    BankDetails | None: lambda: mf.Nested(_BankDetailsSchema.from_dict(_fields_of(BankDetails))),
}
