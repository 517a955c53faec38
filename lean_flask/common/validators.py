"""Marshmallow validators for values that several schemas take."""

from __future__ import annotations

import re

from marshmallow import validate

from .languages import TAG
from .types import ACCOUNT_TYPES, PURPOSES

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")

is_identifier = validate.Regexp(rf"{IDENTIFIER.pattern}\Z", error="Not an identifier.")
is_account_type = validate.OneOf(ACCOUNT_TYPES)
is_country = validate.Regexp(r"[A-Z]{3}\Z", error="Must be an alpha-3 code such as SAU.")
is_currency = validate.Regexp(r"[A-Z]{3}\Z", error="Must be an ISO 4217 code such as SAR.")
is_language = validate.Regexp(rf"{TAG.pattern}\Z", error="Not a language tag such as en.")
is_purpose = validate.OneOf(PURPOSES)
