"""Where the time of one request goes: cProfile of the WSGI call, without any server."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response
from werkzeug.test import create_environ, run_wsgi_app

import lean_flask
from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .in_process import make_app

_OURS = str(Path(lean_flask.__file__).parent)
_MAX_LINES = 8


@dataclass(frozen=True)
class Line:
    """A function of ours: what share of the call passes in it, callees included."""

    where: str
    share: float


@dataclass(frozen=True)
class Profile:
    """What one kind of request spends its time on.

    :param share: of the call's time, in our functions and all that they call.
    :param beside: the time of the call beside that of the limit's.
    :param lines: the functions that take the most of it.
    """

    share: float
    beside: float
    lines: list[Line]


def profiles(lean: FakeLean, calls: int) -> dict[str, Profile]:
    """Of a repeated ``GET /banks``, a 304, and the picker; 40 banks each."""
    lean.banks = many_banks(40, lean.country, lean.url)
    app = make_app(lean)[1]
    client = app.test_client()
    etag = client.get("/lean/banks").headers["ETag"]
    customer_id = lean.add_customer(app_user_id="benchmark")
    link = client.get(f"/link/{customer_id}")
    cookies = link.headers.getlist("Set-Cookie")
    cookie = "; ".join(value.partition(";")[0] for value in cookies)
    return {
        "GET /banks": _profile(app, calls, "/lean/banks", {}),
        "GET /banks, 304": _profile(app, calls, "/lean/banks", {"If-None-Match": etag}),
        "GET /picker": _profile(
            app, calls // 5, link.location, {"Cookie": cookie, "Accept-Language": "en"}
        ),
    }


def _profile(app: Flask, calls: int, path: str, headers: Mapping[str, str]) -> Profile:
    environ = create_environ(path, headers=dict(headers))
    constant = _constant(app, environ)
    few = max(1, calls // 20)
    pairs = [(_seconds(app, environ, few), _seconds(constant, environ, few)) for _ in range(20)]
    ours, limit = (min(times) for times in zip(*pairs, strict=True))
    _seconds(app, environ, 3)  # what is made once is made
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    _seconds(app, environ, calls)
    profiler.disable()
    stats: Any = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values())
    ours_in = {where: row for where, row in stats.items() if where[0].startswith(_OURS)}
    entered = sum(
        total
        for *_, callers in ours_in.values()
        for caller, (*_, total) in callers.items()
        if caller not in ours_in
    )
    shares = {
        f"{Path(file).relative_to(_OURS)}: {name}": total / whole
        for (file, _, name), (*_, total, _) in ours_in.items()
        if not name.startswith("<")
    }
    lines = [Line(*item) for item in sorted(shares.items(), key=lambda item: -item[1])]
    return Profile(share=entered / whole, beside=ours / limit, lines=lines[:_MAX_LINES])


def _seconds(app: Flask, environ: Mapping[str, Any], calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        response: Any = app(dict(environ), lambda status, headers, error=None: lambda data: None)
        list(response)
        response.close()
    return time.process_time() - begun


def _constant(app: Flask, environ: Mapping[str, Any]) -> Flask:
    """Return an app that gives the same response to the same request without any work."""
    body, status, headers = run_wsgi_app(app, dict(environ), buffered=True)
    data = b"".join(body)
    constant = Flask("constant")
    constant.config["SECRET_KEY"] = app.config["SECRET_KEY"]
    constant.add_url_rule(
        environ["PATH_INFO"], "constant", lambda: Response(data, status, list(headers))
    )
    return constant


def main() -> None:
    """Print what the profiles say; for work on the code: ``python -m benchmarks.profiling``."""
    with FakeLean() as lean:
        for name, profile in profiles(lean, 3000).items():
            print(name, json.dumps(profile, default=vars, indent=1))


if __name__ == "__main__":
    main()
