"""A cache on a clock that the test moves, with a Lean that the test scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from lean_flask.banks.bank import Availability, PurposeFlags
from lean_flask.banks.cache.cache import BankCache
from lean_flask.banks.cache.entries import CacheResult
from lean_flask.banks.cache.shared_lists import ListKey
from lean_flask.banks.stores.base import Store, Updater
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.config.settings import load_settings
from lean_flask.errors import UpstreamError

KEY = ListKey("PERSONAL")
FRESH, STALE, STALE_IF_ERROR = 100, 1000, 5000
SETTINGS = load_settings(
    {},
    overrides={
        "app_token": "t",
        "banks_ttl": FRESH,
        "banks_stale": STALE,
        "banks_stale_if_error": STALE_IF_ERROR,
        "timeout": 0.5,
    },
)
UP = Availability(PurposeFlags(True, True), PurposeFlags(True, True))
DOWN = Availability(PurposeFlags(False, False), PurposeFlags(True, True))


class Clock:
    """Monotonic and wall time in one; the wall can be set, as real ones are."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.wall_offset = 1_700_000_000.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + self.wall_offset


class ScriptedLean:
    """Answers with its banks, or fails; counts calls."""

    def __init__(self, *identifiers: str) -> None:
        self.availability = dict.fromkeys(identifiers or ("A", "B", "C", "D"), UP)
        self.failure: UpstreamError | None = None
        self.calls = 0
        self.while_fetching: Callable[[], Any] = lambda: None

    def fetch(self, key: ListKey) -> list[Any]:
        self.calls += 1
        records = [record(name, state) for name, state in self.availability.items()]
        self.while_fetching()
        if self.failure:
            raise self.failure
        return records


def record(identifier: str, state: Availability) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "availability": {
            part: {"data": flags.data, "payments": flags.payments}
            for part, flags in (("active", state.active), ("enabled", state.enabled))
        },
    }


class OpenStore(MemoryStore):
    """A store whose values a test can replace, as another writer could."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.monotonic, clock.wall)
        self._keys: set[str] = set()

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        self._keys.add(key)
        return super().update(key, updater, ttl)

    def present(self) -> list[str]:
        """Return the keys that have a value now."""
        return [key for key in self._values if self.read(key) is not None]

    def size(self) -> int:
        """Return the bytes of all keys and values."""
        return sum(len(key) + len(self.read(key) or b"") for key in self.present())

    def remove(self, is_lost: Callable[[str], bool]) -> None:
        """Lose the values whose key *is_lost* says, without a new version."""
        with self._lock:
            for key in [key for key in self._values if is_lost(key)]:
                del self._values[key]

    def forget_version(self) -> None:
        """Count from the beginning again."""
        self._version = 0

    def replace_values(self, change: Callable[[bytes], bytes | None]) -> None:
        """Give each value the one that *change* makes of it; ``None`` removes it."""
        for key in self._keys:
            super().update(key, lambda old, _: None if old is None else change(old), 1000)


class Process:
    """One worker: a cache of its own on a store that others may share.

    :param timeout: seconds of a call to Lean.
    """

    def __init__(
        self,
        lean: ScriptedLean,
        clock: Clock,
        store: Store | None = None,
        timeout: float = SETTINGS.timeout,
    ) -> None:
        self.store = store or MemoryStore(clock.monotonic, clock.wall)
        self.cache = BankCache(
            replace(SETTINGS, timeout=timeout),
            lean.fetch,
            ScopedStore(self.store, "scope", 10_000),
            clock=clock.monotonic,
            wall_clock=clock.wall,
        )

    def get(self) -> CacheResult:
        """What a request gets, after whatever it began in the background has ended."""
        result = self.cache.get(KEY)
        self.settle()
        return result

    def settle(self) -> None:
        self.cache.wait_until_idle(30)


_timestamps = count(1)


def next_timestamp() -> int:
    return next(_timestamps)


def states(result: CacheResult) -> dict[str, Availability]:
    return {bank.identifier: bank.availability for bank in result.banks}
