"""docs/architecture.md names files and folders that exist."""

from __future__ import annotations

import re

from support.paths import ROOT

PACKAGE = ROOT / "lean_flask"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_every_path_of_the_architecture_page_exists():
    paths = re.findall(r"`((?:[\w-]+/)*(?:[\w-]+\.(?:py|html|po|md)|[\w-]+/))`", PAGE)
    missing = [path for path in paths if not any((b / path).exists() for b in (PACKAGE, ROOT))]
    assert len(paths) > 60
    assert missing == []


def test_every_package_of_the_source_is_on_the_architecture_page():
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py")}
    missing = [folder for folder in folders - {".", "testing/data"} if f"`{folder}/`" not in PAGE]
    assert missing == []
