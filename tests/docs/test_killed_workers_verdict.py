"""That ``make kill-workers`` sees what it looks for: a lost event, one out of order, a repeat."""

import random

import pytest

from benchmarks.killed_workers.plan import make_event, make_plan
from benchmarks.killed_workers.sender import Sent
from benchmarks.killed_workers.verdict import Verdict, judge


@pytest.fixture
def events():
    about = random.Random(0)
    return [make_event(subject, "a secret", about) for subject in ("x", "x", "x", "y")]


@pytest.fixture
def sent(events):
    """The first of x is accepted before the others are posted; these two overlap."""
    times = [Sent(1, 2), Sent(3, 5), Sent(4, 6), Sent(1, 6)]
    return {event.id: one for event, one in zip(events, times, strict=True)}


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([0, 1, 2, 3], Verdict(0, 0, 0, 0)),
        ([3, 0, 2, 1], Verdict(0, 0, 0, 0)),
        ([0, 1, 0, 2, 1, 3], Verdict(0, 0, 0, 2)),
        ([1, 0, 2, 3], Verdict(0, 0, 1, 0)),
        ([1, 0, 1, 2, 3], Verdict(0, 0, 1, 1)),
        ([0, 2, 3], Verdict(1, 0, 0, 0)),
    ],
)
def test_the_verdict(events, sent, calls, verdict):
    assert judge([events[call].id for call in calls], events, sent) == verdict
    assert verdict.is_good == (not verdict.lost and not verdict.disordered)


def test_what_nobody_sent_is_seen(events, sent):
    ids = [event.id for event in events]
    assert judge([*ids, "something else"], events, sent).unknown == 1


def test_the_plan_has_as_many_events_as_wanted_each_once_and_hot_subjects():
    bursts = make_plan(500, "a secret", seed=3)
    events = [event for burst in bursts for chain in burst.chains for event in chain]
    assert sum(burst.size for burst in bursts) == len({event.id for event in events}) == 500
    assert sum(event.subject.startswith("hot") for event in events) == 150
