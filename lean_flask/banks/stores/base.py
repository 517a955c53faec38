"""The protocol that every store follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

#: Takes the current value and the version that the change will get; returns the new value.
#: ``None`` means "no value". Returning the current value leaves the key and the version alone.
Updater = Callable[[bytes | None, int], bytes | None]


class StoreError(Exception):
    """The store is unreachable, full, read-only or corrupt."""


class StoreBusy(StoreError):
    """Another process held the store's lock for too long. The store itself works."""


class Store(Protocol):
    """Bytes by key, and one version number that grows with each change of any key.

    The version orders writes of different processes, whose clocks may differ or jump.
    """

    def version(self) -> int:
        """Return the version of the latest change. Every process asks once a second."""

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None`` if there is none or it has expired."""

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value.

        :param ttl: seconds until the value expires.
        """


def next_version(last: int, now: float) -> int:
    """Return the version after *last*.

    It is *now* in microseconds where that is larger: so versions keep growing after the store was
    emptied, and can be compared with those given in process memory while it was unreachable.

    :param now: wall clock, seconds since the epoch.
    """
    return max(last + 1, int(now * 1_000_000))
