"""Series that are there from the start, at 0: Prometheus does not see what a series begins with."""

from __future__ import annotations

from collections.abc import Iterable

from .metric_table import (
    DELIVERIES,
    FLOWS_REFUSED,
    LISTS_SERVED,
    PAGE_EVENTS,
    REFRESHES,
    STORE_FAILURES,
    UPSTREAM_CALLS,
    WEBHOOKS_REFUSED,
)
from .metrics import Metrics


def begin_series(metrics: Metrics, account_types: Iterable[str]) -> None:
    """Begin the series that alerts look at, as far as their labels are known beforehand."""
    for operation in ("bank list", "backend token", "customer token"):
        for result in ("ok", "refused", "rejected", "timeout", "unreachable", "invalid"):
            metrics.count(UPSTREAM_CALLS, operation, result, by=0)
    for account_type in account_types:
        for state in ("fresh", "stale", "miss", "none"):
            metrics.count(LISTS_SERVED, account_type, state, by=0)
        for result in ("ok", "failed", "doubtful"):
            metrics.count(REFRESHES, account_type, result, by=0)
    for reason in ("signature", "store", "no_key"):
        metrics.count(WEBHOOKS_REFUSED, reason, by=0)
    for result in ("delivered", "failed", "dead"):
        metrics.count(DELIVERIES, result, by=0)
    for reason in ("upstream", "unavailable"):
        metrics.count(FLOWS_REFUSED, "launch", reason, by=0)
    metrics.count(PAGE_EVENTS, "loader_blocked", by=0)
    metrics.count(STORE_FAILURES, by=0)
