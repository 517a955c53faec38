"""Counts for Prometheus, on its default registry; nothing where prometheus_client is missing.

It is imported when the services of a process are made, and not when an app starts.
"""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from functools import cache
from typing import Any

from .fork_guard import ForkGuard
from .logs import get_logger
from .metric_table import METRICS, PREFIX, Metric

log = get_logger(__name__)

# Under its own name each lock of prometheus_client would be one that a child inherits locked.
_guard = ForkGuard()
_collectors: dict[Metric, Any] = {}


class Metrics:
    """The metrics of the blueprint registered as *blueprint*; ``None`` measures nothing.

    No method raises: what cannot be counted harms no customer.
    """

    def __init__(self, blueprint: str | None) -> None:
        self._blueprint = blueprint
        self._children: dict[tuple[str, ...], Any] = {}
        self._is_on = blueprint is not None and _make_collectors()

    @property
    def is_on(self) -> bool:
        """Return whether anything is measured."""
        return self._is_on

    def count(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """Add *by* to a counter; 0 makes it appear."""
        self._record("inc", metric, labels, by)

    def observe(self, metric: Metric, seconds: float, *labels: str) -> None:
        """Add a time to a histogram."""
        self._record("observe", metric, labels, seconds)

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """Set a gauge."""
        self._record("set", metric, labels, value)

    def _record(self, method: str, metric: Metric, labels: tuple[str, ...], value: float) -> None:
        if not self._is_on:
            return
        try:
            with _guard.lock:
                getattr(self._child(metric, labels), method)(value)
        except Exception:
            self._is_on = False
            log.exception("Metrics are off in this process: prometheus_client failed")

    def _child(self, metric: Metric, labels: tuple[str, ...]) -> Any:
        key = (metric.name, *labels)
        child = self._children.get(key)
        if child is None:
            child = _collectors[metric].labels(self._blueprint, *labels)
            self._children[key] = child
        return child


#: For what is used without a blueprint.
NO_METRICS = Metrics(None)


def _make_collectors() -> bool:
    """Register every metric, once; return whether they can be counted."""
    try:
        import prometheus_client  # noqa: F401
    except ImportError:
        return False
    try:
        with _guard.lock:
            for metric in METRICS:
                if metric not in _collectors:
                    _collectors[metric] = _collector(metric)
    except Exception:
        log.exception("Metrics are off in this process: prometheus_client refused one")
        return False
    _gauges_end_with_process()
    return True


@cache
def _gauges_end_with_process() -> None:
    """Let a command that runs beside the workers take its gauges with it.

    What ``flask lean check`` said of a store that was down would otherwise count for ever.
    """
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        atexit.register(_forget_gauges)


def _forget_gauges() -> None:
    with suppress(Exception):  # at the end of a process nobody reads of it
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def _collector(metric: Metric) -> Any:
    import prometheus_client

    name, labels = PREFIX + metric.name, ("blueprint", *metric.labels)
    if metric.kind == "counter":
        return prometheus_client.Counter(name, metric.text, labels)
    if metric.kind == "histogram":
        return prometheus_client.Histogram(name, metric.text, labels, buckets=metric.buckets)
    return prometheus_client.Gauge(name, metric.text, labels, multiprocess_mode=metric.join)
