"""The built package: the same bytes every time, whole, and at work in an empty environment."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from hashlib import sha256

import pytest

from support.paths import ROOT
from support.wheel import build, run, try_out


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The wheel and the sdist."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def hashes(files):
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_sdist_builds_the_same_bytes_elsewhere_and_later(dist, tmp_path):
    with tarfile.open(dist[1]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    tree = tmp_path / dist[1].name.removesuffix(".tar.gz")
    for file in tree.rglob("*"):
        file.touch()
    assert hashes(build(tree, tmp_path / "dist")) == hashes(dist)


def test_an_index_would_take_it(dist):
    run([sys.executable, "-m", "twine", "check", "--strict", *dist])


def test_the_wheel_tells_that_it_is_typed_and_has_texts_and_bundles(dist):
    names = zipfile.ZipFile(dist[0]).namelist()
    assert "lean_flask/py.typed" in names
    assert "lean_flask/translations/ar/LC_MESSAGES/lean_flask.mo" in names
    assert "lean_flask/translations/lean_flask.pot" in names
    assert "lean_flask/banks/search_table.json" in names
    bundles = {"embed.js", "picker.css", "picker.js", "ending.css", "operations.css", "return.js"}
    assert {f"lean_flask/static/dist/{name}" for name in bundles} <= set(names)
    assert not [name for name in names if not name.startswith("lean_flask")]


def test_the_readmes_install_line_works_in_an_empty_environment(tmp_path):
    assert "\npip install /path/to/lean-flask\n" in (ROOT / "README.md").read_text("utf-8")
    assert try_out(ROOT, sys.executable, tmp_path).endswith("banks served")
