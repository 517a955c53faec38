"""The payload of Lean's webhook about a bank's availability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load

from ..common.validators import is_identifier
from .bank import Availability
from .schema import AvailabilitySchema

#: Event types. Lean's documentation has the first, descriptions in its specifications the second.
AVAILABILITY_UPDATED = frozenset({"bank.availability.updated", "banks.availability.updated"})


@dataclass(frozen=True, slots=True)
class AvailabilityUpdate:
    """The new availability of one bank.

    :param identifier: of the bank.
    :param availability: all its flags, which replace the known ones.
    """

    identifier: str
    availability: Availability


class AvailabilityUpdateSchema(Schema):
    """Load the payload of an availability event; fields that are new to us are left out."""

    class Meta:
        unknown = EXCLUDE

    identifier = fields.String(required=True, validate=is_identifier)
    availability = fields.Nested(AvailabilitySchema, required=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> AvailabilityUpdate:
        return AvailabilityUpdate(**data)
