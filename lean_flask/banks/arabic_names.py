"""What banks call themselves in Arabic, where Lean does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: By the first part of Lean's identifier: ``HSBC`` of ``HSBC_UAE`` and of ``HSBC_BUSINESS_UAE``.
_NAMES: Mapping[str, str] = MappingProxyType({
    "BARQ": "برق",
    "CITI": "سيتي بنك",
    "D360": "بنك دال ثلاثمائة وستون",
    "HSBC": "إتش إس بي سي",
    "JPM": "جي بي مورغان",
    "LIV": "ليف",
    "SC": "ستاندرد تشارترد",
    "STCBANK": "بنك إس تي سي",
    "VISION": "بنك فيجن",
})  # fmt: skip


def own_arabic_name(identifier: str) -> str | None:
    """Return the Arabic name of the bank that Lean calls *identifier*, if it is known."""
    return _NAMES.get(identifier.partition("_")[0])
