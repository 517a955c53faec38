"""docs/threat-model.md names for each threat a guard and a test; both must be there."""

from __future__ import annotations

import re

from support.named_tests import is_test, rows_of
from support.paths import ROOT

ROWS = rows_of("threat-model.md", "Threats")


def test_there_are_rows():
    assert len(ROWS) > 60
    assert {len(row) for row in ROWS} == {4}


def test_every_row_names_a_test_and_a_guard_that_exist():
    wrong = {threat: faults for threat, *cells in ROWS if (faults := [*faults_of(*cells)])}
    assert wrong == {}


def faults_of(guard, test, numbers):
    """Yield what is named in a row and does not exist."""
    if not is_test(test):
        yield f"there is no test {test}"
    for file, word in re.findall(r"`([\w/.]+\.(?:py|js|html)): (\w+)`", guard):
        path = ROOT / (file if file.startswith("deploy/") else f"lean_flask/{file}")
        source = path.read_text("utf-8") if path.is_file() else ""
        defined = (
            rf"(def|class|async|macro|const|function) {word}\b|^\s*(async )?{word}(\(.*\) \{{| = )"
        )
        if not re.search(defined, source, re.MULTILINE):
            yield f"{file} has no {word}"
    if not re.fullmatch(r"\d+\.\d+\.\d+(, \d+\.\d+\.\d+)*", numbers):
        yield f"no numbers of requirements: {numbers}"


def test_every_row_is_there_once():
    assert len({row[0] for row in ROWS}) == len(ROWS)
