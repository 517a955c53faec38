"""POST /webhooks: an event in work is not done, one that fails comes again, an old one is over."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask import webhook_received
from lean_flask.events import inline
from lean_flask.events.delivery import Delivery
from support import plain_http
from support.clock import MovableClock, use_clock

DAY = 86_400


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store_url(request, tmp_path):
    if request.param == "redis":
        return request.getfixturevalue("redis_server").url
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'store.sqlite3'}"


@contextmanager
def receiving(app, receiver):
    """Call *receiver* with each event. Yields those that it was called with."""
    events = []

    def receive(sender, event):
        events.append(event)
        receiver(event)

    with webhook_received.connected_to(receive, app):
        yield events


def test_a_repeat_during_a_slow_receiver_is_asked_for_again(make_app, fake_lean, serve, store_url):
    app = make_app(store_url=store_url, webhook_delivery="inline")
    url = f"{serve(app)}/lean/webhooks"
    event = fake_lean.webhook_event("entity.created", {"id": "1"})
    runs, ends = threading.Event(), threading.Event()

    def wait_and_fail_once(_):
        if not ends.is_set():
            runs.set()
            ends.wait(10)
            raise RuntimeError("the host's database is down")

    with receiving(app, wait_and_fail_once) as events, ThreadPoolExecutor(1) as pool:
        first = pool.submit(fake_lean.send_webhook, url, event)
        runs.wait(10)
        repeat = fake_lean.send_webhook(url, event)
        assert repeat.status_code == 503
        assert 0 < int(repeat.headers["Retry-After"]) < 60
        ends.set()
        assert first.result().status_code == 500
        assert fake_lean.send_webhook(url, event).status_code == 200
        assert fake_lean.send_webhook(url, event).status_code == 200
    assert len(events) == 2


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_an_event_whose_worker_is_stopped_is_taken_up_again(make_app, fake_lean, store_url, end):
    app = make_app(store_url=store_url, webhook_delivery="inline")
    client = app.test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {"id": "1"}))

    def stop_once(_):
        if len(events) == 1:
            raise end

    def deliver():
        return client.post("/lean/webhooks", data=body, headers=headers).status_code

    with receiving(app, stop_once) as events:
        with pytest.raises(end):
            deliver()
        assert (deliver(), len(events)) == (200, 2)
        assert (deliver(), len(events)) == (200, 2)


def test_an_event_whose_worker_died_is_taken_up_after_the_lease(make_app, fake_lean, store_url):
    clock, app = MovableClock(), make_app(store_url=store_url, webhook_delivery="inline")
    use_clock(app, clock)
    client = app.test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {"id": "1"}))

    def deliver():
        return client.post("/lean/webhooks", data=body, headers=headers).status_code

    def die(self):
        raise KeyboardInterrupt

    with receiving(app, lambda event: None) as events:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Delivery, "run", die)
            with pytest.raises(KeyboardInterrupt):
                deliver()
        assert (deliver(), len(events)) == (503, 0)
        clock.ahead += inline.LEASE + 1
        assert (deliver(), len(events)) == (200, 1)


@pytest.mark.parametrize("delivery", ["background", "inline", "worker"])
def test_while_the_store_fails_lean_is_asked_to_send_an_event_again(
    make_app, fake_lean, tmp_path, caplog, delivery
):
    folder = tmp_path / "folder"
    app = make_app(store_url=f"sqlite:///{folder}/store.sqlite3", webhook_delivery=delivery)
    folder.touch()  # a file in its place
    client = app.test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {"id": "1"}))
    with receiving(app, lambda event: None) as events:
        response = client.post("/lean/webhooks", data=body, headers=headers)
    assert (response.status_code, events) == (503, [])
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert response.mimetype == "application/problem+json"
    assert caplog.text.count("so Lean has to send a webhook again") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"payload": [1, "two"]},
        {"payload": "a text"},
        {"payload": 7.5},
        {"payload": True},
        {"payload": [10**4000]},
        {"message": {"en": "An object"}},
        {"timestamp": 1_778_593_553},
        {"timestamp": {"seconds": 1}},
        {"event_id": 7},
        {"event_id": "e" * 201},
        {"event_id": ""},
        {"event_id": " "},
        {"event_id": None},
        {"event_id": ["a"]},
        {"type": "t" * 300},
        {"type": 7},
        {"type": None},
        {"type": "bank.availability.updated", "payload": ["RJHI_SAU"]},
        {"type": "bank.availability.updated", "payload": "RJHI_SAU"},
        {"type": "bank.availability.new", "payload": None},
    ],
    ids=lambda change: json.dumps(change)[:60],
)
def test_an_event_of_any_shape_reaches_the_host_once(app, client, fake_lean, change):
    event = fake_lean.webhook_event("something.new", {"id": "1"}) | change
    deliver_twice(app, client, fake_lean, event)


@pytest.mark.parametrize("event_id", ["", " ", None, 7, ["a"], {}])
def test_events_of_one_unusable_id_are_not_taken_for_repeats(app, client, fake_lean, event_id):
    with receiving(app, lambda event: None) as events:
        for number in range(2):
            event = fake_lean.webhook_event("a.b", {"id": number}) | {"event_id": event_id}
            body, headers = fake_lean.signed(event)
            assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert [event.payload["id"] for event in events] == [0, 1]


@pytest.mark.parametrize("name", ["type", "payload", "message", "timestamp", "event_id"])
def test_an_event_without_a_field_reaches_the_host_once(app, client, fake_lean, name):
    event = fake_lean.webhook_event("something.new", {"id": "1"})
    deliver_twice(app, client, fake_lean, {key: event[key] for key in event if key != name})


def test_a_number_that_python_does_not_read_reaches_the_host(app, client, fake_lean):
    digits = "9" * 5_000
    body, headers = fake_lean.signed(f'{{"type": "a.b", "payload": {digits}}}'.encode())
    with receiving(app, lambda event: None) as events:
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert str(events[0].payload) == digits


@pytest.mark.parametrize("event", [[], [1], 7, "text", None, {}])
def test_a_body_that_is_no_object_is_the_payload(app, client, fake_lean, event):
    received = deliver_twice(app, client, fake_lean, event)
    assert received.type == ""
    assert received.payload == ({} if event is None else event)


def deliver_twice(app, client, fake_lean, event):
    """Deliver *event* and a repeat; it has to arrive once, with its payload."""
    body, headers = fake_lean.signed(json.dumps(event).encode())
    with receiving(app, lambda event: None) as events:
        for _ in range(2):
            assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    [received] = events
    if isinstance(event, dict) and event.get("payload"):
        assert received.payload == event["payload"]
    return received


def sent(days, client, fake_lean):
    """The status of an event that Lean made *days* ago."""
    made = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    body, headers = fake_lean.signed(fake_lean.webhook_event("a.b", {}, timestamp=made))
    return client.post("/lean/webhooks", data=body, headers=headers).status_code


@pytest.mark.parametrize("days", [30.1, 31, 2_500])
def test_an_event_older_than_any_repeat_is_not_handled(app, client, fake_lean, days, caplog):
    with receiving(app, lambda event: None) as events:
        assert sent(days, client, fake_lean) == 200
    assert events == []
    assert [message for message in caplog.messages if "too old" in message]


@pytest.mark.parametrize("zero", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_zero_time_is_no_age(app, client, fake_lean, zero):
    """Programs write it where they know no time."""
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}, timestamp=zero))
    with receiving(app, lambda event: None) as events:
        for _ in range(2):
            assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    assert len(events) == 1


@pytest.mark.parametrize("days", [-0.9, -0.01, 0.2, 29.9])
def test_a_late_event_is_handled(app, client, fake_lean, days):
    with receiving(app, lambda event: None) as events:
        assert sent(days, client, fake_lean) == 200
    assert len(events) == 1


@pytest.mark.parametrize(
    ("timestamp", "days"),
    [(None, 29), (None, 31.5), ("yesterday", 80), ("2999-01-01T00:00:00Z", 80)],
)
def test_an_event_that_is_sent_again_days_later_has_no_second_effect(
    make_app, fake_lean, tmp_path, timestamp, days
):
    store_url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    clock, app = MovableClock(), make_app(store_url=store_url, webhook_delivery="inline")
    use_clock(app, clock)
    client = app.test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("a.b", {}, timestamp=timestamp))
    with receiving(app, lambda event: None) as events:
        for _ in range(2):
            assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
            clock.ahead += days * DAY
    assert len(events) == 1


@pytest.mark.parametrize("is_signed", [False, True])
def test_an_empty_body_is_called_empty(client, fake_lean, caplog, is_signed):
    """As from a server that drops what is sent in chunks."""
    _, headers = fake_lean.signed(b"" if is_signed else b"{}")
    headers["Transfer-Encoding"] = "chunked"
    response = client.post("/lean/webhooks", headers=headers)
    assert response.status_code == (400 if is_signed else 401)
    assert "The body is empty" in response.json["detail"]
    assert "chunks" in response.json["detail"]
    assert len(caplog.messages) == 1
    assert "The body is empty" in caplog.text


def test_chunks_are_read_where_the_server_has_them(make_app, fake_lean, serve):
    event = fake_lean.webhook_event("entity.created", {"id": "1"})
    body, headers = fake_lean.signed(event)
    url = f"{serve(make_app())}/lean/webhooks"
    assert (
        plain_http.post(url, content=iter([body[:9], body[9:]]), headers=headers).status_code == 200
    )
