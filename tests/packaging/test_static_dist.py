"""The committed bundles are those that lean_flask/static/src makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from support.paths import ROOT

DIST = ROOT / "lean_flask" / "static" / "dist"
NAMES = {
    "bank-list.js",
    "embed.js",
    "ending.js",
    "picker.css",
    "picker.js",
    "ending.css",
    "languages.css",
    "operations.css",
    "return.js",
}


def contents(folder):
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def test_the_bundles_are_fresh(tmp_path):
    """After a change: ``make static``."""
    if not (shutil.which("node") and (ROOT / "node_modules" / "esbuild").exists()):
        if os.environ.get("CI"):
            pytest.fail("Node.js and the packages of package-lock.json are missing")
        pytest.skip("needs Node.js and the packages of package-lock.json: make static")
    subprocess.run(["node", "tools/build-static.mjs", tmp_path], cwd=ROOT, check=True)
    assert contents(tmp_path) == contents(DIST)


def test_the_bundles_are_small_and_whole():
    bundles = contents(DIST)
    assert set(bundles) == NAMES
    for content in bundles.values():
        assert not re.search(r"sourceMappingURL|/\*|^import ", content)
        assert len(content.splitlines()) < 10  # minified; a template literal may hold a line


def test_the_npm_lock_names_no_registry():
    """Each machine asks the registry that it is set up for, and the hash decides."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    del packages[""]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for package in packages.values())
