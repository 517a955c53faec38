"""What the picker shows, worked out from banks and a flow before any template runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, Self

from ...banks.bank import Bank
from ...banks.overrides import Override, unlisted_bank
from ...banks.sorting import sort_key
from ...common.types import Method, Purpose
from ...config.settings import Settings
from ...flows.eligibility import group_brands, offered_banks
from ...flows.flow import Flow
from ...flows.methods import Choosable
from ...upstream.payment_sources import Account, PaymentSource
from ..choice_wording import asked_of
from ..language import PageLanguage
from .formatting import format_age, format_amount
from .links import Links
from .rows import (
    AccountRow,
    Row,
    SourceRow,
    account_rows,
    bank_row,
    source_rows,
    tell_apart,
)
from .terms import Terms, TermsInWords, terms_in_words

#: How long after ``LEAN_BANKS_TTL`` an old list is worth a word to the customer.
STALE_AFTER = 15 * 60
#: Fewer banks than this are seen at a glance, and need no group of popular ones.
MIN_BANKS_FOR_POPULAR = 8
#: Fewer banks than this at a time are seen without a search.
MIN_BANKS_FOR_SEARCH = 8
#: Fields of a config that name what the customer would choose.
_PRESETS = ("bank_identifier", "account_id", "payment_source_id")


class PickerOptions(NamedTuple):
    """What a flow asks of its page. Flows that ask the same are shown the same page.

    A tuple, since each request makes one and looks its page up by it. Nothing of the customer is in
    it, so that a page made for one may be sent to another.

    :param preset: whether nothing is asked: the flow names its bank or account already, or its
        method takes none, or it renews a connection.
    :param can_take_back: whether the customer has chosen what is opened, so that the way back is
        the list.
    :param asked: what there is a list of; with ``preset`` it is shown once the SDK was left.
    """

    method: Method
    purposes: tuple[Purpose, ...]
    language: PageLanguage
    account_type: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    preset: bool = False
    preset_bank: str | None = None
    can_take_back: bool = False
    asked: Choosable | None = "bank"
    renews: bool = False
    terms: Terms = Terms()

    @classmethod
    def of(cls, flow: Flow, language: PageLanguage) -> Self:
        """Return what the page of *flow* depends on."""
        choices = flow.choices
        return cls(
            method=flow.method,
            purposes=flow.purposes,
            language=language,
            account_type=flow.account_type,
            amount=flow.amount,
            currency=flow.currency,
            preset=not choices or any(map(flow.config.get, _PRESETS)),
            preset_bank=flow.config.get("bank_identifier"),
            asked=asked_of(flow),
            renews=flow.renews,
            terms=Terms.of(flow),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A labelled list: ``popular`` or ``all``."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PickerPage:
    """Everything that the picker's template shows."""

    options: PickerOptions
    groups: tuple[Group, ...]
    accounts: tuple[AccountRow, ...]
    sources: tuple[SourceRow, ...]
    #: The choices of the account-type switch; empty when there is nothing to switch.
    account_types: tuple[str, ...]
    #: How long ago availability was checked, in words, once that is long.
    checked: str
    #: The amount of the payment, in words.
    amount: str
    #: The bank that the flow has chosen already, if it is listed.
    preset: Row | None
    #: What the flow asks for.
    terms: TermsInWords

    @property
    def missing(self) -> bool:
        """Whether no list can be shown."""
        return not (self.sources if self.options.asked == "source" else self.groups)

    @property
    def preset_name(self) -> str:
        """The name of the bank that the flow has chosen already."""
        return self.preset.name if self.preset else ""

    @property
    def is_long(self) -> bool:
        """Whether there are so many banks that some search, or used one before."""
        counts = Counter(row.account_type for row in self.groups[-1].rows) if self.groups else {}
        return max(counts.values(), default=0) >= MIN_BANKS_FOR_SEARCH

    @property
    def has_linked(self) -> bool:
        """Whether a bank is linked, so that choosing it offers to renew that."""
        rows = (row for group in self.groups for row in group.rows)
        return any(row.mark and row.mark.state == "linked" for row in rows)


def build_page(
    options: PickerOptions,
    settings: Settings,
    banks: Sequence[Bank] | None,
    *,
    checked: str = "",
    accounts: Sequence[Account] = (),
    sources: Sequence[PaymentSource] = (),
    destination_id: str = "",
    links: Links | None = None,
    overrides: Sequence[Override] = (),
) -> PickerPage:
    """Return the page for *options*.

    :param banks: the current list, or ``None`` when there is none.
    :param checked: see :func:`age_if_old`.
    :param destination_id: of the payee that one of *sources* is to get.
    :param links: what the customer has linked, if the rows are to say it.
    :param overrides: those in force, for when there is no list; it has them already.
    """
    types = (options.account_type,) if options.account_type else settings.account_types
    brands = group_brands(offered_banks(banks or (), options), options)
    if links:
        brands = links.shown(brands)
    rows = tell_apart(
        bank_row(brand[0], options, options.language, settings.bank_aliases) for brand in brands
    )
    if links:
        marks = [links.mark(brand, options.language) for brand in brands]
        rows = tuple(replace(row, mark=mark) for row, mark in zip(rows, marks, strict=True))
    everything = sorted(
        rows, key=lambda row: (not row.available, sort_key(row.name, options.language.lean))
    )
    groups = [Group("all", tuple(everything))]
    popular = _popular(brands, rows, settings.popular_banks)
    if popular and len(rows) > MIN_BANKS_FOR_POPULAR:
        groups.insert(0, Group("popular", popular))
    saved = banks
    if saved is None:
        holders = {account.bank_identifier for account in accounts}
        holders |= {source.bank_identifier for source in sources}
        saved = [unlisted_bank(identifier, overrides) for identifier in holders]
    switch = types if len({row.account_type for row in rows}) > 1 else ()
    return PickerPage(
        options=options,
        groups=tuple(groups) if rows else (),
        accounts=account_rows(accounts, saved, options, options.language),
        sources=source_rows(sources, destination_id, saved, options, options.language),
        account_types=switch,
        checked=checked,
        amount=_amount(options),
        preset=_preset(options, banks or ()),
        terms=terms_in_words(options.terms, options.currency, options.language),
    )


def age_if_old(seconds: float, settings: Settings, language: PageLanguage) -> str:
    """Return the age of a list in words; empty up to 15 minutes after ``LEAN_BANKS_TTL``."""
    return format_age(seconds, language) if seconds > settings.banks_ttl + STALE_AFTER else ""


def _popular(
    brands: Iterable[Sequence[Bank]], rows: Sequence[Row], pinned: Sequence[str]
) -> tuple[Row, ...]:
    """Return the rows of *pinned* banks, with those of the same name for the other account type.

    A bank that cannot be chosen is not suggested.

    :param rows: one for each of *brands*.
    """
    rows_of: dict[str, dict[Row, None]] = {}
    same_name: dict[str, list[Row]] = {}
    for brand, row in zip(brands, rows, strict=True):
        same_name.setdefault(row.name, []).append(row)
        for bank in brand:
            rows_of.setdefault(bank.identifier, {})[row] = None
    found: dict[Row, None] = {}
    for own in (rows_of.get(identifier, {}) for identifier in pinned):
        types = {row.account_type for row in own}
        others = [row for pinned_row in own for row in same_name[pinned_row.name]]
        found |= own
        found |= dict.fromkeys(row for row in others if row.account_type not in types)
    return tuple(row for row in found if row.available)


def _preset(options: PickerOptions, banks: Iterable[Bank]) -> Row | None:
    chosen = (bank for bank in banks if bank.identifier == options.preset_bank)
    return next((bank_row(bank, options, options.language) for bank in chosen), None)


def _amount(options: PickerOptions) -> str:
    amount = dict(options.terms.limits).get("max_individual_amount", options.amount)
    if amount is None or not options.currency:
        return ""
    return format_amount(amount, options.currency, options.language)
