"""docs/threat-model.md names for each threat a guard and a test; both must be there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from support.paths import ROOT

THREATS = (ROOT / "docs" / "threat-model.md").read_text("utf-8").partition("\n## Threats\n")[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in THREATS.splitlines()
    if line.startswith("| ") and not line.startswith(("| threat |", "| --- |"))
]


@cache
def names_in(path):
    """The names of the test functions in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_rows():
    assert len(ROWS) > 60
    assert {len(row) for row in ROWS} == {4}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_every_row_names_a_test_and_a_guard_that_exist(row):
    _, guard, test, numbers = row
    path, name = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", test).groups()
    assert name in names_in(path)
    for file, word in re.findall(r"`([\w/.]+\.(?:py|js|html)): (\w+)`", guard):
        source = (ROOT / "lean_flask" / file).read_text("utf-8")
        defined = (
            rf"(def|class|async|macro|const|function) {word}\b|^\s*(async )?{word}(\(.*\) \{{| = )"
        )
        assert re.search(defined, source, re.MULTILINE), f"{file} has no {word}"
    assert re.fullmatch(r"\d+\.\d+\.\d+(, \d+\.\d+\.\d+)*", numbers)


def test_every_row_is_there_once():
    assert len({row[0] for row in ROWS}) == len(ROWS)
