"""A host whose requests are made ready first, so that what is counted is the answer alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lean_flask.services import EXTENSION, Services
from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks
from support.clock import MovableClock, use_clock
from support.launching import SUCCESS
from support.picker_stage import make_host

Environ = dict[str, Any]


class StillClock(MovableClock):
    """Time stands until the test moves it: nothing becomes due by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._monotonic, self._wall = super().monotonic(), super().wall()

    def monotonic(self) -> float:
        return self._monotonic + self.ahead

    def wall(self) -> float:
        return self._wall + self.ahead


class CountedHost:
    """A host with *banks* banks, and a browser of it.

    :param settings: of the blueprint.
    """

    def __init__(self, fake: FakeLean, banks: int = 40, **settings: Any) -> None:
        fake.banks = many_banks(banks, fake.country, fake.url)
        self.fake, self.clock = fake, StillClock()
        self.bank = fake.banks[0]["identifier"]
        self.app = make_host(fake, popular_banks=[], **settings)
        self.start_anew()
        self._cookies: dict[str, str] = {}
        self._makers: dict[Any, Callable[[], Environ]] = {}

    def start_anew(self) -> None:
        """Let the app be as after a start: it knows what is in its store alone."""
        use_clock(self.app, self.clock)

    @property
    def services(self) -> Services:
        return self.app.extensions[EXTENSION]["lean"].get()

    @property
    def cookie_bytes(self) -> int:
        return len(self.request("/")["HTTP_COOKIE"])

    def next_of(self, kind: Callable[[CountedHost], Callable[[], Environ]]) -> Environ:
        """The next request of *kind*, which is prepared when it is first asked for."""
        if kind not in self._makers:
            self._makers[kind] = kind(self)
        return self._makers[kind]()

    def request(
        self,
        path: str,
        *,
        body: Any = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Environ:
        """A request of the browser; with *body* as JSON, or *data*, it is a POST."""
        if body is not None:
            data = json.dumps(body).encode()
        given = {"Content-Type": "application/json"} if data else {}
        if self._cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        method = "GET" if data is None else "POST"
        builder = EnvironBuilder(path, method=method, data=data, headers=given | (headers or {}))
        return builder.get_environ()

    def ask(self, environ: Environ) -> Response:
        """Answer *environ*; the browser keeps the cookies."""
        body, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        for line in headers.getlist("Set-Cookie"):
            self._cookies |= {name: kept.value for name, kept in SimpleCookie(line).items()}
        answer = Response(b"".join(body), status, headers)
        assert answer.status_code < 400, answer.get_data(as_text=True)
        return answer

    def link(self, lang: str = "en", kind: str = "connect") -> str:
        """Start a flow; the path of its picker."""
        return self.ask(self.request(f"/{kind}/{lang}")).headers["Location"]

    def token(self) -> str:
        """The token of a new flow."""
        return self.link().partition("flow=")[2].partition("&")[0]

    def launched(self) -> str:
        """The token of a new flow that the customer has begun."""
        flow = self.token()
        self.ask(self.launch(flow))
        return flow

    def launch(self, flow: str) -> Environ:
        return self.request("/lean/launch", body={"flow": flow, "bank_identifier": self.bank})

    def report(self, flow: str, **data: Any) -> Environ:
        bank = {"bank_identifier": self.bank, "is_supported": True}
        body = {"flow": flow, "data": SUCCESS | {"bank": bank} | data}
        return self.request("/lean/callback", body=body)

    def webhook(self, payload: dict[str, Any], type: str = "entity.created") -> Environ:
        """An event of Lean's that nobody has had."""
        data, headers = self.fake.signed(self.fake.webhook_event(type, payload))
        return self.request("/lean/webhooks", data=data, headers=headers)


def constant(app: Flask, environ: Environ, answer: Response) -> Flask:
    """An app that gives the same answer to the same request without any work."""
    made = Flask("constant")
    made.config["SECRET_KEY"] = app.config["SECRET_KEY"]
    data, status, headers = answer.data, answer.status, list(answer.headers)
    made.add_url_rule(
        environ["PATH_INFO"],
        "constant",
        lambda: Response(data, status, headers),
        methods=[environ["REQUEST_METHOD"]],
    )
    return made
