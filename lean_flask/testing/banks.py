"""About forty banks in Lean's JSON shape, from public facts, with the quirks of live data."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, NamedTuple

_SUB_TYPES = ["CURRENT", "SAVINGS", "CREDIT"]


class _Bank(NamedTuple):
    identifier: str
    name: str
    arabic_name: str | None
    swift_code: str | None
    color: str
    theme: str = "dark"
    #: Where it differs from a bank that works for everything.
    but: dict[str, Any] = {}  # noqa: RUF012 - never changed


_OFF = {"data": False, "payments": False}
_ON = {"data": True, "payments": True}
_OFFLINE = {"availability": {"active": _OFF, "enabled": _ON}}
_HIDDEN = {"availability": {"active": _ON, "enabled": _OFF}}
_DATA_ONLY = {"availability": {"active": _ON, "enabled": {"data": True, "payments": False}}}
_PAYMENTS_ONLY = {"availability": {"active": _ON, "enabled": {"data": False, "payments": True}}}
_BUSINESS = {"account_type": "BUSINESS", "bank_type": "SME"}
_MOCK = {"mock": True, "swift_code": None}
_SCRAPED = {"connection_type": "REVERSE_ENGINEERED", "traits": ["auth-credentials"]}

SAUDI = (
    _Bank("RJHI_SAU", "Al Rajhi Bank", "مصرف الراجحي", "RJHISARI", "#221af5"),
    _Bank("SNB_SAU", "Saudi National Bank", "البنك الأهلي السعودي", "NCBKSAJE", "#006a4d"),
    _Bank("RIYAD_SAU", "Riyad Bank", "بنك الرياض", "RIBLSARI", "#4b2e83"),
    _Bank("SAB_SAU", "Saudi Awwal Bank", "البنك السعودي الأول", "SABBSARI", "#c8102e"),
    _Bank("BSF_SAU", "Banque Saudi Fransi", "البنك السعودي الفرنسي", "BSFRSARI", "#00573d", "dark", _OFFLINE),
    _Bank("ANB_SAU", "Arab National Bank", "البنك العربي الوطني", "ARNBSARI", "#0a62ad"),
    _Bank("ALINMA_SAU", "Alinma Bank", "مصرف الإنماء", "INMASARI", "#8a5a44"),
    _Bank("ALBILAD_SAU", "Bank Albilad", "بنك البلاد", "ALBISARI", "#e4002b"),
    _Bank("ALJAZIRA_SAU", "Bank AlJazira", "بنك الجزيرة", "BJAZSAJE", "#007a53", "dark", {"logo": "", "logo_alt": ""}),
    _Bank("SAIB_SAU", "The Saudi Investment Bank", "البنك السعودي للاستثمار", "SIBCSARI", "#5b7f95", "dark",
          {"transfer_limits": [{"currency": "SAR", "min": 30.5, "max": 20000}]}),
    _Bank("GIB_SAU", "Gulf International Bank", "بنك الخليج الدولي", "GULFSARI", "#00205b", "dark", _HIDDEN),
    _Bank("STCBANK_SAU", "STC Bank", "بنك إس تي سي", None, "#4f008c", "dark", {"relates_to": []}),
    _Bank("D360_SAU", "D360 Bank", "بنك دال ثلاثمائة وستون", None, "#1c1c3c"),
    _Bank("VISION_SAU", "Vision Bank", None, None, "#2fd0a6", "light", {"supported_account_types": "CURRENT"}),
    _Bank("ENBD_SAU", "Emirates NBD", "بنك الإمارات دبي الوطني", "EBILSARI", "#072447", "dark",
          {"availability": {"active": {"data": True}, "enabled": {"data": True}}}),
    _Bank("URPAY_SAU", "urpay", "يور باي", None, "#7b61ff", "dark", _DATA_ONLY),
    _Bank("BARRAQ_SAU", "barq", "برق", None, "#ffd400", "light", _PAYMENTS_ONLY),
    _Bank("RJHI_BUSINESS_SAU", "Al Rajhi Bank", "مصرف الراجحي", "RJHISARI", "#221af5", "dark", _BUSINESS),
    _Bank("SNB_BUSINESS_SAU", "Saudi National Bank", "البنك الأهلي السعودي", "NCBKSAJE", "#006a4d", "dark", _BUSINESS),
    _Bank("LEA1_SAMAOB_SAU", "Lean Mockbank One", None, None, "#1beb75", "light", _MOCK),
)  # fmt: skip

EMIRATI = (
    _Bank("FAB_UAE", "First Abu Dhabi Bank", "بنك أبوظبي الأول", "NBADAEAA", "#00338d"),
    _Bank("ENBD_UAE", "Emirates NBD", "بنك الإمارات دبي الوطني", "EBILAEAD", "#072447"),
    _Bank("ADCB_UAE", "Abu Dhabi Commercial Bank", "بنك أبوظبي التجاري", "ADCBAEAA", "#ed1c24"),
    _Bank("DIB_UAE", "Dubai Islamic Bank", "بنك دبي الإسلامي", "DUIBAEAD", "#00795c"),
    _Bank("MASHREQ_UAE", "Mashreq", "المشرق", "BOMLAEAD", "#ff5e00", "light", {"relates_to": ["MASHREQ_SCR_UAE"]}),
    _Bank("MASHREQ_SCR_UAE", "Mashreq", "المشرق", "BOMLAEAD", "#ff5e00", "light",
          _SCRAPED | {"relates_to": ["MASHREQ_UAE"]}),
    _Bank("ADIB_UAE", "Abu Dhabi Islamic Bank", "مصرف أبوظبي الإسلامي", "ABDIAEAD", "#003767"),
    _Bank("CBD_UAE", "Commercial Bank of Dubai", "بنك دبي التجاري", "CBDUAEAD", "#005eb8", "dark", _OFFLINE),
    _Bank("RAKBANK_UAE", "RAKBANK", "بنك رأس الخيمة الوطني", "NRAKAEAK", "#c60c30"),
    _Bank("SIB_UAE", "Sharjah Islamic Bank", "مصرف الشارقة الإسلامي", "NBSHAEAS", "#8b2332", "dark", _SCRAPED),
    _Bank("NBF_UAE", "National Bank of Fujairah", "بنك الفجيرة الوطني", "NBFUAEAF", "#b38f4f"),
    _Bank("EIB_UAE", "Emirates Islamic", "الإمارات الإسلامي", "MEBLAEAD", "#552989"),
    _Bank("HSBC_UAE", "HSBC", None, "BBMEAEAD", "#db0011"),
    _Bank("SC_UAE", "Standard Chartered", "ستاندرد تشارترد", "SCBLAEAD", "#0473ea", "dark", _HIDDEN),
    _Bank("CITI_UAE", "Citibank", None, "CITIAEAD", "#003b70", "dark", _DATA_ONLY),
    _Bank("WIO_UAE", "Wio Bank", "بنك ويو", "WIOBAEAD", "#5f3bff", "dark",
          {"transfer_limits": [{"currency": "AED", "min": 1, "max": 10000}]}),
    _Bank("LIV_UAE", "Liv", "ليف", "EBILAEAD", "#00d3b7", "light", {"relates_to": []}),
    _Bank("ALHILAL_UAE", "Al Hilal Bank", "بنك الهلال", "HLALAEAA", "#e5173f", "dark", _SCRAPED),
    _Bank("AJMAN_UAE", "Ajman Bank", "مصرف عجمان", "AJMNAEAJ", "#0b4da2"),
    _Bank("UAB_UAE", "United Arab Bank", "البنك العربي المتحد", "UARBAEAA", "#5c2d91"),
    _Bank("NBQ_UAE", "National Bank of Umm Al Qaiwain", "بنك أم القيوين الوطني", "UMMQAEAD", "#00664f", "dark", _PAYMENTS_ONLY),
    _Bank("MBANK_UAE", "Al Maryah Community Bank", "بنك المارية المحلي", None, "#1d4ed8"),
    _Bank("ENBD_BUSINESS_UAE", "Emirates NBD", "بنك الإمارات دبي الوطني", "EBILAEAD", "#072447", "dark", _BUSINESS),
    _Bank("LEAN_OF_RETAIL_UAE", "Lean Mockbank Retail", None, None, "#1beb75", "light", _MOCK),
    # A mock bank whose identifier and country disagree, as in the UAE's sandbox.
    _Bank("LEANMB1_SAU", "Lean Mockbank", None, None, "#1beb75", "light", _MOCK | _SCRAPED),
)  # fmt: skip


def load_banks(country: str, origin: str) -> list[dict[str, Any]]:
    """The banks of ``sa`` or ``ae``, with logos at *origin*; each call gives new ones."""
    if country == "ae":
        return [_record(bank, "ARE", origin) for bank in EMIRATI]
    # Saudi lists lack these fields (Lean's Saudi specification).
    missing = ("mock", "swift_code") if country == "sa" else ()
    records = [_record(bank, "SAU", origin) for bank in SAUDI]
    return [
        {name: value for name, value in record.items() if name not in missing or value}
        for record in records
    ]


def many_banks(count: int, country: str, origin: str) -> list[dict[str, Any]]:
    """*count* plausible banks, for measuring what a long list costs."""
    families = SAUDI if country == "sa" else EMIRATI
    code = "SAU" if country == "sa" else "ARE"
    banks = []
    for number in range(count):
        model = families[number % len(families)]
        suffix = number // len(families)
        arabic = f"{model.arabic_name or 'بنك'} {suffix}" if suffix else model.arabic_name
        bank = model._replace(
            identifier=f"{model.identifier.rpartition('_')[0]}{suffix or ''}_{code}",
            name=f"{model.name} {suffix}" if suffix else model.name,
            arabic_name=arabic,
            but={},
        )
        banks.append(_record(bank, code, origin))
    return banks


def matching(
    banks: Sequence[dict[str, Any]],
    account_types: Sequence[str],
    country_codes: Sequence[str],
    connection_types: Sequence[str],
) -> list[dict[str, Any]]:
    """*banks* through the filters of Lean's endpoint."""
    wanted = account_types or ["PERSONAL"]
    return [
        bank
        for bank in banks
        if bank.get("account_type", "PERSONAL") in wanted
        and (not country_codes or bank["country_code"] in country_codes)
        and (not connection_types or bank.get("connection_type") in connection_types)
    ]


def _record(bank: _Bank, country_code: str, origin: str) -> dict[str, Any]:
    currency = "SAR" if country_code == "SAU" else "AED"
    picture = f"{origin}/img/{{}}/{bank.identifier.lower()}.svg"
    record = {
        "identifier": bank.identifier,
        "name": bank.name,
        "arabic_name": bank.arabic_name,
        "commercial_name": None,
        "commercial_name_arabic": None,
        "logo": picture.format("white"),
        "logo_alt": picture.format("color"),
        "main_color": bank.color,
        "background_color": "#ffffff",
        "theme": bank.theme,
        "country_code": country_code,
        "swift_code": bank.swift_code,
        "active": True,
        "mock": False,
        "traits": ["auth-redirect"],
        "supported_account_types": list(_SUB_TYPES),
        "supported_account_sub_types": list(_SUB_TYPES),
        "bank_type": "RETAIL",
        "account_type": "PERSONAL",
        "connection_type": "OPEN_BANKING",
        "transfer_limits": [{"currency": currency, "min": 10, "max": 100000}],
        "international_transfer_limits": [],
        "international_destinations": [],
        "availability": {"active": dict(_ON), "enabled": dict(_ON)},
    }
    return record | deepcopy(bank.but)
