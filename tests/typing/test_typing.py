"""mypy, strict, on what hosts write: the public names, and the code of README and flows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: What the code of the documents takes from the host around it; its views stay bare for readers.
HOST = """\
# mypy: allow-untyped-defs, allow-untyped-calls
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from flask import Flask, redirect
from lean_flask import LeanBlueprint, webhook_received
app: Flask
lean: LeanBlueprint
create_app: Callable[..., Flask]
current_user: Any
order: Any
intent: str
customer_id: str
mark_as_paid: Callable[[str], None]
"""


def code_blocks(document: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)


def test_types_are_what_hosts_are_told(tmp_path):
    files = [Path(__file__).parent / "host_app.py"]
    for document in [ROOT / "README.md", ROOT / "docs" / "flows.md"]:
        for number, code in enumerate(code_blocks(document)):
            files.append(tmp_path / f"document_{document.stem.lower()}_{number}.py")
            files[-1].write_text(HOST + code)
    assert len(files) > 6
    mypy = [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", *files]
    ran = subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
