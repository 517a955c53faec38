"""The latest word of an operator on each bank and purpose, and which of two words is later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..common.types import Purpose
from .overrides import Override

KEPT = 7 * 86_400.0  # seconds that a ruling stays after it was cleared or has ended

#: Identifier and purpose.
Slot = tuple[str, Purpose]


@dataclass(frozen=True, slots=True)
class Ruling:
    """The latest word on one bank and purpose.

    :param version: the store's version when it was said; orders rulings.
    :param override: ``None`` where it was cleared.
    :param by: who cleared it.
    :param why: the reason for that.
    """

    version: int
    override: Override | None
    by: str = ""
    why: str = ""

    def is_live(self, now: float) -> bool:
        """Return whether it is in force at *now*, seconds since the epoch."""
        return self.override is not None and now < self.override.ends

    def is_forgotten(self, now: float) -> bool:
        """Return whether it was out of force for long."""
        ended = self.override.ends if self.override else self.version / 1_000_000
        return now > ended + KEPT


class Rulings(NamedTuple):
    """All rulings of one Lean application.

    :param floor: the version of the latest ruling that was forgotten: whoever still has such a one
        forgets it, too.
    """

    floor: int
    slots: Mapping[Slot, Ruling]

    def merged(self, other: Rulings) -> Rulings:
        """Return the latest ruling of each slot, without what one of both has forgotten."""
        slots = {
            slot: ruling for slot, ruling in self.slots.items() if _is_kept(slot, ruling, other)
        }
        for slot, ruling in other.slots.items():
            mine = self.slots.get(slot)
            if _rank(ruling) > _rank(mine) if mine else _is_kept(slot, ruling, self):
                slots[slot] = ruling
        return Rulings(max(self.floor, other.floor), slots)

    def pruned(self, now: float) -> Rulings:
        """Return those that are in force, or were so not long before *now*."""
        gone = {slot: ruling for slot, ruling in self.slots.items() if ruling.is_forgotten(now)}
        floor = max((ruling.version for ruling in gone.values()), default=self.floor)
        kept = {slot: ruling for slot, ruling in self.slots.items() if slot not in gone}
        return Rulings(max(self.floor, floor), kept)


def _rank(ruling: Ruling) -> tuple[int, str]:
    """Order rulings of one slot alike in every process.

    Two that were said while the store was down can have one version, where a clock is behind.
    """
    return ruling.version, repr(ruling)


def _is_kept(slot: Slot, ruling: Ruling, other: Rulings) -> bool:
    return slot in other.slots or ruling.version > other.floor


NO_RULINGS = Rulings(0, {})


def overrides_of(live: Mapping[Slot, Ruling]) -> tuple[Override, ...]:
    """Return the overrides of *live* rulings.

    One of all purposes is a single one, as long as it rules all of them.
    """
    found: dict[tuple[str, int], dict[Purpose, Override]] = {}
    for (identifier, purpose), ruling in live.items():
        if ruling.override:
            found.setdefault((identifier, ruling.version), {})[purpose] = ruling.override
    overrides = [
        override if len(same) == len(override.purposes) else replace(override, purpose=purpose)
        for same in found.values()
        for purpose, override in list(same.items())[:1]
    ]
    return tuple(sorted(overrides, key=lambda one: (one.identifier, one.purpose or "")))
