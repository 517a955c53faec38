"""One bank, saved account or payment source, as the picker shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...banks.aliases import Aliases, host_aliases
from ...banks.bank import Bank
from ...banks.initials import logo_initials
from ...banks.search import names_of
from ...banks.words import fold, text_language
from ...common.languages import other_language
from ...common.types import Language
from ...config.customization import Colour, parse_colour
from ...flows.eligibility import FlowRequirements, beneficiary_status, unavailable_reason
from ...upstream.payment_sources import Account, PaymentSource
from ..language import PageLanguage
from ..messages import account_setup_note, bank_note, source_note
from ..theme.contrast import BLACK, SHAPE_CONTRAST, WHITE, contrast, text_on
from .links import Mark

#: Accounts of a source whose numbers its row shows.
MAX_NUMBERS = 3
_NEUTRAL = Colour(91, 100, 114)


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
    tile_color: str
    text_color: str
    #: Why it cannot be chosen: ``unavailable`` or ``limit``; empty when it can.
    reason: str = ""
    #: The reason in words.
    note: str = ""
    #: Of the note, where it is not that of the page; empty where it is.
    note_language: str = ""
    #: What finds it besides what the row shows and what the script knows of the bank: its other
    #: names, and the host's.
    other_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    account_type: str | None = None
    swift_code: str = ""
    #: What tells it from another bank of the same name; empty where its name does.
    detail: str = ""
    #: What the customer has linked there; ``None`` where that is nothing, or not known.
    mark: Mark | None = None

    @property
    def available(self) -> bool:
        """Return whether it can be chosen."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One saved account to pay from, at the bank of *row*."""

    account_id: str
    name: str
    last4: str
    bank: Row
    note: str = ""

    @property
    def available(self) -> bool:
        """Return whether it can be chosen."""
        return not self.note


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One payment source to give a payee, at the bank of *row*.

    :param numbers: the last four characters of its accounts' numbers.
    """

    source_id: str
    name: str
    numbers: tuple[str, ...]
    bank: Row
    note: str = ""

    @property
    def available(self) -> bool:
        """Return whether it can be chosen."""
        return not self.note


def bank_row(
    bank: Bank, requirements: FlowRequirements, language: PageLanguage, aliases: Aliases = ()
) -> Row:
    """Return the row of *bank* in *language*."""
    names = bank.names
    shown, other = language.lean, other_language(language.lean)
    logo, tile_color, text_color = logo_tile(bank)
    reason = unavailable_reason(bank, requirements)
    note = bank_note(bank, requirements, reason, language)
    note_language = text_language(note) if note and bank.notices else language
    return Row(
        identifier=bank.identifier,
        name=names[shown],
        name_language=text_language(names[shown]),
        other_name=names[other] if names[other] != names[shown] else "",
        other_language=text_language(names[other]),
        logo=logo,
        initials=logo_initials(names[shown]),
        tile_color=str(tile_color),
        text_color=str(text_color),
        reason=reason,
        note=note,
        note_language=note_language if note_language != language else "",
        other_names=_names_not_shown(bank),
        aliases=tuple(host_aliases(bank.identifier, [*map(fold, names_of(bank))], aliases)),
        account_type=bank.account_type,
        swift_code=bank.swift_code or "",
    )


def tell_apart(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return *rows* with a detail for those that have one name: the SWIFT code, or identifier."""
    rows = tuple(rows)
    named: dict[tuple[str | None, str], list[Row]] = {}
    for row in rows:
        named.setdefault((row.account_type, fold(row.name) or row.name), []).append(row)
    details = {
        row: row.swift_code if _differ(row.swift_code for row in same) else row.identifier
        for same in named.values()
        if len(same) > 1
        for row in same
    }
    return tuple(replace(row, detail=details.get(row, "")) for row in rows)


def _differ(texts: Iterable[str]) -> bool:
    texts = tuple(texts)
    return all(texts) and len(set(texts)) == len(texts)


def account_rows(
    accounts: Iterable[Account],
    banks: Sequence[Bank],
    requirements: FlowRequirements,
    language: PageLanguage,
) -> tuple[AccountRow, ...]:
    """Return rows for *accounts*, those that can be paid from first.

    :param banks: the current list; when there is none, an :func:`unlisted_bank` for each account,
        as a launch takes it.
    """
    rows = []
    for account in accounts:
        if _is_hidden(account.bank_identifier, banks, requirements):
            continue
        row = _row_of_saved(account.bank_identifier, banks, requirements, language)
        note = row.note if account.payable else account_setup_note(language)
        name = account.name or row.name
        rows.append(AccountRow(account.account_id, name, account.last4, row, note))
    return tuple(sorted(rows, key=lambda row: not row.available))


def source_rows(
    sources: Iterable[PaymentSource],
    destination_id: str,
    banks: Sequence[Bank],
    requirements: FlowRequirements,
    language: PageLanguage,
) -> tuple[SourceRow, ...]:
    """Return rows for *sources*, those that can be given the payee first.

    :param destination_id: of the payee.
    :param banks: as of :func:`account_rows`.
    """
    rows = []
    for source in sources:
        if _is_hidden(source.bank_identifier, banks, requirements):
            continue
        row = _row_of_saved(source.bank_identifier, banks, requirements, language)
        status = beneficiary_status(source, destination_id)
        note = source_note(status, language) if status else row.note
        numbers = dict.fromkeys(account.last4 for account in source.accounts if account.last4)
        shown = tuple(numbers)[:MAX_NUMBERS]
        rows.append(SourceRow(source.id, row.name, shown, row, note))
    return tuple(sorted(rows, key=lambda row: not row.available))


def _is_hidden(identifier: str, banks: Iterable[Bank], requirements: FlowRequirements) -> bool:
    return any(
        bank.identifier == identifier and bank.is_hidden(requirements.purposes) for bank in banks
    )


def _row_of_saved(
    identifier: str,
    banks: Iterable[Bank],
    requirements: FlowRequirements,
    language: PageLanguage,
) -> Row:
    """Return the row of the bank that holds what the customer has saved."""
    held = [bank for bank in banks if bank.identifier == identifier]
    held.sort(key=lambda bank: bool(unavailable_reason(bank, requirements)))
    bank = held[0] if held else Bank(identifier, identifier)
    return bank_row(bank, requirements, language)


def _names_not_shown(bank: Bank) -> tuple[str, ...]:
    shown = set(map(fold, bank.names.values()))
    return tuple(name for name in map(fold, names_of(bank)) if name not in shown)


def logo_tile(bank: Bank) -> tuple[str, Colour, Colour]:
    """Return the logo, the colour behind it, and the colour of initials in its place.

    ``logo`` is a white drawing for the brand's colour, ``logo_alt`` a coloured one for a light
    tile; each is shown only where it can be seen.
    """
    brand = parse_colour(bank.main_color).opaque if bank.main_color else _NEUTRAL
    if bank.logo and contrast(WHITE, brand) >= 1.5:
        return bank.logo, brand, _text_color(brand, bank.theme)
    if bank.logo_alt:
        light = parse_colour(bank.background_color or "white").opaque
        return bank.logo_alt, light, text_on(light)
    return "", brand, _text_color(brand, bank.theme)


def _text_color(tile: Colour, theme: str) -> Colour:
    intended = {"dark": WHITE, "light": BLACK}.get(theme)
    if intended and contrast(intended, tile) >= SHAPE_CONTRAST:
        return intended
    return text_on(tile)
