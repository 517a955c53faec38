"""Overrides in the shared store, and those in force in this process.

The value has one ruling per bank and purpose. One that was cleared or has ended stays for a while,
so that a process which slept meanwhile does not bring an older one back.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import NamedTuple

from ...common.logs import get_logger, log_fields
from ...common.types import Purpose
from ..overrides import Override, described
from ..rulings import NO_RULINGS, Ruling, Rulings, Slot, overrides_of
from ..stored_rulings import dump_rulings, load_rulings
from ..stores.scoped import ScopedStore

log = get_logger(__name__)

_KEY = "overrides"
TTL = 10 * 365 * 86_400.0  # seconds; unlike a list, an override does not grow old

_revisions = count(1)


class Active(NamedTuple):
    """The overrides in force, from *begins* until before *ends*, seconds since the epoch.

    :param revision: changes whenever they do; 0 for none.
    """

    revision: int
    overrides: tuple[Override, ...]
    begins: float = -math.inf
    ends: float = math.inf


class SharedOverrides:
    """The overrides of one Lean application, in this process and in the store.

    :param wall_clock: seconds since the epoch.
    """

    def __init__(self, store: ScopedStore, wall_clock: Callable[[], float]) -> None:
        self._store = store
        self.wall_clock = wall_clock
        self._lock = threading.Lock()
        self._is_loaded = False
        self._known = NO_RULINGS
        self._active = Active(0, ())
        #: The last value, and what it holds.
        self._last: tuple[bytes | None, Rulings] = (None, NO_RULINGS)

    def active(self) -> Active:
        """Return the overrides in force now, as this process knows them."""
        if not self._is_loaded:
            self.sync()
        active, now = self._active, self.wall_clock()
        return active if active.begins <= now < active.ends else self._activate()

    def put(self, override: Override) -> None:
        """Store *override* in place of what was said of the bank and its purposes."""
        slots: list[Slot] = [(override.identifier, purpose) for purpose in override.purposes]
        self._update(lambda version: dict.fromkeys(slots, Ruling(version, override)))

    def clear(
        self, identifier: str, purposes: Iterable[Purpose], *, by: str, why: str
    ) -> tuple[Override, ...]:
        """End the overrides of a bank for *purposes*; return those that were in force."""
        self.sync()
        slots: list[Slot] = [(identifier, purpose) for purpose in purposes]
        now = self.wall_clock()
        live = {
            slot: ruling
            for slot in slots
            if (ruling := self._known.slots.get(slot)) and ruling.is_live(now)
        }
        if live:
            self._update(lambda version: dict.fromkeys(slots, Ruling(version, None, by, why)))
        return overrides_of(live)

    def sync(self) -> None:
        """Read what other processes have said, and write back what the store has lost."""
        stored = self._loads(self._store.read(_KEY))
        if self._known.merged(stored) == stored:
            self._install(stored)
        else:
            self._update(lambda version: {})

    def are_lost(self) -> bool:
        """Return whether the store has no rulings at all, and this process has."""
        return bool(self._known.slots) and self._store.read(_KEY) is None

    def _update(self, news: Callable[[int], Mapping[Slot, Ruling]]) -> None:
        """Store *news* and what the store lacks.

        :param news: makes rulings of a version that is later than any, whatever the clocks did.
        """

        def update(old: bytes | None, version: int) -> bytes | None:
            stored = self._loads(old)
            merged = self._known.merged(stored)
            latest = max((ruling.version for ruling in merged.slots.values()), default=0)
            slots = {**merged.slots, **news(max(version, latest + 1))}
            result = Rulings(merged.floor, slots).pruned(self.wall_clock())
            return old if result == stored else dump_rulings(result)

        # As others read it: whoever knew more than can be stored would store it again for ever.
        self._install(self._loads(self._store.update(_KEY, update, TTL)))

    def _install(self, news: Rulings) -> None:
        with self._lock:
            self._known = self._known.merged(news)
            self._is_loaded = True
        self._activate()

    def _activate(self) -> Active:
        """Work out what is in force now."""
        with self._lock:
            now, rulings = self.wall_clock(), self._known.slots
            live = {slot: ruling for slot, ruling in rulings.items() if ruling.is_live(now)}
            before, overrides = self._active, overrides_of(live)
            times = [ruling.override.ends for ruling in rulings.values() if ruling.override]
            same = overrides == before.overrides
            self._active = Active(
                before.revision if same else next(_revisions) if overrides else 0,
                overrides,
                max((time for time in times if time <= now), default=-math.inf),
                min((time for time in times if time > now), default=math.inf),
            )
        if not same:
            _log_change(before.overrides, overrides, rulings)
        return self._active

    def _loads(self, value: bytes | None) -> Rulings:
        last, rulings = self._last
        if value != last:
            rulings = load_rulings(value)
            self._last = (value, rulings)
        return rulings


def _log_change(
    before: tuple[Override, ...], after: tuple[Override, ...], rulings: Mapping[Slot, Ruling]
) -> None:
    """Log in each process what has changed, as warnings: most hosts show no less."""
    for override in after:
        if override not in before:
            bank = log_fields(bank=override.identifier)
            log.warning("An override of a bank is in force: %s", described(override), extra=bank)
    for override in before:
        if override not in after:
            log.warning(
                "An override of a bank is over: %s: %s",
                described(override),
                _end(override, rulings),
                extra=log_fields(bank=override.identifier),
            )


def _end(override: Override, rulings: Mapping[Slot, Ruling]) -> str:
    """Return why *override* is over: what was said of its bank since, or that its time is."""
    for purpose in override.purposes:
        ruling = rulings.get((override.identifier, purpose))
        if ruling and ruling.override is None:
            return f"cleared by {ruling.by or 'nobody named'}" + (
                f" ({ruling.why})" if ruling.why else ""
            )
        if ruling and ruling.override != override:
            return "replaced"
    return "its time has come"
