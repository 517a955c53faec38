"""Posts events as Lean does: whatever is not answered 200 comes again."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from .plan import Burst, SignedEvent

THREADS = 16
TIMEOUT = 10.0  # seconds, as Lean
REPEAT_AFTER = (0.1, 0.2, 0.5, 1.0)  # seconds; Lean waits for minutes, and gives up after hours
REPEATED = 0.05  # share of the events that come again although they were answered 200
NO_ANSWER = 0  # instead of a status code


@dataclass(frozen=True, slots=True)
class Sent:
    """When an event was first posted, and when its first 200 had come; seconds, monotonic."""

    begun: float
    accepted: float


class Sender:
    """Posts to one URL from several threads, each event until it is answered 200."""

    def __init__(self, url: str, seed: int = 0) -> None:
        self._url = urlsplit(url)
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.sent: dict[str, Sent] = {}
        #: How often each status code came.
        self.answers: Counter[int] = Counter()
        #: Seconds of each answer.
        self.seconds: list[float] = []

    def send(self, bursts: Iterable[Burst], rate: float) -> None:
        """Return when every event has been answered 200.

        :param rate: events per second, over all bursts.
        """
        with ThreadPoolExecutor(THREADS) as pool:
            works = []
            for burst in bursts:
                works += [pool.submit(self.send_chain, chain) for chain in burst.chains]
                time.sleep(burst.size * burst.pause / rate)
            for work in works:
                work.result()

    def send_chain(self, chain: Iterable[SignedEvent]) -> None:
        """Send each event when the one before has been answered 200."""
        for event in chain:
            begun = time.monotonic()
            self._until_accepted(event)
            with self._lock:
                self.sent[event.id] = Sent(begun, time.monotonic())
                again = self._random.random() < REPEATED
            if again:
                self._until_accepted(event)

    def _until_accepted(self, event: SignedEvent) -> None:
        attempt = 0
        while self.post(event) != 200:
            time.sleep(REPEAT_AFTER[min(attempt, len(REPEAT_AFTER) - 1)])
            attempt += 1

    def post(self, event: SignedEvent) -> int:
        """Return the status code of one attempt."""
        begun = time.monotonic()
        status = self._attempt(event)
        with self._lock:
            self.answers[status] += 1
            self.seconds.append(time.monotonic() - begun)
        return status

    def _attempt(self, event: SignedEvent) -> int:
        """Post on a connection of its own, so that the kernel chooses a worker each time."""
        connection = http.client.HTTPConnection(
            self._url.hostname or "", self._url.port, timeout=TIMEOUT
        )
        headers = {"Content-Type": "application/json", "lean-signature": event.signature}
        try:
            connection.request("POST", self._url.path, event.body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, http.client.HTTPException):
            return NO_ANSWER
        finally:
            connection.close()
