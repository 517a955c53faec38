"""The order of the packages in docs/architecture.md: each imports only those below it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: From the bottom. A module may import from its own line and from those before it.
ORDER = (
    ("errors", "signals", "common"),
    ("config",),
    ("upstream",),
    ("banks",),
    ("flows",),
    ("events",),
    ("services",),
    ("web",),
    ("cli",),
    ("flow_methods", "bank_methods"),
    ("blueprint",),
    ("__init__",),
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name; a package by its own name."""
    found = {}
    for path in (ROOT / "lean_flask").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports_of(name: str) -> set[str]:
    """The modules of lean_flask that *name* imports anywhere, also for its annotations."""
    path = MODULES[name]
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {  # imported at run time only where a fixture is used
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If)
        and ast.unparse(block.test) == "TYPE_CHECKING"
        and name == "lean_flask.testing.pytest_plugin"
        for node in ast.walk(block)
    }
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                member = f"{base}.{alias.name}"
                found.add(member if member in MODULES else base)
    return {target for target in found if target in MODULES and target != name}


IMPORTS = {name: imports_of(name) for name in MODULES}


def package_of(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


def reached_from(name: str) -> set[str]:
    """What importing *name* imports, directly and through others."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        waiting.extend(IMPORTS[waiting.pop()] - reached - set(waiting))
        reached |= set(waiting)
    return reached


def allowed_for(name: str) -> set[str]:
    """The packages that the module *name* may import."""
    package = package_of(name)
    if name == "lean_flask.testing.store_suite":  # it tests what is public
        return {"__init__"}
    if package == "testing":
        return {"testing", "common"}
    return {other for other in LEVELS if LEVELS[other] <= LEVELS[package]}


def test_a_module_imports_only_what_stands_below_it():
    wrong = [
        f"{name} must not import {target}"
        for name, targets in sorted(IMPORTS.items())
        for target in sorted(targets)
        if package_of(target) not in allowed_for(name)
    ]
    assert wrong == []


def test_every_package_has_a_place_in_the_order():
    assert {package_of(name) for name in MODULES} - {"testing"} == set(LEVELS)


def test_no_import_cycles():
    TopologicalSorter(IMPORTS).prepare()  # raises CycleError, which names the cycle


def test_opening_a_flow_does_not_import_the_pages():
    reached = reached_from("lean_flask.web.flow_access")
    web = {name.removeprefix("lean_flask.web.") for name in reached if ".web." in name}
    assert web == {"browser_session", "flow_metrics", "identified_user", "secret_keys", "way_back"}
