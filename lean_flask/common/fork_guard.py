"""A lock that a fork waits for, so that no child inherits it locked."""

from __future__ import annotations

import os
import threading
from types import TracebackType


class ForkGuard:
    """Hold it while calling a library whose own locks would stay locked in a child.

    What is done inside must be short, and must not fork.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        os.register_at_fork(
            before=lambda: self._lock.acquire(),
            after_in_parent=lambda: self._lock.release(),
            after_in_child=self._renew,
        )

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    def _renew(self) -> None:
        self._lock = threading.Lock()
