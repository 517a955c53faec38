"""The sections of docs/benchmarks.md about requests for the list, the page and the search."""

from __future__ import annotations

from collections.abc import Mapping

from .load import BARE, CONTROL, LIMIT, OURS, SESSION, Rounds
from .markdown import ratio, table
from .search import QUERIES
from .servers import WORKERS
from .strain import Stampede, Strain

_COLUMNS = {
    CONTROL: CONTROL,
    BARE: "the same bytes without headers",
    SESSION: "the same bytes after a look at the session",
}


def banks_section(by_kind: Mapping[str, Mapping[int, Mapping[str, Rounds]]]) -> str:
    """Return the tables of ``GET /banks``.

    :param by_kind: of worker, then by number of banks, then by what is asked.
    """
    parts = [
        "## `GET /banks` beside the limit",
        "The answer compressed, and a 304. The others take part under gthread only, and in fewer "
        "rounds.",
    ]
    for kind, by_size in by_kind.items():
        for size, by_question in by_size.items():
            names = [name for name in next(iter(by_question.values())).runs if name != LIMIT]
            rows = [
                [
                    _COLUMNS.get(name, name),
                    *(ratio(one.beside(name)) for one in by_question.values()),
                ]
                for name in names
            ]
            rounds = len(next(iter(by_question.values())).runs[OURS])
            parts.append(f"{kind}, {size:,} banks; rounds: {rounds}.")
            parts.append(table(["", *by_question], rows))
    return "\n\n".join(parts)


def picker_section(by_kind: Mapping[str, Mapping[int, Rounds]]) -> str:
    """Return the table of ``GET /picker``, by kind of worker and number of banks."""
    rows = [
        [
            f"{kind}, {size:,} banks",
            ratio(found.beside(CONTROL)),
            ratio(found.beside(OURS)),
            ratio(found.beside(OURS, SESSION)),
        ]
        for kind, by_size in by_kind.items()
        for size, found in by_size.items()
    ]
    head = ["", CONTROL, OURS, "lean-flask beside the limit that reads the session first"]
    return f"""## `GET /picker` beside the limit

With a valid flow in its browser session: the flow is opened and checked for every request.

{table(head, rows)}"""


def search_section(found: Mapping[int, float]) -> str:
    """Return the table of the search."""
    rows = [[f"{size:,}", f"{times:.1f}"] for size, times in found.items()]
    return f"""## `GET /banks?q=` with queries that were never asked before

The processor time of a request, all of Flask included, in times of what the picker's script takes for the same query in
Node.js: names, beginnings of names, slips, sentences, the other keyboard and nothing known, {QUERIES} a turn.

{table(["banks", "one request, in queries of the script"], rows)}"""


def stampede_section(found: Mapping[str, Stampede]) -> str:
    """Return the table of the cold start."""
    rows = [
        [name, str(one.calls), f"{one.slowest:.2f}", str(one.failed)] for name, one in found.items()
    ]
    return f"""## A cold stampede

100 requests at once to a server that has just started, while Lean takes one second. Here gunicorn has
{WORKERS} workers with 50 threads each, since fewer would let fewer requests in. To reach: one call.

{table(["", "calls to Lean", "slowest answer, in Lean's answers", "failed"], rows)}"""


def strain_section(title: str, what: str, by_kind: Mapping[str, Mapping[str, Strain]]) -> str:
    """Return the table of a strain, by kind of worker."""
    rows = [
        [
            f"{kind}: {name}",
            "all failed" if one.slowest is None else ratio(one.slowest, 1),
            f"{one.failed:.0%}",
        ]
        for kind, found in by_kind.items()
        for name, one in found.items()
    ]
    return f"""## {title}

{what} The limit has no list that could expire, and shows what the machine itself adds. Counting begins when each worker
has given its first answer.

{table(["", "slowest answer of a run, in medians", "failed"], rows)}"""
