"""Counts of the bank lists: served, fetched, and how old they are."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from ...common.metric_table import (
    JOINED_FETCHES,
    LIST_BANKS,
    LIST_TIMESTAMP,
    LISTS_SERVED,
    REFRESHES,
)
from ...common.metrics import Metrics
from ...errors import UpstreamError
from .entries import CacheEntry, CacheResult
from .plausibility import ImplausibleList
from .shared_lists import ListKey


class ListMetrics:
    """The metrics of the lists of one blueprint. Customers' lists count by account type, too."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def served(self, key: ListKey, get: Callable[[ListKey], CacheResult]) -> CacheResult:
        """Return what *get* returns, and count it by its state."""
        state = "none"
        try:
            result = get(key)
            state = result.state
        finally:
            self._metrics.count(LISTS_SERVED, key.account_type, state)
        return result

    def joined(self, key: Hashable) -> None:
        """Count a caller that waits for another one's run, if that fetches a list."""
        if isinstance(key, ListKey):
            self._metrics.count(JOINED_FETCHES, key.account_type, "request")

    def taken_over(self, key: ListKey) -> None:
        """Count a list that another process has fetched meanwhile."""
        self._metrics.count(JOINED_FETCHES, key.account_type, "process")

    def refreshed(self, key: ListKey, error: UpstreamError | None = None) -> None:
        """Count a fetch from Lean, which ended with *error*."""
        failed = "doubtful" if isinstance(error, ImplausibleList) else "failed"
        self._metrics.count(REFRESHES, key.account_type, failed if error else "ok")

    def installed(self, key: ListKey, entry: CacheEntry) -> None:
        """Show the age and the size of the list that all customers share."""
        if key.customer_id is None:
            self._metrics.set(LIST_TIMESTAMP, entry.source.fetched_at, key.account_type)
            self._metrics.set(LIST_BANKS, len(entry.banks), key.account_type)
