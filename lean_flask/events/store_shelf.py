"""The values of an inbox in a store of the host, which knows no queues: only values by key.

``shard:N`` holds the events of some subjects without their bodies, see ``store_shard``; ``page:…``
events that ended longer ago; ``event:ID`` the body of one, and that its id is known. A shard says
what holds: what else a process wrote before it died is not seen, or written again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from ..banks.stores.base import Store
from ..banks.stores.guarded import GuardedStore
from ..banks.stores.scoped import HASH_TAG, digest
from .store_shard import (
    Entry,
    Page,
    Shard,
    page_of,
    read_entries,
    read_shard,
    write_entries,
    write_shard,
)

FORMAT_VERSION = 1  # part of each key; count it up when old code could not read the new layout
SHARDS = 8  # the processes that change one wait for each other; who looks for events reads all
FOREVER = 10 * 365 * 86_400.0  # seconds; what waits has no end
T = TypeVar("T")


class Body(NamedTuple):
    """The body of an event, and that its id is known.

    :param until: when the id is forgotten, seconds since the epoch; not before the body is.
    :param is_paged: whether the event was moved to a page once.
    :param content: ``None`` once it is no longer kept.
    """

    subject: str
    until: float
    is_paged: bool
    content: bytes | None


class Shelf:
    """Reads and changes the values.

    :param store: of the host.
    :param scope: names the application and environment.
    """

    def __init__(self, store: Store, scope: str) -> None:
        self._store = GuardedStore(store)
        self._key = f"{HASH_TAG}:inbox:{FORMAT_VERSION}:{scope}"

    def version(self) -> int:
        """Return the version of the store."""
        return self._store.version()

    def read(self, number: int) -> Shard:
        """Return the shard *number*, from 0 to ``SHARDS - 1``."""
        return read_shard(self._store.read(self._shard(number)))

    def change(self, number: int, operation: Callable[[Shard, int], T]) -> T:
        """Apply *operation* to the shard *number* and the version that the change makes."""
        results: list[T] = []

        def update(old: bytes | None, version: int) -> bytes | None:
            shard = read_shard(old)
            results.append(operation(shard, version))
            return write_shard(shard)

        self._store.update(self._shard(number), update, FOREVER)
        return results[-1]

    def body(self, event_id: str) -> Body | None:
        """Return what is known of the id, or ``None``."""
        return _read_body(self._store.read(self._event(event_id)))

    def put_body(self, event_id: str, seen: Body | None, body: Body) -> bool:
        """Write *body* unless it is no longer *seen* that is there; return whether it was."""
        new = _write_body(body)

        def update(old: bytes | None, version: int) -> bytes | None:
            return new if _read_body(old) == seen else old

        return self._store.update(self._event(event_id), update, FOREVER) == new

    def forget_body(self, event_id: str, now: float) -> None:
        """Delete the body; the id stays known until its time."""
        body = self.body(event_id)
        left = body.until - now if body else 0.0
        stub = _write_body(body._replace(content=None)) if body and left > 0 else None
        self._store.update(self._event(event_id), lambda old, version: stub, max(left, 1.0))

    def entries(self, page: Page) -> list[Entry]:
        """Return the events of *page*."""
        return read_entries(self._store.read(self._page(page.name)))

    def turn(
        self,
        number: int,
        page: Page | None,
        kept: Sequence[Entry],
        change: Callable[[Shard], bool],
    ) -> bool:
        """Replace *page* by one with *kept* and apply *change* to the shard, in one step.

        :param change: returns false, and then changes nothing, where it came too late.
        :return: false where nothing was done, as another process was faster.
        """
        name = secrets.token_hex(8)
        if kept:
            new = write_entries(kept)
            self._store.update(self._page(name), lambda old, version: new, FOREVER)

        def swap(shard: Shard, version: int) -> bool:
            if (page is not None and page not in shard.pages) or not change(shard):
                return False
            shard.pages = [each for each in shard.pages if each != page]
            if kept:
                shard.pages.append(page_of(name, kept))
            return True

        is_done = self.change(number, swap)
        obsolete = (page.name if page else None) if is_done else name
        if obsolete:
            self._store.update(self._page(obsolete), lambda old, version: None, 1.0)
        return is_done

    def _shard(self, number: int) -> str:
        return f"{self._key}:shard:{number}"

    def _page(self, name: str) -> str:
        return f"{self._key}:page:{name}"

    def _event(self, event_id: str) -> str:
        return f"{self._key}:event:{event_id}"


def shard_of(subject: str) -> int:
    """Return the number of the shard that has the events of *subject*."""
    return int(digest(subject), 16) % SHARDS


def _write_body(body: Body) -> bytes:
    *header, content = body
    line = json.dumps(header).encode()
    return line if content is None else line + b"\n" + content


def _read_body(value: bytes | None) -> Body | None:
    if value is None:
        return None
    line, end, content = value.partition(b"\n")
    subject, until, is_paged = json.loads(line)
    return Body(subject, until, is_paged, content if end else None)
