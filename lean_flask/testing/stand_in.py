"""The stand-in without its server: what the routes work on."""

from __future__ import annotations

from .fault_switches import FaultSwitches
from .recording import RequestLog
from .state import LeanState


class StandIn(LeanState, RequestLog, FaultSwitches):
    """Lean's data and webhooks, the requests so far, and the faults that are on."""

    def __init__(self, country: str, port: int) -> None:
        LeanState.__init__(self, country, port)
        RequestLog.__init__(self)
        FaultSwitches.__init__(self)
