"""That ``make soak`` sees what grows, and what should not have been answered."""

from __future__ import annotations

import random
from xml.etree import ElementTree

import pytest

from benchmarks.report import with_section
from benchmarks.soak import soak
from benchmarks.soak_chart import soak_chart
from benchmarks.soak_client import Answer, Answers, GoneAwry
from benchmarks.soak_report import Outcome, soak_section
from benchmarks.soak_samples import Sample, compare, growth
from support.paths import ROOT

MINUTES = 60
FLAT = {"memory": 150_000_000, "descriptors": 40, "threads": 12, "store": 500_000}


def samples(**changed):
    """One sample a minute. *changed* are functions that return what is added in a minute."""
    return [
        Sample(
            at,
            **{
                name: value + int(changed[name](at)) if name in changed else value
                for name, value in FLAT.items()
            },
        )
        for at in range(MINUTES)
    ]


def sawtooth(height, length):
    return lambda at: height * (at % length) / length


def noise(size):
    about = random.Random(size)
    return {at: about.uniform(-size, size) for at in range(MINUTES)}.get


def peaks(height):
    """What a fault holds up, every tenth minute."""
    return lambda at: height * (at % 10 == 0)


def warm_up(height):
    return lambda at: -height if at < MINUTES / 6 else 0


def steady(in_an_hour):
    return lambda at: in_an_hour * at / MINUTES


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {name: noise(value / 20) for name, value in FLAT.items()},
        {"memory": sawtooth(40_000_000, 7), "store": sawtooth(300_000, 5)},
        {"descriptors": peaks(30), "threads": peaks(20)},
        {name: warm_up(value / 2) for name, value in FLAT.items()},
        {"memory": steady(-10_000_000), "descriptors": steady(-10)},
    ],
    ids=["constant", "noise", "sawtooth", "peaks", "warm-up", "less"],
)
def test_what_stays_is_flat(changed):
    assert growth(compare(samples(**changed))) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("memory", steady(20_000_000)),
        ("memory", lambda at: sawtooth(40_000_000, 7)(at) + steady(30_000_000)(at)),
        ("descriptors", steady(12)),
        ("descriptors", lambda at: peaks(30)(at) * at / MINUTES),
        ("threads", steady(12)),
        ("store", steady(1_000_000)),
    ],
    ids=["steady", "rising sawtooth", "descriptors", "rising peaks", "threads", "store"],
)
def test_what_grows_is_named(name, change):
    (sentence,) = growth(compare(samples(**{name: change})))
    assert name in sentence


def test_too_few_samples_are_no_verdict():
    with pytest.raises(ValueError, match="too few samples"):
        compare(samples()[:5])


def test_an_answer_counts_as_unexpected_unless_lean_is_in_trouble():
    trouble = [""]
    answers = Answers(lambda: trouble[0], lambda: "")

    def note(status, expected=(200,)):
        answers.note("step", Answer(status, {}, b""), expected, trouble[0])

    note(200)
    note(410, expected=(410,))
    for status, during in ((503, "hangs"), (500, "hangs"), (503, ""), (404, "")):
        trouble[0] = during
        with pytest.raises(GoneAwry):
            note(status)
    assert answers.unexpected == {("step", 500): 1, ("step", 503): 1, ("step", 404): 1}
    assert len(answers.complaints()) == 3


@pytest.mark.parametrize("broken", [[], ["memory grew 2.00 times"]])
def test_the_section_and_its_picture_say_what_was_found(broken):
    found = samples()
    text = soak_section(Outcome(60, "sqlite", 1000, 10, found, compare(found), broken))
    assert "| memory | 1.00 | 1.00 |" in text
    assert ("Not kept: memory grew 2.00 times" in text) == bool(broken)
    picture = ElementTree.fromstring(soak_chart(found, compare(found)))
    lines = [one for one in picture.iter() if one.tag.endswith("polyline")]
    assert {len(line.get("points").split()) for line in lines} == {MINUTES}
    assert len(lines) == len(FLAT)
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert text in with_section(page, text)


def test_a_soak_of_seconds_is_answered_as_expected():
    """Too short to tell what grows."""
    outcome = soak(0.1, "sqlite", rate=150, tell=lambda line: None)
    assert outcome.requests > 10
    assert not [one for one in outcome.broken if "answered" in one or "ended" in one]
