"""What became of a flow: how often it was launched, and what the SDK reported, in the store.

The state is on the server and not in a cookie. So it holds on every device, without cookies, and
for a cookie from before the end. While the store is unreachable each process keeps its own state.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

from .callback import CallbackData

#: Seconds after ``LEAN_FLOW_MAX_AGE`` in which a flow may still end: a customer may be long at the
#: bank.
MAX_TIME_TO_END = 86_400
MAX_FLOWS_PER_BROWSER = 10
_SLACK = 3_600  # seconds that a state outlives the last token, for clocks that differ

FlowStatus = Literal["open", "launched", "at_bank", "reported"]


class FlowStore(Protocol):
    """The part of a store that flow states use."""

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""

    def update(
        self, key: str, updater: Callable[[bytes | None, int], bytes | None], ttl: float
    ) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value."""


@dataclass(frozen=True, slots=True)
class FlowState:
    """What is known of a flow.

    :param launches: how often a config was handed out.
    :param bank_identifier: of the bank launched last; ``None`` where the SDK asks for it.
    :param sdk_status: reported since the last launch. ``SUCCESS`` stays for good.
    :param reported: names the last report, so that a repeat of it is known.
    :param landing: names the landing whose parameters were handed to the SDK since the last launch,
        or since the customer left for the bank.
    :param updated_at: seconds since the epoch.
    """

    launches: int = 0
    bank_identifier: str | None = None
    sdk_status: str | None = None
    reported: str | None = None
    landing: str | None = None
    updated_at: float | None = None

    @property
    def is_completed(self) -> bool:
        """Return whether the SDK said ``SUCCESS``. Nothing changes that any more."""
        return self.sdk_status == "SUCCESS"

    @property
    def is_under_way(self) -> bool:
        """Return whether it was launched and has not ended as far as is known."""
        return self.launches > 0 and self.sdk_status in {None, "REDIRECT"}

    @property
    def status(self) -> FlowStatus:
        """Return the status in one word."""
        if self.sdk_status == "REDIRECT":
            return "at_bank"
        if self.sdk_status is not None:
            return "reported"
        return "launched" if self.launches else "open"


class FlowStates:
    """The states of all flows in *store*.

    :param flow_max_age: seconds, ``LEAN_FLOW_MAX_AGE``.
    :param clock: seconds since the epoch.
    """

    def __init__(
        self, store: FlowStore, flow_max_age: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._lifetime = flow_max_age + MAX_TIME_TO_END + _SLACK
        self._clock = clock

    def get(self, flow_id: str) -> FlowState:
        """Return the state of the flow; that of a new flow where nothing is known."""
        return _load(self._store.read(_key(flow_id)))

    def record_launch(
        self, flow_id: str, bank_identifier: str | None, browser: str | None = None
    ) -> None:
        """Note that a config of the flow was handed to the browser.

        :param browser: names the browser session that the flow is bound to.
        """

        def launched(state: FlowState) -> FlowState:
            if state.is_completed:
                return state
            return replace(
                state,
                launches=state.launches + 1,
                bank_identifier=bank_identifier,
                sdk_status=None,
                landing=None,
            )

        self._change(flow_id, launched)
        if browser:
            self._store.update(
                _browser_key(browser), lambda old, _: _with_id(old, flow_id), self._lifetime
            )

    def launched_in(self, browsers: Iterable[str]) -> list[str]:
        """Return the ids of the flows launched last in these browser sessions."""
        return [
            flow_id
            for browser in browsers
            for flow_id in _load_ids(self._store.read(_browser_key(browser)))
        ]

    def record_report(self, flow_id: str, data: CallbackData) -> bool:
        """Note what the SDK reported; return whether that is news.

        A repeat is none, and nothing is after ``SUCCESS``. Of parallel calls one returns true.
        """

        def reported(state: FlowState) -> FlowState:
            report = _digest(
                [state.launches, data.status, data.secondary_status, data.lean_correlation_id]
            )
            if state.is_completed or state.reported == report:
                return state
            state = replace(state, sdk_status=data.status, reported=report)
            # Nobody had come back before they left: such a landing was somebody else's link.
            return replace(state, landing=None) if data.status == "REDIRECT" else state

        return self._change(flow_id, reported)

    def claim_landing(self, flow_id: str, landed_with: Mapping[str, str]) -> bool:
        """Return whether the SDK may be given *landed_with*: one landing per launch may, again.

        Anyone can write a link to a landing page, so its parameters are only a claim.
        """
        if not landed_with:
            return not self.get(flow_id).is_completed
        landing = _digest(sorted(landed_with.items()))
        may_use = False

        def landed(state: FlowState) -> FlowState:
            nonlocal may_use
            has_ended = state.sdk_status not in {None, "REDIRECT"}
            may_use = state.landing == landing or (state.landing is None and not has_ended)
            may_use = may_use and not state.is_completed
            return replace(state, landing=landing) if may_use else state

        self._change(flow_id, landed)
        return may_use

    def _change(self, flow_id: str, change: Callable[[FlowState], FlowState]) -> bool:
        """Apply *change* atomically; return whether it changed anything."""
        has_changed = False

        def update(old: bytes | None, _: int) -> bytes | None:
            nonlocal has_changed  # a store may call this again: the last call is the one
            state = _load(old)
            new = change(state)
            has_changed = new != state
            return _dump(replace(new, updated_at=self._clock())) if has_changed else old

        self._store.update(_key(flow_id), update, self._lifetime)
        return has_changed


def _key(flow_id: str) -> str:
    return f"flow:{flow_id}"


def _browser_key(browser: str) -> str:
    return f"browser:{_digest(browser)}"


def _with_id(content: bytes | None, flow_id: str) -> bytes:
    others = [known for known in _load_ids(content) if known != flow_id]
    return json.dumps([*others, flow_id][-MAX_FLOWS_PER_BROWSER:]).encode()


def _load_ids(content: bytes | None) -> list[str]:
    try:
        ids = json.loads(content or b"[]")
    except ValueError:
        return []
    return [known for known in ids if isinstance(known, str)] if isinstance(ids, list) else []


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _dump(state: FlowState) -> bytes:
    known = {name: value for name, value in asdict(state).items() if value is not None}
    return json.dumps(known, separators=(",", ":")).encode()


def _load(content: bytes | None) -> FlowState:
    """Return the state in *content*; that of a new flow where another process wrote nonsense."""
    try:
        return FlowState(**json.loads(content or b"{}"))
    except (ValueError, TypeError):
        return FlowState()
