"""Rules for URLs that several schemas share."""

from __future__ import annotations

#: Plain http is safe on these alone: a stand-in for Lean on this machine.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
