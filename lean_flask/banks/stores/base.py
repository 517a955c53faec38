"""The protocol that every store follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

#: Takes the current value and the version that the change will get; returns the new value.
#: ``None`` means "no value". Returning the current value leaves the key and the version alone.
Updater = Callable[[bytes | None, int], bytes | None]


class StoreError(Exception):
    """The store is unreachable, full, read-only or corrupt. Its text is logged: no password in it.

    lean-flask then uses the memory of the process in its place, and tries it again.
    """


class StoreBusy(StoreError):
    """Another process held the store's lock for too long, and nothing was changed.

    The store itself works.
    """


class Store(Protocol):
    """Bytes by key, and one version number that grows with each change of any key.

    The version orders writes of different processes, whose clocks may differ or jump. Whoever sees
    a version sees all changes up to it.

    Keys are printable ASCII of up to 250 characters, and all begin with ``{lean-flask}``. Values
    are any bytes, mostly some kB, for a list of banks up to some 100 kB. Any thread may call any
    method. A method that takes long keeps a request waiting: give it a limit of a quarter of a
    second or so, and raise :exc:`StoreError` when it is over.
    """

    def version(self) -> int:
        """Return the version of the latest change, 0 before the first.

        Every process asks once a second.
        """

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None`` if there is none or it has expired."""

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value.

        *updater* is given the value that is there, or ``None``, and the version that the change
        makes. It returns the new value; ``None`` deletes the key. When it returns the value that it
        was given, key, version and time to live stay as they are. What it raises is raised, and
        nothing is changed. It may be called again when another process was faster, and is quick.

        :param ttl: seconds until the value expires, up to ten years.
        """


class Change(NamedTuple):
    """What :meth:`Store.update` is called with.

    :param ttl: seconds.
    """

    key: str
    updater: Updater
    ttl: float


def update_all(store: Store, changes: Sequence[Change]) -> bool:
    """Apply *changes* in their order; return whether *store* did that in one transaction.

    An updater may rely on those before it having seen their values, in the same attempt.
    """
    if hasattr(store, "update_all"):
        return bool(store.update_all(changes))
    for change in changes:
        store.update(*change)
    return False


def next_version(last: int, now: float) -> int:
    """Return the version after *last*.

    It is *now* in microseconds where that is larger: so versions keep growing after the store was
    emptied, and can be compared with those given in process memory while it was unreachable.

    :param now: wall clock, seconds since the epoch.
    """
    return max(last + 1, int(now * 1_000_000))
