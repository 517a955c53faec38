"""What goes wrong at Lean in a soak: one fault after the other, with Lean well in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from lean_flask.testing import FakeLean, faults
from lean_flask.testing.api import OPERATIONS

#: Seconds after a fault in which the app may still say that Lean cannot be reached: a circuit is
#: open for 45 seconds of the app's clock at most.
GRACE = 8.0
BROKEN = 1 / 3  # of a turn; after more, the circuits would be open for most of the rest
KEPT_RECORDS = 300  # customers, connections and intents that the stand-in keeps

#: What breaks each of Lean's operations; ``None`` refuses connections.
FAULTS: Mapping[str, Callable[[], faults.Fault] | None] = {
    "is slow": lambda: faults.Slow(0.5),
    "hangs": faults.Hang,
    "answers 500": lambda: faults.Status(500),
    "answers 429": lambda: faults.TooManyRequests(1),
    "answers no JSON": faults.NotJson,
    "resets": faults.Reset,
    "ends half way": faults.Truncated,
    "refuses connections": None,
}


class Weather:
    """Breaks Lean in one way after the other, at the end of each turn.

    :param turn: seconds.
    """

    def __init__(self, lean: FakeLean, turn: float) -> None:
        self._lean = lean
        self._turn = turn
        self._name = self._last = ""
        self._ended = float("-inf")

    def trouble(self) -> str:
        """Return what is broken, or was a moment ago; empty while Lean is well."""
        return self._name or ("after a fault" if time.monotonic() < self._ended + GRACE else "")

    def describe(self) -> str:
        """Return how it is, for whoever looks for a cause."""
        if self._name:
            return f"while Lean {self._name}"
        return f"{time.monotonic() - self._ended:.1f} s after Lean {self._last}"

    def run(self, over: threading.Event) -> None:
        """Go through all faults again and again until *over*."""
        while True:
            for name, make in FAULTS.items():
                if over.wait(self._turn * (1 - BROKEN)):
                    return
                self._name = self._last = name
                self._break(make)
                over.wait(self._turn * BROKEN)
                self._lean.heal()
                self._lean.start()
                self._ended, self._name = time.monotonic(), ""
                self._forget()

    def _break(self, make: Callable[[], faults.Fault] | None) -> None:
        if make is None:
            self._lean.stop()
            return
        for operation in OPERATIONS:
            self._lean.fault(operation, make())

    def _forget(self) -> None:
        """Keep the stand-in quick: it looks through all of its records for each call."""
        lean = self._lean
        with lean.lock:
            del lean.entities[:-KEPT_RECORDS]
            for records in (lean.customers, lean.intents, lean.payments):
                for key in list(records)[:-KEPT_RECORDS]:
                    del records[key]
