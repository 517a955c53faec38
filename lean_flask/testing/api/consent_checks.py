"""What Lean checks before it takes a consent to payments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..clock import moment
from ..state.consents import LASTS, PURPOSES
from .answers import is_uuid
from .customers import are_identifiers

_LIMITS = (
    "max_individual_amount",
    "max_cumulative_amount",
    "max_cumulative_number_of_payments",
    "max_cumulative_amount_per_period",
    "max_cumulative_number_of_payments_per_period",
)
_AT_LEAST_ONE = _LIMITS[:3]
_PERIODS = {"Day", "Week", "Month", "Year"}


def problem_with(fields: Mapping[str, Any], now: datetime) -> str | None:
    """Return what is wrong with the fields of a new consent, if anything is."""
    reference = fields["reference"]
    for is_fine, text in (
        (is_uuid(fields["customer_id"]), "customer_id takes a UUID"),
        (is_uuid(fields["destination_account_id"]), "destination_account_id takes a UUID"),
        (_is_currency(fields["currency"]), "currency takes three capital letters"),
        (isinstance(reference, str) and 1 <= len(reference) <= 64, "reference: 1 to 64 characters"),
        (fields["purpose"] in PURPOSES, f"purpose takes one of {', '.join(PURPOSES)}"),
        (
            not fields.get("government_identifier")
            or are_identifiers([fields["government_identifier"]]),
            "government_identifier takes type and value",
        ),
    ):
        if not is_fine:
            return text
    limits = fields["control_parameters"]
    return (
        _problem_with_limits(limits)
        or _problem_with_payment(fields.get("immediate_payment"), limits)
        or _problem_with_dates(fields, now)
    )


def _problem_with_limits(limits: Any) -> str | None:
    if not isinstance(limits, dict) or limits.get("type") != "VariableOnDemand":
        return "control_parameters.type takes VariableOnDemand"
    if limits.get("period_type") not in _PERIODS:
        return f"control_parameters.period_type takes one of {', '.join(sorted(_PERIODS))}"
    unknown = set(limits) - {"type", "period_type", *_LIMITS}
    if unknown:
        return f"control_parameters.{min(unknown)} is unknown"
    for name in _LIMITS:
        if name in limits and not is_amount(limits[name]):
            return f"control_parameters.{name} takes a number above 0"
    if not any(name in limits for name in _AT_LEAST_ONE):
        return f"control_parameters needs one of {', '.join(_AT_LEAST_ONE)}"
    return None


def _problem_with_payment(payment: Any, limits: Mapping[str, Any]) -> str | None:
    if payment is None:
        return None
    if not isinstance(payment, dict) or not is_amount(payment.get("amount")):
        return "immediate_payment.amount takes a number above 0"
    if payment["amount"] > limits.get("max_individual_amount", payment["amount"]):
        return "immediate_payment.amount is above max_individual_amount"
    return None


def _problem_with_dates(fields: Mapping[str, Any], now: datetime) -> str | None:
    try:
        begins = moment(fields.get("start_date_time") or now.isoformat())
        ends = moment(fields.get("expiration_date_time") or (begins + LASTS).isoformat())
    except (ValueError, TypeError):
        return "start_date_time and expiration_date_time take ISO 8601"
    return None if ends > max(begins, now) else "expiration_date_time is over, or before the start"


def is_amount(value: object) -> bool:
    """Return whether *value* is an amount of money, or a number of payments."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_currency(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[A-Z]{3}", value))
