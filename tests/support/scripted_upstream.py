"""A small HTTP server that answers each call with what the test puts there, and keeps the calls."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """A call that the server got."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


@dataclass
class Answer:
    """What the server says: *content* as JSON, or *body* as it is."""

    content: object = None
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sent(self):
        return json.dumps(self.content).encode() if self.body is None else self.body


class ScriptedUpstream(ThreadingHTTPServer):
    """Listens on a free port of this machine; the last answer is given again and again."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self._answers = [Answer({})]
        self._lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def will_answer(self, *answers):
        """Give *answers* one after another: an ``Answer``, or the content of one."""
        self._answers = [a if isinstance(a, Answer) else Answer(a) for a in answers]

    def take(self, asked):
        with self._lock:
            self.asked.append(asked)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


_HEADERS = {"Content-Type": "application/json", "Connection": "close"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, address.path, parse_qs(address.query), headers, body)
        answer = self.server.take(asked)
        sent = answer.sent
        self.send_response(answer.status)
        for name, value in (_HEADERS | answer.headers).items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass
