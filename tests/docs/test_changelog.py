"""The changelog keeps the form of Keep a Changelog, and knows the version that is built."""

from __future__ import annotations

import re
import tomllib

from support.paths import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text()
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_releases_have_a_date_and_the_newest_is_first():
    first, *releases = re.findall(r"^## (.*)", TEXT, re.MULTILINE)
    assert first == "[Unreleased]"
    found = [
        re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", name) for name in releases
    ]
    assert all(found), releases
    versions = [(tuple(map(int, match.groups()[:3])), match[4]) for match in found]
    assert versions == sorted(versions, reverse=True)
    if versions:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        assert tuple(map(int, project["version"].split("."))) >= versions[0][0]


def test_changes_stand_under_their_kind():
    kinds = re.findall(r"^### (.*)", TEXT, re.MULTILINE)
    assert kinds
    assert set(kinds) <= KINDS
    for section in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        own = re.findall(r"^### (.*)", section, re.MULTILINE)
        assert len(own) == len(set(own)), own
        assert not re.search(r"^[-*] ", section.split("###")[0], re.MULTILINE)
