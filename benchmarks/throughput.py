"""``GET /banks`` and ``GET /picker``: answers in the same processor time, beside the limit's."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .contenders import Setup, remember
from .in_process import PATIENCE
from .load import (
    BARE,
    CONTROL,
    LIMIT,
    LONG,
    OTHERS,
    OURS,
    SESSION,
    Rounds,
    Target,
    in_rounds,
    path_of,
    setup_on,
)
from .servers import Server, serve

_GZIP = {"Accept-Encoding": "gzip"}
KINDS = ("gzip", "304")


def banks(lean: FakeLean, size: int, kind: str, rounds: int, few: int = 0) -> dict[str, Rounds]:
    """Measure a compressed answer and a 304 of a list of *size* banks.

    :param kind: of gunicorn's workers.
    :param few: rounds for what others would write; without any they are left out.
    """
    lean.banks = many_banks(size, lean.country, lean.url)
    with ExitStack() as stack:

        def start(name: str) -> Server:
            setup = stack.enter_context(setup_on(lean, LONG, PATIENCE))
            return stack.enter_context(serve(name, setup, kind=kind))

        servers = {name: start(name) for name in [OURS, *(OTHERS if few else ())]}
        constant = stack.enter_context(setup_on(lean, LONG))
        asked = _questions(servers)
        for what, headers in asked[OURS].items():
            remember_answer(constant, what, servers[OURS], "/lean/banks", headers)
        limit = stack.enter_context(serve(LIMIT, constant, kind=kind))

        def targets(what: str) -> dict[str, Target]:
            headers = asked[OURS][what]
            return {
                LIMIT: Target(limit, f"/{what}", headers),
                CONTROL: Target(limit, f"/{what}", headers),
                BARE: Target(limit, f"/bare/{what}", headers),
                **{
                    name: Target(server, path_of(name), asked[name][what])
                    for name, server in servers.items()
                },
            }

        return {what: in_rounds(targets(what), rounds, few) for what in KINDS}


def _questions(servers: Mapping[str, Server]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the request headers of each kind, per contender; this warms both workers."""
    questions = {}
    for name, server in servers.items():
        known = server.at_once(path_of(name), 8)[0].header("ETag")
        server.at_once(path_of(name), 8)
        questions[name] = {"gzip": _GZIP, "304": {"If-None-Match": known}}
    return questions


def remember_answer(
    constant: Setup, name: str, server: Server, path: str, headers: Mapping[str, str]
) -> None:
    """Let the limit of *constant* answer at ``/<name>`` what *server* answers at *path*."""
    response = server.get(path, headers)
    if response.status >= 400:
        raise RuntimeError(f"{server.name} answers {path} with {response.status}")
    ours = [pair for pair in response.headers if pair[0] not in {"Server", "Date", "Connection"}]
    remember(Path(constant.folder), name, response.status, ours, response.body)


def picker(lean: FakeLean, size: int, kind: str, rounds: int) -> Rounds:
    """Measure the hosted page for a valid flow in its browser session."""
    lean.banks = many_banks(size, lean.country, lean.url)
    customer_id = lean.add_customer(app_user_id="benchmark")
    with (
        setup_on(lean, LONG) as ours,
        setup_on(lean, LONG) as constant,
        serve(OURS, ours, kind=kind) as server,
    ):
        link = server.get(f"/link/{customer_id}")
        path = link.header("Location").removeprefix(server.url)
        headers = {"Cookie": link.cookies, "Accept-Language": "en", **_GZIP}
        for _ in range(20):
            server.get(path, headers)
        remember_answer(constant, "picker", server, path, headers)
        with serve(LIMIT, constant, kind=kind) as limit:
            same = Target(limit, "/picker", headers)
            targets = {
                LIMIT: same,
                CONTROL: same,
                SESSION: Target(limit, "/session/picker", headers),
                OURS: Target(server, path, headers),
            }
            return in_rounds(targets, rounds)
