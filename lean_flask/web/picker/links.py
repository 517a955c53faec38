"""What the picker says of banks that the customer has linked already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...banks.bank import Bank
from ...flows.renewal import account_type_of
from ...upstream.entities import ConnectionState, Entity
from ..language import PageLanguage
from .formatting import day_in, format_date

_RANKS: Mapping[ConnectionState, int] = {"linked": 2, "pending": 1, "ended": 0}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a row says of the connection to its bank.

    :param text: in words.
    :param entity_id: of the connection that this flow may renew; empty where it may not.
    """

    state: ConnectionState
    text: str
    entity_id: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What the customer of a flow has linked.

    :param permissions: what the flow asks for. It can renew what has no others.
    :param hides: whether banks that are linked are left out.
    :param country: whose days count, ``sa`` or ``ae``.
    """

    entities: tuple[Entity, ...]
    permissions: Sequence[str]
    hides: bool
    country: str
    now: datetime = field(repr=False)

    def shown(self, brands: Iterable[list[Bank]]) -> list[list[Bank]]:
        """Return the records of each bank that is to be shown.

        They are all shown, where the customer has linked all of them.
        """
        brands = list(brands)
        if not self.hides:
            return brands
        left = [brand for brand in brands if self._state(brand) != "linked"]
        return left or brands

    def mark(self, brand: Sequence[Bank], language: PageLanguage) -> Mark | None:
        """Return the mark of the bank with these records; ``None`` where nothing is linked."""
        entity = self._best(brand)
        if entity is None:
            return None
        state = entity.connection_state(self.now)
        can_renew = state == "linked" and self._can_renew(entity, brand[0])
        return Mark(state, self._text(entity, state, language), entity.id if can_renew else "")

    def _state(self, brand: Sequence[Bank]) -> ConnectionState | None:
        entity = self._best(brand)
        return entity.connection_state(self.now) if entity else None

    def _best(self, brand: Sequence[Bank]) -> Entity | None:
        """Return the customer's connection to a bank.

        Of several it is one that works, that this flow can renew, and that lasts longest.
        """
        found = [entity for entity in self.entities if any(_is_at(entity, bank) for bank in brand)]
        return max(found, key=lambda entity: self._rank(entity, brand[0]), default=None)

    def _rank(self, entity: Entity, bank: Bank) -> tuple[Any, ...]:
        state, ends = entity.connection_state(self.now), entity.expires_at
        lasts = (ends is None, ends.timestamp() if ends else 0)
        return _RANKS[state], self._can_renew(entity, bank), *lasts

    def _can_renew(self, entity: Entity, bank: Bank) -> bool:
        """Return whether a launch at *bank* renews it: the flow asks for all that it has."""
        is_here = entity.bank_identifier == bank.identifier
        return is_here and bool(entity.permissions) and {*entity.permissions} <= {*self.permissions}

    def _text(self, entity: Entity, state: ConnectionState, language: PageLanguage) -> str:
        _ = language.gettext
        if state == "ended":
            return _("The connection has ended")
        if state == "pending":
            return _("Being set up")
        if entity.expires_at is None:
            return _("Linked")
        day = day_in(self.country, entity.expires_at)
        date = format_date(day, language, is_short=True)
        return _("Linked until %(date)s") % {"date": date}


def _is_at(entity: Entity, bank: Bank) -> bool:
    """Return whether the connection is to *bank*, for the type of account that its list is for."""
    if entity.bank_identifier != bank.identifier:
        return False
    account_type = account_type_of(entity)
    return account_type is None or bank.account_type in {None, account_type}
