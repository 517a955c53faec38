"""Schemathesis reads ``/openapi.json`` of a running server and holds every route to it."""

import subprocess
import sys
from pathlib import Path

from flask import request
from hypothesis import settings

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


def test_every_route_does_what_the_document_says(make_app, serve, tmp_path):
    app = make_app()
    asked = set()
    app.before_request(lambda: asked.add(request.endpoint))
    command = [
        SCHEMATHESIS, "run", f"{serve(app)}/lean/openapi.json", "--no-color",
        "--phases", "coverage,fuzzing",
        "--max-examples", str(settings.default.max_examples // 25),
        # That amount and currency go together is more than a document can say.
        "--exclude-checks", "positive_data_acceptance",
        *(["--seed", "1"] if settings.default.derandomize else []),
    ]  # fmt: skip
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    routes = [
        "banks",
        "bank",
        "launch",
        "callback",
        "capture_redirect",
        "events",
        "health",
        "webhooks",
    ]
    assert asked >= {f"lean.{route}" for route in routes}
