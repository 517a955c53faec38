"""docs/benchmarks.md, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from . import page
from .cost import Cost
from .load import CONNECTIONS
from .loaded import QUIET
from .markdown import table
from .page import Visit
from .profiling import Profile
from .report_load import (
    banks_section,
    picker_section,
    search_section,
    stampede_section,
    strain_section,
)
from .report_writes import launch_section, webhooks_section
from .results import Results
from .rows import rows_section
from .servers import THREADS, WORKERS

_SOAK = "## Soak\n"
_COUNTED = """## What CI holds

No time fails CI. What does is a count that is the same on each machine, and has grown: functions that a hot request enters,
what it asks the store and Lean, bytes, requests of a page, memory at one time and memory that stays. The limits are in
`tests/performance/limits.toml`, beside what each of them means."""


def document(results: Results, before: str) -> str:
    """Return the whole page.

    :param before: the page as it was; what ``make soak`` wrote in it stays.
    """
    sections = [
        _head(results),
        rows_section(results),
        banks_section(results.banks),
        picker_section(results.picker),
        search_section(results.search),
        stampede_section(results.stampede),
        strain_section(
            "The list expires under load",
            "The list is fresh for one second and Lean takes 0.2 s to answer, while wrk asks on.",
            results.expiry,
        ),
        strain_section(
            "Lean hangs",
            "The list has expired, and Lean accepts calls and answers none of them. Every contender "
            "gives a call 2 s.",
            results.hanging,
        ),
        launch_section(results.launch),
        webhooks_section(results.webhooks),
        results.growth,
        _cost(results.cost),
        _profiles(results.profiles),
        _visits(results.visits),
        _COUNTED,
    ]
    page = "\n\n".join(sections) + "\n"
    _, found, rest = before.partition(f"\n{_SOAK}")
    return with_section(page, found[1:] + rest.partition("\n## ")[0].rstrip()) if found else page


def with_section(page: str, section: str) -> str:
    """Return *page* with *section* in place of the one of its heading, or before the costs."""
    heading = section.partition("\n")[0]
    before, found, rest = page.partition(heading)
    if not found:
        before, found, rest = page.partition("## What the package costs")
        return f"{before}{section}\n\n{found}{rest}"
    after = rest.partition("\n## ")[2]
    return f"{before}{section}\n\n## {after}"


def _head(results: Results) -> str:
    quick = "\n\n**A quick run: too few rounds to rely on.**" if results.quick else ""
    before, after = results.taken
    state = "quiet" if max(results.taken) < QUIET else "**loaded**"
    return f"""# Benchmarks

`make bench` writes this page. It runs each contender under gunicorn with {WORKERS} workers, FakeLean as
Lean and wrk with {CONNECTIONS} connections as the client, all on one machine over loopback. The workers are of two kinds:
`gthread` with {THREADS} threads and keep-alive, which [Deployment](deployment.md#gunicorn) recommends, and `sync`, which opens a
connection for each request. Contenders take turns in rounds of a second each; a number is the median of the ratios to
the limit in the same round, and in brackets the range of the middle half of them. It says how many answers a contender
gives in the processor time of one of the limit's. Times of one machine say nothing about another, so there are none.

The **limit** is a Flask view that returns constant bytes: those that lean-flask sends, under the same headers. **limit
again** is the same server asked once more per round, and shows how much of a difference is noise.
The others are what a team would write instead, as well as each library allows (`benchmarks/contenders.py`).

This run was {state}: other programs took {before:.0%} of the processors just before it, and {after:.0%} just after.
{results.versions}.{quick}"""


def _cost(cost: Cost) -> str:
    rows = [
        [str(size), f"{one.times:.1f}", f"{one.seconds:.2f}", f"{one.memory:.0f}"]
        for size, one in cost.applications.items()
    ]
    head = ["apps", "processor time, in times", "seconds more", "MiB more"]
    return f"""## What the package costs at the start

Beside a bare Flask app: importing and registering takes {cost.start:.1f} times the processor time in all, and the process
holds {cost.memory:.0f} MiB more.

Several apps in one process that has imported it, beside as many bare ones:

{table(head, rows)}"""


def _profiles(profiles: Mapping[str, Profile]) -> str:
    parts = [
        "## Where the time goes",
        "cProfile of the WSGI call in processor time, without a server, 40 banks; shares include callees. "
        "What is not ours is Flask and Werkzeug, which the limit pays as well. "
        "`python -m benchmarks.profiling` prints more.",
    ]
    for name, profile in profiles.items():
        rows = [[f"`{line.where}`", f"{line.share:.0%}"] for line in profile.lines]
        parts.append(
            f"`{name}`: lean-flask and what it calls take {profile.share:.0%}; "
            f"a call takes {profile.beside:.2f} times the limit's."
        )
        parts.append(table(["function", "share"], rows))
    return "\n\n".join(parts)


def _visits(visits: Mapping[str, Visit]) -> str:
    bare = next(iter(visits.values()))
    rows = [
        [
            name,
            f"{visit.page / 1000:,.0f}",
            f"{visit.fcp:,.0f} ({visit.fcp / bare.fcp:.1f})",
            f"{visit.lcp:,.0f} ({visit.lcp / bare.lcp:.1f})",
            f"{visit.cls:.3f}",
            f"{visit.tbt:,.0f}",
            "" if visit.keystroke is None else f"{visit.keystroke:.0f}",
            "" if visit.tap is None else f"{visit.tap:.0f}",
            "" if visit.call is None else f"{visit.call:.0f}",
        ]
        for name, visit in visits.items()
    ]
    head = [
        "", "HTML, kB", "first paint", "largest paint", "layout shift", "blocking",
        "worst keystroke", "tap on a bank", "tap to the SDK's call",
    ]  # fmt: skip
    return f"""## The picker in a browser

Chromium as a cheap phone on a slow network: {page.CPU_SLOWDOWN} times slower processor, {page.ROUND_TRIP} ms round trip,
{page.DOWN} Mbit/s down, nothing cached, no proxy that compresses. Medians in milliseconds of this emulation,
in brackets the ratio to a page with one line of text. Blocking is the part of long tasks beyond 50 ms each; a
keystroke or tap lasts until the next paint, and nothing under 16 ms can be told. Before the SDK is called, the server
answers once to the launch, with a token that it has ready.

{table(head, rows)}"""
