"""What operators are told of the bank lists: metrics and log lines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable

from ...common.logs import get_logger, log_fields
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

log = get_logger(__name__)


class ListReports:
    """Reports on the lists of one blueprint. Customers' lists count by account type, too."""

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

    def installed(self, key: ListKey, entry: CacheEntry) -> None:
        """Show the age and the size of the list that all customers share."""
        if key.customer_id is None:
            self._metrics.set(LIST_TIMESTAMP, entry.source.fetched_at, key.account_type)
            self._metrics.set(LIST_BANKS, len(entry.banks), key.account_type)

    def refreshed(self, key: ListKey, banks: int, *, was_in_doubt: bool) -> None:
        """Tell of a list that Lean gave.

        :param banks: how many are in it.
        """
        self._metrics.count(REFRESHES, key.account_type, "ok")
        extra = log_fields(account_type=key.account_type)
        if was_in_doubt:
            log.warning(
                "The bank list %s is no longer in doubt: %d banks",
                key.account_type,
                banks,
                extra=extra,
            )
        log.info("Refreshed the bank list %s: %d banks", key.account_type, banks, extra=extra)

    def failed(
        self,
        key: ListKey,
        error: UpstreamError,
        failures: int,
        seconds: float,
        age: float | None,
        *,
        is_known: bool,
    ) -> None:
        """Tell of a fetch that failed.

        :param failures: in a row.
        :param seconds: until the next attempt.
        :param age: of the list that is served meanwhile, in seconds.
        :param is_known: whether it was told before, so that DEBUG is enough.
        """
        is_doubt = isinstance(error, ImplausibleList)
        self._metrics.count(REFRESHES, key.account_type, "doubtful" if is_doubt else "failed")
        log.log(
            logging.DEBUG if is_known else logging.WARNING,
            "Refreshing the bank list %s failed (%d in a row, next try in %.0f s); "
            "the current list is %s: %s",
            key.account_type,
            failures,
            seconds,
            "missing" if age is None else f"{age:.0f} s old",
            error,
            extra=log_fields(
                error, account_type=key.account_type, attempt=failures, seconds=seconds
            ),
        )
