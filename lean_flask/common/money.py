"""Amounts of money: exact, and never finer than their currency.

Source of the table: ISO 4217, list one (Maintenance Agency: SIX Group), column "minor unit", as of
2026-01-01. The maintainers of lean-flask keep it, and compare it at each release. Babel has the
same data, but only its development tools need Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from .error_messages import DetailedError

_DEFAULT_DECIMALS = 2
#: Decimals of the currencies whose minor unit is not a hundredth.
_DECIMALS: Mapping[str, int] = {
    code: decimals
    for decimals, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}
#: JSON numbers are binary ones for most readers; up to this many digits they come back the same.
_MAX_DIGITS = 15
_PLAIN_DIGITS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)


def currency_decimals(currency: str) -> int:
    """Return how many decimals *currency* (ISO 4217) has: 2 for SAR, 3 for KWD, 0 for JPY."""
    return _DECIMALS.get(currency, _DEFAULT_DECIMALS)


def used_decimals(amount: Decimal) -> int:
    """Return how many decimals *amount* needs; zeros at its end do not count."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def validate_amount(data: Mapping[str, Any]) -> None:
    """Refuse an ``amount`` in *data* that is finer than its ``currency``.

    :raises ValidationError: for the field ``amount``, saying how many decimals the currency has.
    """
    amount, currency = data.get("amount"), data.get("currency")
    if amount is None or currency is None:
        return
    decimals = currency_decimals(currency)
    if used_decimals(amount) > decimals:
        words = "no decimals" if decimals == 0 else f"{decimals} decimals at most"
        raise ValidationError(DetailedError(f"{currency} has {words}"), "amount")


def json_number(amount: Decimal) -> int | float:
    """Return *amount*, which :class:`Amount` has checked, as a number with the same digits."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


class Amount(fields.Decimal):
    """An exact amount above zero: a ``Decimal``, an ``int``, or a string of plain digits.

    :param zero: whether 0 is an amount, too.
    """

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._zero = zero

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        amount = _exact(value)
        if amount.is_signed() or (not amount and not self._zero):
            raise ValidationError(DetailedError("not above zero"))
        digits = len(amount.normalize().as_tuple().digits)
        if amount >= 10**_MAX_DIGITS or digits > _MAX_DIGITS:
            raise ValidationError(DetailedError(f"more than {_MAX_DIGITS} digits"))
        return amount


def _exact(value: Any) -> Decimal:
    if isinstance(value, float):
        raise ValidationError(DetailedError("a float is not exact"))
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValidationError(DetailedError(f"of type {type(value).__name__}"))
    if isinstance(value, str):
        if not _PLAIN_DIGITS.fullmatch(value):
            raise ValidationError(DetailedError("not plain digits with a point"))
        return Decimal(value)
    if isinstance(value, int):
        if abs(value) >= 10**_MAX_DIGITS:  # before str(), whose cost grows faster than its input
            raise ValidationError(DetailedError(f"more than {_MAX_DIGITS} digits"))
        return Decimal(value)
    if not value.is_finite():
        raise ValidationError(DetailedError("not a number"))
    if abs(value.adjusted()) > _MAX_DIGITS:
        raise ValidationError(DetailedError(f"more than {_MAX_DIGITS} digits"))
    return value
