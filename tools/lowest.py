"""Prints the lowest version that pyproject.toml allows of each dependency, as pip's constraints."""

from __future__ import annotations

import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
extras = chain.from_iterable(project["optional-dependencies"].values())
for requirement in [*project["dependencies"], *extras]:
    asked = Requirement(requirement)
    (lowest,) = (bound.version for bound in asked.specifier if bound.operator == ">=")
    print(f"{asked.name}=={lowest}")
