"""Immutable types of one bank, under the field names of Lean's Banks API."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..common.types import Language, Purpose
from .arabic_names import own_arabic_name


@dataclass(frozen=True, slots=True)
class PurposeFlags:
    """One flag per purpose; ``False`` where Lean sends none."""

    data: bool = False
    payments: bool = False

    def is_on(self, purpose: Purpose) -> bool:
        """Return the flag for *purpose*."""
        return self.data if purpose == "data" else self.payments


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a bank works: ``active`` is set by Lean, ``enabled`` in your dashboard."""

    active: PurposeFlags = PurposeFlags()
    enabled: PurposeFlags = PurposeFlags()


@dataclass(frozen=True, slots=True)
class Notice:
    """What an operator says to customers about a bank, in each language."""

    en: str
    ar: str

    @property
    def texts(self) -> dict[Language, str]:
        """Return the text in each language."""
        return {"en": self.en, "ar": self.ar}


@dataclass(frozen=True, slots=True)
class TransferLimit:
    """Smallest and largest amount of one transfer, both allowed; ``None`` where Lean states none.

    :param currency: ISO 4217 code.
    :param min: in major units of *currency* (riyals, not halalas).
    :param max: in major units of *currency*.
    """

    currency: str
    min: Decimal | None = None
    max: Decimal | None = None

    def allows(self, amount: Decimal) -> bool:
        """Return whether *amount*, in major units of the currency, is within the limit."""
        return (self.min is None or amount >= self.min) and (self.max is None or amount <= self.max)


@dataclass(frozen=True, slots=True)
class Destination:
    """A country to which the bank can send international payments."""

    country_iso_code: str | None = None
    country_name: str | None = None
    supported_currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank under Lean's own field names.

    Strings that Lean's specification requires are ``""`` when Lean leaves them out, except
    ``arabic_name``, which live data often has as ``None``.

    :param notices: an operator's words about what the bank does not do now, by purpose.
    :param hidden: what an operator keeps from being shown.
    """

    identifier: str
    name: str
    arabic_name: str | None = None
    commercial_name: str | None = None
    commercial_name_arabic: str | None = None
    logo: str = ""
    logo_alt: str = ""
    main_color: str = ""
    background_color: str = ""
    theme: str = ""
    country_code: str = ""
    swift_code: str | None = None
    active: bool = True
    mock: bool = False
    traits: tuple[str, ...] = ()
    supported_account_types: tuple[str, ...] = ()
    supported_account_sub_types: tuple[str, ...] = ()
    bank_type: str | None = None
    account_type: str | None = None
    connection_type: str | None = None
    relates_to: tuple[str, ...] = ()
    transfer_limits: tuple[TransferLimit, ...] = ()
    international_transfer_limits: tuple[TransferLimit, ...] = ()
    international_destinations: tuple[Destination, ...] = ()
    availability: Availability = Availability()
    notices: tuple[tuple[Purpose, Notice], ...] = ()
    hidden: tuple[Purpose, ...] = ()

    @property
    def names(self) -> dict[Language, str]:
        """Return the name to show in each language.

        The commercial name comes before the legal name. Where Lean sends no Arabic name, it is the
        one that the bank calls itself by, if that is known, else the English one.
        """
        english = self.commercial_name or self.name
        arabic = self.commercial_name_arabic or self.arabic_name or own_arabic_name(self.identifier)
        return {"en": english, "ar": arabic or english}

    def is_enabled(self, purpose: Purpose) -> bool:
        """Return whether the bank is enabled for *purpose* in your dashboard."""
        return self.availability.enabled.is_on(purpose)

    def is_available(self, purpose: Purpose) -> bool:
        """Return whether the bank works for *purpose* now: active at Lean, enabled by you."""
        return self.is_enabled(purpose) and self.availability.active.is_on(purpose)

    def notice(self, purposes: Collection[Purpose]) -> Notice | None:
        """Return what an operator says of the first of *purposes* that there is a notice of."""
        return next((notice for purpose, notice in self.notices if purpose in purposes), None)

    def is_hidden(self, purposes: Iterable[Purpose]) -> bool:
        """Return whether an operator keeps the bank from being shown for one of *purposes*."""
        return any(purpose in self.hidden for purpose in purposes)

    def limit(self, currency: str) -> TransferLimit | None:
        """Return the limit of domestic transfers in *currency*, or ``None`` if unknown."""
        return next((limit for limit in self.transfer_limits if limit.currency == currency), None)

    def allows(self, amount: Decimal, currency: str) -> bool:
        """Return whether *amount* is within the limit in *currency*; ``True`` if unknown."""
        limit = self.limit(currency)
        return limit is None or limit.allows(amount)
