"""The states of all flows in the store, and the words of the bank about them.

The state is on the server and not in a cookie. So it holds on every device, without cookies, and
for a cookie from before the end. While the store is unreachable each process keeps its own state.

The bank's words are kept once per intent, consent or customer, beside the ids of the flows that
were launched with it. What a word means for a flow is worked out when it is read. So events and
reports lead to the same outcome in whatever order they come, and no change is in two places.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..banks.stores.base import Change, StoreError
from ..common.metric_table import FLOW_STEPS
from ..common.metrics import NO_METRICS, Metrics
from ..upstream.webhook import WebhookEvent
from .bank_word import BankWord, deciding_word
from .callback import CallbackData
from .connections import is_within_reach, words_of_connects
from .flow import Flow
from .flow_groups import FlowGroup, FlowGroups, FlowStore, digest
from .flow_state import FlowState, Outcome, dump_state, load_state
from .joining import CUSTOMER, joins_of, word_of
from .launch_record import LaunchRecord, name_of
from .transitions import after_landing, after_launch, after_report

#: Seconds after ``LEAN_FLOW_MAX_AGE`` in which a flow may still end: a customer may be long at the
#: bank.
MAX_TIME_TO_END = 86_400
_SLACK = 3_600  # seconds that a state outlives the last token, for clocks that differ
_MAX_CLOCK_ERROR = 86_400.0  # seconds that Lean's clock may be ahead of ours
_FLOW_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FlowStates:
    """The states of all flows in *store*.

    :param flow_max_age: seconds, ``LEAN_FLOW_MAX_AGE``.
    :param events_keep: seconds in which an event may still come, ``LEAN_EVENTS_KEEP``.
    :param clock: seconds since the epoch.
    :param metrics: counts outcomes.
    """

    def __init__(
        self,
        store: FlowStore,
        flow_max_age: float,
        events_keep: float = 0,
        clock: Callable[[], float] = time.time,
        metrics: Metrics = NO_METRICS,
    ) -> None:
        self._store = store
        self._metrics = metrics
        time_to_end = flow_max_age + MAX_TIME_TO_END + _SLACK
        # A flow may have an age of its own, of up to either.
        self._lifetime = max(flow_max_age, events_keep) + MAX_TIME_TO_END + _SLACK
        self._groups = FlowGroups(store, self._lifetime, time_to_end)
        self._clock = clock

    def get(self, flow_id: str) -> FlowState:
        """Return the state of the flow; that of a new flow where nothing is known."""
        state = self._read(flow_id)
        for key in (*state.joins, *state.former_joins):
            word = self._word(flow_id, state, key)
            # An earlier consent or source that failed says nothing of the one that followed.
            if word and (key in state.joins or word.verdict == "confirmed"):
                return replace(state, word=word)
        return state

    def outcome(self, flow_id: str) -> Outcome:
        """Return what became of the flow. One that nobody launched, or nobody knows, is ``open``.

        :param flow_id: may be anything, such as a query parameter.
        """
        is_id = isinstance(flow_id, str) and _FLOW_ID.fullmatch(flow_id)
        return (self.get(flow_id) if is_id else FlowState()).outcome(flow_id)

    def record_launch(
        self, flow: Flow, bank_identifier: str | None, config: Mapping[str, Any] | None = None
    ) -> list[Outcome]:
        """Note that a config of *flow* was handed to the browser; return what changed by that.

        :param config: what was handed out; by default that of the flow itself.
        """
        config = flow.config if config is None else config
        record = LaunchRecord(flow, bank_identifier, config, self._clock())
        # The state after the groups: an event may be here at once.
        changes = [
            *(self._groups.joining(key, flow.id, record.on_seen(key)) for key in record.joins),
            Change(_key(flow.id), record.change, self._lifetime),
        ]
        if flow.session_id:
            changes.append(
                self._groups.noting_launch(flow.session_id, flow.id, lambda: record.is_launched)
            )
        is_at_once = self._store.update_all(changes)
        if record.has_words:
            return self._record_beside_words(flow, bank_identifier, config)
        news = self._counted([record.news] if record.news else [], flow.method)
        if record.needs_look or not is_at_once:  # an event may have come between the changes
            news += self._news([flow.id])
        return news

    def _record_beside_words(
        self, flow: Flow, bank_identifier: str | None, config: Mapping[str, Any]
    ) -> list[Outcome]:
        """Note a launch of a flow that the bank has spoken of."""
        known = self.get(flow.id)
        if known.is_completed:
            return []
        now = self._clock()

        def launched(state: FlowState) -> FlowState:
            was_refused = known.is_refused and state.launches == known.launches
            if state.has_succeeded and not was_refused:
                return state
            return after_launch(state, flow, config, bank_identifier, now)

        self._change(flow.id, launched)
        if flow.session_id:
            noting = self._groups.noting_launch(flow.session_id, flow.id, lambda: True)
            self._store.update(*noting)
        return self._news([flow.id])

    def note_launch_by(self, flow: Flow, language: str) -> None:
        """Note a launch of a flow that is bound to a user, for the way back on any device."""
        if flow.bound_to is not None:
            self._groups.note_launch_by(flow.bound_to, flow.token, language)

    def launched_by(self, user: str) -> list[tuple[str, str]]:
        """Return tokens and languages of the flows that *user* launched last, the latest first."""
        return self._groups.launched_by(user)

    def launched_in(self, browsers: Iterable[str]) -> list[str]:
        """Return the ids of the flows launched last in these browser sessions."""
        return [name for browser in browsers for name in self._groups.launched_in(browser)]

    def record_report(self, flow: Flow, data: CallbackData) -> bool:
        """Note what the SDK reported; return whether that is news.

        A repeat is none, and nothing is after ``SUCCESS``. Of parallel calls one returns true.
        """
        now = self._clock()
        if not self._read(flow.id).joins:  # the store has lost the launch; the event may still come
            self._groups.join(joins_of(flow.method, flow.config), flow.id)
        return self._change(flow.id, lambda state: after_report(state, flow, data, now))

    def keep_consent(self, flow_id: str, consent_id: str, instead_of: str | None) -> str:
        """Keep the consent that was made for the next launch; return the one to launch with.

        It is another one where a parallel launch was quicker: the customer approves one of them.

        :param instead_of: the consent in use before.
        """
        kept = consent_id

        def keep(state: FlowState) -> FlowState:
            nonlocal kept
            is_first = state.consent_id == instead_of
            kept = consent_id if is_first else state.consent_id or consent_id
            return replace(state, consent_id=kept)

        self._change(flow_id, keep, is_news=False)
        return kept

    def news_of_report(self, flow_id: str) -> list[Outcome]:
        """Return the outcomes that changed by the last report: of the flow, or of those beside."""
        keys = [key for key in self._read(flow_id).joins if _is_of_customer(key)]
        beside = [
            other for key in keys for other in self._groups.get(key).flows if other != flow_id
        ]
        return self._news([flow_id, *beside])

    def record_event(self, event: WebhookEvent) -> list[Outcome]:
        """Note what *event* says of flows; return the outcomes that changed by it.

        A repeat changes nothing, and neither does an event of no flow. It may be called again
        after any failure.

        :raises StoreError: when the store failed.
        """
        found = word_of(event, self._clock())
        if found is None:
            return []
        key, word = found
        if word.at / 1e9 > self._clock() + _MAX_CLOCK_ERROR:
            word = replace(word, at=0)  # all later news would seem older
        group = self._groups.get(key)
        if _is_of_customer(key) and group.flows:
            states = map(self._read, group.flows)
            if not any(is_within_reach(state, word) for state in states):
                group = FlowGroup()
        if group.flows:
            self._groups.add_word(key, word)
        news = self._news(group.flows)
        if self._store.failure:
            raise StoreError(f"The outcome of a flow is not kept: {self._store.failure}")
        return news

    def claim_landing(self, flow_id: str, landed_with: Mapping[str, str]) -> bool:
        """Return whether the SDK may be given *landed_with*: one landing per launch may, again.

        Anyone can write a link to a landing page, so its parameters are only a claim.
        """
        if not landed_with:
            return not self._read(flow_id).has_succeeded
        landing = digest(sorted(landed_with.items()))
        may_use = False

        def landed(state: FlowState) -> FlowState:
            nonlocal may_use
            after = after_landing(state, landing)
            may_use = after is not None
            return after or state

        self._change(flow_id, landed)
        return may_use

    # --- the bank's words -------------------------------------------------------------------

    def _word(self, flow_id: str, state: FlowState, key: str) -> BankWord | None:
        """Return the word, of those under *key*, that counts for the flow."""
        group = self._groups.get(key)
        if not group.words:
            return None
        if not _is_of_customer(key):
            return deciding_word(group.words, state.launched_at or 0)
        states = {other: self._read(other) for other in group.flows if other != flow_id}
        states = {other: states.get(other, state) for other in group.flows}
        return words_of_connects(states, group.words).get(flow_id)

    def _news(self, flow_ids: Iterable[str]) -> list[Outcome]:
        """Return the outcomes that the host was not told of yet; each one once."""
        news = []
        for flow_id in flow_ids:
            for _ in range(5):  # again where another thread or process changed it meanwhile
                state = self.get(flow_id)
                outcome = state.outcome(flow_id)
                name = name_of(outcome)
                if outcome.status == "open" or state.told == name:
                    break
                if self._note_as_told(flow_id, state, name):
                    news += self._counted([outcome], state.method or "unknown")
        return news

    def _counted(self, news: list[Outcome], method: str) -> list[Outcome]:
        for outcome in news:
            self._metrics.count(FLOW_STEPS, method, "outcome", outcome.status)
        return news

    def _note_as_told(self, flow_id: str, state: FlowState, name: str) -> bool:
        """Note that the host is told of *state*; return false where that is not the state now."""

        def note(now: FlowState) -> FlowState:
            return replace(now, told=name) if now == state else now

        return self._change(flow_id, note, is_news=False)

    # --- the store --------------------------------------------------------------------------

    def _read(self, flow_id: str) -> FlowState:
        return load_state(self._store.read(_key(flow_id)))

    def _change(
        self, flow_id: str, change: Callable[[FlowState], FlowState], is_news: bool = True
    ) -> bool:
        """Apply *change* atomically; return whether it changed anything.

        :param is_news: whether it is a change of what the customer or the bank did.
        """
        has_changed = False

        def update(old: bytes | None, _: int) -> bytes | None:
            nonlocal has_changed  # a store may call this again: the last call is the one
            state = load_state(old)
            new = change(state)
            has_changed = new != state
            if has_changed and is_news:
                new = replace(new, updated_at=self._clock())
            return dump_state(new) if has_changed else old

        self._store.update(_key(flow_id), update, self._lifetime)
        return has_changed


def _is_of_customer(key: str) -> bool:
    return key.startswith(f"join:{CUSTOMER}:")


def _key(flow_id: str) -> str:
    return f"flow:{flow_id}"
