"""mypy (strict) and pyright on what hosts write: the public names, and the documents' code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from support.documents import DOCUMENTS, HOST, blocks_of
from support.paths import ROOT

#: They show other extensions, some without types.
UNTYPED = {"docs/extensions.md", "docs/csp.md"}
#: What a block imports from the file of another one, which is no module here.
OF_ANOTHER_BLOCK = re.compile(r"^from (shop|sqlalchemy_store|test_\w+) import", re.MULTILINE)


def test_types_are_what_hosts_are_told(tmp_path):
    files = [Path(__file__).parent / "host_app.py"]
    for document in set(DOCUMENTS) - UNTYPED:
        for block in blocks_of(document):
            is_typed = block.language == "python" and not block.not_run
            if is_typed and not OF_ANOTHER_BLOCK.search(block.code):
                name = re.sub(r"\W", "_", f"{Path(document).stem}_{block.line}".lower())
                files.append(tmp_path / f"{name}.py")
                files[-1].write_text(HOST + block.code)
    assert len(files) > 20
    check([sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", *files])


def test_pyright_reads_the_public_names_as_mypy_does():
    """basedpyright is pyright with node in its wheel: nothing is downloaded at run time."""
    pyright = Path(sys.executable).with_name("basedpyright")
    project = Path(__file__).with_name("pyrightconfig.json")
    check([pyright, "--pythonpath", sys.executable, "--project", project])


def check(command):
    examples = os.environ | {"MYPYPATH": str(ROOT / "examples")}  # which some documents show
    ran = subprocess.run(
        command, cwd=ROOT, env=examples, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
