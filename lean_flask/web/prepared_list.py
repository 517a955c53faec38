"""What is prepared once for every query of one bank list in one language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

from ..banks.aliases import Aliases
from ..banks.bank import Bank
from ..banks.catalog import filter_banks
from ..banks.public_schema import public_bank
from ..banks.search import SearchIndex
from ..banks.sorting import sort_banks
from ..common.loading_cache import LoadingCache
from ..common.types import Language
from .cached_json import Body, to_json

MAX_CACHED_BYTES = 8 * 1024 * 1024  # of the bodies of one list with filters

#: Identifier and account type: no two banks of a list have both in common.
BankIdentity: TypeAlias = tuple[str, str | None]


class PreparedList:
    """The JSON of each bank, the names to search, and answers, each made when it is first needed.

    All of it goes with the list.

    :param aliases: the host's own names of banks.
    """

    def __init__(self, banks: tuple[Bank, ...], language: Language, aliases: Aliases) -> None:
        self.banks = sort_banks(banks, language)  # as on the page
        #: Those that no filter leaves out.
        self.offered = filter_banks(self.banks)
        #: The body of ``GET /banks`` without filters, however long: it is asked for most.
        self.whole = LoadingCache[Body](1)
        #: Those with filters, by which banks they show.
        self.bodies = LoadingCache[Body](MAX_CACHED_BYTES, lambda body: body.size)
        self._language = language
        self._aliases = aliases

    @cached_property
    def _records(self) -> dict[BankIdentity, str]:
        return {
            identity_of(bank): to_json(public_bank(bank, self._language)) for bank in self.banks
        }

    @cached_property
    def index(self) -> SearchIndex:
        """The names of all banks of the list."""
        return SearchIndex(self.banks, self._aliases)

    def record(self, bank: Bank) -> str:
        """Return *bank*, one of the list, as JSON."""
        return self._records[identity_of(bank)]

    def array(self, banks: Iterable[Bank]) -> str:
        """Return *banks*, all of the list, as a JSON array."""
        return f"[{','.join([self.record(bank) for bank in banks])}]"


def identity_of(bank: Bank) -> BankIdentity:
    """Return what tells *bank* from all others of its list."""
    return bank.identifier, bank.account_type
