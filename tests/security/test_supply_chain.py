"""The declared ranges, and the audit: what it says when it finds something, or cannot look."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = [
    Requirement(text)
    for text in [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
]
#: A host must be able to follow its other packages; docs/dependencies.md has the reason for each.
BOUNDED = {"httpx"}


@pytest.mark.parametrize("requirement", RUNTIME, ids=str)
def test_every_range_has_a_lower_end_and_an_upper_one_for_a_reason_alone(requirement):
    operators = {bound.operator for bound in requirement.specifier}
    assert operators == ({">=", "<"} if requirement.name in BOUNDED else {">="})


def test_the_lock_names_every_package_once_with_its_version_and_no_address():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    asked = [item for group in groups.values() for item in group if isinstance(item, str)]
    lines = (ROOT / "requirements-dev.lock").read_text("utf-8").splitlines()[1:]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.+!]+", line) for line in lines)
    locked = dict(line.split("==") for line in lines)
    assert len(locked) == len(lines)
    for requirement in [*RUNTIME, *map(Requirement, asked)]:
        assert locked[canonicalize_name(requirement.name)] in requirement.specifier


def test_every_dependency_has_its_reason_and_its_range_in_the_document():
    document = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for requirement in RUNTIME:
        bounds = sorted(map(str, requirement.specifier), key=lambda bound: bound[0] == "<")
        assert f"| {requirement.name} | {', '.join(bounds)} |" in document


def test_the_lowest_versions_are_pinned_for_their_run():
    run = subprocess.run(
        [sys.executable, "tools/lowest.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {line.partition("==")[0] for line in run.stdout.splitlines()}
    assert names == {requirement.name for requirement in RUNTIME}


def audit(**environment):
    return subprocess.run(
        [sys.executable, "tools/audit.py"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_audit_without_its_database_is_skipped_and_says_so():
    run = audit(HTTPS_PROXY="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1")
    assert run.stdout.startswith("SKIPPED the audit: its database cannot be reached")
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("response", "said", "code"),
    [
        ('"vulns": []', "no known vulnerability", 0),
        ('"skip_reason": "not found"', "SKIPPED 1 of 1 packages, such as: not found", 0),
        (
            '"vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.4"]}]',
            "flask 3.1.3: PYSEC-1, mended in 3.1.4",
            1,
        ),
    ],
)
def test_an_audit_says_what_it_found(tmp_path, response, said, code):
    """The database is elsewhere, so pip-audit's answer is made here."""
    found = f'{{"dependencies": [{{"name": "flask", "version": "3.1.3", {response}}}]}}'
    (tmp_path / "pip_audit.py").write_text(f"print({found!r})")
    run = audit(PYTHONPATH=str(tmp_path))
    assert said in run.stdout
    assert run.returncode == code
