"""Write the newest versions that fit pyproject.toml to the named file, as constraints for pip.

pip resolves the package, its extras and every dependency group in one go, and installs nothing.
Names and versions only: a lock with addresses would bind contributors to one package index.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.utils import canonicalize_name

HEADER = "# Written by make lock: the versions that make installs. Do not edit.\n"


def resolve() -> dict[str, str]:
    """Return name to version of everything that pip would install into an empty environment."""
    groups = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["dependency-groups"]
    options = ["--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    chosen = [option for group in groups for option in ("--group", group)]
    package = ".[redis,postgres,qr,prometheus,otel]"
    command = [sys.executable, "-m", "pip", "install", *options, package, *chosen]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = (item["metadata"] for item in report["install"])
    return {canonicalize_name(item["name"]): item["version"] for item in found}


versions = resolve()
del versions["lean-flask"]
lines = [f"{name}=={version}\n" for name, version in sorted(versions.items())]
Path(sys.argv[1]).write_text(HEADER + "".join(lines), "utf-8")
