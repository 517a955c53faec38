"""A store of the host (``LEAN_STORE``): its errors are ours, and what it returns is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .base import Store, StoreError, Updater

T = TypeVar("T")


class GuardedStore:
    """Passes everything on to *store*.

    :raises StoreError: in place of any exception of *store*; also where it returns what no store
        may. The message has the name of an exception and not its text, which may hold a password.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._name = type(store).__name__

    def version(self) -> int:
        """Return the version of the latest change."""
        version = self._call(self._store.version)
        if not isinstance(version, int) or isinstance(version, bool):
            raise StoreError(f"{self._name}: version() returned {type(version).__name__}, not int")
        return version

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""
        return self._bytes("read", self._call(lambda: self._store.read(key)))

    def update(self, key: str, updater: Updater, ttl: float) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value.

        What *updater* raises is raised.
        """
        raised: list[BaseException] = []

        def guarded(old: Any, version: int) -> bytes | None:
            raised.clear()  # the store may try again
            try:
                return updater(self._bytes("update", old), version)
            except BaseException as error:
                raised.append(error)
                raise

        try:
            new = self._call(lambda: self._store.update(key, guarded, ttl))
        except StoreError:
            if raised:
                raise raised[0] from None
            raise
        if raised:
            raise raised[0]
        return self._bytes("update", new)

    def _call(self, operation: Callable[[], T]) -> T:
        try:
            return operation()
        except StoreError:
            raise
        except Exception as error:
            raise StoreError(f"{self._name}: {type(error).__name__}") from None

    def _bytes(self, method: str, value: Any) -> bytes | None:
        if value is None or isinstance(value, bytes):
            return value
        if isinstance(value, bytearray | memoryview):
            return bytes(value)
        raise StoreError(f"{self._name}: {method}() has {type(value).__name__}, not bytes")
