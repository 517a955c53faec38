"""Pictures of cost against size, as SVG: the same bytes for the same numbers.

Texts stay texts, so a screen reader has them and the file is small. The ground is white in any
theme. Each line has a colour, a mark and its name at its end, so that none depends on the colour.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

from .load import Ratio

#: Told apart by people who see few colours, and at least 4.5:1 on white.
_COLORS = ("#0b5cad", "#b3430b", "#00705a", "#8a2f7c", "#5c5c00")
_QUIET = "#767676"
_MARKS = ("o", "s", "^", "D", "v")
_INK, _GRID = "#222222", "#e2e2e2"
_WIDTH, _HEIGHT = 7.2, 4.3  # inches, of 72 px
_LINE = 13.0  # pixels of height that a name takes
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lean-flask",
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Helvetica", "DejaVu Sans"],
    "font.size": 11,
}


@dataclass(frozen=True)
class Series:
    """A line: the measured ratio at each size.

    :param quiet: drawn in grey and without a mark, as what the others are compared with.
    """

    name: str
    points: Mapping[int, Ratio]
    quiet: bool = False


@dataclass(frozen=True)
class Chart:
    """Cost against size, both on a logarithmic scale.

    :param size: what the size is, on the axis below.
    :param cost: what the cost is, beside what: on the axis at the left.
    """

    title: str
    size: str
    cost: str
    series: Sequence[Series]


def draw(chart: Chart) -> str:
    """Return *chart* as an SVG document, without scripts and without anything from elsewhere."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="white")
        axes = figure.add_axes((0.075, 0.13, 0.685, 0.715))
        _scales(axes, chart)
        for number, series in enumerate(chart.series):
            color = _QUIET if series.quiet else _COLORS[number % len(_COLORS)]
            _line(axes, series, color, "" if series.quiet else _MARKS[number % len(_MARKS)])
        _names(axes, chart)
        figure.text(0.016, 0.955, chart.title, size=13, weight="bold", color=_INK, va="center")
        # Level and above the scale, as it is read.
        figure.text(0.016, 0.895, chart.cost, color=_INK, va="center")
        out = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(out, format="svg", metadata=metadata)
    return _named(out.getvalue(), chart)


def described(chart: Chart) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    lines = "; ".join(
        f"{one.name} {_number(one.points[min(one.points)].median)} to "
        f"{_number(one.points[max(one.points)].median)}"
        for one in chart.series
    )
    sizes = sorted({size for one in chart.series for size in one.points})
    return f"{chart.cost}, from {sizes[0]:,} to {sizes[-1]:,} {chart.size}: {lines}"


def _scales(axes: Axes, chart: Chart) -> None:
    sizes = sorted({size for one in chart.series for size in one.points})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{size:,}" for size in sizes])
    axes.set_xlim(sizes[0] / 1.12, sizes[-1] * 1.12)
    low, high = _range(chart)
    ticks = [
        first * 10.0**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for first in ((1, 2, 5) if high / low < 200 else (1,))
        if low <= first * 10.0**power <= high
    ]
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.set_yticklabels([_number(tick) for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axhline(1, color=_QUIET, linewidth=1)
    axes.set_xlabel(chart.size, color=_INK, labelpad=6)
    axes.tick_params(length=0, colors=_INK, pad=6)
    axes.spines[:].set_visible(False)


def _range(chart: Chart) -> tuple[float, float]:
    """Return the ends of the scale of costs, with a little room beyond what was measured."""
    found = [end for one in chart.series for ratio in one.points.values() for end in _ends(ratio)]
    return min(0.8, min(found) / 1.15), max(2.2, max(found) * 1.25)


def _ends(ratio: Ratio) -> tuple[float, float, float]:
    return ratio.low, ratio.median, ratio.high


def _line(axes: Axes, series: Series, color: str, mark: str) -> None:
    sizes = sorted(series.points)
    low, median, high = zip(*(_ends(series.points[size]) for size in sizes), strict=True)
    axes.fill_between(sizes, low, high, color=color, alpha=0.14, linewidth=0)
    axes.plot(
        sizes, median, color=color, marker=mark or None, markersize=5.5, linewidth=1.8,
        clip_on=False, zorder=3,
    )  # fmt: skip


def _names(axes: Axes, chart: Chart) -> None:
    """Write the name of each line beside its end, and as far apart as they must be to be read."""
    height = axes.get_position().height * _HEIGHT * 72
    low, high = (math.log(end) for end in axes.get_ylim())
    ends = [
        (math.log(one.points[max(one.points)].median) - low) / (high - low) * height
        for one in chart.series
    ]
    order = sorted(range(len(ends)), key=lambda number: ends[number])
    places = _apart([ends[number] for number in order], _LINE, height)
    for number, place in zip(order, places, strict=True):
        one = chart.series[number]
        color = _QUIET if one.quiet else _COLORS[number % len(_COLORS)]
        axes.text(
            1.02, place / height, one.name, transform=axes.transAxes, color=color, va="center"
        )


def _apart(wanted: Sequence[float], room: float, top: float) -> list[float]:
    """Return places near the *wanted* ones, which ascend, each *room* above the one before."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + room) if places else place)
    end = top
    for number in reversed(range(len(places))):
        places[number] = min(places[number], end)
        end = places[number] - room
    return places


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def _named(svg: str, chart: Chart) -> str:
    """Return *svg* as an element of its own, with its title and description."""
    begin = svg.index("<svg")
    end = svg.index(">", begin)
    name, words = escape(chart.title), escape(described(chart))
    return (
        f'{svg[begin:end]} role="img" aria-labelledby="title description">\n'
        f' <title id="title">{name}</title>\n <desc id="description">{words}</desc>'
        f"{svg[end + 1 :]}"
    )
