"""Threads that deliver the events of the inbox, after Lean's request was answered."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from weakref import ReferenceType, WeakSet, ref

from ..banks.stores.base import StoreError
from ..common.logs import get_logger, log_fields
from .cleaning import Cleaner
from .delivery import Delivery
from .inbox import Claim, Inbox
from .running import ABANDONED_AFTER, MAX_RUNNING, SLOW_AFTER, Run, Running

log = get_logger(__name__)

LEASE = 60.0  # seconds
POLL_INTERVAL = 1.0  # seconds; events that other processes took are found by looking
MAX_PAUSE = 30.0  # seconds between attempts to reach a store that fails
EXIT_TIMEOUT = 5.0  # seconds that the end of the process waits for receivers
_STOP_THREAD = (Exception, SystemExit)  # a receiver's sys.exit() in a thread of ours ends nothing


class DeliveryWorkers:
    """A thread that claims events, and one for each delivery.

    Make it in the process that uses it: threads do not survive a fork.

    :param begin: makes the delivery of a claim.
    :param limit: deliveries at once.
    :param lease: seconds after which another process takes up the events of one that died.
    :param clock: monotonic, seconds.
    :param wall_clock: seconds since the epoch.
    :param random: from 0 to 1.
    :param on_step: called about once a second.
    """

    def __init__(
        self,
        inbox: Inbox,
        begin: Callable[[Claim], Delivery],
        cleaner: Cleaner,
        *,
        limit: int = 8,
        lease: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        random: Callable[[], float],
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_step = on_step
        self._inbox = inbox
        self._begin = begin
        self._cleaner = cleaner
        self._lease = LEASE if lease is None else lease
        self._clock = clock
        self._wall_clock = wall_clock
        self._random = random
        self._running = Running(limit, clock)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._failures = 0
        self._is_known_as_full = False

    def start(self) -> None:
        """Start the thread, once; it ends with :meth:`stop` or with the process."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(
                    target=_dispatch, args=(ref(self),), name="lean-flask-events", daemon=True
                )
                self._thread.start()
                _started.add(self)

    def wake(self) -> None:
        """Look for events now: one was added."""
        self._woken.set()

    def stop(self, timeout: float | None = EXIT_TIMEOUT) -> None:
        """Claim no more, wait for what runs, and give back what has not ended.

        :param timeout: seconds; ``None`` waits until all has ended.
        """
        end = None if timeout is None else time.monotonic() + timeout
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout)
        self._running.wait_until_idle(None if end is None else max(0.0, end - time.monotonic()))
        for run in self._running.all():
            run.delivery.release()
        _started.discard(self)

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until nothing runs, for tests; return false after *timeout* seconds."""
        return self._running.wait_until_idle(timeout)

    def step(self) -> float:
        """Look after what runs, begin what is due, and return the seconds until the next step."""
        self._woken.clear()
        try:
            self._look_after_runs()
            self._claim()
            self._cleaner.run_if_due()
            self._on_step()
        except StoreError as error:
            return self._pause(error)
        except Exception:
            log.exception("Looking for events failed")
            return MAX_PAUSE
        if self._failures:
            self._failures = 0
            log.warning("Events are delivered again: the store of events recovered")
        return POLL_INTERVAL * (0.75 + self._random() / 2)

    def _pause(self, error: StoreError) -> float:
        if not self._failures:
            log.warning("Events wait: the store of events is unreachable: %s", error)
        self._failures += 1
        return float(min(POLL_INTERVAL * 2 ** min(self._failures, 10), MAX_PAUSE))

    def _claim(self) -> None:
        while self._running.has_room() and not self._stopped.is_set():
            claim = self._inbox.claim(self._wall_clock(), self._lease)
            if claim is None:
                return
            self._begin_run(self._begin(claim))
        if self._running.is_full() and not self._is_known_as_full:
            log.warning("%d receivers have not returned: this process begins none", MAX_RUNNING)
        self._is_known_as_full = self._running.is_full()

    def _begin_run(self, delivery: Delivery) -> None:
        run = self._running.add(delivery)
        if self._stopped.is_set():  # the end may have given back what ran, without this one
            self._running.remove(run)
            delivery.release()
            return
        thread = threading.Thread(
            target=self._run, args=(run,), name="lean-flask-event", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads
            self._running.remove(run)
            delivery.release()
            raise

    def _run(self, run: Run) -> None:
        try:
            run.delivery.run(_STOP_THREAD)
        except StoreError as error:
            log.warning("The outcome of a webhook could not be noted, trying again: %s", error)
            self._settle_later(run)
        finally:
            self._running.remove(run)
            self._woken.set()

    def _settle_later(self, run: Run) -> None:
        """Note the outcome once the store works; after the lease the event is delivered again."""
        while self._clock() - run.renewed < self._lease:
            self._stopped.wait(POLL_INTERVAL)
            try:
                run.delivery.settle()
            except StoreError:
                if self._stopped.is_set():
                    return
            else:
                return

    def _look_after_runs(self) -> None:
        now = self._clock()
        for run in self._running.all():
            if run.is_abandoned:
                continue
            seconds = now - run.started
            if seconds > SLOW_AFTER and not run.is_known_as_slow:
                run.is_known_as_slow = True
                _warn_of_slow(run.delivery)
            if seconds > ABANDONED_AFTER:
                run.delivery.abandon(ABANDONED_AFTER)
                run.is_abandoned = True
            elif now - run.renewed > self._lease / 3:
                self._renew(run)

    def _renew(self, run: Run) -> None:
        now = self._clock()
        if self._inbox.renew(run.delivery.claim, self._wall_clock() + self._lease):
            run.renewed = now
        else:  # another process has it, since the store was away for longer than the lease
            run.delivery.release()
            run.is_abandoned = True


def _warn_of_slow(delivery: Delivery) -> None:
    event = delivery.claim.event
    log.warning(
        "A receiver is slow: %s has had the webhook %.200a (%.200a) for more than %.0f s",
        delivery.receiver,
        event.id,
        event.type,
        SLOW_AFTER,
        extra=log_fields(event=event.id, event_type=event.type),
    )


def _dispatch(workers_ref: ReferenceType[DeliveryWorkers]) -> None:
    """Step until the workers are stopped, or nobody has them any more."""
    while (workers := workers_ref()) is not None and not workers._stopped.is_set():
        seconds, woken = workers.step(), workers._woken
        is_stopped = workers._stopped.is_set()  # since the step, which had not seen it
        del workers
        if not is_stopped:
            woken.wait(seconds)


#: The workers whose thread was started, in this process or one that it was forked from.
_started: WeakSet[DeliveryWorkers] = WeakSet()


def _forget_started() -> None:
    _started.clear()


def stop_all(timeout: float = EXIT_TIMEOUT) -> None:
    """Stop the workers of this process.

    :param timeout: seconds that receivers may take.
    """
    for workers in list(_started):
        workers._stopped.set()
    end = time.monotonic() + timeout
    for workers in list(_started):
        workers.stop(max(0.0, end - time.monotonic()))


os.register_at_fork(after_in_child=_forget_started)
atexit.register(stop_all)
