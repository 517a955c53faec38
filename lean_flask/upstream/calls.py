"""How a call to Lean is made: its address, credentials, budget and circuit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from cachetools import LRUCache

from ..common.logs import get_logger
from ..common.metrics import NO_METRICS, Metrics
from ..common.secret import Secret
from ..config.settings import Settings
from ..errors import UpstreamError, UpstreamInvalid, UpstreamRejected
from .any_request import AnyRequest
from .api_request import ApiRequest
from .circuit import Circuit, CircuitStatus
from .deadline import Deadline, run_with_deadline
from .http import Transport
from .measured import count_refusal
from .network import Network
from .tokens import Tokens

log = get_logger(__name__)

T = TypeVar("T")

PAGE_SIZE = 100  # records; Lean's most
MAX_PAGES = 20
_HOSTS_OWN = "request"  # of all kinds: each has a circuit of its own
_MAX_CIRCUITS = 200  # of kinds of calls; those of a host's own are not known beforehand


class Calls:
    """Calls to Lean's API. Each takes at most ``LEAN_TIMEOUT`` seconds.

    :param clock: monotonic seconds, for the lifetime of tokens.
    :param network: how to reach Lean; by default as the environment says now.
    :param metrics: counts the calls.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        network: Network | None = None,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._transport = Transport(network or Network.of_environment(settings), metrics)
        self._tokens = Tokens(settings, self._transport, clock, metrics)
        self._circuits: LRUCache[str, Circuit] = LRUCache(_MAX_CIRCUITS)
        self._circuits_lock = threading.Lock()

    def prepare(self) -> None:
        """Begin to prepare this process for its first call to Lean, in the background, once."""
        self._transport.prepare()

    def circuits(self) -> list[CircuitStatus]:
        """Return how calls of each kind went that this process made, the worst first.

        Those for the bank list are not among them: they have a back-off of their own.
        """
        with self._circuits_lock:
            used = list(self._circuits.values())
        statuses = [circuit.status() for circuit in (*self._tokens.circuits, *used)]
        return sorted(statuses, key=lambda status: (-status.retry_in, status.is_well))

    def _call(
        self,
        operation: str,
        method: str,
        template: str,
        *,
        wait: float | None = None,
        **parts: Any,
    ) -> Any:
        """Return Lean's answer.

        :param wait: seconds to wait, if less than the budget; the call goes on without us.
        :param parts: see :meth:`_request_of`.
        """
        call = self._request_of(operation, method, template, **parts)
        return self._run(call, lambda deadline: self._authorized(call, deadline), wait)

    def _request_of(
        self,
        operation: str,
        method: str,
        template: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        may_be_empty: bool = False,
        **ids: str,
    ) -> ApiRequest:
        """Return a call.

        :param template: the path, with the names of *ids* in braces.
        :param may_be_empty: whether an answer without a body is one.
        """
        quoted = {name: _quote_path_segment(id) for name, id in ids.items()}
        return self._api_request(
            operation,
            method,
            template.format(**quoted),
            template,
            params=params,
            json=json,
            may_be_empty=may_be_empty,
            private=(*ids.values(), *quoted.values()),
            idempotent=method == "GET",
        )

    def _call_any(self, request: AnyRequest) -> Any:
        """Return Lean's answer to a call of the host's own."""
        call = self._api_request(
            _HOSTS_OWN,
            request.method,
            request.path.text,
            request.path.template,
            params=request.params,
            json=request.json,
            headers=request.headers,
            may_be_empty=True,
            private=request.path.ids,
            idempotent=request.is_idempotent,
        )
        return self._run(call, lambda deadline: self._authorized(call, deadline))

    def _call_pages(
        self, operation: str, template: str, params: Mapping[str, str | Sequence[str]]
    ) -> list[Any]:
        """Return the records of all pages; together they have the time of one call."""

        def read(deadline: Deadline) -> list[Any]:
            records: list[Any] = []
            for number in range(MAX_PAGES):
                place = {"page_number": str(number), "page_size": str(PAGE_SIZE)}
                page = self._authorized(replace(call, params={**params, **place}), deadline)
                found, is_last = _read_page(page, number)
                records += found
                if is_last:
                    return records
            log.warning("Left out what Lean lists after page %d: %s", MAX_PAGES, operation)
            return records

        call = self._api_request(operation, "GET", template, template, idempotent=True)
        return self._run(call, read)

    def _api_request(
        self, operation: str, method: str, path: str, template: str, **options: Any
    ) -> ApiRequest:
        return ApiRequest(
            method,
            self._settings.api_url + path,
            options.pop("headers", {}),
            operation=operation,
            template=urlsplit(self._settings.api_url).path + template,
            setting="LEAN_API_URL",
            **options,
        )

    def _run(self, call: ApiRequest, work: Callable[[Deadline], T], wait: float | None = None) -> T:
        def guarded(deadline: Deadline) -> T:
            if call.operation == "bank list":  # which has a back-off of its own
                return work(deadline)
            return self._circuit(call).run(lambda: work(deadline))

        return self._within_budget(call.describe(), guarded, wait)

    def _circuit(self, call: ApiRequest) -> Circuit:
        is_hosts_own = call.operation == _HOSTS_OWN
        name = f"{call.method} {call.template}" if is_hosts_own else call.operation
        with self._circuits_lock:
            circuit = self._circuits.get(name)
            if circuit is None:
                circuit = self._circuits[name] = Circuit(
                    name, on_refused=count_refusal(self._metrics, call.operation)
                )
        return circuit

    def _token_call(self, operation: str) -> str:
        return f"{operation}, POST {self._settings.auth_url.partition('://')[2]} (LEAN_AUTH_URL)"

    def _within_budget(
        self, call: str, work: Callable[[Deadline], T], wait: float | None = None
    ) -> T:
        try:
            return run_with_deadline(self._settings.timeout, work, wait)
        except UpstreamError as error:
            error.call = error.call or call
            raise

    def _authorized(self, call: ApiRequest, deadline: Deadline) -> Any:
        """Send with credentials; a token that Lean refuses is minted again, once."""

        def send(headers: Mapping[str, str]) -> Any:
            authorized = replace(call, headers={**call.headers, **headers})
            return self._transport.send(authorized, deadline)

        if not self._settings.client_secret:
            return send({"lean-app-token": self._settings.app_token})
        token = self._tokens.api(deadline)
        try:
            return send(_bearer(token))
        except UpstreamRejected as error:
            if error.status != 401:
                raise
        self._tokens.discard(token)
        return send(_bearer(self._tokens.api(deadline)))


def _read_page(page: Any, number: int) -> tuple[list[Any], bool]:
    """Return the records of a page, and whether it is the last."""
    if isinstance(page, list):  # without pages
        return page, True
    records = page.get("data") if isinstance(page, dict) else None
    if not isinstance(records, list):
        raise UpstreamInvalid("Lean's page of records has no data")
    about = page.get("page")
    total = about.get("total_pages") if isinstance(about, dict) else None
    if isinstance(total, int):
        return records, not records or number + 1 >= total
    return records, len(records) < PAGE_SIZE


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": Secret(f"Bearer {token}")}


def _quote_path_segment(text: str) -> str:
    """Quote *text* as one segment of a path; dots too, since ``..`` would lead elsewhere."""
    return quote(text, safe="").replace(".", "%2E")
