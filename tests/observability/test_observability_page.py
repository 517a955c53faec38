"""docs/observability.md has every metric, alert and field that there is, as it is."""

import re

import yaml

from lean_flask.common.logs import FIELDS, PREFIX
from lean_flask.common.metric_table import METRICS
from support.paths import ROOT

RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "observability.md").read_text("utf-8")


def rows(pattern):
    """The cells of the rows whose first cell matches."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    return [cells for cells in lines if re.fullmatch(pattern, cells[0])]


def test_every_metric_is_described_with_its_kind_and_labels():
    described = [(name.strip("`"), kind, re.findall(r"`(\w+)`", labels.partition("|")[0]))
                 for name, kind, labels, *_ in rows(r"`lean_flask_\w+`")]  # fmt: skip
    assert described == [(metric.full_name, metric.kind, [*metric.labels]) for metric in METRICS]


def test_every_alert_says_what_to_do():
    alerts = [rule["alert"] for group in RULES["groups"] for rule in group["rules"]]
    assert [name.strip("`") for name, *_ in rows(r"`Lean\w+`")] == alerts


def test_every_field_is_described():
    fields = [f"`{PREFIX}{name}`" for name in FIELDS]
    assert [name for name, *_ in rows(rf"`{PREFIX}(?!flask)\w+`")] == fields
