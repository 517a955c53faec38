"""What cannot be measured harms nobody: without prometheus_client, and where it fails."""

import os
import subprocess
import sys
import threading

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lean_flask.common import metrics
from lean_flask.common.fork_guard import ForkGuard
from lean_flask.common.metric_table import METRICS, REFRESHES, STORE_UP
from lean_flask.common.metrics import NO_METRICS, Metrics
from lean_flask.web.flow_metrics import REASONS
from lean_flask.web.json_endpoint import _REFUSED_CHOICES
from lean_flask.web.problems import REASON_STATUS
from support.paths import ROOT

WITHOUT = """
import sys
for name in ("prometheus_client", "opentelemetry"):
    sys.modules[name] = None
from flask import Flask
from lean_flask import LeanBlueprint
app = Flask("shop")
app.secret_key = "k"
lean = LeanBlueprint(app_token="t", store_url="memory:", api_url="http://127.0.0.1:9", timeout=0.1)
app.register_blueprint(lean)
client = app.test_client()
assert client.get("/lean/health/live").status_code == 200
assert client.get("/lean/banks").status_code == 503
print("fine")
"""


def test_all_works_without_the_two_packages():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "fine\n", done.stderr


COMMAND = """
from lean_flask.common.metric_table import REFRESHES, STORE_UP
from lean_flask.common.metrics import Metrics
Metrics("lean").set(STORE_UP, 0)
Metrics("lean").count(REFRESHES, "PERSONAL", "ok")
"""


def test_a_command_that_has_ended_says_no_more_that_the_store_is_down(tmp_path):
    """``flask lean check`` beside the workers, during an outage."""
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", COMMAND], cwd=ROOT, env=environ, check=True)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(tmp_path))
    said = generate_latest(registry).decode()
    assert "lean_flask_store_up{" not in said
    assert "lean_flask_bank_list_refreshes_total{" in said


def test_nothing_is_counted_without_a_blueprint():
    NO_METRICS.count(REFRESHES, "PERSONAL", "ok")
    assert not NO_METRICS.is_on


def test_a_failure_is_logged_once_and_ends_the_measuring(caplog, monkeypatch):
    measured = Metrics("one that fails")

    def fail(*labels):
        raise OSError("No space left on device")

    monkeypatch.setattr(metrics._collectors[STORE_UP], "labels", fail)
    measured.set(STORE_UP, 1)
    measured.set(STORE_UP, 1)
    assert [record.message for record in caplog.records] == [
        "Metrics are off in this process: prometheus_client failed"
    ]
    assert not measured.is_on


def test_a_name_that_is_taken_turns_metrics_off(caplog, monkeypatch):
    monkeypatch.setattr(metrics, "_collectors", {})
    assert not Metrics("shop").is_on  # as if another copy of lean-flask had registered them
    assert "refused one" in caplog.text


def test_two_blueprints_have_series_of_their_own():
    Metrics("ksa").count(REFRESHES, "PERSONAL", "ok")
    Metrics("uae").count(REFRESHES, "PERSONAL", "ok", by=2)
    value = REGISTRY.get_sample_value
    labels = {"account_type": "PERSONAL", "result": "ok"}
    for blueprint, counted in ("ksa", 1), ("uae", 2):
        name = "lean_flask_bank_list_refreshes_total"
        assert value(name, labels | {"blueprint": blueprint}) == counted


def test_names_follow_the_conventions_of_prometheus():
    for metric in METRICS:
        assert metric.name.endswith("_total") == (metric.kind == "counter"), metric.name
        assert metric.name.endswith("_seconds") == ("second" in metric.name), metric.name
        assert metric.text.endswith(".")


def test_every_reason_of_a_refusal_has_a_label():
    assert {*REASON_STATUS, *_REFUSED_CHOICES} <= REASONS


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_waits_for_whoever_counts():
    """Else the child would inherit a lock of prometheus_client that nobody opens."""
    guard = ForkGuard()
    inside, leave = threading.Event(), threading.Event()
    held_at_fork = []

    def count():
        with guard.lock:
            inside.set()
            leave.wait(10)
            held_at_fork.append(False)

    counting = threading.Thread(target=count)
    counting.start()
    inside.wait(10)
    threading.Timer(0.05, leave.set).start()
    child = os.fork()
    if child == 0:
        with guard.lock:
            os._exit(0 if held_at_fork else 1)
    counting.join()
    assert os.waitpid(child, 0)[1] == 0
