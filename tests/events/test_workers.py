"""Threads that deliver: in order per subject, past receivers that hang.

The clock is moved, and the steps of the thread are made by the tests. No test sleeps.
"""

from __future__ import annotations

import gc
import threading

import pytest

from lean_flask.events import running, workers
from support.deliveries import WAIT, Bench, Held, state, step
from support.redis_server import until


@pytest.fixture
def bench(tmp_path):
    return Bench(f"sqlite:///{tmp_path / 'store.sqlite3'}")


@pytest.fixture
def other(bench, tmp_path):
    """Another process with the same store and clock."""
    return Bench(f"sqlite:///{tmp_path / 'store.sqlite3'}", bench.clock)


def test_events_of_one_subject_keep_their_order_and_others_run_beside_them(bench):
    heard, together = [], threading.Barrier(4)

    @bench.on("*")
    def receive(event):
        subject, number = event.payload.id.split("-")
        if number == "0":
            together.wait(WAIT)  # of four subjects at once
        heard.append((subject, int(number)))

    for number in range(10):
        for subject in "abcd":
            name = f"{subject}-{number}"
            bench.add(name, subject=subject, id=name)
    team = bench.workers(limit=4)
    team.start()
    until(lambda: bench.inbox.counts()["delivered"] == 40)
    team.stop()
    for subject in "abcd":
        assert [number for name, number in heard if name == subject] == list(range(10))


def test_an_event_that_was_added_here_is_delivered_at_once(bench, monkeypatch):
    monkeypatch.setattr(workers, "POLL_INTERVAL", 1_000)
    looked = threading.Event()
    monkeypatch.setattr(bench.cleaner, "run_if_due", looked.set)
    bench.on("*")(lambda event: None)
    team = bench.workers()
    team.start()
    assert looked.wait(WAIT)
    bench.add()
    team.wake()
    until(lambda: state(bench) == "delivered")
    team.stop()


def test_a_receiver_that_hangs_holds_up_no_other_subject(bench, caplog):
    held = Held(bench, "entity.created")
    bench.on("*")(lambda event: None)
    for number in "123":
        bench.add(number, subject=number)
    bench.add("4", "payment.created", subject="4")
    team = bench.workers(limit=3)
    team.step()
    for _ in range(3):
        held.wait()
    team.step()
    assert state(bench, "4") == "waiting"
    bench.clock.ahead += running.SLOW_AFTER + 1
    team.step()
    until(lambda: state(bench, "4") == "delivered")
    lines = [message for message in caplog.messages if "A receiver is slow" in message]
    assert len(lines) == 3
    assert "support.deliveries.Held has had the webhook '1' ('entity.created')" in lines[0]
    held.released.set()
    assert team.wait_until_idle(WAIT)


def test_at_most_so_many_receivers_hang(bench, monkeypatch, caplog):
    monkeypatch.setattr(running, "MAX_RUNNING", 2)
    held = Held(bench)
    team = bench.workers(limit=1)
    for number in "12":
        bench.add(number, subject=number)
        team.step()
        held.wait()
        bench.clock.ahead += running.SLOW_AFTER + 1
    bench.add("3", subject="3")
    team.step()
    assert held.events == ["1", "2"]
    assert caplog.text.count("receivers have not returned: this process begins none") == 1
    held.released.set()
    assert team.wait_until_idle(WAIT)
    step(team)
    assert state(bench, "3") == "delivered"


def test_the_lease_of_a_slow_receiver_is_renewed(bench, other):
    held = Held(bench)
    bench.add()
    team = bench.workers()
    team.step()
    held.wait()
    for _ in range(10):
        bench.clock.ahead += 25
        team.step()
        assert other.claim() is None
    held.released.set()
    assert team.wait_until_idle(WAIT)
    assert (state(bench), bench.inbox.get("1").attempts) == ("delivered", 1)


def test_after_ten_minutes_an_attempt_has_failed(bench, other):
    held = Held(bench)
    bench.add()
    team = bench.workers()
    team.step()
    held.wait()
    bench.clock.ahead += running.ABANDONED_AFTER + 1
    team.step()
    event = bench.inbox.get("1")
    assert (event.state, event.attempts) == ("waiting", 1)
    assert "support.deliveries.Held: it did not return within 600 s" in event.error
    bench.clock.ahead += 6
    assert other.claim() is not None
    held.released.set()
    assert team.wait_until_idle(WAIT)
    assert state(bench) == "waiting"  # its late end changes nothing


def test_an_event_whose_process_died_is_taken_up_after_the_lease(bench, other):
    other.on("*")(lambda event: None)
    bench.add()
    assert bench.claim() is not None  # and dies
    team = other.workers()
    step(team)
    assert state(other) == "waiting"
    bench.clock.ahead += bench.lease + 1
    step(team)
    assert state(other) == "delivered"


def test_a_claim_that_was_lost_changes_nothing_any_more(bench, other):
    held, later = Held(bench), []
    bench.of_signal.append(("later", lambda sender, event: later.append(event)))
    bench.add()
    team = bench.workers()
    team.step()
    held.wait()
    bench.clock.ahead += bench.lease + 1  # and the process stood still
    assert other.claim() is not None
    team.step()
    held.released.set()
    assert team.wait_until_idle(WAIT)
    assert (state(bench), later) == ("waiting", [])


def test_a_receiver_that_exits_ends_no_thread_of_ours(bench):
    @bench.on("*")
    def stop(event):
        raise SystemExit

    bench.add()
    team = bench.workers()
    step(team)
    assert bench.inbox.get("1").attempts == 1
    bench.add("2", subject="other")
    step(team)
    assert bench.inbox.get("2").attempts == 1


def test_an_end_waits_for_receivers_and_takes_nothing_new(bench):
    held = Held(bench)
    for number in "12":
        bench.add(number, subject="s")
    team = bench.workers()
    team.start()
    held.wait()
    ending = threading.Thread(target=team.stop)
    ending.start()
    until(lambda: "lean-flask-events" not in {thread.name for thread in threading.enumerate()})
    held.released.set()
    ending.join(WAIT)
    assert (state(bench, "1"), state(bench, "2")) == ("delivered", "waiting")


def test_what_does_not_end_in_time_is_given_back(bench, other):
    held = Held(bench)
    bench.add()
    team = bench.workers()
    team.start()
    held.wait()
    team.stop(0)
    claim = until(other.claim)  # the thread may just have claimed it again, and gives it back
    assert claim.event.attempts == 1  # the one that was given back does not count
    held.released.set()
    assert team.wait_until_idle(WAIT)
    assert state(bench) == "waiting"


def test_an_event_that_is_claimed_during_the_end_is_given_back(bench, other, monkeypatch):
    bench.add()
    team, claim = bench.workers(), bench.inbox.claim

    def claim_during_the_end(*arguments):
        claimed = claim(*arguments)
        team.stop(0)
        return claimed

    with monkeypatch.context() as patch:
        patch.setattr(bench.inbox, "claim", claim_during_the_end)
        team.step()
    assert other.claim().event.attempts == 1


def test_an_event_for_which_there_is_no_thread_is_given_back(bench, monkeypatch, caplog):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    bench.on("*")(lambda event: None)
    bench.add()
    team = bench.workers()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert team.step() == workers.MAX_PAUSE
    assert "Looking for events failed" in caplog.text
    step(team)
    assert state(bench) == "delivered"


def test_nothing_starts_after_the_end(bench):
    team = bench.workers()
    team.stop()
    team.start()
    assert team._thread is None


def test_the_thread_ends_with_the_app_that_it_was_made_for(bench, monkeypatch):
    monkeypatch.setattr(workers, "POLL_INTERVAL", 0.001)
    team = bench.workers()
    team.start()
    thread = team._thread
    del team
    gc.collect()
    thread.join(WAIT)
    assert not thread.is_alive()


def test_old_events_are_forgotten_about_once_an_hour(bench):
    bench.on("*")(lambda event: None)
    team = bench.workers()
    bench.add()
    step(team)
    bench.clock.ahead += 86_400 + 10
    step(team)
    assert bench.inbox.get("1") is None
