"""Who asks in a soak: browsers that keep their connection, and clients that hang up."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT = 30.0  # seconds
NO_ANSWER = 0  # instead of a status
#: What a request may be answered with while Lean is in trouble, or was a moment ago.
TROUBLED = frozenset({502, 503, 504})
MAX_KEPT = 20  # unexpected answers that are shown


class GoneAwry(Exception):
    """The answer is not the one with which a visit goes on."""


@dataclass(frozen=True)
class Answer:
    """An answer whose body has been read."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body."""
        return json.loads(self.body)


class Answers:
    """Counts answers, and keeps those that nobody should have had.

    :param trouble: says which trouble Lean has; empty for none.
    :param describe: says more of it, for the examples.
    """

    def __init__(self, trouble: Callable[[], str], describe: Callable[[], str]) -> None:
        self._trouble = trouble
        self._describe = describe
        self._lock = threading.Lock()
        self.counts: Counter[tuple[str, int]] = Counter()
        self.unexpected: Counter[tuple[str, int]] = Counter()
        self.examples: list[str] = []

    def note(self, step: str, answer: Answer, expected: Collection[int], before: str) -> None:
        """Note an answer.

        :param before: Lean's trouble when the request was sent.
        :raises GoneAwry: when its status is not among the *expected* ones.
        """
        is_good = answer.status in expected
        trouble = before or self._trouble()
        with self._lock:
            self.counts[step, answer.status] += 1
            if not is_good and not (trouble and answer.status in TROUBLED):
                self.unexpected[step, answer.status] += 1
                if len(self.examples) < MAX_KEPT:
                    text = answer.body[:300].decode(errors="replace")
                    self.examples.append(f"{step}: {answer.status} {self._describe()}: {text}")
        if not is_good:
            raise GoneAwry

    @property
    def total(self) -> int:
        """Return how many answers there were."""
        return self.counts.total()

    @property
    def refused(self) -> int:
        """Return how many said that Lean could not be asked."""
        return sum(self.counts[key] for key in list(self.counts) if key[1] in TROUBLED)

    def complaints(self) -> list[str]:
        """Return a sentence for each kind of answer that nobody should have had."""
        return [
            f"{step} was answered {status}: {count} times"
            for (step, status), count in self.unexpected.items()
        ]

    def trouble(self) -> str:
        """Return which trouble Lean has."""
        return self._trouble()


class Pace:
    """Lets *rate* requests through in a second, whoever asks."""

    def __init__(self, rate: float) -> None:
        self._every = 1 / rate
        self._lock = threading.Lock()
        self._next = time.monotonic()

    def wait(self) -> None:
        """Return when the next request may be sent."""
        with self._lock:
            now = time.monotonic()
            self._next = max(self._next + self._every, now)
            left = self._next - now
        time.sleep(left)


class Browser:
    """A browser session: its cookies, and one connection that it keeps."""

    def __init__(self, port: int, answers: Answers, pace: Pace) -> None:
        self._answers = answers
        self._pace = pace
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self.cookies: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def get(self, step: str, path: str, *expected: int, **headers: str) -> Answer:
        """Ask for *path*."""
        return self._ask(step, "GET", path, None, headers, expected or (200,))

    def post(self, step: str, path: str, content: Any, *expected: int, **headers: str) -> Answer:
        """Post *content*: bytes as they are, a text as a form, and JSON."""
        kind = (
            "application/x-www-form-urlencoded" if isinstance(content, str) else "application/json"
        )
        if isinstance(content, str):
            content = content.encode()
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self._ask(
            step, "POST", path, body, {"Content_Type": kind} | headers, expected or (200,)
        )

    def _ask(
        self,
        step: str,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        expected: Collection[int],
    ) -> Answer:
        self._pace.wait()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            named["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        before = self._answers.trouble()
        try:
            answer = self._answer(method, path, body, named)
        except TimeoutError:
            answer = Answer(NO_ANSWER, {}, b"")
            self._connection.close()
        self._answers.note(step, answer, expected, before)
        return answer

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        try:
            response = self._send(method, path, body, headers)
        except (ConnectionError, http.client.BadStatusLine):  # it was kept for too long
            self._connection.close()
            response = self._send(method, path, body, headers)
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(response.status, dict(response.getheaders()), response.read())

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, dict(headers))
        return self._connection.getresponse()


def hang_up(port: int, sent: bytes, read: int) -> None:
    """Send *sent*, read at most so many bytes of the answer, and reset the connection."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.sendall(sent)
        if read:
            connection.recv(read)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
