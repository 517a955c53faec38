"""The picture of a soak: what the workers hold at each moment, beside what they held at first."""

from __future__ import annotations

from collections.abc import Sequence

from .soak_samples import WARM_UP, Measure, Sample

_WIDTH, _HEIGHT = 720, 320  # pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 104, 20, 44
#: Told apart by people who see few colours, and at least 4.5:1 on white.
_COLORS = {"memory": "#0b5cad", "descriptors": "#8a2f7c", "threads": "#00705a", "store": "#b3430b"}
_LINE = 18  # pixels between the names of two lines
_TITLE = "What both workers held during the soak"


class _Frame:
    """Where a minute and a ratio are."""

    def __init__(self, end: float, highest: float) -> None:
        self._end, self._highest = end, highest

    def x(self, minute: float) -> float:
        return round(_LEFT + minute / self._end * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, ratio: float) -> float:
        return round(_HEIGHT - _BOTTOM - ratio / self._highest * (_HEIGHT - _TOP - _BOTTOM), 1)


def soak_chart(samples: Sequence[Sample], measures: Sequence[Measure]) -> str:
    """Return an SVG with a line for each measure; 1 is its median in the first third."""
    lines = {
        one.name: [getattr(sample, one.name) / one.first.median for sample in samples]
        for one in measures
    }
    end = samples[-1].at
    highest = max(2.0, *(max(line) for line in lines.values()))
    frame = _Frame(end, highest)
    parts = [_grid(frame, end, highest)]
    below = 0.0
    for name, line in sorted(lines.items(), key=lambda item: -item[1][-1]):
        points = " ".join(
            f"{frame.x(sample.at)},{frame.y(ratio)}"
            for sample, ratio in zip(samples, line, strict=True)
        )
        below = max(frame.y(line[-1]), below + _LINE)
        color, beside = _COLORS[name], _WIDTH - _RIGHT + 8
        parts.append(
            f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="{points}"/>'
            f'<text x="{beside}" y="{below + 5:g}" fill="{color}">{name}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="title" font-family="Arial, Helvetica, sans-serif" font-size="14">\n'
        f'<title id="title">{_TITLE}</title>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _grid(frame: _Frame, end: float, highest: float) -> str:
    """Return the axes, and the ground of the warm-up."""
    top, bottom, right = frame.y(highest), frame.y(0), frame.x(end)
    parts = [
        f'<rect x="{_LEFT}" y="{top}" width="{frame.x(end * WARM_UP) - _LEFT:g}" '
        f'height="{bottom - top:g}" fill="#f0f0f0"/>',
        f'<text x="{_LEFT + 6}" y="{top + 16:g}" fill="#555">warm-up</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 6}" fill="#222">minutes of the app\'s clock; '
        "1 is the median of the first third after the warm-up</text>",
    ]
    for ratio in (step / 2 for step in range(int(highest * 2) + 1)):
        y = frame.y(ratio)
        parts.append(
            f'<path d="M{_LEFT} {y}H{right}" stroke="#e2e2e2"/>'
            f'<text x="{_LEFT - 6}" y="{y + 5:g}" text-anchor="end" fill="#222">{ratio:g}</text>'
        )
    for part in range(7):
        minute = end * part / 6
        parts.append(
            f'<text x="{frame.x(minute)}" y="{bottom + 18:g}" text-anchor="middle" '
            f'fill="#222">{minute:.0f}</text>'
        )
    return "\n".join(parts)
