"""One run: send, kill, wait until every receiver has had everything, judge."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from .host import RECEIVERS, HostSetup
from .plan import Burst, SignedEvent
from .processes import Processes
from .sender import NO_ANSWER, Sender
from .verdict import Verdict, calls_of, judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to. Times are seconds.

    :param answers: how often each status code came; 0 for no answer.
    :param after_last: from the last first 200 to the last first delivery.
    """

    events: int
    killed: int
    answers: Mapping[int, int]
    median: float
    p99: float
    sending: float
    after_last: float
    verdicts: Mapping[str, Verdict]

    @property
    def is_good(self) -> bool:
        """Return whether every promise was kept at every receiver."""
        return all(verdict.is_good for verdict in self.verdicts.values())

    def __str__(self) -> str:
        """Return lines for people."""
        repeated = sum(verdict.repeated for verdict in self.verdicts.values())
        calls = repeated + self.events * len(self.verdicts)
        refused = {code: count for code, count in self.answers.items() if code != 200}
        lines = [
            f"{self.events:,} events in {self.sending:.1f} s, {self.killed} processes killed; "
            f"all delivered {self.after_last:.1f} s after the last 200",
            f"answers: {self.answers.get(200, 0):,} of 200, {refused.get(NO_ANSWER, 0)} none"
            + "".join(f", {n} of {code}" for code, n in refused.items() if code != NO_ANSWER),
            f"an answer takes {self.median * 1000:.0f} ms (median), {self.p99 * 1000:.0f} ms (p99)",
            f"calls of a receiver that were a repeat: {repeated} ({repeated / calls:.2%})",
        ]
        lines += [
            f"{name}: {verdict.lost} lost, {verdict.disordered} out of order"
            for name, verdict in self.verdicts.items()
        ]
        return "\n".join(lines)


def send_while_killing(
    setup: HostSetup,
    processes: Processes,
    bursts: Sequence[Burst],
    *,
    rate: float,
    kill_every: float | None,
    patience: float,
) -> Outcome:
    """Send *bursts* to the running *processes*.

    :param kill_every: seconds between two kills, which go on until all has been delivered.
    :param patience: seconds after the last 200 in which all must have been delivered.
    """
    events = [event for burst in bursts for chain in burst.chains for event in chain]
    sender = Sender(processes.url)
    begun = time.monotonic()
    killing = processes.being_killed(kill_every) if kill_every else nullcontext()
    with killing, processes.being_visited():
        sender.send(bursts, rate)
        accepted = time.monotonic()
        wait_until_delivered(setup, events, patience)
        delivered = time.monotonic()
    return Outcome(
        events=len(events),
        killed=processes.killed,
        answers=sender.answers,
        median=statistics.median(sender.seconds),
        p99=statistics.quantiles(sender.seconds, n=100)[98],
        sending=accepted - begun,
        after_last=delivered - accepted,
        verdicts={
            name: judge(calls_of(setup.log(name)), events, sender.sent) for name in RECEIVERS
        },
    )


def wait_until_delivered(setup: HostSetup, events: Sequence[SignedEvent], patience: float) -> None:
    """Return once every receiver has had all *events*, or after *patience* seconds."""
    wanted = {event.id for event in events}
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if all(wanted <= set(calls_of(setup.log(name))) for name in RECEIVERS):
            return
        time.sleep(0.1)
