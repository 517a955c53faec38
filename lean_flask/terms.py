"""Lean's terms, as every part of the package checks them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from marshmallow import validate

AccountType = Literal["PERSONAL", "BUSINESS"]
Language = Literal["en", "ar"]
Method = Literal["connect", "pay", "checkout"]
Purpose = Literal["data", "payments"]

ACCOUNT_TYPES: tuple[AccountType, ...] = ("PERSONAL", "BUSINESS")
LANGUAGES: tuple[Language, ...] = ("en", "ar")
PURPOSES: tuple[Purpose, ...] = ("data", "payments")
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Plain http is safe with a stand-in for Lean on this machine alone.
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})

is_identifier = validate.Regexp(rf"{IDENTIFIER.pattern}\Z", error="Not an identifier.")
is_account_type = validate.OneOf(ACCOUNT_TYPES)
is_country = validate.Regexp(r"[A-Z]{3}\Z", error="Must be an alpha-3 code such as SAU.")
is_currency = validate.Regexp(r"[A-Z]{3}\Z", error="Must be an ISO 4217 code such as SAR.")
is_language = validate.OneOf(LANGUAGES)
is_purpose = validate.OneOf(PURPOSES)

_JOINERS = frozenset("\u200c\u200d")  # Arabic script is written with them


def plain_text(text: str) -> str:
    """*text* on one line, without what cannot be seen: control characters, marks that reorder
    what follows (bidi overrides and isolates), tags, half characters."""
    seen = text if text.isprintable() else "".join(map(_seen, text))
    return " ".join(seen.split())


def _seen(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if kind in {"Cf", "Cs"} and letter not in _JOINERS else letter
