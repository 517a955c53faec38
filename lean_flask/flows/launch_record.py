"""One launch in the store: the flow, what events find it by and its browser, in one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .flow import Flow
from .flow_groups import FlowGroup, digest
from .flow_state import FlowState, Outcome, dump_state, load_state
from .joining import joins_of
from .transitions import after_launch


class LaunchRecord:
    """What a launch makes of the state, worked out while the store applies the changes.

    A store may apply them several times: what the last time saw counts.

    :param config: what is handed out.
    :param now: seconds since the epoch.
    """

    def __init__(
        self, flow: Flow, bank_identifier: str | None, config: Mapping[str, Any], now: float
    ) -> None:
        self._flow = flow
        self._bank = bank_identifier
        self._config = config
        self._now = now
        #: The keys of the groups that the flow is put into.
        self.joins = joins_of(flow.method, config)
        self._has_words: dict[str, bool] = {}
        #: Whether the bank has said something, so that nothing is recorded: what it means for the
        #: flow may take the states of others.
        self.has_words = False
        #: Whether it is recorded.
        self.is_launched = False
        #: The outcome to tell the host; ``None`` where it is not news, or must be looked for.
        self.news: Outcome | None = None
        #: Whether it must be looked for: the host was told something else of the flow before.
        self.needs_look = False

    def on_seen(self, key: str) -> Callable[[FlowGroup], None]:
        """Return what is called with the group *key*, before the state is changed."""

        def see(group: FlowGroup) -> None:
            self._has_words[key] = bool(group.words)

        return see

    def change(self, old: bytes | None, _: int) -> bytes | None:
        """Return the state after the launch, from that in *old*."""
        state = load_state(old)
        self.is_launched, self.needs_look, self.news = False, False, None
        known = {*state.joins, *state.former_joins}
        self.has_words = not known <= {*self.joins} or any(self._has_words.values())
        if self.has_words or state.has_succeeded:
            return old
        new = after_launch(state, self._flow, self._config, self._bank, self._now)
        self.is_launched = True
        return dump_state(replace(new, told=self._told(new)))

    def _told(self, state: FlowState) -> str | None:
        """Return what the host is told last: that it is launched, unless it was told otherwise.

        An event may have come between: what it told stands.
        """
        outcome = state.outcome(self._flow.id)
        name = name_of(outcome)
        self.needs_look = state.told not in {None, name}
        if state.told is None:
            self.news = outcome
        return state.told if self.needs_look else name


def name_of(outcome: Outcome) -> str:
    """Return what names *outcome* among those of its flow."""
    ids = (outcome.entity_id, outcome.payment_id, outcome.consent_id)
    return digest([outcome.status, outcome.sdk_status, *ids])
