"""The first table of docs/benchmarks.md: what is to be reached, and what was."""

from __future__ import annotations

from .load import BARE, OURS, SESSION, Ratio
from .markdown import ratio, table
from .results import Results
from .servers import GTHREAD, SYNC
from .strain import Strain


def rows_section(results: Results) -> str:
    """Return the table."""
    rows = [*_server(results), *_strained(results), *_browser(results), *_start(results)]
    return f"""## To reach, and reached

Beside the limit unless another thing is named. Under load means that each processor had one more program to run.

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
            *(_both(by_kind[kind][OURS], by_kind[kind]["limit"]) for kind in (GTHREAD, SYNC)),
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


def _browser(results: Results) -> list[list[str]]:
    return []


def _start(results: Results) -> list[list[str]]:
    cost = results.cost
    return [
        ["Import and registration beside bare Flask", "at most 1.6", f"{cost.start:.1f}", "", ""],
        ["Memory of it", "at most 9 MiB", f"{cost.memory:.0f} MiB", "", ""],
    ]
