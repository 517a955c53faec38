"""What each kind of inbox promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from lean_flask.events import postgres_inbox, redis_inbox, sqlite_inbox, store_inbox
from lean_flask.events.inbox import KeptEvent
from lean_flask.events.open_inbox import open_inbox
from support.inbox import DAY, T0, drain, new_event, take


def ids(events):
    return [event.id for event in events]


def test_an_event_is_kept_with_all_that_is_known_of_it(inbox):
    assert inbox.add(new_event("1"))
    assert inbox.get("1") == KeptEvent(
        id="1",
        type="entity.created",
        subject="s",
        state="waiting",
        received_at=T0,
        waiting_since=T0,
        due_at=T0,
        body=b"sealed 1",
    )
    assert inbox.get("1").body == b"sealed 1"
    assert inbox.get("2") is None


def test_a_repeat_is_known_in_each_state_and_after_the_event_is_forgotten(inbox):
    inbox.add(new_event("1"))
    assert not inbox.add(new_event("1", subject="other"))
    inbox.deliver(take(inbox), T0, ())
    assert not inbox.add(new_event("1"))
    inbox.purge(T0 + 31 * DAY, keep=30 * DAY)
    assert inbox.get("1") is None
    assert not inbox.add(new_event("1", at=T0 + 89 * DAY))
    assert inbox.add(new_event("1", at=T0 + 91 * DAY))


def test_an_event_that_waits_is_known_longer_than_it_is_remembered(inbox):
    inbox.add(new_event("1", remember_for=10))
    inbox.purge(T0 + 20, keep=DAY)
    assert not inbox.add(new_event("1", at=T0 + 20))
    assert drain(inbox, T0 + 20) == ["1"]


def test_events_of_one_subject_go_in_the_order_of_arrival(inbox):
    for number in range(12):
        inbox.add(new_event(str(number), at=T0 - number))  # whatever the clock said
    assert drain(inbox, T0) == [str(number) for number in range(12)]


def test_only_the_first_event_of_a_subject_can_be_claimed(inbox):
    inbox.add(new_event("1"))
    inbox.add(new_event("2"))
    claim = take(inbox)
    assert claim.event.attempts == 1
    assert inbox.claim(T0, 60) is None
    inbox.deliver(claim, T0 + 1, ())
    assert take(inbox, T0 + 1).event.id == "2"
    assert (inbox.get("1").state, inbox.get("1").ended_at) == ("delivered", T0 + 1)


def test_the_subject_that_is_due_first_goes_first(inbox):
    for number, subject in enumerate("cab"):
        inbox.add(new_event(subject, subject, at=T0 + number))
    assert drain(inbox, T0 + 9) == ["c", "a", "b"]


def test_a_failing_event_holds_up_its_own_subject_alone(inbox):
    for id, subject in (("1", "a"), ("2", "a"), ("3", "b")):
        inbox.add(new_event(id, subject, at=T0))
    claim = take(inbox, subject="a")
    inbox.postpone(claim, T0 + 50, ("first",), "ValueError at app.py:3 in book")
    assert drain(inbox, T0 + 49) == ["3"]
    kept = inbox.get("1")
    assert (kept.state, kept.attempts, kept.due_at) == ("waiting", 1, T0 + 50)
    assert (kept.received_by, kept.error) == (("first",), "ValueError at app.py:3 in book")
    assert drain(inbox, T0 + 50) == ["1", "2"]
    assert inbox.get("1").attempts == 2
    assert inbox.get("1").error is None


def test_one_subject_can_be_claimed_before_it_is_due_unless_somebody_holds_it(inbox):
    inbox.add(new_event("1", "a"))
    inbox.postpone(take(inbox), T0 + 1000, (), "E")
    assert inbox.claim(T0, 60) is None
    assert inbox.claim(T0, 60, "b") is None
    take(inbox, subject="a")
    assert inbox.claim(T0 + 59, 60, "a") is None
    assert take(inbox, T0 + 60, subject="a").event.id == "1"


def test_after_the_lease_another_takes_it_and_the_first_changes_nothing_any_more(inbox):
    inbox.add(new_event("1"))
    first = take(inbox)
    assert inbox.claim(T0 + 59.9, 60) is None
    second = take(inbox, T0 + 60)
    assert (second.event.id, second.event.attempts) == ("1", 2)
    before = inbox.get("1")
    assert not inbox.renew(first, T0 + 9999)
    inbox.release(first)
    inbox.postpone(first, T0 + 999, ("a",), "E")
    inbox.bury(first, T0, ("a",), "E")
    inbox.deliver(first, T0, ())
    assert inbox.get("1") == before
    assert inbox.claim(T0 + 119, 60) is None
    assert inbox.renew(second, T0 + 300)
    inbox.deliver(second, T0 + 119, ())
    assert inbox.get("1").state == "delivered"


def test_a_claim_that_ended_changes_nothing_either(inbox):
    inbox.add(new_event("1"))
    inbox.add(new_event("2"))
    claim = take(inbox)
    inbox.deliver(claim, T0, ())
    inbox.bury(claim, T0, (), "E")
    assert not inbox.renew(claim, T0 + 60)
    assert inbox.get("1").state == "delivered"
    assert drain(inbox, T0) == ["2"]


def test_a_lease_that_is_renewed_lasts(inbox):
    inbox.add(new_event("1"))
    claim = take(inbox)
    assert inbox.renew(claim, T0 + 120)
    assert inbox.claim(T0 + 119, 60) is None
    assert inbox.claim(T0 + 120, 60) is not None


def test_a_claim_that_is_given_back_counts_no_attempt(inbox):
    inbox.add(new_event("1"))
    inbox.release(take(inbox))
    assert inbox.get("1").attempts == 0
    assert take(inbox).event.attempts == 1


def test_an_event_that_is_given_up_lets_the_next_one_go_on(inbox):
    inbox.add(new_event("1"))
    inbox.add(new_event("2"))
    inbox.bury(take(inbox), T0 + 5, ("a", "b"), "E")
    assert drain(inbox, T0 + 5) == ["2"]
    dead = inbox.get("1")
    assert (dead.state, dead.ended_at, dead.received_by, dead.error) == (
        *("dead", T0 + 5),
        *(("a", "b"), "E"),
    )
    assert dead.body == b"sealed 1"


def test_an_event_that_is_retried_begins_anew_at_its_place(inbox):
    for id in "1234":
        inbox.add(new_event(id))
    inbox.deliver(take(inbox), T0, ())
    inbox.bury(take(inbox), T0, ("a",), "E")
    assert inbox.retry("2", T0 + 100)
    kept = inbox.get("2")
    assert (kept.state, kept.waiting_since, kept.due_at) == ("waiting", T0 + 100, T0 + 100)
    assert (kept.attempts, kept.received_by, kept.error, kept.ended_at) == (0, (), None, None)
    assert inbox.claim(T0 + 99, 60) is None  # it goes before the others
    assert drain(inbox, T0 + 100) == ["2", "3", "4"]
    assert not inbox.retry("5", T0)


def test_a_retry_ends_the_wait_of_an_event_that_was_postponed(inbox):
    inbox.add(new_event("1"))
    inbox.postpone(take(inbox), T0 + 5000, ("a",), "E")
    assert inbox.retry("1", T0 + 1)
    assert take(inbox, T0 + 1).event.received_by == ()


def test_a_retry_leaves_the_claim_of_another_event_or_of_itself_alone(inbox):
    inbox.add(new_event("1"))
    inbox.add(new_event("2"))
    inbox.bury(take(inbox), T0, (), "E")
    claim = take(inbox)
    for id in "12":
        assert inbox.retry(id, T0)
        assert inbox.claim(T0 + 1, 60) is None
    assert inbox.renew(claim, T0 + 90)
    inbox.deliver(claim, T0, ())
    assert inbox.get("2").state == "delivered"
    assert drain(inbox, T0) == ["1"]


def test_a_delivered_event_is_delivered_again_where_its_body_is_kept(inbox):
    inbox.add(new_event("1"))
    drain(inbox, T0)
    assert (inbox.get("1").body is not None) == inbox.is_durable
    assert inbox.retry("1", T0 + 9) == inbox.is_durable
    assert drain(inbox, T0 + 9) == (["1"] if inbox.is_durable else [])


def test_all_dead_events_are_put_back_at_once(inbox):
    for id, subject in (("1", "a"), ("2", "a"), ("3", "b"), ("4", "b")):
        inbox.add(new_event(id, subject))
    for id in "123":
        inbox.bury(take(inbox), T0, (), id)
    assert inbox.retry_dead(T0 + 9) == 3
    assert inbox.counts() == {"waiting": 4, "delivered": 0, "dead": 0}
    assert sorted(drain(inbox, T0 + 9)) == ["1", "2", "3", "4"]
    assert inbox.retry_dead(T0) == 0


def test_lists_give_the_latest_first_without_bodies(inbox):
    for id in "123":
        inbox.add(new_event(id))
    inbox.deliver(take(inbox), T0, ())
    inbox.bury(take(inbox), T0, (), "E")
    assert ids(inbox.list()) == ["3", "2", "1"]
    assert ids(inbox.list(limit=2)) == ["3", "2"]
    states = ("waiting", "dead", "delivered")
    assert [ids(inbox.list(state)) for state in states] == [["3"], ["2"], ["1"]]
    assert {event.body for event in inbox.list()} == {None}
    assert inbox.counts() == {"waiting": 1, "dead": 1, "delivered": 1}


def test_only_what_ended_long_ago_is_purged(inbox):
    for id in "1234":
        inbox.add(new_event(id))
    inbox.deliver(take(inbox), T0, ())
    inbox.bury(take(inbox), T0, (), "E")
    inbox.deliver(take(inbox), T0 + 10, ())
    inbox.purge(T0 + DAY + 5, keep=DAY)
    assert ids(inbox.list()) == ["4", "3"]
    assert inbox.counts() == {"waiting": 1, "dead": 0, "delivered": 1}
    inbox.purge(T0 + 1000 * DAY, keep=DAY)
    assert ids(inbox.list()) == ["4"]


@pytest.fixture
def small_batches(monkeypatch):
    for module in (postgres_inbox, redis_inbox, sqlite_inbox, store_inbox):
        monkeypatch.setattr(module, "AT_ONCE", 10)
    monkeypatch.setattr(store_inbox, "MAX_ENDED", 8)


@pytest.mark.usefixtures("small_batches")
def test_many_events_are_purged_and_put_back_whole(inbox):
    for number in range(30):
        inbox.add(new_event(str(number), subject=str(number % 3)))
        inbox.bury(take(inbox), T0, (), "E")
    assert inbox.retry_dead(T0) == 30
    assert len(drain(inbox, T0)) == 30
    inbox.purge(T0 + 2 * DAY, keep=DAY)
    assert inbox.list() == []


def test_two_applications_do_not_see_each_other(inbox, store_place):
    other = open_inbox(store_place, "/nowhere", "https://sandbox.example app-2")
    inbox.add(new_event("1"))
    assert other.get("1") is None
    assert other.list() == []
    assert other.claim(T0, 60) is None
    assert not other.retry("1", T0)
    assert other.add(new_event("1"))
    other.purge(T0 + 90 * DAY, keep=DAY)
    claim = take(other)
    other.bury(claim, T0, (), "E")
    assert inbox.retry_dead(T0) == 0
    assert inbox.counts() == {"waiting": 1, "delivered": 0, "dead": 0}
    inbox.bury(take(inbox), T0, (), "E")
    inbox.purge(T0 + 90 * DAY, keep=DAY)
    assert ids(other.list()) == ["1"]


def test_threads_claim_each_event_once_and_in_order_per_subject(inbox):
    for number in range(60):
        inbox.add(new_event(str(number), subject=str(number % 5)))
    done = []

    def work(_):
        while claim := inbox.claim(T0, 60):
            done.append(int(claim.event.id))
            inbox.deliver(claim, T0, ())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert sorted(done) == list(range(60))
    for subject in range(5):
        of_subject = [number for number in done if number % 5 == subject]
        assert of_subject == sorted(of_subject)


def test_threads_that_add_one_event_at_once_keep_it_once(inbox):
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda _: inbox.add(new_event("1")), range(16)))
    assert added.count(True) == 1
