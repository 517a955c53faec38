"""One Lean application's part of a store that several applications may share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from .base import Change, Store, Updater, update_all
from .memory import MemoryStore

#: Part of each key. Raise it when the stored values change in a way that old code cannot read.
FORMAT_VERSION = 1
#: Begins each key. A Redis cluster has keys of one tag on one node, so that they change together.
HASH_TAG = "{lean-flask}"


class ScopedStore:
    """Prefix each key with a digest of *scope*.

    :param scope: names the Lean application and environment.
    :param ttl: seconds that a value lasts unless the caller says otherwise.
    """

    def __init__(self, store: Store, scope: str, ttl: float) -> None:
        self._store = store
        self._prefix = f"{HASH_TAG}:{FORMAT_VERSION}:{digest(scope)}"
        self._ttl = ttl

    @property
    def failure(self) -> str | None:
        """Why process memory takes the store's place, or ``None`` where it does not."""
        failure: str | None = getattr(self._store, "failure", None)
        return failure

    def watch(self, on_change: Callable[[bool], None]) -> None:
        """Call *on_change* with whether the store is in use, now and whenever that changes.

        It always is where no other process shares it.
        """
        watch = getattr(self._store, "watch", None)
        if watch is None:
            on_change(True)
        else:
            watch(on_change)

    @property
    def is_shared(self) -> bool:
        """Whether other processes read the same values: not with ``memory:``."""
        return not isinstance(self._store, MemoryStore)

    def version(self) -> int:
        """Return the store's version.

        It covers all applications in the store: a change of another one looks like one of ours.
        """
        return self._store.version()

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        return self._store.read(f"{self._prefix}:{key}")

    def update(self, key: str, updater: Updater, ttl: float | None = None) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value.

        :param ttl: seconds.
        """
        seconds = self._ttl if ttl is None else ttl
        return self._store.update(f"{self._prefix}:{key}", updater, seconds)

    def update_all(self, changes: Sequence[Change]) -> bool:
        """Apply *changes* in their order; return whether in one transaction."""
        scoped = [change._replace(key=f"{self._prefix}:{change.key}") for change in changes]
        return update_all(self._store, scoped)


def digest(text: str) -> str:
    """Return a hash of *text* that is the same in every process: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
