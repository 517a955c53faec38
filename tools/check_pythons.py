"""Tries the wheel in an empty environment of each Python that the package says it supports."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.wheel import build, try_out  # noqa: E402


def supported() -> list[str]:
    """Return the versions of the classifiers, such as ``3.11``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))


def find(version: str) -> str | None:
    """Return an interpreter of *version*: on the PATH, or one that pyenv or uv has installed."""
    command = f"python{version}"
    homes = {
        "PYENV_ROOT": "~/.pyenv",
        "UV_PYTHON_INSTALL_DIR": "~/.local/share/uv/python",
    }
    places = [Path(os.environ.get(name, home)).expanduser() for name, home in homes.items()]
    kept = sorted(str(path) for place in places for path in place.glob(f"**/bin/{command}"))
    # A shim on the PATH may stand for a version that is not there; a real one knows itself.
    candidates = [path for path in [*kept, shutil.which(command)] if path and "/shims/" not in path]
    return candidates[-1] if candidates else None


def main() -> None:
    failed, tried = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(ROOT, folder / "dist")[0]
        for version in supported():
            python = find(version)
            if python is None:
                print(f"Python {version}: skipped, there is no python{version} here")
                continue
            (folder / version).mkdir()
            tried += 1
            try:
                print(f"Python {version}: {try_out(wheel, python, folder / version)} ({python})")
            except AssertionError as error:
                failed.append(version)
                print(f"Python {version}: FAILED ({python})\n{error}")
    if failed or not tried:
        sys.exit(f"Failed on {', '.join(failed)}" if failed else "No supported Python was found")


if __name__ == "__main__":
    main()
