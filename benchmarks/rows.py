"""The first table of docs/benchmarks.md: what is to be reached, and what was."""

from __future__ import annotations

from .beside import Answers
from .launch import REDIS, SQLITE
from .load import BARE, LIMIT, OURS, SESSION, Ratio
from .markdown import ratio, table
from .page import ROUND_TRIP
from .results import Results
from .servers import GTHREAD, SYNC
from .strain import Strain
from .webhook_hosts import WORKER


def rows_section(results: Results) -> str:
    """Return the table."""
    parts = (_server, _writes, _strained, _browser, _start)
    rows = [row for part in parts for row in part(results)]
    return f"""## To reach, and reached

Answers in the processor time of one of the limit's, unless another thing is named. Under load means that each processor
had one more program to run. Rows that no server decides stand in the first column of results.

{table(["what", "to reach", "gthread", "sync", "gthread, under load"], rows)}"""


def _server(results: Results) -> list[list[str]]:
    rows = []
    for size, to_reach in ((40, "0.60"), (1000, "0.60")):
        found = {kind: results.picker[kind][size] for kind in (GTHREAD, SYNC)}
        rows.append(
            [
                f"`GET /picker`, {size:,} banks",
                to_reach,
                *(ratio(found[kind].beside(OURS)) for kind in found),
                _loaded(results, f"picker {size}"),
            ]
        )
        rows.append(
            [
                f"`GET /picker`, {size:,} banks, beside the limit that reads the session",
                "0.80",
                *(ratio(found[kind].beside(OURS, SESSION)) for kind in found),
                "",
            ]
        )
    for size in (40, 1000):
        found = {kind: results.banks[kind][size]["gzip"] for kind in (GTHREAD, SYNC)}
        rows.append(
            [
                f"`GET /banks`, {size:,} banks",
                "0.95",
                *(ratio(found[kind].beside(OURS)) for kind in found),
                _loaded(results, f"banks {size}"),
            ]
        )
        rows.append(
            [
                f"`GET /banks`, {size:,} banks, beside the same bytes without headers",
                "0.85",
                *(ratio(found[kind].beside(OURS, BARE)) for kind in found),
                "",
            ]
        )
    for size, times in results.search.items():
        what = f"`GET /banks?q=`, {size:,} banks, in queries of the picker's script"
        rows.append([what, "at most 2", f"{times:.1f} (in process)", "", ""])
    return rows


def _loaded(results: Results, name: str) -> str:
    return ratio(results.under_load[name]) if name in results.under_load else ""


def _strained(results: Results) -> list[list[str]]:
    return [
        [
            f"{what}: slowest answer in medians, and the limit's own",
            "below the limit's",
            *(_both(by_kind[kind][OURS], by_kind[kind][LIMIT]) for kind in (GTHREAD, SYNC)),
            "",
        ]
        for what, by_kind in (
            ("The list expires", results.expiry),
            ("Lean hangs", results.hanging),
        )
    ]


def _both(ours: Strain, limit: Strain) -> str:
    return " / ".join(_slowest(one.slowest) for one in (ours, limit))


def _slowest(one: Ratio | None) -> str:
    return "all failed" if one is None else ratio(one, 1)


def _writes(results: Results) -> list[list[str]]:
    hosts = {
        "`POST /launch`, SQLite": [results.launch[kind][SQLITE] for kind in (GTHREAD, SYNC)],
        "`POST /launch`, Redis": [results.launch[kind][REDIS] for kind in (GTHREAD, SYNC)],
        "`POST /webhooks`, SQLite": _webhooks(results, "sqlite"),
        "`POST /webhooks`, Redis": _webhooks(results, "redis"),
    }
    return [
        [f"{what}{beside}", "0.50", *(ratio(getattr(one, measure)) for one in found), ""]
        for what, found in hosts.items()
        for beside, measure in (("", "in_processor"), (", requests per second", "of_limit"))
    ]


def _webhooks(results: Results, store: str) -> list[Answers]:
    return [results.webhooks[f"{store}, {kind}"][WORKER] for kind in (GTHREAD, SYNC)]


def _browser(results: Results) -> list[list[str]]:
    bare, *pickers = results.visits.values()
    shown = {name: visit for name, visit in results.visits.items() if visit in pickers}
    rows = []
    for name, visit in shown.items():
        first = visit.fcp / bare.fcp
        rows.append([f"First paint beside a page with one line, {name}", "1.8", f"{first:.1f}"])
        rows.append([f"Blocking time, {name}", "under 50 ms", f"{visit.tbt:.0f} ms"])
        rows.append([f"Worst keystroke, {name}", "under 50 ms", f"{visit.keystroke:.0f} ms"])
        call = f"{visit.call:.0f} ms"
        rows.append([f"Tap to the SDK's call, {name}", f"{ROUND_TRIP + 50} ms", call])
    return [[*row, "", ""] for row in rows]


def _start(results: Results) -> list[list[str]]:
    cost, many = results.cost, results.cost.applications[200]
    rows = [
        ["Import and registration beside bare Flask", "1.6 times", f"{cost.start:.1f} times"],
        ["Memory of it", "9 MiB", f"{cost.memory:.0f} MiB"],
        ["200 apps in one process, beside bare ones", "0.5 s", f"{many.seconds:.2f} s"],
        ["Memory of them", "20 MiB", f"{many.memory:.0f} MiB"],
    ]
    return [[*row, "", ""] for row in rows]
