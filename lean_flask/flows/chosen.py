"""What a customer chose, as a front end says it: ids, and nothing else."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from ..common.types import PLATFORMS
from ..common.validators import is_account_type, is_identifier
from .schema_fields import UUIDText

#: What a body holds where the customer has chosen.
CHOICES = frozenset({"bank_identifier", "account_id", "payment_source_id", "entity_id"})


def platform_field() -> fields.String:
    """Return the field that says whose SDK it is for."""
    return fields.String(
        load_default="web",
        validate=validate.OneOf(PLATFORMS),
        metadata={"description": "Whose SDK it is for. Those of apps take other values."},
    )


class ChosenSchema(Schema):
    """The choice, and the platform that it is to be opened on."""

    class Meta:
        unknown = RAISE

    bank_identifier = fields.String(load_default=None, validate=is_identifier)
    account_id = UUIDText(load_default=None)
    account_type = fields.String(load_default=None, validate=is_account_type)
    entity_id = UUIDText(
        load_default=None,
        metadata={
            "description": "Of `connect`: a connection of the customer to renew, at the bank that "
            "they chose. What they share already is asked for, and no more."
        },
    )
    payment_source_id = UUIDText(
        load_default=None,
        metadata={
            "description": "For methods by which one of the customer's sources gets a payee."
        },
    )
    platform = platform_field()
