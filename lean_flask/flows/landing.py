"""What Lean adds to the URL of a landing, when a bank sends the customer back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from ..common.validators import is_identifier


class LandingSchema(Schema):
    """The parameters that Lean was seen to add to the URL; they only refine its outcome.

    One that is too long or odd is left out, since the others may tell the outcome without it.
    """

    class Meta:
        unknown = EXCLUDE

    bank_identifier = fields.String(validate=is_identifier)
    consent_attempt_id = fields.String(validate=validate.Length(max=100))
    consent_id = fields.String(validate=validate.Length(max=100))
    granular_status_code = fields.String(validate=validate.Regexp(r"[A-Za-z0-9_]{0,100}\Z"))
    status_additional_info = fields.String(validate=validate.Length(max=500))

    @pre_load
    def _leave_out_odd_values(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        checked = ((name, data.get(name)) for name in self.fields)
        return {name: value for name, value in checked if not self._is_odd(name, value)}

    def _is_odd(self, name: str, value: Any) -> bool:
        try:
            return not isinstance(self.fields[name].deserialize(value), str)
        except ValidationError:
            return True
