"""Whether each receiver has had every event, and in order.

What is claimed about the order: if event A of a subject was answered 200 before event B of that
subject was posted for the first time, then each receiver is called with A before it is called with
B for the first time. Events that were under way at the same time have no order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .plan import SignedEvent
from .sender import Sent


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the events at one receiver.

    :param lost: events that it never had.
    :param unknown: ids that it had and nobody sent.
    :param disordered: events that it had after a later one of their subject.
    :param repeated: calls beyond the first, in all.
    """

    lost: int
    unknown: int
    disordered: int
    repeated: int

    @property
    def is_good(self) -> bool:
        """Return whether what is promised was kept."""
        return not (self.lost or self.unknown or self.disordered)


def calls_of(log: Path) -> list[str]:
    """Return the ids that a receiver wrote, in order."""
    return log.read_text().split() if log.exists() else []


def judge(calls: Iterable[str], events: Iterable[SignedEvent], sent: Mapping[str, Sent]) -> Verdict:
    """Compare the *calls* of one receiver with what was accepted."""
    counted = Counter(calls)  # in the order of the first calls
    subjects = {event.id: event.subject for event in events}
    return Verdict(
        lost=sum(event_id not in counted for event_id in sent),
        unknown=sum(event_id not in subjects for event_id in counted),
        disordered=_disordered(counted, subjects, sent),
        repeated=counted.total() - len(counted),
    )


def _disordered(
    firsts: Iterable[str], subjects: Mapping[str, str], sent: Mapping[str, Sent]
) -> int:
    """Count events that were accepted before one was posted that was delivered before them."""
    latest: dict[str, float] = {}  # when the last posted of those delivered was posted
    wrong = 0
    for event_id in firsts:
        if event_id in sent:
            subject, times = subjects[event_id], sent[event_id]
            wrong += times.accepted < latest.get(subject, 0.0)
            latest[subject] = max(latest.get(subject, 0.0), times.begun)
    return wrong
