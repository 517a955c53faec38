"""A bank by hand, from the shell to gunicorn workers."""

import json

import pytest
from flask import Flask

from lean_flask import LeanBlueprint
from support.redis_server import until

BANK = "RJHI_SAU"
ON = {"data": True, "payments": True}
USUAL = (True, None)
TOLD = (False, {"en": "Back soon", "ar": "Back soon"})
GONE = (None, None)


@pytest.fixture
def shell():
    """Runs ``flask lean bank`` in this process, which is none of the workers."""

    def make(cluster):
        app = Flask(__name__)
        app.config["SECRET_KEY"] = "shared by all workers"
        app.register_blueprint(LeanBlueprint(**cluster.settings))
        runner = app.test_cli_runner()

        def run(*arguments):
            done = runner.invoke(args=["lean", "bank", *arguments])
            assert done.exit_code == 0, done.output
            return done.stdout

        return run

    return make


def notices(cluster):
    """What each worker says of the bank: whether it is available, and the notice."""
    lists = [response.json() for response in cluster.by_worker().values()]
    found = [{bank["identifier"]: bank for bank in banks}.get(BANK) for banks in lists]
    return [(bank["available"]["data"], bank["notice"]) if bank else GONE for bank in found]


def delivered(cluster):
    return cluster.events.read_text() if cluster.events.exists() else ""


def test_every_worker_follows_the_shell_within_two_seconds(settled, shell):
    cluster, fake_lean = settled
    run = shell(cluster)
    assert all(notice == USUAL for notice in notices(cluster))
    steps = [
        (["--unavailable", "--message-en", "Back soon"], TOLD),
        (["--hide"], GONE),
        (["--unavailable", "--message-en", "Back soon"], TOLD),
    ]
    for options, expected in [*steps, (["--clear"], USUAL)]:
        run(BANK, *options)
        cluster.until_all_know(
            lambda expected=expected: all(notice == expected for notice in notices(cluster))
        )
        if expected == TOLD:  # Lean's word does not change it
            event = fake_lean.webhook_event(
                "bank.availability.updated",
                {"identifier": BANK, "availability": dict.fromkeys(("active", "enabled"), ON)},
            )
            assert fake_lean.send_webhook(f"{cluster.url}/lean/webhooks", event).status_code == 200
            until(lambda id=event["event_id"]: id in delivered(cluster))
            assert all(notice == TOLD for notice in notices(cluster))


def test_it_outlives_redis_and_the_workers(make_cluster, redis_server, shell):
    cluster = make_cluster(store_url=redis_server.url, workers=2)

    def log_has(line, times):
        """Whether the workers, which look at the store when they are asked, have logged it."""
        return notices(cluster) and cluster.log.read_text().count(line) >= times

    shell(cluster)(BANK, "--unavailable", "--message-en", "Back soon")
    cluster.until(lambda: all(notice == TOLD for notice in notices(cluster)))
    redis_server.stop()
    cluster.until(lambda: log_has("falling back to process memory", 2))
    assert all(notice == TOLD for notice in notices(cluster))
    redis_server.start()  # empty: it kept nothing
    cluster.until(lambda: log_has("Store recovered", 2))
    cluster.until(lambda: notices(cluster) and json.loads(shell(cluster)("--json")))
    cluster.stop()
    cluster.start()
    assert all(notice == TOLD for notice in notices(cluster))
    shell(cluster)(BANK, "--clear")
    cluster.until(lambda: all(notice == USUAL for notice in notices(cluster)))
