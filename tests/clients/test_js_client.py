"""The client for front ends of one's own: its types, its tests, and what npm would publish."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib

import client_types
import pytest
from spa.server import create_app

from support.node import NODE_MODULES, require_package, run
from support.paths import ROOT

CLIENT = ROOT / "clients" / "js"
#: What the README's code takes from the app around it.
HOST = """
declare const session: { token: string };
declare function newFlow(): Promise<import("lean-flask-client").FlowHandle>;
declare function show(text: string | null): void;
"""
STRICT = {
    "strict": True,
    "noEmit": True,
    "module": "nodenext",
    "target": "es2022",
    "lib": ["es2022", "dom"],
    "jsx": "react-jsx",
    "types": [],
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package as it is built, in a folder of its own."""
    require_package("typescript")
    require_package("react")
    folder = tmp_path_factory.mktemp("client") / "js"
    shutil.copytree(CLIENT, folder, ignore=shutil.ignore_patterns("dist", "node_modules"))
    os.symlink(NODE_MODULES.resolve(), folder / "node_modules")
    run("tsc", "-p", folder, cwd=folder)
    return folder


def test_the_types_are_those_of_the_json_routes():
    document = json.loads(client_types.DOCUMENT.read_text("utf-8"))
    written = client_types.written(document)
    assert client_types.TARGET.read_text("utf-8") == written, "Run `make openapi`."


def test_its_own_tests_pass_beside_a_host(package, fake_lean, serve):
    host = serve(create_app(fake_lean, store_url="memory:"))
    tests = sorted((package / "test").glob("*.test.mjs"))
    output = run("node", "--test", *tests, cwd=package, LEAN_TEST_HOST=host)
    assert "# fail 0" in output
    assert "# skipped 0" in output


def test_the_readmes_code_compiles_against_what_is_published(package, tmp_path):
    (tmp_path / "node_modules").mkdir()
    for name in NODE_MODULES.iterdir():
        os.symlink(name, tmp_path / "node_modules" / name.name)
    os.symlink(package, tmp_path / "node_modules" / "lean-flask-client")
    blocks = re.findall(
        r"```(tsx?)\n(.*?)```", (CLIENT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert len(blocks) == 3
    for number, (suffix, code) in enumerate(blocks):
        (tmp_path / f"block{number}.{suffix}").write_text(f"{code}\nexport {{}};\n", "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "host.d.ts").write_text(HOST, "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT}), "utf-8")
    run("tsc", "-p", tmp_path, cwd=tmp_path)


def test_npm_would_publish_the_package_and_nothing_else(package):
    described = json.loads((package / "package.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert described["version"] == project["version"]
    assert not {"dependencies", "devDependencies"} & set(described)
    listed = run("npm", "pack", "--dry-run", "--json", "--ignore-scripts", cwd=package)
    packed = json.loads(listed)
    [one] = packed if isinstance(packed, list) else packed.values()
    names = {file["path"] for file in one["files"]}
    assert {"LICENSE", "README.md", "package.json"} <= names
    assert {name.partition("/")[0] for name in names} == {
        "LICENSE",
        "README.md",
        "package.json",
        "dist",
    }
    entries = [path for entry in described["exports"].values() for path in entry.values()]
    assert {path.removeprefix("./") for path in entries} <= names
    assert one["unpackedSize"] < 100_000
