"""The faults of the stand-in by their names, with what each takes as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from .. import faults
from ..faults import Fault

MAX_SECONDS = 86_400
MAX_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Kind:
    """A fault: what makes it, and the fields of its arguments."""

    make: Callable[..., Fault]
    fields: Mapping[str, fields.Field[Any]]

    def schema(self) -> Schema:
        """Return the schema of the arguments; it knows no others."""
        return Schema.from_dict(dict(self.fields))()


def _number(most: float, least: float = 0) -> fields.Field[Any]:
    return fields.Float(required=least == 0, validate=validate.Range(least, most))


def _integer(most: int, *, required: bool = False, least: int = 0) -> fields.Field[Any]:
    return fields.Integer(strict=True, required=required, validate=validate.Range(least, most))


#: Under the names that ``lean_flask.testing.faults`` has for them.
KINDS: Mapping[str, Kind] = {
    "Slow": Kind(faults.Slow, {"seconds": _number(MAX_SECONDS)}),
    "Hang": Kind(faults.Hang, {}),
    "Gate": Kind(faults.Gate, {}),
    "Late": Kind(faults.Late, {}),
    "Drip": Kind(faults.Drip, {"pause": _number(60, least=0.001)}),
    "Reset": Kind(faults.Reset, {}),
    "ResetMidBody": Kind(faults.ResetMidBody, {}),
    "Truncated": Kind(faults.Truncated, {}),
    "Status": Kind(
        faults.Status,
        {
            "status": _integer(599, required=True, least=100),
            "body": fields.String(validate=validate.Length(max=1_000_000)),
            "content_type": fields.String(validate=validate.Length(max=200)),
            "headers": fields.Dict(fields.String(), fields.String()),
        },
    ),
    "bad_gateway": Kind(faults.bad_gateway, {}),
    "TooManyRequests": Kind(
        faults.TooManyRequests,
        {
            "retry_after": fields.Integer(strict=True, validate=validate.Range(0, MAX_SECONDS)),
            "as_date": fields.Boolean(),
        },
    ),
    "Unauthorized": Kind(faults.Unauthorized, {}),
    "Redirect": Kind(faults.Redirect, {"location": fields.String(required=True)}),
    "NotJson": Kind(faults.NotJson, {}),
    "NotAnArray": Kind(faults.NotAnArray, {}),
    "DeepJson": Kind(faults.DeepJson, {"depth": _integer(10_000_000, least=1)}),
    "Shrunk": Kind(faults.Shrunk, {"banks": _integer(10_000)}),
    "MalformedBank": Kind(faults.MalformedBank, {"record": fields.Raw()}),
    "Huge": Kind(faults.Huge, {"size": _integer(MAX_BYTES, least=1)}),
    "GzipBomb": Kind(faults.GzipBomb, {"size": _integer(MAX_BYTES // 5, least=1)}),
}


def make_fault(name: str, arguments: Mapping[str, Any]) -> Fault:
    """Return the fault called *name*.

    :raises ValidationError: when there is none, or an argument is not one of its own.
    """
    kind = KINDS.get(name)
    if kind is None:
        raise ValidationError(f"There is none; it takes {', '.join(KINDS)}.", "fault")
    try:
        loaded = kind.schema().load(dict(arguments))
    except ValidationError as error:
        raise ValidationError({"arguments": error.messages}) from None
    if isinstance(loaded.get("body"), str):
        loaded["body"] = loaded["body"].encode()
    return kind.make(**loaded)


def arguments_of(fault: Fault) -> dict[str, Any]:
    """Return the arguments of *fault* as JSON has them."""
    kind = KINDS.get(type(fault).__name__)
    arguments = {name: getattr(fault, name) for name in (kind.fields if kind else ())}
    if isinstance(arguments.get("body"), bytes):
        arguments["body"] = arguments["body"].decode("utf-8", "replace")
    return arguments
