"""HTTP to Lean: bounded in time and size, retried with care, every failure an ``UpstreamError``."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ..common.metrics import NO_METRICS, Metrics
from ..common.tracing import Span
from ..errors import ConfigurationError, UpstreamError
from .api_request import ApiRequest
from .deadline import Deadline, current_deadline
from .measured import measured
from .network import Network
from .responses import parse_json, rejection

if TYPE_CHECKING:
    from .connections import Connections


class Transport:
    """Calls to the two servers of one environment.

    httpx, httpcore and tenacity are imported with the first call: a process that makes none, such
    as a command or one that forks workers, needs none of them.
    """

    def __init__(self, network: Network, metrics: Metrics = NO_METRICS) -> None:
        self._metrics = metrics
        self._network = network
        self._opened: Connections | None = None
        self._lock = threading.Lock()
        self._is_prepared = False
        #: Seconds that this machine is ahead of Lean, by the latest answer; ``None`` if unknown.
        self.clock_skew: float | None = None

    def prepare(self) -> None:
        """Do in the background what the first call would do, once.

        A process that found its list in the store would do it under load: for some 0.2 s all
        requests take turns with the imports.
        """
        if not self._is_prepared:
            self._is_prepared = True
            threading.Thread(target=self._prepare, name="lean-flask-prepare", daemon=True).start()

    def _prepare(self) -> None:
        from . import retries  # noqa: F401 - the calls import it

        with suppress(ConfigurationError, OSError):  # certificates that have gone: the call says so
            self._connections()

    def send(self, call: ApiRequest, deadline: Deadline) -> Any:
        """Return the JSON that Lean answers with.

        :raises UpstreamError: one of the four kinds; nothing else leaves this function.
        """
        from .retries import retrying

        before = current_deadline.set(deadline)
        try:
            with measured(call, self._metrics) as span:
                return retrying(call, deadline)(self._attempt, call, deadline, span)
        except UpstreamError as error:
            error.call = error.call or call.describe()
            raise
        finally:
            current_deadline.reset(before)

    def _attempt(self, call: ApiRequest, deadline: Deadline, span: Span) -> Any:
        span.count_attempt()
        response, body = self._connections().exchange(call, deadline)
        self.clock_skew = _clock_skew(response.headers.get("Date"))
        span.set("http.response.status_code", response.status_code)
        if response.status_code >= 300:
            raise rejection(response, body, call)
        return parse_json(response, body, may_be_empty=call.may_be_empty)

    def _connections(self) -> Connections:
        with self._lock:
            if self._opened is None:
                from .connections import Connections

                self._opened = Connections(self._network)
            return self._opened


def _clock_skew(date: str | None) -> float | None:
    try:
        return time.time() - parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
