"""The filters of a bank list: ``GET /banks`` and ``LeanBlueprint.banks()``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from ..common.money import Amount, validate_amount
from ..common.types import Purpose
from ..common.validators import (
    is_account_type,
    is_country,
    is_currency,
    is_language,
    is_purpose,
)
from .search import MAX_QUERY_LENGTH


class BanksQuery(NamedTuple):
    """Valid filters; ``None`` where a filter is not given.

    :param country: ISO 3166 alpha-3 code.
    :param q: search text.
    :param lang: tag of a page language; which ones there are, the settings say.
    :param amount: in major units of *currency*, an ISO 4217 code.
    """

    account_type: str | None
    country: str | None
    purpose: Purpose | None
    q: str | None
    lang: str | None
    amount: Decimal | None
    currency: str | None


class BanksQuerySchema(Schema):
    """Validate filters; unknown parameters are ignored."""

    class Meta:
        unknown = EXCLUDE

    account_type = fields.String(load_default=None, validate=is_account_type)
    country = fields.String(load_default=None, validate=is_country)
    purpose = fields.String(load_default=None, validate=is_purpose)
    q = fields.String(load_default=None, validate=validate.Length(max=MAX_QUERY_LENGTH))
    lang = fields.String(
        load_default=None,
        validate=is_language,
        metadata={
            "description": "A language of `LEAN_LANGUAGES`. Names are in Arabic for `ar`, else in "
            "English."
        },
    )
    amount = Amount(zero=True, load_default=None, validate=validate.Range(min=0))
    currency = fields.String(load_default=None, validate=is_currency)

    @validates_schema
    def _require_both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        if (data["amount"] is None) != (data["currency"] is None):
            missing = "currency" if data["currency"] is None else "amount"
            raise ValidationError("amount and currency go together.", missing)
        validate_amount(data)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> BanksQuery:
        return BanksQuery(**data)
