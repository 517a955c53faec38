"""What the picker shows, worked out from banks and a flow before any template runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from ..banks.bank import Bank, Language, Purpose
from ..banks.search import core, fold, search, search_keys
from ..customization import Colour, parse_colour
from ..settings import Settings
from .language import other_language, translations
from .theme import BLACK, SHAPE_CONTRAST, WHITE, contrast, text_on

#: How long after ``LEAN_BANKS_TTL`` an old list is worth a word to the customer.
STALE_AFTER = 15 * 60
#: Fewer banks than this are seen at a glance, and need no group of popular ones.
_GLANCE = 8
_LONGEST_INITIALS = 4
_NEUTRAL = Colour(91, 100, 114)
_SYMBOLS: dict[str, str] = {"SAR": "ر.س", "AED": "د.إ"}
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


class Flow(Protocol):
    """What the page reads of a flow."""

    @property
    def token(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def purposes(self) -> tuple[Purpose, ...]: ...
    @property
    def account_type(self) -> str | None: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def config(self) -> Mapping[str, Any]: ...


class Account(Protocol):
    """A saved account that the customer may pay from."""

    @property
    def account_id(self) -> str: ...
    @property
    def bank_identifier(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def ending(self) -> str:
        """The last digits of its number; the rest never reaches the page."""
        ...

    @property
    def payable(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One bank to choose."""

    identifier: str
    name: str
    name_language: Language
    other_name: str
    other_language: Language
    logo: str
    initials: str
    tile: str
    ink: str
    #: Why it cannot be chosen: ``unavailable`` or ``limit``; empty when it can.
    reason: str = ""
    #: The reason in words.
    note: str = ""
    #: What finds it besides the names and the identifier that the row shows anyway.
    keys: tuple[str, ...] = ()
    account_type: str | None = None
    #: Left out by a search that the server made.
    hidden: bool = False

    @property
    def available(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One saved account to pay from, at the bank of *row*."""

    account_id: str
    name: str
    ending: str
    bank: Row
    note: str = ""

    @property
    def available(self) -> bool:
        return not self.note


@dataclass(frozen=True, slots=True)
class Group:
    """A labelled list: ``popular`` or ``all``."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the picker's template shows about banks and the flow."""

    flow: Flow
    language: Language
    groups: tuple[Group, ...]
    accounts: tuple[AccountRow, ...]
    #: The choices of the account-type switch; empty when there is nothing to switch.
    account_types: tuple[str, ...]
    #: How long ago availability was checked, in words, once that is long.
    checked: str
    #: The amount of the payment, in words.
    amount: str
    query: str
    #: What the flow has chosen already: ``bank_identifier`` or ``account_id``.
    preselected: Mapping[str, str]
    #: The name of the bank that the flow has chosen already.
    preselected_name: str

    @property
    def missing(self) -> bool:
        """Whether no list can be shown."""
        return not self.groups

    @property
    def matches(self) -> int:
        """How many banks the server's own search left."""
        return sum(not row.hidden for group in self.groups[-1:] for row in group.rows)


def build_page(
    *,
    banks: Sequence[Bank] | None,
    flow: Flow,
    settings: Settings,
    language: Language,
    checked_seconds_ago: float | None = None,
    accounts: Sequence[Account] = (),
    query: str = "",
) -> Page:
    """The page for *flow*.

    :param banks: the current list, or ``None`` when there is none.
    :param checked_seconds_ago: the age of that list.
    :param query: what to search for on the server, for a browser without JavaScript.
    """
    types = (flow.account_type,) if flow.account_type else settings.account_types
    brands = _brands(_offered(banks or (), flow, settings, types), flow)
    rows = {brand[0].identifier: _row(brand[0], flow, language) for brand in brands}
    found = {bank.identifier for bank in search([brand[0] for brand in brands], query)}
    everything = sorted(rows.values(), key=lambda row: (not row.available, collation(row.name)))
    groups = [Group("all", tuple(replace(r, hidden=r.identifier not in found) for r in everything))]
    popular = _popular(brands, rows, settings.popular_banks)
    if popular and len(rows) > _GLANCE:
        groups.insert(0, Group("popular", popular))
    return Page(
        flow=flow,
        language=language,
        groups=tuple(groups) if rows else (),
        accounts=_account_rows(accounts, banks or (), flow, language),
        account_types=types
        if len({row.account_type for row in rows.values()} - {None}) > 1
        else (),
        checked=_age_if_old(checked_seconds_ago, settings, language),
        amount=_amount(flow, language),
        query=query,
        preselected=_preselected(flow),
        preselected_name=_preselected_name(flow, banks or (), language),
    )


def _offered(
    banks: Iterable[Bank], flow: Flow, settings: Settings, types: Sequence[str]
) -> list[Bank]:
    return [
        bank
        for bank in banks
        if (settings.show_mock or not bank.mock)
        and (bank.account_type is None or bank.account_type in types)
        and all(bank.is_enabled(purpose) for purpose in flow.purposes)
        and (flow.method != "checkout" or bank.connection_type != "REVERSE_ENGINEERED")
    ]


def _brands(banks: Iterable[Bank], flow: Flow) -> list[list[Bank]]:
    """*banks* with the records of one brand together, the one to use first."""
    brands: list[list[Bank]] = []
    known: dict[tuple[object, ...], list[Bank]] = {}
    for bank in banks:
        names = (bank.account_type, bank.country_code, *bank.names.values())
        keys = [names, *((bank.account_type, name) for name in (bank.identifier, *bank.relates_to))]
        brand = next((known[key] for key in keys if key in known), None)
        if brand is None:
            brand = []
            brands.append(brand)
        brand.append(bank)
        for key in keys:
            known.setdefault(key, brand)
    return [sorted(brand, key=lambda bank: _preference(bank, flow)) for brand in brands]


def _preference(bank: Bank, flow: Flow) -> tuple[bool, bool]:
    return bool(_reason(bank, flow)), bank.connection_type == "REVERSE_ENGINEERED"


def _popular(
    brands: Iterable[Sequence[Bank]], rows: Mapping[str, Row], pinned: Sequence[str]
) -> tuple[Row, ...]:
    """The rows of *pinned* banks, with those of the same name for the other account type."""
    row_of = {bank.identifier: rows[brand[0].identifier] for brand in brands for bank in brand}
    same_name: dict[str, list[Row]] = {}
    for row in rows.values():
        same_name.setdefault(row.name, []).append(row)
    chosen = [row_of[identifier].name for identifier in pinned if identifier in row_of]
    found = [row for name in dict.fromkeys(chosen) for row in same_name[name]]
    return tuple(sorted(found, key=lambda row: not row.available))


def _row(bank: Bank, flow: Flow, language: Language) -> Row:
    names = bank.names
    other = other_language(language)
    has_arabic = bool(bank.commercial_name_arabic or bank.arabic_name)
    logo, tile, ink = _tile(bank)
    reason = _reason(bank, flow)
    return Row(
        identifier=bank.identifier,
        name=names[language],
        name_language=language if has_arabic else "en",
        other_name=names[other] if names[other] != names[language] else "",
        other_language=other,
        logo=logo,
        initials=_initials(names["en"]),
        tile=str(tile),
        ink=str(ink),
        reason=reason,
        note=_note(bank, flow, reason, language),
        keys=_further_keys(bank),
        account_type=bank.account_type,
    )


def _further_keys(bank: Bank) -> tuple[str, ...]:
    shown = {fold(text) for text in (bank.identifier, *bank.names.values())}
    return tuple(key for key in search_keys(bank) if key not in shown)


def _tile(bank: Bank) -> tuple[str, Colour, Colour]:
    """The logo, the colour behind it, and the colour of initials in its place.

    ``logo`` is a white drawing for the brand's colour, ``logo_alt`` a coloured one for a light
    tile; each is shown only where it can be seen.
    """
    brand = parse_colour(bank.main_color).opaque if bank.main_color else _NEUTRAL
    if bank.logo and contrast(WHITE, brand) >= 1.5:
        return bank.logo, brand, _ink(brand, bank.theme)
    if bank.logo_alt:
        light = parse_colour(bank.background_color or "white").opaque
        return bank.logo_alt, light, text_on(light)
    return "", brand, _ink(brand, bank.theme)


def _ink(tile: Colour, theme: str) -> Colour:
    intended = {"dark": WHITE, "light": BLACK}.get(theme)
    if intended and contrast(intended, tile) >= SHAPE_CONTRAST:
        return intended
    return text_on(tile)


def _initials(name: str) -> str:
    """What stands in for a logo: ADIB, ENBD, SNB, or R for Riyad Bank."""
    if len(core(fold(name)).split()) == 1:
        telling = [word for word in name.split() if core(fold(word)) == core(fold(name))]
        word = (telling or [name])[0].removeprefix("Al")
        return word if word.isupper() and len(word) <= _LONGEST_INITIALS else word[:1].upper()
    words = [word for word in name.split() if word.lower() not in {"al", "of", "the", "and"}]
    letters = "".join(word if word.isupper() and len(word) > 1 else word[0] for word in words)
    return (letters if len(letters) <= _LONGEST_INITIALS else letters[:2]).upper()


def _reason(bank: Bank, flow: Flow) -> str:
    if not all(bank.is_available(purpose) for purpose in flow.purposes):
        return "unavailable"
    if flow.amount is not None and flow.currency and not bank.allows(flow.amount, flow.currency):
        return "limit"
    return ""


def _note(bank: Bank, flow: Flow, reason: str, language: Language) -> str:
    _ = translations(language).gettext
    if reason == "unavailable":
        if any(bank.is_available(purpose) for purpose in flow.purposes):
            return _("Not available for payments right now")
        return _("Not available right now")
    limit = bank.limit(flow.currency or "")
    if reason == "limit" and limit and flow.amount is not None:
        if limit.max is not None and flow.amount > limit.max:
            most = money(limit.max, limit.currency, language)
            return _("Limit per payment: %(amount)s") % {"amount": _isolated(most)}
        if limit.min is not None:
            least = money(limit.min, limit.currency, language)
            return _("Minimum per payment: %(amount)s") % {"amount": _isolated(least)}
    return ""


def _account_rows(
    accounts: Iterable[Account], banks: Iterable[Bank], flow: Flow, language: Language
) -> tuple[AccountRow, ...]:
    known = {bank.identifier: bank for bank in banks}
    rows = []
    for account in accounts:
        bank = known.get(account.bank_identifier)
        row = _row(bank or Bank(account.bank_identifier, account.name), flow, language)
        note = row.note if bank else ""
        if not account.payable:
            note = translations(language).gettext("Being set up by the bank, for up to 24 hours")
        rows.append(AccountRow(account.account_id, account.name, account.ending, row, note))
    return tuple(sorted(rows, key=lambda row: not row.available))


def _preselected(flow: Flow) -> dict[str, str]:
    names = ("account_id", "bank_identifier")
    return {name: flow.config[name] for name in names if flow.config.get(name)}


def _preselected_name(flow: Flow, banks: Iterable[Bank], language: Language) -> str:
    wanted = flow.config.get("bank_identifier")
    return next((bank.names[language] for bank in banks if bank.identifier == wanted), "")


def collation(name: str) -> tuple[bool, str]:
    """Sorts *name* as a reader looks it up: Arabic before Latin, the article ignored."""
    folded = fold(name)
    first, _, rest = folded.partition(" ")
    if first in {"al", "the", "ال"} and rest:
        folded = rest
    elif len(first) > 4 and first.startswith("ال"):
        folded = folded[2:]
    return not "ء" <= folded[:1] <= "ي", folded


def money(amount: Decimal, currency: str, language: Language) -> str:
    """*amount* with its currency: ``SAR 1,250`` or ``1,250 ر.س``."""
    decimals = 3 if currency in _THREE_DECIMALS else 2
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.{decimals}f}"
    if language == "ar":
        return f"{digits} {_SYMBOLS.get(currency, currency)}"
    return f"{currency} {digits}"


def _isolated(text: str) -> str:
    """*text* between marks that keep its direction from mixing with the words around it."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _amount(flow: Flow, language: Language) -> str:
    if flow.amount is None or not flow.currency:
        return ""
    return money(flow.amount, flow.currency, language)


def _age_if_old(seconds: float | None, settings: Settings, language: Language) -> str:
    if seconds is None or seconds <= settings.banks_ttl + STALE_AFTER:
        return ""
    ngettext = translations(language).ngettext
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    days = hours // 24
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
