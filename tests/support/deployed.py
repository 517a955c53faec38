"""The compose set-up as its customers see it: over TLS, below a prefix, all the time."""

from __future__ import annotations

import re
import ssl
import threading
from contextlib import contextmanager

import httpx

from support.redis_server import until


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
        return app.listens(8000) and httpx.get(url, timeout=60).status_code == 200

    @contextmanager
    def visited(self, customer, *paths):
        """Have *customer* ask for *paths* again and again meanwhile; none may fail.

        :returns: a function that waits for one more answer of each, to questions put after now.
        """
        visits = [Visits(customer, path) for path in paths]
        try:

            def all_answered():
                for visit in visits:
                    visit.wait()

            yield all_answered
        finally:
            for visit in visits:
                visit.end()
        for visit in visits:
            assert not visit.failures, visit.failures[:3]


class Visits:
    """A customer who reloads a page."""

    def __init__(self, customer, path):
        self._client, self._path = customer.deployed.browser(), path
        self._client.cookies.update(customer.client.cookies)
        self.failures, self._count = [], 0
        self._news, self._over = threading.Condition(), False
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def _go(self):
        while not self._over:
            try:
                response = self._client.get(self._path)
                failed = response.status_code != 200 and (response.status_code, response.text[:300])
            except httpx.HTTPError as error:
                failed = repr(error)
            if failed:
                self.failures.append(failed)
            with self._news:
                self._count += 1
                self._news.notify_all()

    def wait(self):
        """Until a question that is put from now on has its answer."""
        with self._news:
            end = self._count + 2
            assert self._news.wait_for(lambda: self._count >= end, 120)

    def end(self):
        self._over = True
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
        until(lambda: self.outcome() == "confirmed", 60)

    def outcome(self):
        return re.search(r'id="outcome"[^>]*>(\w+)<', self.client.get("/bank/").text)[1]
