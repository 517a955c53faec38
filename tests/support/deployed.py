"""The compose set-up as its customers see it: over TLS, below a prefix, all the time."""

from __future__ import annotations

import re
import ssl
import threading
from contextlib import contextmanager

import httpx

from support import plain_http
from support.redis_server import until

PAUSE = 0.2  # seconds between the rounds of a visitor, who would otherwise keep a core busy


class Deployed:
    """A :class:`~support.compose.Compose` that runs, and its clients."""

    def __init__(self, compose):
        self.compose = compose
        self.origin = f"https://{compose.hosts['nginx']}:8443"
        self._authority = ssl.create_default_context(cafile=compose.mounted("certs") / "ca.crt")

    def browser(self):
        """A client with cookies of its own, and a new connection for each request."""
        return httpx.Client(
            base_url=self.origin,
            verify=self._authority,
            timeout=60,
            trust_env=False,
            headers={"Connection": "close", "Origin": self.origin},
        )

    def is_ready(self, app):
        """Whether a container of the app says so, as Kubernetes asks."""
        url = f"http://{app.address}:8000/lean/health/ready"
        return app.listens(8000) and plain_http.get(url, timeout=60).status_code == 200

    @contextmanager
    def visited(self, customer, *paths):
        """Have *customer* ask for *paths*, again and again, meanwhile; none may fail.

        :returns: a function that waits until each was asked for, and answered, once more.
        """
        visit = Visit(customer, paths)
        try:
            yield visit.wait
        finally:
            visit.end()
        assert not visit.failures, visit.failures[:3]


class Visit:
    """A customer who goes from page to page, round and round."""

    def __init__(self, customer, paths):
        self._client, self._paths = customer.deployed.browser(), paths
        self._client.cookies.update(customer.client.cookies)
        self.failures, self._rounds = [], 0
        self._news, self._ending = threading.Condition(), threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def _go(self):
        while not self._ending.is_set():
            self.failures += filter(None, map(self._failure, self._paths))
            with self._news:
                self._rounds += 1
                self._news.notify_all()
            self._ending.wait(PAUSE)

    def _failure(self, path):
        try:
            response = self._client.get(path)
        except httpx.HTTPError as error:
            return path, repr(error)
        return response.status_code != 200 and (path, response.status_code, response.text[:300])

    def wait(self):
        """Until a round that begins from now on has ended."""
        with self._news:
            end = self._rounds + 2
            assert self._news.wait_for(lambda: self._rounds >= end, 120)

    def end(self):
        self._ending.set()
        self._thread.join(120)
        self._client.close()


class Customer:
    """Who goes through the app below /bank/, in a browser."""

    def __init__(self, deployed, what="link", **headers):
        self.deployed = deployed
        self.client = deployed.browser()
        self.client.headers.update(headers)
        self.begin(what)

    def begin(self, what="link"):
        begun = self.client.post(f"/bank/{what}", data={"lang": "ar"})
        assert begun.status_code == 303, begun.text
        self.picker = begun.headers["Location"]
        self.flow = self.picker.partition("flow=")[2]

    def post(self, path, **body):
        return self.client.post(f"/bank/lean/{path}", json={"flow": self.flow} | body)

    def launch(self):
        """The SDK's method and config, with a bank chosen."""
        launched = self.post("launch", bank_identifier="RJHI_SAU")
        assert launched.status_code == 200, launched.text
        return {key: launched.json()[key] for key in ("method", "config")}

    def end(self, launch):
        """Approve in the stand-in's window, come back, and wait for the bank's word."""
        ended = self.client.post("/stand-in/ends", json=launch | {"status": "SUCCESS"})
        assert ended.status_code == 204
        assert self.client.get(launch["config"]["success_redirect_url"]).status_code == 200
        done = {"status": "SUCCESS", "lean_correlation_id": "abc123"}
        assert self.post("callback", data=done).status_code == 200
        until(lambda: self.outcome() == "confirmed", 120, pause=0.1)

    def outcome(self):
        return re.search(r'id="outcome"[^>]*>(\w+)<', self.client.get("/bank/").text)[1]
