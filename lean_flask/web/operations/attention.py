"""What of a report an operator should look at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from .report import LONG_WAIT, Events, Report

Section = Literal["lists", "upstream", "store", "events", "banks"]


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at.

    :param code: which sentence says it, see ``templates/lean_flask/_operations_words.html``.
    :param section: of the page, where the rest stands.
    :param values: of the sentence's placeholders.
    """

    code: str
    section: Section
    values: dict[str, Any] = field(default_factory=dict)


def attention_of(report: Report) -> list[Attention]:
    """Return what to look at, what customers notice first."""
    return [
        *_of_lists(report),
        *_of_calls(report),
        *_of_store(report),
        *_of_events(report),
        *_of_banks(report),
    ]


def _of_lists(report: Report) -> Iterator[Attention]:
    statuses = report.lists.values()
    if any(status.state == "empty" for status in statuses):
        yield Attention("no_list", "lists")
    elif report.in_doubt:
        yield Attention("in_doubt", "lists")
    elif any(status.failure for status in statuses):
        oldest = max(status.age for status in statuses)
        yield Attention("list_failing", "lists", {"age": oldest})


def _of_calls(report: Report) -> Iterator[Attention]:
    if any(status.retry_in for status in report.circuits):
        yield Attention("not_called", "upstream")


def _of_store(report: Report) -> Iterator[Attention]:
    if report.store_failure is not None:
        yield Attention("store", "store")
    if report.events_failure is not None:
        yield Attention("events_store", "events")


def _of_events(report: Report) -> Iterator[Attention]:
    if report.events is None:
        return
    events: Events = report.events
    if dead := events.counts.get("dead", 0):
        yield Attention("dead", "events", {"num": dead})
    if events.waited is not None and events.waited >= LONG_WAIT:
        yield Attention("waiting", "events", {"age": events.waited})


def _of_banks(report: Report) -> Iterator[Attention]:
    if banks := {override.identifier for override in report.overrides}:
        yield Attention("by_hand", "banks", {"num": len(banks)})
