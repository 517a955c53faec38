"""Routes that take a POST, beside what a team would write, and beside a view that only answers."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response

from .contenders import ENVIRONMENT, Setup, remember
from .load import LIMIT, Ratio, Run
from .servers import Answer, Server

PLAIN = "plain view"
_OF_THE_SERVER = {"Server", "Date", "Connection"}


@dataclass(frozen=True)
class Answers:
    """Requests per second, and the 99th percentile of an answer, beside those of others.

    :param rate: beside the plain view's.
    :param p99: beside the plain view's.
    :param of_limit: requests per second beside those of a view that only answers the same.
    :param in_processor: how many answers for one of that view, in the same processor time. Neither
        the disk nor another program counts.
    """

    rate: Ratio
    p99: Ratio
    of_limit: Ratio
    in_processor: Ratio


def in_turns(
    names: Iterable[str], rounds: int, run: Callable[[str, int], Run]
) -> dict[str, list[Run]]:
    """Return the runs of each name: all once per round, in a rotated order.

    :param run: gets the name and the number of the round.
    """
    order = list(names)
    runs: dict[str, list[Run]] = {name: [] for name in order}
    for number in range(rounds):
        turn = number % len(order)
        for name in [*order[turn:], *order[:turn]]:
            runs[name].append(run(name, number))
    return runs


def compare(ours: list[Run], plain: list[Run], limit: list[Run]) -> Answers:
    """Compare runs of the same rounds."""
    rounds = list(zip(ours, plain, limit, strict=True))
    return Answers(
        rate=Ratio.of(mine.rate / theirs.rate for mine, theirs, _ in rounds),
        p99=Ratio.of(mine.p99 / theirs.p99 for mine, theirs, _ in rounds),
        of_limit=Ratio.of(mine.rate / most.rate for mine, _, most in rounds),
        in_processor=Ratio.of(most.processor / mine.processor for mine, _, most in rounds),
    )


def post(server: Server, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Return one answer, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    begun = time.monotonic()
    try:
        connection.request("POST", path, body, dict(headers))
        response = connection.getresponse()
        content = response.read()
        seconds = time.monotonic() - begun
        return Answer(response.status, response.getheaders(), content, seconds)
    finally:
        connection.close()


def remember_answer(folder: str, answer: Answer) -> None:
    """Let :func:`add_constant` in *folder* answer like this."""
    if answer.status != 200:
        raise RuntimeError(f"The answer to repeat has the status {answer.status}")
    headers = [pair for pair in answer.headers if pair[0] not in _OF_THE_SERVER]
    remember(Path(folder), LIMIT, answer.status, headers, answer.body)


def make_host(
    name: str,
    secret_key: str,
    path: str,
    add_plain: Callable[[Flask, Setup], None],
    add_ours: Callable[[Flask, Setup], None],
) -> Flask:
    """Return the app of *name* that gunicorn runs, with the settings in the environment."""
    app = Flask(name, instance_path=os.getcwd(), template_folder=None)
    app.config["SECRET_KEY"] = secret_key
    setup = Setup(**json.loads(os.environ[ENVIRONMENT]))
    if name == LIMIT:
        add_constant(app, setup.folder, path)
    elif name == PLAIN:
        add_plain(app, setup)
    else:
        add_ours(app, setup)
    return app


def add_constant(app: Flask, folder: str, path: str) -> None:
    """Add a view that reads the request, and answers what was remembered in *folder*."""
    about = json.loads((Path(folder) / f"{LIMIT}.json").read_text())
    body = (Path(folder) / f"{LIMIT}.body").read_bytes()

    @app.post(path)
    def constant() -> Response:
        return Response(body, about["status"], about["headers"])
