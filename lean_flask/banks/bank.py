"""One bank as Lean's Banks API describes it, checked once and immutable afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..common.types import Language, Purpose


@dataclass(frozen=True, slots=True)
class Switches:
    """One flag per purpose. A flag that Lean does not send counts as off."""

    data: bool = False
    payments: bool = False

    def on(self, purpose: Purpose) -> bool:
        """The flag for *purpose*."""
        return self.data if purpose == "data" else self.payments


@dataclass(frozen=True, slots=True)
class Availability:
    """``active`` is set by Lean for everyone, ``enabled`` by you in the dashboard."""

    active: Switches = Switches()
    enabled: Switches = Switches()


@dataclass(frozen=True, slots=True)
class TransferLimit:
    """Smallest and largest amount of one transfer; ``None`` is "not stated".

    :param currency: ISO 4217.
    :param min: in units of *currency*, not in hundredths; allowed itself.
    :param max: the same.
    """

    currency: str
    min: Decimal | None = None
    max: Decimal | None = None

    def holds(self, amount: Decimal) -> bool:
        """Whether *amount*, in units of the currency, is within the limit."""
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

    @property
    def names(self) -> dict[Language, str]:
        """The name to show in each language: the branded one first, the other language last."""
        english = self.commercial_name or self.name
        arabic = self.commercial_name_arabic or self.arabic_name
        return {"en": english, "ar": arabic or english}

    def is_enabled(self, purpose: Purpose) -> bool:
        """Whether the dashboard shows this bank for *purpose*."""
        return self.availability.enabled.on(purpose)

    def is_available(self, purpose: Purpose) -> bool:
        """Whether the bank works for *purpose* now: Lean has it online and you have it enabled."""
        return self.is_enabled(purpose) and self.availability.active.on(purpose)

    def limit(self, currency: str) -> TransferLimit | None:
        """The limit of domestic transfers in *currency*, or ``None`` where none is known."""
        return next((limit for limit in self.transfer_limits if limit.currency == currency), None)

    def allows(self, amount: Decimal, currency: str) -> bool:
        """Whether *amount* is within the known limits. An unknown limit forbids nothing."""
        limit = self.limit(currency)
        return limit is None or limit.holds(amount)
