"""Which endpoints of the stand-in go wrong at the moment."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from .faults import Fault


@dataclass
class ArmedFault:
    """A fault at an endpoint, and how many requests it still hits (``None``: all)."""

    fault: Fault
    times: int | None
    over: threading.Event = field(default_factory=threading.Event)


class FaultSwitches:
    """Turns faults on and off, per endpoint."""

    def __init__(self) -> None:
        self._faults: dict[str, ArmedFault] = {}
        self._faults_lock = threading.Lock()

    def fault(self, endpoint: str, fault: Fault, times: int | None = None) -> None:
        """Let *endpoint* go wrong, *times* times or until :meth:`heal`."""
        self.heal(endpoint)
        self._faults[endpoint] = ArmedFault(fault, times)

    def heal(self, endpoint: str | None = None) -> None:
        """Let *endpoint*, or all of them, respond as they should; held requests are let go."""
        for name in [endpoint] if endpoint else list(self._faults):
            armed = self._faults.pop(name, None)
            if armed:
                armed.over.set()

    def armed(self) -> dict[str, ArmedFault]:
        """Return the faults that are on, by endpoint."""
        return dict(self._faults)

    def take_fault(self, endpoint: str) -> ArmedFault | None:
        """Return the fault for one request at *endpoint*, and count it."""
        with self._faults_lock:
            armed = self._faults.get(endpoint)
            if armed is None or armed.times == 0:
                return None
            if armed.times is not None:
                armed.times -= 1
            return armed
