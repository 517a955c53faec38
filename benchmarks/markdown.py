"""Tables and ratios in the pages that are written."""

from __future__ import annotations

from collections.abc import Iterable

from .load import Ratio


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table whose first column is text, and whose others are numbers."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---", *["---:"] * (len(lines[0]) - 1)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def ratio(one: Ratio, places: int = 2) -> str:
    """Return the median, and in brackets the range of the middle half."""
    return f"{one.median:.{places}f} [{one.low:.{places}f}, {one.high:.{places}f}]"
