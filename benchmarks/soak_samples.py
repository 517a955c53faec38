"""What the workers of a soak hold, read from ``/proc``, and whether it is flat."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

WARM_UP = 10 / 60  # share of the run that is not judged: caches fill, pools open
MAX_GROWTH = 0.05  # of memory
#: Of the store: it keeps what came in the last minutes, and how much came depends on the machine.
#: Without any deletion it would be the triple.
MAX_STORE_GROWTH = 0.25
MAX_MORE = 5  # descriptors or threads of all workers together, in the median
MAX_PEAK = 12  # the same at the highest: how many calls a fault holds up is chance


@dataclass(frozen=True, slots=True)
class Sample:
    """What all workers together hold at one moment.

    :param at: minutes of test clock since the begin.
    :param memory: resident, in bytes.
    :param store: rows in the store; with Redis, bytes.
    """

    at: float
    memory: int
    descriptors: int
    threads: int
    store: int

    def __str__(self) -> str:
        """Return a line for people."""
        return (
            f"minute {self.at:4.1f}: {self.memory / 2**20:.1f} MiB, "
            f"{self.descriptors} descriptors, {self.threads} threads, "
            f"{self.store:,} in the store"
        )


class Third(NamedTuple):
    """One measure over a third of what is judged."""

    median: float
    highest: float


class Measure(NamedTuple):
    """One measure at the begin of what is judged, and at the end."""

    name: str
    first: Third
    last: Third

    @property
    def ratio(self) -> float:
        """Return the last median beside the first."""
        return self.last.median / self.first.median if self.first.median else 1.0


_MEASURES: dict[str, Callable[[Sample], float]] = {
    "memory": lambda sample: sample.memory,
    "descriptors": lambda sample: sample.descriptors,
    "threads": lambda sample: sample.threads,
    "store": lambda sample: sample.store,
}


def read_sample(at: float, workers: Iterable[int], store: int) -> Sample:
    """Return what the processes *workers* hold now.

    :raises OSError: when one of them has ended.
    """
    memory = descriptors = threads = 0
    for pid in workers:
        process = Path(f"/proc/{pid}")
        memory += _number("VmRSS", process / "status") * 1024
        descriptors += sum(1 for _ in (process / "fd").iterdir())
        threads += _number("Threads", process / "status")
    return Sample(at, memory, descriptors, threads, store)


def _number(name: str, path: Path) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", path.read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def compare(samples: Sequence[Sample]) -> list[Measure]:
    """Return each measure in the first and in the last third of what follows the warm-up.

    :raises ValueError: when there are too few samples to tell.
    """
    end = samples[-1].at if samples else 0.0
    judged = [sample for sample in samples if sample.at >= end * WARM_UP]
    size = len(judged) // 3
    if size < 2:
        raise ValueError("too few samples to tell whether anything grows")
    return [
        Measure(name, _third(judged[:size], read), _third(judged[-size:], read))
        for name, read in _MEASURES.items()
    ]


def _third(samples: Sequence[Sample], read: Callable[[Sample], float]) -> Third:
    values = [read(sample) for sample in samples]
    return Third(statistics.median(values), max(values))


def growth(measures: Iterable[Measure]) -> list[str]:
    """Return a sentence for each measure that is not flat."""
    return [sentence for measure in measures if (sentence := _judge(measure))]


def _judge(measure: Measure) -> str:
    name, first, last = measure
    if name in ("memory", "store"):
        most = 1 + (MAX_GROWTH if name == "memory" else MAX_STORE_GROWTH)
        if measure.ratio > most:
            return f"{name} grew {measure.ratio:.2f} times; at most {most:.2f} is flat"
        return ""
    more, peak = last.median - first.median, last.highest - first.highest
    if more > MAX_MORE:
        return f"{more:g} more {name} in the median; at most {MAX_MORE} is flat"
    if peak > MAX_PEAK:
        return f"{peak:g} more {name} at the highest; at most {MAX_PEAK} is flat"
    return ""
