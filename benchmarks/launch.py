"""``POST /launch`` beside a plain Flask view, and beside a view that only answers the same JSON."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from flask import Flask, session

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .beside import PLAIN, Answers, compare, in_turns, post, remember_answer
from .contenders import Setup
from .killed_workers.redis_server import store_url
from .launch_hosts import PATH, SECRET_KEY, make
from .load import LIMIT, Run, Target, wrk
from .servers import GTHREAD, SYNC, Server, serve

SQLITE, REDIS = "lean-flask, SQLite", "lean-flask, Redis"
NAMES = (LIMIT, PLAIN, SQLITE, REDIS)
CUSTOMERS = 20  # each in a browser session of their own, with a token that the server holds
FLOWS = 2000  # more than a server launches in a round of one second
_MAKER = f"{make.__module__}:{make.__name__}"


def launch(lean: FakeLean, rounds: int) -> dict[str, dict[str, Answers]]:
    """Measure each kind of worker: all once per round, each flow once, as customers do."""
    lean.banks = many_banks(40, lean.country, lean.url)
    customers = [lean.add_customer(app_user_id=f"user {number}") for number in range(CUSTOMERS)]
    return {kind: _of_kind(lean, kind, rounds, customers) for kind in (GTHREAD, SYNC)}


def _of_kind(lean: FakeLean, kind: str, rounds: int, customers: list[str]) -> dict[str, Answers]:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        flows = Flows(lean, home / "flows.txt", customers)
        setups = {name: _setup(stack, lean, name, home) for name in NAMES}
        servers: dict[str, Server] = {}
        for name in (SQLITE, REDIS, PLAIN, LIMIT):
            if name == LIMIT:
                cookie, body = flows.make(1)[0]
                headers = {"Content-Type": "application/json", "Cookie": cookie}
                answer = post(servers[SQLITE], PATH, headers, body.encode())
                remember_answer(setups[LIMIT].folder, answer)
            servers[name] = stack.enter_context(serve(name, setups[name], maker=_MAKER, kind=kind))

        def run(name: str, number: int) -> Run:
            path = flows.of(name, 1 if name == LIMIT else FLOWS)
            run = wrk(Target(servers[name], PATH, {}), 1, "wrk_launch.lua", str(path))
            if run.failed:
                raise RuntimeError(f"{run.failed} launches of {name} were not answered 200")
            return run

        for name in (PLAIN, SQLITE, REDIS):  # each worker gets the tokens of most customers
            path = flows.of(name, CUSTOMERS)
            wrk(Target(servers[name], PATH, {}), 1, "wrk_launch.lua", str(path))
        runs = in_turns(NAMES, rounds, run)
    return {name: compare(runs[name], runs[PLAIN], runs[LIMIT]) for name in NAMES}


def _setup(stack: ExitStack, lean: FakeLean, name: str, home: Path) -> Setup:
    folder = tempfile.mkdtemp(dir=home)
    url = stack.enter_context(store_url("redis" if name == REDIS else "sqlite", folder))
    return Setup(lean.settings() | {"store_url": url}, 3600, 5.0, folder)


class Flows:
    """Makes flows, each to be launched once, in the browser session of its customer."""

    def __init__(self, lean: FakeLean, path: Path, customers: list[str]) -> None:
        self._app = Flask(__name__, template_folder=None)
        self._app.config["SECRET_KEY"] = SECRET_KEY
        self._lean = LeanBlueprint(**lean.settings() | {"store_url": "memory:"})
        self._app.register_blueprint(self._lean)
        self._path = path
        self._customers = customers
        self._bank = str(lean.banks[0]["identifier"])

    def make(self, number: int) -> list[tuple[str, str]]:
        """Return cookies and bodies, of all customers in turn."""
        each = -(-number // len(self._customers))
        rows = [self._of(customer, each) for customer in self._customers]
        return [row for of_all in zip(*rows, strict=True) for row in of_all][:number]

    def of(self, name: str, number: int) -> Path:
        """Return a file of new flows; of sessions that name a customer, for the plain view."""
        return self._write(self._sessions() if name == PLAIN else self.make(number))

    def _sessions(self) -> list[tuple[str, str]]:
        body = json.dumps({"bank_identifier": self._bank})
        return [(self._cookie(customer_id=customer), body) for customer in self._customers]

    def _of(self, customer: str, number: int) -> list[tuple[str, str]]:
        with self._app.test_request_context():
            tokens = [
                self._lean.connect(customer_id=customer, permissions=["identity"]).token
                for _ in range(number)
            ]
            cookie = self._cookie(**session)
        bodies = [{"flow": token, "bank_identifier": self._bank} for token in tokens]
        return [(cookie, json.dumps(body)) for body in bodies]

    def _cookie(self, **content: object) -> str:
        interface = self._app.session_interface
        serializer = interface.get_signing_serializer(self._app)  # type: ignore[attr-defined]
        return f"{interface.get_cookie_name(self._app)}={serializer.dumps(content)}"

    def _write(self, rows: list[tuple[str, str]]) -> Path:
        self._path.write_text("".join(f"{cookie}\t{body}\n" for cookie, body in rows))
        return self._path


def main() -> None:
    """Print what is measured; for work on the code: ``python -m benchmarks.launch``."""
    with FakeLean() as lean:
        for kind, found in launch(lean, 3).items():
            for name, answers in found.items():
                print(f"{kind}: {name}: {answers}")


if __name__ == "__main__":
    main()
