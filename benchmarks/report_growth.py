"""The section about growth in docs/benchmarks.md, and its pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .chart import Chart, Series, described, draw
from .growth_servers import AGAIN, CONNECTIONS
from .load import Ratio

#: By kind of request, and then by size.
Lines = Mapping[str, Mapping[int, Ratio]]

SECONDS, MEMORY = "processor time", "memory"
_PICTURES = ("banks", "threads", "workers", "apps")


@dataclass(frozen=True)
class Growth:
    """How many times as much each kind of request costs as constant bytes, at each size.

    :param banks: processor time, by number of banks.
    :param threads: processor time of a server, by threads of its one worker.
    :param workers: the same, by workers.
    :param apps: processor time and memory of so many apps with the package, beside as many without.
    """

    banks: Lines
    threads: Lines
    workers: Lines
    apps: Lines


def charts(found: Growth) -> dict[str, Chart]:
    """Return a chart of each size, by the name of its picture."""
    at_server = "processor time of all workers, in times of that of constant bytes"
    return {
        "banks": Chart(
            "More banks: what a request costs",
            "banks in the list",
            "processor time, in times of that of a view that returns the same bytes",
            _series(found.banks),
        ),
        "threads": Chart(
            "More threads: what a request costs", "threads of one worker", at_server,
            _series(found.threads),
        ),
        "workers": Chart(
            "More workers: what a request costs", "workers of four threads each", at_server,
            _series(found.workers),
        ),
        "apps": Chart(
            "More apps in one process: what their start costs",
            "apps in one process",
            "in times of as many apps without the package",
            _series(found.apps),
        ),
    }  # fmt: skip


def section(found: Growth, folder: Path) -> str:
    """Write the pictures into *folder*, and return the Markdown that shows them."""
    parts = {}
    for name, chart in charts(found).items():
        file = folder / f"benchmarks-{name}.svg"
        file.write_text(draw(chart), "utf-8")
        parts[name] = f"![{described(chart)}](images/{file.name})\n\n{_table(chart)}"
    return f"""## Growth

What costs more as something else grows, and what does not. A cost of 1 is that of constant bytes of the same size and
the same turn; a flat line does not grow. Around each line is the range of the middle half of the turns.

{parts["banks"]}

Each call in one process and without a server, in turns of both; the cost is processor time. No search, launch or
webhook is sent twice. The list is asked for with gzip, the page as well.

{parts["threads"]}

{parts["workers"]}

gunicorn with gthread, keep-alive and {CONNECTIONS} connections, 40 banks, a round of a second for each point. The cost is
the processor time of all workers for one request, beside that for constant bytes at as many threads and workers.
**{AGAIN}** is how far two rounds of the same server differ; around each line is its cost beside either.

{parts["apps"]}

Apps that are made and have registered a blueprint each, in a new process; importing is part of both."""


def _series(lines: Lines) -> Sequence[Series]:
    return [Series(name, points, quiet=name == AGAIN) for name, points in lines.items()]


def _table(chart: Chart) -> str:
    sizes = sorted(chart.series[0].points)
    rows = [
        [chart.size, *(f"{size:,}" for size in sizes), "growth"],
        ["---", *["---:"] * (len(sizes) + 1)],
        *([_code(one.name), *_costs(one, sizes)] for one in chart.series),
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _code(name: str) -> str:
    return f"`{name}`" if "/" in name else name


def _costs(one: Series, sizes: Sequence[int]) -> list[str]:
    costs = [one.points[size].median for size in sizes]
    return [*(f"{cost:.3g}" for cost in costs), f"{costs[-1] / costs[0]:.2f}"]
