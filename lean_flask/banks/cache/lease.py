"""A lease in the shared store: one process at a time fetches a list."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from ..stores.scoped import ScopedStore
from .shared_lists import ListKey


@contextmanager
def lease(store: ScopedStore, key: ListKey, ttl: float) -> Iterator[bool]:
    """Yield whether the caller holds the lease of *key*; release it at the end.

    :param ttl: seconds after which the lease of a killed process ends.
    """
    name, owner = key.store_key("lease"), secrets.token_bytes(16)
    holder = store.update(name, lambda old, _: owner if old is None else old, ttl)
    try:
        yield holder == owner
    finally:
        if holder == owner:
            store.update(name, lambda old, _: None if old == owner else old, ttl)
