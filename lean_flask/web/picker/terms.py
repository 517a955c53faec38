"""What a flow asks the customer for, in plain words: permissions, dates, limits, and who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self

from marshmallow import ValidationError

from ...common.money import Amount
from ...flows.flow import Flow
from ..language import PageLanguage
from .formatting import bidi_isolate, format_amount, format_date

#: Limits of a consent in Lean's words, in the order in which they are said.
_AMOUNTS = ("max_individual_amount", "max_cumulative_amount_per_period", "max_cumulative_amount")
_COUNTS = (
    "max_cumulative_number_of_payments_per_period",
    "max_cumulative_number_of_payments",
)
_MAX_COUNT = 10**9
_amount = Amount()
#: Methods whose approval lasts until it is ended.
_LASTING = frozenset({"connect", "createPaymentSource", "authorizeConsent"})


class Terms(NamedTuple):
    """What the host has said of it, for the page to depend on.

    :param texts: instead of the permissions, in the host's own words: language and lines.
    :param alias: what the SDK's own screens call the host.
    :param limits: of a consent; what cannot be read is left out.
    :param period: of the limits per period: ``Day``, ``Week``, ``Month`` or ``Year``.
    :param until: the end of a consent.
    """

    permissions: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    access_from: date | None = None
    access_to: date | None = None
    alias: str = ""
    limits: tuple[tuple[str, Decimal], ...] = ()
    period: str = ""
    until: date | None = None
    lasts: bool = False

    @classmethod
    def of(cls, flow: Flow) -> Self:
        """Return the terms of *flow*."""
        config, control = flow.config, flow.control_parameters
        limits = dict(_limits(control)) if control else {}
        if flow.method == "authorizeConsent" and flow.amount is not None:
            limits.setdefault("max_individual_amount", flow.amount)
        payments = ("payments",) if flow.method == "createPaymentSource" else ()
        return cls(
            permissions=tuple(config.get("permissions", payments)),
            texts=tuple(flow.permissions_text.items()),
            access_from=_date(config.get("access_from")),
            access_to=_date(config.get("access_to")),
            alias=config.get("destination_alias", ""),
            limits=tuple(limits.items()),
            period=str(control.get("period_type", ""))[:16],
            until=_date(flow.expiration_date_time),
            lasts=flow.method in _LASTING,
        )


@dataclass(frozen=True, slots=True)
class TermsInWords:
    """The same in words. It is empty where there is nothing to say.

    :param items: what is shared, and the limits of what is paid.
    :param dates: for how long, as a sentence.
    :param alias: what the SDK's own screens call the host.
    :param lasts: whether the customer may end it later.
    """

    items: tuple[str, ...] = ()
    dates: str = ""
    alias: str = ""
    lasts: bool = False

    def __bool__(self) -> bool:
        return bool(self.items or self.dates or self.alias)


def terms_in_words(terms: Terms, currency: str | None, language: PageLanguage) -> TermsInWords:
    """Return *terms* in the words of *language*.

    :param currency: of the limits, ISO 4217; without it no amount is said.
    """
    items = (*_shared(terms, language), *_limit_words(terms, currency, language))
    return TermsInWords(
        tuple(dict.fromkeys(items)), _dates(terms, language), terms.alias, terms.lasts
    )


def _shared(terms: Terms, language: PageLanguage) -> list[str]:
    texts = dict(terms.texts)
    if own := texts.get(language) or texts.get(""):
        return [line.strip() for line in own.splitlines() if line.strip()]
    words = permission_words(language)
    return [words.get(permission, permission) for permission in terms.permissions]


def permission_words(language: PageLanguage) -> Mapping[str, str]:
    """Return what each of Lean's permissions gives, as the customer would say it."""
    _ = language.gettext
    return {
        "identity": _("Your name and contact details"),
        "identities": _("The names of the account holders"),
        "accounts": _("Your accounts and their numbers"),
        "balance": _("Your balances"),
        "transactions": _("Your transactions"),
        "beneficiaries": _("Your saved payees"),
        "direct_debits": _("Your direct debits"),
        "standing_orders": _("Your standing orders"),
        "scheduled_payments": _("Your scheduled payments"),
        "payments": _("Starting payments that you approve"),
    }


def _limit_words(terms: Terms, currency: str | None, language: PageLanguage) -> Iterator[str]:
    _ = language.gettext
    period = {
        "Day": _("per day"),
        "Week": _("per week"),
        "Month": _("per month"),
        "Year": _("per year"),
    }.get(terms.period, _("per period"))
    sentences = {
        "max_individual_amount": _("Up to %(limit)s per payment"),
        "max_cumulative_amount_per_period": _("Up to %(limit)s %(period)s"),
        "max_cumulative_amount": _("Up to %(limit)s in total"),
        "max_cumulative_number_of_payments_per_period": _(
            "Number of payments %(period)s: %(limit)s at most"
        ),
        "max_cumulative_number_of_payments": _("Number of payments in total: %(limit)s at most"),
    }
    for name, value in terms.limits:
        if name in _COUNTS:
            limit = f"{value:,f}"
        elif currency:
            limit = format_amount(value, currency, language)
        else:
            continue
        yield sentences[name] % {"limit": bidi_isolate(limit), "period": period}


def _dates(terms: Terms, language: PageLanguage) -> str:
    _ = language.gettext
    start, end = (
        bidi_isolate(format_date(day, language)) if day else ""
        for day in (terms.access_from, terms.access_to or terms.until)
    )
    if start and end:
        return _("From %(start)s to %(end)s.") % {"start": start, "end": end}
    if start:
        return _("From %(start)s.") % {"start": start}
    return _("Until %(end)s.") % {"end": end} if end else ""


def _limits(control: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Yield the limits that can be read: exact amounts, and whole numbers of payments."""
    for name in (*_AMOUNTS, *_COUNTS):
        if name not in control:
            continue
        limit: Any
        try:
            limit = _amount.deserialize(control[name])
        except ValidationError:
            continue
        if name in _AMOUNTS or (limit == int(limit) and limit <= _MAX_COUNT):
            yield name, limit if name in _AMOUNTS else Decimal(int(limit))


def _date(text: str | None) -> date | None:
    """Return the day of an ISO 8601 date or time, in the time zone that it names itself."""
    return datetime.fromisoformat(text).date() if text else None
