"""Delivery in an app: after the answer, by threads that begin with the first request."""

from __future__ import annotations

import threading

import pytest
from flask import Flask, current_app, g, has_request_context

from lean_flask import LeanBlueprint, webhook_received
from lean_flask.events import workers
from lean_flask.services import get_services
from support.clock import MovableClock, use_clock
from support.redis_server import until

IBAN = "SA0380000000608010167519"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr(workers, "POLL_INTERVAL", 0.01)


@pytest.fixture
def store_url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.sqlite3'}"


@pytest.fixture
def app(make_app, store_url):
    app = make_app(store_url=store_url)
    yield app
    events_of(app).workers.stop()


@pytest.fixture
def send(fake_lean):
    def send(app, type="entity.created", **payload):
        event = fake_lean.webhook_event(type, payload)
        body, headers = fake_lean.signed(event)
        response = app.test_client().post("/lean/webhooks", data=body, headers=headers)
        return response.status_code, event["event_id"]

    return send


def events_of(app):
    with app.app_context():
        return get_services("lean").events


def state(app, event_id):
    return events_of(app).inbox.get(event_id).state


def our_threads():
    """Those of earlier tests may be about to end."""
    return {thread for thread in threading.enumerate() if thread.name == "lean-flask-events"}


def test_lean_is_answered_before_the_receivers_return(app, send):
    goes_on = threading.Event()
    app.blueprints["lean"].on("*")(lambda event: goes_on.wait(10))
    status, event_id = send(app)
    assert (status, state(app, event_id)) == (200, "waiting")
    goes_on.set()
    until(lambda: state(app, event_id) == "delivered")


def test_a_receiver_has_an_app_context_of_its_own_and_no_request(app, send):
    heard = []

    def receive(*_, event):
        heard.append((current_app.name, has_request_context(), "mark" in g))
        g.mark = True

    lean = app.blueprints["lean"]
    lean.on("entity.*")(lambda event: receive(event=event))
    lean.on("*")(lambda event: receive(event=event))
    app.teardown_appcontext(lambda error: heard.append("over"))
    with webhook_received.connected_to(receive, app):
        _, event_id = send(app)
        until(lambda: state(app, event_id) == "delivered")
    receivers = [entry for entry in heard if entry != "over"]
    assert receivers == [(app.name, False, False)] * 3
    assert heard.count("over") > 3


def test_no_thread_begins_before_the_first_request_and_any_request_begins_it(
    make_app, app, store_url, send
):
    other = make_app(store_url=store_url, webhook_delivery="worker")
    _, event_id = send(other)  # which delivers nothing
    before = our_threads()
    app.blueprints["lean"].on("*")(lambda event: None)
    assert state(app, event_id) == "waiting"
    assert app.test_client().get("/done").status_code == 200
    assert len(our_threads() - before) == 1
    until(lambda: state(app, event_id) == "delivered")


@pytest.mark.parametrize(
    "settings",
    [{"webhook_delivery": "worker"}, {"webhook_delivery": "inline"}, {"webhook_secret": None}],
)
def test_an_app_that_delivers_nothing_has_no_thread(make_app, store_url, settings):
    before = our_threads()
    make_app(store_url=store_url, **settings).test_client().get("/done")
    assert not our_threads() - before


def test_flask_lean_check_delivers_nothing(make_app, store_url):
    before = our_threads()
    app = make_app(store_url=store_url)
    assert app.test_cli_runner().invoke(args=["lean", "check"]).exit_code == 0
    assert not our_threads() - before


def test_what_fails_is_tried_again_and_shows_no_customers_data(make_app, store_url, send, caplog):
    clock, app, calls = MovableClock(), make_app(store_url=store_url), []
    use_clock(app, clock)

    @app.blueprints["lean"].on("*")
    def receive(event):
        calls.append(event)
        if len(calls) == 1:
            raise ValueError(f"no account {IBAN}")

    status, event_id = send(app, iban=IBAN)
    assert status == 200
    inbox = events_of(app).inbox
    until(lambda: inbox.get(event_id).error)
    assert "ValueError" in inbox.get(event_id).error
    clock.ahead += 6
    until(lambda: state(app, event_id) == "delivered")
    assert len(calls) == 2
    assert IBAN not in caplog.text + repr(inbox.get(event_id)) + repr(inbox.list())
    events_of(app).workers.stop()


def test_without_a_key_an_event_is_not_taken(app, send, caplog):
    app.config["SECRET_KEY"] = None
    assert send(app)[0] == 500
    lines = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert len(lines) == 1
    assert "SECRET_KEY is missing" in lines[0]


def test_events_in_memory_need_no_key(make_app, send):
    app, heard = make_app(), []
    app.config["SECRET_KEY"] = None
    app.blueprints["lean"].on("*")(heard.append)
    assert send(app, id="e-1")[0] == 200
    assert heard[0].payload.id == "e-1"


def test_an_event_outlives_a_change_of_the_key_that_is_a_fallback(make_app, store_url, send):
    app = make_app(store_url=store_url, webhook_delivery="worker")
    heard = []
    app.blueprints["lean"].on("*")(heard.append)
    _, event_id = send(app, id="e-1")
    old = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another secret key"
    events = events_of(app)
    team = events.make_workers(1)
    team.step()
    assert team.wait_until_idle(10)
    assert "It cannot be decrypted: SECRET_KEY was changed" in events.inbox.get(event_id).error
    app.config["SECRET_KEY_FALLBACKS"] = [old]
    assert events.inbox.retry(event_id, 0)
    team.step()
    assert team.wait_until_idle(10)
    assert [event.payload.id for event in heard] == ["e-1"]


def test_a_blueprint_on_two_apps_calls_its_receivers_for_both(fake_lean, send):
    lean, heard = LeanBlueprint(**fake_lean.settings(), store_url="memory:"), []
    lean.on("entity.*")(lambda event: heard.append((current_app.name, "before")))
    for name in ("one", "two"):
        app = Flask(name)
        app.register_blueprint(lean)
        send(app)
    lean.on("entity.created")(lambda event: heard.append((current_app.name, "after")))
    send(app)
    assert heard == [("one", "before"), ("two", "before"), ("two", "before"), ("two", "after")]


def test_inline_a_failing_event_holds_up_its_subject_alone(make_app, store_url, send):
    app, heard, broken = make_app(store_url=store_url, webhook_delivery="inline"), [], [True]

    @app.blueprints["lean"].on("*")
    def receive(event):
        if broken and event.payload.id == "a":
            raise RuntimeError
        heard.append((event.type, event.payload.id))

    assert send(app, "entity.created", id="a")[0] == 500
    assert send(app, "entity.created", id="b")[0] == 200
    assert send(app, "entity.updated", id="a")[0] == 500
    broken.clear()
    assert send(app, "entity.updated", id="a")[0] == 200
    assert heard[1:] == [
        ("entity.created", "a"),
        ("entity.updated", "a"),
        ("entity.updated", "a"),
    ]
