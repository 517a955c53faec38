"""The stand-in without its server: what the routes work on."""

from __future__ import annotations

from .data.banks import load_banks
from .fault_switches import FaultSwitches
from .recording import RequestLog
from .state import LeanState

#: What a reset leaves: who the application is, and how others reach it.
_KEPT = frozenset(
    {"app_token", "client_secret", "webhook_secret", "webhook_urls", "live_tokens", "lock"}
)


class StandIn(LeanState, RequestLog, FaultSwitches):
    """Lean's data and webhooks, the requests so far, and the faults that are on."""

    def __init__(self, country: str, port: int) -> None:
        LeanState.__init__(self, country, port)
        RequestLog.__init__(self)
        FaultSwitches.__init__(self)

    def reset(self) -> None:
        """Be as at the start: no customers, faults or records, all banks up, the clock on time.

        Its credentials, its tokens and the addresses for webhooks stay.
        """
        self.heal()
        fresh = StandIn(self.country, self.port)
        fresh.banks = load_banks(self.country, self.url)
        with self.lock:
            for name, value in vars(fresh).items():
                if name not in _KEPT and not name.endswith("_lock"):  # others may hold one
                    setattr(self, name, value)
