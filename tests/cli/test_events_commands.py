"""``flask lean events``: what became of each event, and its delivery by hand."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.events.samples import sample_event
from lean_flask.services import get_services
from support.redis_server import until

CUSTOMER = "a customer's own reference"


@pytest.fixture
def host(make_app, tmp_path, fake_lean):
    """An app whose events wait until somebody delivers them."""
    app = make_app(store_url=f"sqlite:///{tmp_path}/store.sqlite3", webhook_delivery="worker")
    with app.app_context():
        inbox = get_services("lean").events.inbox
    runner = app.test_cli_runner()

    def post(type="payment.created", **payload):
        event = sample_event(type)
        event["payload"] |= payload
        body, headers = fake_lean.signed(event)
        assert (
            app.test_client().post("/lean/webhooks", data=body, headers=headers).status_code == 200
        )
        return event["event_id"]

    def run(*arguments):
        return runner.invoke(args=["lean", "events", *arguments])

    return SimpleNamespace(app=app, inbox=inbox, post=post, run=run)


def end(host, error=None):
    """Deliver the event that waits, or give it up."""
    claim = host.inbox.claim(2e9, 60)
    if error:
        host.inbox.bury(claim, 2e9, ("shop.first",), error)
    else:
        host.inbox.deliver(claim, 2e9, ())
    return claim.event.id


def test_list_shows_the_latest_first_and_counts(host):
    first, second = host.post("entity.created"), host.post("payment.created")
    result = host.run("list")
    assert result.exit_code == 0, result.output
    head, *rows, counts = result.output.splitlines()
    assert head.split()[:3] == ["ID", "TYPE", "STATE"]
    assert [row.split()[:3] for row in rows] == [
        [second, "payment.created", "waiting"],
        [first, "entity.created", "waiting"],
    ]
    assert counts == "2 waiting, 0 delivered, 0 dead"


def test_list_can_be_narrowed_and_read_by_programs(host):
    for type in ("entity.created", "payment.created", "payment.updated"):
        host.post(type)
    ended = end(host)

    def ids(*options):
        return [event["id"] for event in json.loads(host.run("list", "--json", *options).output)]

    assert ids("--state", "delivered") == [ended]
    assert ids("--state", "dead") == []
    assert len(ids("--type", "payment.*")) == 2
    assert len(ids("--type", "payment.*", "--limit", "1")) == 1
    assert len(ids("--type", "entity.created")) == 1
    assert len(ids("--limit", "2")) == 2


def test_show_tells_what_became_of_an_event(host):
    event_id = host.post(reason=CUSTOMER)
    end(host, "shop.book: ValueError\n  shop.py:7 in book")
    result = host.run("show", event_id)
    assert result.exit_code == 0, result.output
    for part in (event_id, "payment.created", "dead", "shop.first", "shop.py:7 in book"):
        assert part in result.output
    shown = json.loads(host.run("show", event_id, "--json").output)
    assert (shown["state"], shown["attempts"], shown["next_attempt_at"]) == ("dead", 1, None)
    assert shown["received_by"] == ["shop.first"]
    assert "payload" not in shown


def test_the_payload_is_shown_only_when_it_is_asked_for(host):
    event_id = host.post(reason=CUSTOMER)
    for options in ([], ["--json"]):
        assert CUSTOMER not in host.run("show", event_id, *options).output
        assert CUSTOMER in host.run("show", event_id, "--payload", *options).output
    assert CUSTOMER not in host.run("list", "--json").output
    shown = json.loads(host.run("show", event_id, "--payload", "--json").output)
    assert shown["payload"]["reason"] == CUSTOMER


def test_a_payload_cannot_move_the_terminals_cursor(host):
    event_id = host.post(reason="\x9b2J\u202e\ud800مرحبا")
    result = host.run("show", event_id, "--payload")
    assert result.exit_code == 0, result.output
    assert "\\u009b2J\\u202e\\ud800مرحبا" in result.output


def test_a_payload_under_a_lost_key_is_said_to_be_one(host):
    event_id = host.post()
    host.app.config["SECRET_KEY"] = "another secret key, of another day"
    result = host.run("show", event_id, "--payload")
    assert result.exit_code == 1
    assert "SECRET_KEY was changed" in result.output
    assert host.run("show", event_id).exit_code == 0


def test_one_event_is_put_back(host):
    event_id = host.post()
    end(host, "an error")
    result = host.run("retry", event_id)
    assert result.exit_code == 0, result.output
    assert result.output == "1 event(s) put back: flask lean work delivers them\n"
    assert host.inbox.get(event_id).state == "waiting"


def test_all_dead_events_are_put_back(host):
    for _ in range(3):
        host.post()
    end(host, "an error"), end(host, "an error"), end(host)
    assert json.loads(host.run("retry", "--dead", "--json").output) == {"put_back": 2}
    assert json.loads(host.run("retry", "--dead", "--json").output) == {"put_back": 0}


@pytest.mark.parametrize("command", ["show", "retry"])
def test_an_unknown_event_ends_with_1(host, command):
    result = host.run(command, "nobody")
    assert result.exit_code == 1
    assert "There is no event nobody" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["retry"],
        ["retry", "e1", "--dead"],
        ["show"],
        ["list", "--state", "lost"],
        ["list", "--limit", "0"],
    ],
)
def test_a_wrong_argument_ends_with_2(host, arguments):
    assert host.run(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [["list"], ["show", "e1"], ["retry", "--dead"]])
def test_a_store_that_is_down_ends_with_1_and_its_reason(host, monkeypatch, arguments):
    def down(*_):
        raise StoreError("disk I/O error")

    for method in ("list", "get", "retry_dead"):
        monkeypatch.setattr(type(host.inbox), method, down)
    result = host.run(*arguments)
    assert result.exit_code == 1
    assert result.output == "Error: The store does not work: disk I/O error\n"


@pytest.mark.parametrize("arguments", [["list"], ["show", "e1"], ["retry", "e1"]])
def test_events_in_memory_are_said_to_be_there(app, arguments):
    result = app.test_cli_runner().invoke(args=["lean", "events", *arguments])
    assert result.exit_code == 1
    assert "in the memory of the app's own process" in result.output


def test_from_trigger_to_a_retry_with_a_running_app(make_app, tmp_path, serve):
    """A receiver that failed and was mended gets its event by hand."""
    app = make_app(store_url=f"sqlite:///{tmp_path}/store.sqlite3")
    runner, received, broken = app.test_cli_runner(), [], [True]

    @app.blueprints["lean"].on("payment.*")
    def book(event):
        if broken:
            raise ValueError(CUSTOMER)
        received.append(event.payload.intent_id)

    def run(*arguments):
        result = runner.invoke(args=["lean", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    url = serve(app)
    sent = run("trigger", "payment.created", "--url", url, "--set", "intent_id=4711")
    event_id = sent["event"]["event_id"]
    until(lambda: run("events", "show", event_id)["error"])
    shown = run("events", "show", event_id)
    assert shown["state"] == "waiting"
    assert "ValueError" in shown["error"]
    assert CUSTOMER not in shown["error"]
    broken.clear()
    assert run("events", "retry", event_id) == {"put_back": 1}
    until(lambda: run("events", "list", "--state", "delivered"))
    assert received == ["4711"]
