"""A lock that a fork waits for, so that no child inherits it locked."""

from __future__ import annotations

import os
import threading


class ForkGuard:
    """Hold its lock while calling a library whose own locks would stay locked in a child.

    What is done inside must be short, and must not fork.

    :ivar lock: to be looked up each time: a child has another.
    """

    __slots__ = ("lock",)

    def __init__(self) -> None:
        self.lock = threading.Lock()
        os.register_at_fork(
            before=lambda: self.lock.acquire(),
            after_in_parent=lambda: self.lock.release(),
            after_in_child=self._renew,
        )

    def _renew(self) -> None:
        self.lock = threading.Lock()
