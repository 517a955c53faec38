"""The pictures of growth in docs/benchmarks.md: what they say, and that they load nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from benchmarks.chart import Chart, Series, draw
from benchmarks.load import Ratio
from benchmarks.report_growth import Growth, section
from support.paths import ROOT

MAX_BYTES = 40_000
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = ("banks", "threads", "workers", "apps")


def line(*costs):
    sizes = (1, 40, 10_000)
    return {
        size: Ratio(cost, cost * 0.9, cost * 1.2) for size, cost in zip(sizes, costs, strict=True)
    }


CHART = Chart(
    "What a <request> costs",
    "banks",
    "times the constant bytes",
    [
        Series("GET /banks", line(1.1, 1.1, 1.2)),
        Series("GET /banks?q=", line(5, 50, 5000)),
        Series("again", line(1, 0.9, 1), quiet=True),
    ],
)
GROWTH = Growth(*({"GET /banks": line(1, 2, 3), "POST /launch": line(9, 9, 9)} for _ in PICTURES))


def texts(svg):
    return ["".join(found.itertext()) for found in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_picture_names_its_axes_its_sizes_and_its_lines():
    assert {"banks", "times the constant bytes", "1", "40", "10,000"} <= set(texts(draw(CHART)))
    assert {"GET /banks", "GET /banks?q=", "again"} <= set(texts(draw(CHART)))


def test_a_picture_says_to_those_who_do_not_see_it_what_it_shows():
    root = ElementTree.fromstring(draw(CHART))
    assert root.get("role") == "img"
    assert [part.tag for part in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == "What a <request> costs"
    assert "from 1 to 10,000 banks: GET /banks 1.1 to 1.2; GET /banks?q= 5 to 5,000" in root[1].text


def test_the_same_numbers_are_the_same_bytes():
    assert draw(CHART) == draw(CHART)


def test_names_of_lines_that_end_at_the_same_cost_can_be_read():
    same = [Series(f"line {number}", line(1, 1, 1)) for number in range(5)]
    root = ElementTree.fromstring(draw(Chart("title", "banks", "times", same)))
    heights = [
        float(found.get("y"))
        for found in root.iter(f"{SVG}text")
        if "line" in "".join(found.itertext())
    ]
    between = [higher - lower for lower, higher in zip(heights[1:], heights, strict=False)]
    assert all(distance > 12 for distance in between)


def test_the_section_shows_each_picture_and_its_numbers(tmp_path):
    text = section(GROWTH, tmp_path)
    for name in PICTURES:
        assert (tmp_path / f"benchmarks-{name}.svg").read_text("utf-8").endswith("</svg>\n")
        assert f"](images/benchmarks-{name}.svg)" in text
    assert text.count("| `GET /banks` | 1 | 2 | 3 | 3.00 |") == len(PICTURES)


@pytest.mark.parametrize("picture", [*PICTURES, None])
def test_a_picture_is_small_and_loads_and_runs_nothing(picture):
    path = ROOT / "docs" / "images" / f"benchmarks-{picture}.svg"
    svg = path.read_text("utf-8") if picture else draw(CHART)
    assert len(svg.encode()) < MAX_BYTES
    names = {found.tag.removeprefix(SVG) for found in ElementTree.fromstring(svg).iter()}
    assert not names & {"script", "image", "foreignObject", "a", "animate", "set"}
    assert re.findall(r'(?:xlink:)?href="(?!#)|url\((?!#)|@import|\son\w+=', svg) == []
