"""Bank lists in the shared store.

Each value is a header line and a JSON array. The array passes the schema of Lean's responses when
it is read: another process, an older version or an attacker may have written it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ...common.loading_cache import LoadingCache
from ..bank import Bank
from ..logos import LoadBanks
from ..schema import BankSchema
from ..stores.scoped import ScopedStore, digest

log = logging.getLogger(__name__)

#: Lists held by one process; with LEAN_PER_CUSTOMER, each customer has one.
MAX_LISTS = 256
#: Validated lists kept by content, so that an unchanged list is not validated again.
MAX_VALIDATED = 32
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
    """

    banks: tuple[Bank, ...]
    fetched_at: float
    version_at_start: int


class SharedLists:
    """Read and write the lists of one Lean application.

    :param load: makes banks of records.
    """

    def __init__(self, store: ScopedStore, load: LoadBanks) -> None:
        self._store = store
        self._load = load
        self._validated = LoadingCache[tuple[Bank, ...]](MAX_VALIDATED)

    def load(self, key: ListKey, newer_than: int = -1) -> StoredList | None:
        """Return the list, if its fetch began after the store's version *newer_than*.

        A value that cannot be read is logged and ignored.
        """
        value = self._store.read(key.store_key("list"))
        if value is None:
            return None
        try:
            header, _, body = value.partition(b"\n")
            version, fetched_at = header.split()
            if int(version) <= newer_than:
                return None
            banks = self._validated.get_or_create(
                hashlib.sha256(body).digest(),
                lambda: self._load(json.loads(body, parse_float=Decimal)),
            )
            return StoredList(banks, float(fetched_at), int(version))
        except (ValueError, TypeError, RecursionError, ArithmeticError):
            log.warning("The stored bank list %s is ignored as corrupt", key.account_type)
            return None

    def save(self, key: ListKey, fetched: StoredList) -> None:
        """Store *fetched*, unless the store has the result of a fetch that began later."""
        body = json.dumps(_bank.dump(fetched.banks, many=True), separators=(",", ":"))
        value = f"{fetched.version_at_start} {fetched.fetched_at!r}\n{body}".encode()

        def keep_the_later(old: bytes | None, _: int) -> bytes | None:
            is_older = old is None or _version_at_start(old) <= fetched.version_at_start
            return value if is_older else old

        self._store.update(key.store_key("list"), keep_the_later)


def _version_at_start(value: bytes) -> int:
    try:
        return int(value[:32].split(maxsplit=1)[0])
    except (ValueError, IndexError):
        return -1
