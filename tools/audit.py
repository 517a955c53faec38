"""Looks up what lean-flask runs on here among the known vulnerabilities, with pip-audit.

Exit code 1 when there is one. Where the database cannot be asked, it says so and passes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.metadata import requires, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def pinned(project: str, extra: str = "") -> dict[str, str]:
    """Return what *project* needs, and what that needs in turn: name to installed version."""
    found: dict[str, str] = {}
    for requirement in map(Requirement, requires(project) or ()):
        name = canonicalize_name(requirement.name)
        needed = not requirement.marker or requirement.marker.evaluate({"extra": extra})
        if needed and name not in found:
            found |= {name: version(name)} | pinned(name)
    return found


def audit(packages: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("".join(f"{name}=={pin}\n" for name, pin in packages.items()))
        listed.flush()
        options = ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json"]
        command = [sys.executable, "-m", "pip_audit", *options, "-r", listed.name]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> int:
    run = audit(pinned("lean-flask", "redis") | pinned("lean-flask", "qr"))
    try:
        answers = json.loads(run.stdout)["dependencies"]
    except ValueError:
        reason = (run.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"SKIPPED the audit: its database cannot be reached ({reason:.200})")
        return 0
    unknown = [answer["skip_reason"] for answer in answers if "skip_reason" in answer]
    holes = [(answer, hole) for answer in answers for hole in answer.get("vulns", ())]
    for answer, hole in holes:
        mends = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"{answer['name']} {answer['version']}: {hole['id']}, mended in {mends}")
    if unknown:
        print(f"SKIPPED {len(unknown)} of {len(answers)} packages, such as: {unknown[0]:.200}")
    if not holes and not unknown:
        print(f"{len(answers)} packages, no known vulnerability")
    return 1 if holes else 0


sys.exit(main())
