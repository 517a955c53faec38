"""The alert rules and the dashboard below deploy/ ask for metrics and labels that there are."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from lean_flask.common.metric_table import METRICS
from support.paths import ROOT

PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "lean-flask.json").read_text("utf-8"))
LABELS = {
    name: {"blueprint", *metric.labels, *(["le"] if metric.kind == "histogram" else [])}
    for metric in METRICS
    for name in (
        [f"{metric.full_name}_{part}" for part in ("bucket", "sum", "count")]
        if metric.kind == "histogram"
        else [metric.full_name]
    )
}
#: Labels of Prometheus itself, by which rules may not be bound to one host.
SELECTOR = re.compile(r"(lean_flask_\w+)(?:\{(.*?)\})?")
GROUPED = re.compile(r"(?:by|on) \((.*?)\)")


@pytest.fixture(scope="module")
def promtool(tmp_path_factory):
    """Runs promtool; its output."""
    if shutil.which("promtool") is None and not os.environ.get("CI"):
        pytest.skip("promtool is not installed: make deploy-tools")

    def run(*arguments):
        done = subprocess.run(
            ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def panels():
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions():
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_metrics_and_labels_exist(where, expression):
    asked = SELECTOR.findall(expression)
    assert asked
    for name, matchers in asked:
        assert name in LABELS
        labels = set(re.findall(r"(\w+)(?==~|=|!=|!~)", re.sub(r'".*?"', '""', matchers)))
        assert labels <= LABELS[name]
    grouped = {label for found in GROUPED.findall(expression) for label in found.split(", ")}
    assert grouped <= set.union(*(LABELS[name] for name, _ in asked))


def test_every_metric_is_on_the_dashboard():
    shown = {name for panel in panels() for target in panel["targets"]
             for name, _ in SELECTOR.findall(target["expr"])}  # fmt: skip
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert {metric.full_name for metric in METRICS} - shown == set()


def test_panels_lie_beside_each_other_and_in_the_chosen_data_source():
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [
        (place["x"] + column, place["y"] + line)
        for place in places
        for column in range(place["w"])
        for line in range(place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
    assert {panel["datasource"]["uid"] for panel in panels()} == {"${datasource}"}


def test_the_rules_are_valid_and_fire_when_they_should(promtool):
    assert "SUCCESS" in promtool("check", "rules", PROMETHEUS / "alerts.yml")
    assert "SUCCESS" in promtool("test", "rules", *PROMETHEUS.glob("*_test.yml"))


def test_each_rule_is_tried_while_it_fires_and_while_all_is_well():
    files = [yaml.safe_load(path.read_text("utf-8")) for path in PROMETHEUS.glob("*_test.yml")]
    tried = [one for file in files for test in file["tests"] for one in test["alert_rule_test"]]
    names = {rule["alert"] for rule in RULES}
    assert {one["alertname"] for one in tried if one.get("exp_alerts")} == names
    assert {one["alertname"] for one in tried if not one.get("exp_alerts")} == names


def test_the_queries_of_the_dashboard_are_valid(promtool, tmp_path):
    rules = [
        {
            "record": f"panel:{number}",
            "expr": expression.replace("$__rate_interval", "5m").replace("$blueprint", ".*"),
        }
        for number, (_, expression) in enumerate(expressions())
    ]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)
