"""What a soak came to, for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .soak_samples import MAX_GROWTH, MAX_MORE, MAX_PEAK, MAX_STORE_GROWTH, WARM_UP, Measure, Sample

PACE = 6.0  # seconds of test clock in one second
WORKERS, THREADS = 2, 4
PICTURE = "benchmarks-soak.svg"  # in docs/images


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a soak came to.

    :param minutes: of test clock.
    :param refused: answers that Lean could not be asked.
    :param broken: a sentence for each promise that was not kept.
    """

    minutes: float
    store: str
    requests: int
    refused: int
    samples: Sequence[Sample]
    measures: Sequence[Measure]
    broken: Sequence[str]

    def __str__(self) -> str:
        """Return lines for people."""
        lines = [f"{self.requests:,} requests, {self.refused:,} answered that Lean is in trouble"]
        lines += [
            f"{name}: {first.median:,.0f}, then {last.median:,.0f} ({measure.ratio:.2f}); "
            f"at the highest {first.highest:,.0f}, then {last.highest:,.0f}"
            for measure in self.measures
            for name, first, last in [measure]
        ]
        return "\n".join([*lines, *(f"BROKEN: {one}" for one in self.broken)])


def soak_section(outcome: Outcome) -> str:
    """Return the section of the docs."""
    real, warm_up = outcome.minutes / PACE, outcome.minutes * WARM_UP
    rows = "\n".join(map(_row, outcome.measures))
    ends = "; ".join(f"{one.name} {one.ratio:.2f}" for one in outcome.measures)
    minutes, store = f"{outcome.minutes:g}", _STORES[outcome.store]
    return f"""## Soak

`make soak` writes this section: {minutes} minutes of mixed traffic in {real:g}. The clocks that
the blueprint's services take as arguments run {PACE:g} times as fast, so that lists, flows, tokens
and events expire as often. What is kept for days otherwise is kept for minutes, so that the store
deletes as much as it gets. What waits for a socket or a lock waits in real time.

{WORKERS} gunicorn workers (`gthread`, {THREADS} threads, keep-alive, no `max_requests`, and
`MALLOC_ARENA_MAX=2` as in [deployment](deployment.md#gunicorn)) with {store} as the store serve:

- bank lists, also compressed and conditional, and queries that nobody asked before;
- pickers in both languages, with a bank, with a theme, and in the host's page;
- flows of new customers, from the link to the end, and those that expired or somebody made up;
- webhooks: signed, repeated, out of order, forged, and too large;
- operators, health checks and metrics;
- clients that hang up within a request or an answer.

Meanwhile Lean breaks in one way after the other, and is well in between: {_FAULTS}.

The first {warm_up:g} minutes do not count. Then the last third is compared with the first one. Flat
means that the median of memory is at most {1 + MAX_GROWTH:.2f} times the former one, and that
descriptors and threads are at most {MAX_MORE} more in the median and {MAX_PEAK} more at the
highest. What the store keeps is at most {1 + MAX_STORE_GROWTH:.2f} times as much: it depends on
how many requests the machine managed in the last minutes.

| both workers together | median: last third / first | highest: last third / first |
| --- | ---: | ---: |
{rows}

![Both workers over the hour, the last third beside the first: {ends}](images/{PICTURE})

Requests: {outcome.requests:,}. While Lean was broken, {outcome.refused:,} were answered 502 or 503.
{_verdict(outcome)}"""


_STORES = {"sqlite": "SQLite", "redis": "Redis"}
_FAULTS = (
    "it answers late, not at all, 500, 429 and what is no JSON,\n"
    "resets connections, ends in the middle of an answer, and refuses connections"
)


def _row(measure: Measure) -> str:
    name, first, last = measure
    if name in ("memory", "store"):
        return f"| {name} | {measure.ratio:.2f} | {last.highest / first.highest:.2f} |"
    return f"| {name} | {last.median:g} / {first.median:g} | {last.highest:g} / {first.highest:g} |"


def _verdict(outcome: Outcome) -> str:
    if not outcome.broken:
        return "No answer was another one than expected, and no worker ended."
    return f"**Not kept: {'; '.join(outcome.broken)}.**"
