"""The React Native example: its types, its logic beside a host, and the address that is opened."""

from __future__ import annotations

import json

import pytest
from flask import request
from mobile_host import create_app

from lean_flask.flows.flow import SCHEMAS
from support.bearer_host import BearerHost
from support.native_values import CALLS, everything_for, launch
from support.node import require_package, run
from support.paths import ROOT

APP = ROOT / "examples" / "react-native"
TESTS = [APP / "test" / "bank-link.test.mjs", ROOT / "examples/web-view/navigation.test.mjs"]


@pytest.fixture
def launches(fake_lean):
    """What the app gets for each method, of a flow with every field that the method takes."""
    host = BearerHost(fake_lean)

    def of(method):
        flow = host.start(CALLS[method], **everything_for(host, method))
        return launch(host, flow, "react-native")

    return {method: of(method) for method in SCHEMAS}


def literal(value, name=""):
    """*value* in TypeScript, in which a text is none of an enum without a cast."""
    if name == "permissions":
        return "[" + ", ".join(f"({json.dumps(one)} as LeanPermission)" for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(value[key], key)}" for key in value) + "}"
    return json.dumps(value)


def test_each_config_is_of_the_types_that_leans_sdk_declares(launches, tmp_path):
    require_package("typescript")
    kinds = {method: f"{method[0].upper()}{method[1:]}Params" for method in launches}
    names = ", ".join(["CustomizationOptions", "LeanPermission", *kinds.values()])
    lines = [f'import type {{ {names} }} from "lean-react-native";']
    for method, call in launches.items():
        colours = call["config"].pop("customization")
        lines.append(f"export const {method}Look: CustomizationOptions = {literal(colours)};")
        lines.append(f"export const {method}: {kinds[method]} = {literal(call['config'])};")
    (tmp_path / "launches.ts").write_text("\n".join(lines), "utf-8")
    options = {"strict": True, "noEmit": True, "skipLibCheck": True, "types": []}
    settings = {
        "compilerOptions": options | {"lib": ["es2022"], "module": "esnext"},
        "files": ["launches.ts", str(APP / "checks" / "lean-react-native.d.ts")],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    run("tsc", "-p", tmp_path, cwd=ROOT)


def test_its_logic_goes_from_the_list_to_the_outcome(fake_lean, serve, tmp_path):
    require_package("esbuild")
    app = create_app(fake_lean, store_url="memory:")

    @app.post("/test/end")
    def end():
        """Stands for the customer in Lean's SDK."""
        fake_lean.finish(request.get_json(), request.json["status"])
        return {}

    host = serve(app)
    fake_lean.webhook_url = f"{host}/lean/webhooks"
    client = f"--alias:lean-flask-client={ROOT}/clients/js/src/index.ts"
    switches = ["--bundle", "--format=esm", "--platform=node", "--out-extension:.js=.mjs"]
    run("esbuild", *TESTS, client, *switches, f"--outdir={tmp_path}", cwd=ROOT)
    built = sorted(tmp_path.rglob("*.mjs"))
    output = run("node", "--test", *built, cwd=tmp_path, LEAN_TEST_HOST=host)
    assert "# tests 9" in output
    assert "# fail 0" in output
