"""Bank lists for the stand-in: the records of ``banks.json``, and long lists for measuring."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

Variant = Literal["white", "color"]

#: ``arabic_name`` is null on purpose, as in live data, of barq, Vision, HSBC and Citi, whose names
#: the page knows (banks/arabic_names.py), and of the mock banks, whose names nobody knows.
_FILE = Path(__file__).parent / "banks.json"
_CODES = {"sa": "SAU", "ae": "ARE"}
_CURRENCIES = {"SAU": "SAR", "ARE": "AED"}
_TAILS = {"SAU": "SAU", "ARE": "UAE"}
_TOWNS = {
    "SAU": (
        ("Riyadh", "الرياض"), ("Jeddah", "جدة"), ("Makkah", "مكة"), ("Madinah", "المدينة"),
        ("Dammam", "الدمام"), ("Taif", "الطائف"), ("Tabuk", "تبوك"), ("Abha", "أبها"),
        ("Hail", "حائل"), ("Najran", "نجران"), ("Jazan", "جازان"), ("Qassim", "القصيم"),
    ),
    "ARE": (
        ("Abu Dhabi", "أبوظبي"), ("Dubai", "دبي"), ("Sharjah", "الشارقة"), ("Ajman", "عجمان"),
        ("Fujairah", "الفجيرة"), ("Al Ain", "العين"), ("Hatta", "حتا"), ("Dibba", "دبا"),
        ("Khor Fakkan", "خورفكان"), ("Kalba", "كلباء"), ("Liwa", "ليوا"), ("Al Dhafra", "الظفرة"),
    ),
}  # fmt: skip
_KINDS = (
    ("National Bank of {}", "بنك {} الوطني"),
    ("{} Islamic Bank", "بنك {} الإسلامي"),
    ("Commercial Bank of {}", "بنك {} التجاري"),
    ("{} Investment Bank", "بنك {} للاستثمار"),
    ("{} Digital Bank", "بنك {} الرقمي"),
    ("First Bank of {}", "بنك {} الأول"),
    ("{} Savings Bank", "بنك {} للادخار"),
    ("United Bank of {}", "بنك {} المتحد"),
)
_COLORS = ("#221af5", "#006a4d", "#4b2e83", "#c8102e", "#8a5a44", "#0a62ad", "#00795c", "#1c1c3c")


def load_banks(country: str, origin: str) -> list[dict[str, Any]]:
    """Return new records of the banks and mock banks of ``sa`` or ``ae``, with logos at *origin*.

    A bank belongs where its ``country_code`` says, whatever its identifier looks like.
    """
    records: list[dict[str, Any]] = json.loads(_text(_CODES[country]).replace("{origin}", origin))
    return records


def many_banks(n: int, country: str, origin: str) -> list[dict[str, Any]]:
    """Return *n* plausible banks, the same ones at each call, to measure what a long list costs."""
    return [_invented(number, _CODES[country], origin) for number in range(n)]


def matching(
    banks: Sequence[dict[str, Any]],
    account_types: Sequence[str],
    country_codes: Sequence[str],
    connection_types: Sequence[str],
) -> list[dict[str, Any]]:
    """Filter *banks* as Lean's endpoint does; no account type means PERSONAL."""
    wanted = account_types or ["PERSONAL"]
    return [
        bank
        for bank in banks
        if (bank.get("account_type") or "PERSONAL") in wanted
        and (not country_codes or bank.get("country_code") in country_codes)
        and (not connection_types or bank.get("connection_type") in connection_types)
    ]


@cache
def bundled() -> tuple[Mapping[str, Any], ...]:
    """Return every record as it is in the file. Shared: do not change."""
    return tuple(json.loads(_FILE.read_text("utf-8")))


@cache
def _text(code: str) -> str:
    """Return the records of a country as JSON, which is read sooner than records are copied."""
    return json.dumps([record for record in bundled() if record["country_code"] == code])


def _invented(number: int, code: str, origin: str) -> dict[str, Any]:
    english, arabic = _names(number, code)
    identifier = f"BANK{number + 1}_{_TAILS[code]}"
    sub_types = ["CURRENT", "SAVINGS"]
    return {
        "identifier": identifier,
        "name": english,
        "arabic_name": arabic,
        "commercial_name": None,
        "commercial_name_arabic": None,
        "logo": _logo(origin, "white", identifier),
        "logo_alt": _logo(origin, "color", identifier),
        "main_color": _COLORS[number % len(_COLORS)],
        "background_color": "#ffffff",
        "theme": "dark",
        "country_code": code,
        "swift_code": None,
        "active": True,
        "mock": False,
        "traits": ["auth-redirect"],
        "supported_account_types": sub_types,
        "supported_account_sub_types": list(sub_types),
        "bank_type": "RETAIL",
        "account_type": "PERSONAL",
        "connection_type": "OPEN_BANKING",
        "transfer_limits": [{"currency": _CURRENCIES[code], "min": 1, "max": 50000}],
        "international_transfer_limits": [],
        "international_destinations": [],
        "availability": {
            "active": {"payments": True, "data": True},
            "enabled": {"payments": True, "data": True},
        },
    }


def _names(number: int, code: str) -> tuple[str, str]:
    """Combine a town and a kind of bank; after all pairs, a number tells the next ones apart."""
    towns = _TOWNS[code]
    town_english, town_arabic = towns[number % len(towns)]
    again, kind = divmod(number // len(towns), len(_KINDS))
    english, arabic = _KINDS[kind]
    suffix = f" {again + 1}" if again else ""
    return english.format(town_english) + suffix, arabic.format(town_arabic) + suffix


def _logo(origin: str, variant: Variant, identifier: str) -> str:
    return f"{origin}/img/{variant}/{identifier.lower()}.svg"
