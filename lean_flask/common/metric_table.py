"""What lean-flask measures: the names, texts and labels of its Prometheus metrics.

Each has the label ``blueprint`` beside its own. The values of every label are few, and never a text
that a browser or a customer sent: ``docs/observability.md`` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PREFIX = "lean_flask_"
#: How prometheus_client joins the values of several processes.
Join = Literal["max", "livemin", "mostrecent"]
#: Seconds; LEAN_TIMEOUT is 10 by default.
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
WAIT_BUCKETS = (0.1, 0.5, 1.0, 5.0, 30.0, 300.0, 3_600.0, 86_400.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    :param name: without :data:`PREFIX`, as Prometheus shows it.
    :param text: for ``# HELP``.
    :param labels: beside ``blueprint``.
    :param join: of a gauge.
    :param buckets: of a histogram.
    """

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    text: str
    labels: tuple[str, ...] = ()
    join: Join = "mostrecent"
    buckets: tuple[float, ...] = ()

    @property
    def full_name(self) -> str:
        """Its name in queries; of a histogram, without ``_bucket``, ``_sum`` and ``_count``."""
        return PREFIX + self.name


def _counter(name: str, text: str, *labels: str) -> Metric:
    return Metric("counter", name, text, labels)


def _gauge(name: str, text: str, *labels: str, join: Join = "mostrecent") -> Metric:
    return Metric("gauge", name, text, labels, join)


def _histogram(name: str, text: str, *labels: str, buckets: tuple[float, ...]) -> Metric:
    return Metric("histogram", name, text, labels, buckets=buckets)


UPSTREAM_CALLS = _counter("upstream_calls_total", "Calls to Lean.", "operation", "result")
UPSTREAM_SECONDS = _histogram(
    "upstream_call_seconds", "Time of calls to Lean.", "operation", buckets=CALL_BUCKETS
)
LISTS_SERVED = _counter(
    "bank_lists_served_total", "Bank lists that were asked for.", "account_type", "state"
)
REFRESHES = _counter(
    "bank_list_refreshes_total", "Fetches of bank lists from Lean.", "account_type", "result"
)
JOINED_FETCHES = _counter(
    "bank_list_joined_fetches_total",
    "Callers that took what another one fetched, so that Lean was not called again.",
    "account_type",
    "other",
)
LIST_TIMESTAMP = _gauge(
    "bank_list_timestamp_seconds",
    "When Lean gave the bank list in use.",
    "account_type",
    join="max",
)
LIST_BANKS = _gauge("bank_list_banks", "Banks in the list in use.", "account_type")
TOKENS = _counter("tokens_total", "Tokens for calls and for customers.", "kind", "result")
FLOW_STEPS = _counter("flow_steps_total", "Steps of flows.", "method", "step", "status")
FLOWS_REFUSED = _counter(
    "flows_refused_total", "Requests of flows that were refused.", "route", "reason"
)
PAGE_EVENTS = _counter("page_events_total", "What the picker's page reports of itself.", "event")
WEBHOOKS = _counter("webhooks_total", "Webhooks whose signature is right.", "result")
WEBHOOKS_REFUSED = _counter("webhooks_refused_total", "Webhooks that were not taken.", "reason")
DELIVERIES = _counter(
    "event_deliveries_total", "Attempts to deliver an event to its receivers.", "result"
)
EVENT_SECONDS = _histogram(
    "event_delivered_seconds",
    "Time from the arrival of an event until every receiver had it.",
    buckets=WAIT_BUCKETS,
)
EVENTS = _gauge("events", "Events in the inbox.", "state")
STORE_UP = _gauge("store_up", "1 while the shared store is in use, else 0.", join="livemin")
STORE_FAILURES = _counter("store_failures_total", "How often the shared store became unreachable.")
OVERRIDES = _gauge("overrides", "Banks that somebody took out by hand.", "action")

METRICS: tuple[Metric, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Metric)
)
