"""Whatever the order of operations, each kind of inbox does what the simplest one does."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from lean_flask.events.open_inbox import open_inbox
from lean_flask.events.redis_inbox import RedisInbox
from support.inbox import T0, new_event
from support.inbox_model import ModelInbox

IDS = tuple("12345678")
SUBJECTS = ("a", "b")
SECONDS = st.sampled_from([0.0, 1.0, 7.0, 60.0, 500.0])
NAMES = st.sampled_from([(), ("app.book",), ("app.book", "app.mail")])


class InboxMachine(RuleBasedStateMachine):
    """The same operations on an inbox and on the model of it."""

    claims = Bundle("claims")

    def __init__(self, url: str) -> None:
        super().__init__()
        self.inbox = open_inbox(url, "/nowhere", secrets.token_hex(8))
        self.model = ModelInbox(self.inbox.is_durable)
        self.now = T0

    def teardown(self):
        if isinstance(self.inbox, RedisInbox):
            self.inbox._redis.close()

    @rule(seconds=SECONDS)
    def time_passes(self, seconds):
        self.now += seconds

    @rule(id=st.sampled_from(IDS), subject=st.sampled_from(SUBJECTS), seconds=SECONDS)
    def an_event_arrives(self, id, subject, seconds):
        event = new_event(id, subject, self.now, remember_for=seconds)
        assert self.inbox.add(event) == self.model.add(event)

    @rule(target=claims, lease=SECONDS, subject=st.sampled_from([None, *SUBJECTS]))
    def claim(self, lease, subject):
        claim = self.inbox.claim(self.now, lease, subject)
        expected = self.model.claim(self.now, lease, subject)
        assert (claim and claim.event) == (expected and expected.event)
        return (claim, expected) if claim else multiple()

    @rule(claim=claims, seconds=SECONDS)
    def renew(self, claim, seconds):
        until = self.now + seconds
        assert self.inbox.renew(claim[0], until) == self.model.renew(claim[1], until)

    @rule(claim=claims)
    def release(self, claim):
        self.inbox.release(claim[0])
        self.model.release(claim[1])

    @rule(claim=claims)
    def deliver(self, claim):
        self.inbox.deliver(claim[0], self.now, ("first",))
        self.model.deliver(claim[1], self.now, ("first",))

    @rule(claim=claims, seconds=SECONDS, names=NAMES)
    def postpone(self, claim, seconds, names):
        self.inbox.postpone(claim[0], self.now + seconds, names, "E")
        self.model.postpone(claim[1], self.now + seconds, names, "E")

    @rule(claim=claims, names=NAMES)
    def bury(self, claim, names):
        self.inbox.bury(claim[0], self.now, names, "F")
        self.model.bury(claim[1], self.now, names, "F")

    @rule(id=st.sampled_from(IDS))
    def retry(self, id):
        assert self.inbox.retry(id, self.now) == self.model.retry(id, self.now)

    @rule()
    def retry_dead(self):
        assert self.inbox.retry_dead(self.now) == self.model.retry_dead(self.now)

    @rule(keep=SECONDS)
    def purge(self, keep):
        self.inbox.purge(self.now, keep)
        self.model.purge(self.now, keep)

    @invariant()
    def both_show_the_same(self):
        kept = list(self.model.events.values())
        assert self.inbox.list() == [replace(event, body=None) for event in reversed(kept)]
        for event in kept:
            assert self.inbox.get(event.id) == event
        counted = Counter(event.state for event in kept)
        assert {state: n for state, n in self.inbox.counts().items() if n} == counted


def test_any_operations_do_what_the_model_does(store_place):
    # Postgres takes five times as long; the other kinds of Redis run the same scripts.
    is_first = str(store_place).startswith(("memory:", "sqlite:", "redis://"))
    fewer = {} if is_first else {"max_examples": 5}
    machine = settings(stateful_step_count=30, **fewer)
    run_state_machine_as_test(lambda: InboxMachine(store_place), settings=machine)
