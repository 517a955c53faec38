"""Bank lists in the shared store.

A list is a header, one for each list, and a JSON array, one for all lists with the same banks: with
LEAN_PER_CUSTOMER thousands of customers have the same. The array passes the schema of Lean's
responses when it is read: another process, an older version or an attacker may have written it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ...common.loading_cache import LoadingCache
from ...common.logs import get_logger
from ..bank import Bank
from ..logos import LoadBanks
from ..schema import BankSchema
from ..stores.scoped import ScopedStore, digest

log = get_logger(__name__)

#: Lists held by one process; with LEAN_PER_CUSTOMER, each customer has one.
MAX_LISTS = 256
#: Validated lists kept by content, so that an unchanged list is not validated again.
MAX_VALIDATED = 32
#: Seconds between reads of a body that are only to see whether the store still has it. Each process
#: would read some 40 kB a second otherwise, and a thousand of them fill the network of the store.
BODY_CHECK = 30.0
_bank = BankSchema()


class ListKey(NamedTuple):
    """The key of one list: Lean's list depends on the account type and on the customer."""

    account_type: str
    customer_id: str | None = None

    def __repr__(self) -> str:
        """Return a text for logs, without the customer."""
        return f"ListKey({self.account_type!r}{', …' if self.customer_id else ''})"

    def store_key(self, kind: str) -> str:
        """Return the key in the store of the list's *kind* of value, without the customer's id."""
        customer = f":{digest(self.customer_id)}" if self.customer_id else ""
        return f"{kind}:{self.account_type}{customer}"


@dataclass(frozen=True, slots=True)
class StoredList:
    """The result of one fetch.

    :param fetched_at: wall clock, seconds since the epoch.
    :param version_at_start: the store's version when the fetch began; later events override it.
    :param accepted_version: the version of the latest list that lost most of its banks and was
        accepted all the same, by a process or an operator; -1 if there was none.
    """

    banks: tuple[Bank, ...]
    fetched_at: float
    version_at_start: int
    accepted_version: int = -1

    @property
    def size(self) -> int:
        """The number of its banks."""
        return len(self.banks)


class Header(NamedTuple):
    """What the store says about a list, beside its banks.

    :param content: the digest of its banks as JSON.
    """

    version_at_start: int
    fetched_at: float
    size: int
    accepted_version: int
    content: str

    def __bytes__(self) -> bytes:
        """Return the value in the store."""
        return " ".join(map(repr, self[:-1])).encode() + b" " + self.content.encode()


def parse_header(value: bytes) -> Header:
    """Return the header in *value*.

    :raises ValueError: when it is corrupt.
    """
    version, fetched_at, size, accepted, content = value.decode("ascii").split()
    header = Header(int(version), float(fetched_at), int(size), int(accepted), content)
    if not math.isfinite(header.fetched_at) or not re.fullmatch(r"[0-9a-f]{32}", content):
        raise ValueError(value)
    return header


def supersedes(one: Header | StoredList, other: Header | StoredList) -> bool:
    """Return whether *one* replaces *other*: its fetch began later.

    But a list that lost most of its banks replaces nothing unless that was accepted. A process
    without a list accepts any, for example after the store lost its data; the others know better.
    """
    if _is_doubtful(one, other) or _is_doubtful(other, one):
        return _is_doubtful(other, one)
    return one.version_at_start > other.version_at_start


def _is_doubtful(one: Header | StoredList, other: Header | StoredList) -> bool:
    return one.size * 2 < other.size and one.accepted_version <= other.version_at_start


class SharedLists:
    """Read and write the lists of one Lean application.

    A list is stored as a header of its own and a body that all lists with the same banks share.

    :param load: makes banks of records.
    :param ttl: seconds that a list lasts in the store.
    :param customer_ttl: the same, of a list of one customer.
    :param wall_clock: seconds since the epoch.
    """

    def __init__(
        self,
        store: ScopedStore,
        load: LoadBanks,
        ttl: float,
        customer_ttl: float,
        wall_clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._load = load
        self._ttl, self._customer_ttl = ttl, customer_ttl
        self._wall_clock = wall_clock
        self._validated = LoadingCache[tuple[Bank, ...]](MAX_VALIDATED)
        self._encoded = LoadingCache[_Encoded](MAX_VALIDATED)
        #: The body that the store had, and when that was seen.
        self._seen: dict[ListKey, tuple[str, float]] = {}

    def load(self, key: ListKey, known: StoredList | None = None) -> StoredList | None:
        """Return the list, if it supersedes *known*. A value that cannot be read is ignored."""
        header = self._header(key)
        if header is None or (known and not supersedes(header, known)):
            return None
        body = self._body(header.content)
        if body is None:
            return None
        try:
            banks = self._validated.get_or_create(
                hashlib.sha256(body).digest(),
                lambda: self._load(json.loads(body, parse_float=Decimal)),
            )
        except (ValueError, TypeError, RecursionError, ArithmeticError):
            _warn_corrupt(key)
            return None
        return StoredList(
            banks, header.fetched_at, header.version_at_start, header.accepted_version
        )

    def write_back(self, key: ListKey, known: StoredList) -> bool:
        """Store *known* if the store has neither it nor what supersedes it; return whether it was.

        A header without its body, which a store that is full may drop, is no list. That is seen
        within :data:`BODY_CHECK`.
        """
        header = self._header(key)
        is_lost = header is None or self._lacks_body(key, header.content)
        if header and not is_lost and not supersedes(known, header):
            return False
        self.save(key, known, in_place_of=header if is_lost else None)
        return True

    def save(self, key: ListKey, fetched: StoredList, *, in_place_of: Header | None = None) -> None:
        """Store *fetched*, unless the store has a list that supersedes it.

        :param in_place_of: a header that counts for nothing.
        """
        encoded = self._encoded.get_or_create(id(fetched.banks), lambda: _encode(fetched.banks))
        ttl = self._customer_ttl if key.customer_id else self._ttl
        self._save_body(encoded, ttl)
        header = Header(
            fetched.version_at_start,
            fetched.fetched_at,
            fetched.size,
            fetched.accepted_version,
            encoded.content,
        )

        def keep_the_later(old: bytes | None, _: int) -> bytes | None:
            stored = _parse_or_none(old)
            if stored and stored != in_place_of and supersedes(stored, header):
                return old
            return bytes(header)

        self._store.update(key.store_key("header"), keep_the_later, ttl)

    def _lacks_body(self, key: ListKey, content: str) -> bool:
        now = self._wall_clock()
        seen, at = self._seen.get(key, ("", 0.0))
        if seen == content and abs(now - at) < BODY_CHECK:
            return False
        if self._body(content) is None:
            self._seen.pop(key, None)
            return True
        self._seen[key] = (content, now)
        return False

    def _save_body(self, encoded: _Encoded, ttl: float) -> None:
        """Store a body for at least *ttl* more seconds. It is written anew only when it must be."""
        now = self._wall_clock()
        value = self._store.read(_body_key(encoded.content))
        if value is not None:
            expires, _, body = value.partition(b"\n")
            # Not one that another clock, ahead of ours, has dated.
            if body == encoded.body and now + ttl <= _number(expires) <= now + 4 * self._ttl:
                return
        new = f"{now + 2 * ttl!r}\n".encode() + encoded.body
        self._store.update(_body_key(encoded.content), lambda *_: new, 2 * ttl)

    def _header(self, key: ListKey) -> Header | None:
        value = self._store.read(key.store_key("header"))
        header = _parse_or_none(value)
        if value is not None and header is None:
            _warn_corrupt(key)
        return header

    def _body(self, content: str) -> bytes | None:
        value = self._store.read(_body_key(content))
        return value.partition(b"\n")[2] if value is not None else None


class _Encoded(NamedTuple):
    """Banks as they are stored. Holds the banks, so that their ``id()`` stays theirs."""

    banks: tuple[Bank, ...]
    body: bytes
    content: str


def _encode(banks: tuple[Bank, ...]) -> _Encoded:
    body = json.dumps(_bank.dump(banks, many=True), separators=(",", ":"))
    return _Encoded(banks, body.encode(), digest(body))


def _body_key(content: str) -> str:
    return f"banks:{content}"


def _parse_or_none(value: bytes | None) -> Header | None:
    try:
        return parse_header(value) if value is not None else None
    except ValueError:
        return None


def _number(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _warn_corrupt(key: ListKey) -> None:
    log.warning("The stored bank list %s is ignored as corrupt", key.account_type)
