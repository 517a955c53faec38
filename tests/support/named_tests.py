"""The tests that a table of the documents names: ``tests/web/test_x.py::test_y``."""

from __future__ import annotations

import ast
import re
from functools import cache

from support.paths import ROOT


def is_test(cell):
    """Whether *cell* of a table is the name of a test, in backticks."""
    named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)
    return bool(named) and (ROOT / named[1]).is_file() and named[2] in _names_in(named[1])


@cache
def _names_in(path):
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def rows_of(page, heading):
    """The cells of each row of the tables below *heading* in a document, without their heads."""
    text = (ROOT / "docs" / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    lines = text.partition("\n## ")[0].splitlines()
    heads = {number - 1 for number, line in enumerate(lines) if line.startswith("| --- |")}
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for number, line in enumerate(lines)
        if line.startswith("| ") and number not in heads and not line.startswith("| --- |")
    ]
