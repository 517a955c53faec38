"""Watches every test for secrets: in what was logged, in what our apps served, in what left them.

Each stand-in for Lean makes secrets of its own, so a leak is one of its strings where it must not
be. Logs are read at DEBUG, with their tracebacks, from every logger there is.
"""

from __future__ import annotations

import base64
import gzip
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from flask import Flask, Response, request, request_finished

from lean_flask.testing import FakeLean, tokens

#: Where the SDK's config is handed out; it holds the customer's id and token.
_HAND_OUT = {"launch", "capture_redirect"}
_FLOW = re.compile(r'flow="?=?"?([\w.-]{20,})')


class Watch(logging.Handler):
    """Collects while a test runs; :meth:`leaks` tells what should not have been there."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._stand_ins: list[FakeLean] = []
        self._never: dict[str, str] = {}
        self._customers: dict[str, str] = {}
        self._owners: dict[str, str] = {}  # the application of each token
        self._seen: set[tuple[str, str, bool]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.add((f"the log of {record.name}", self.format(record), False))

    def served(self, app: Flask, response: Response) -> None:
        """Note what *app* answers, where it is a host of ours."""
        if "lean_flask" not in app.extensions:
            return
        place = f"{request.method} {request.path}"
        hands_out = (request.endpoint or "").rpartition(".")[2] in _HAND_OUT
        self._seen.add((f"the answer to {place}", _body(response), hands_out))
        self._seen.add((f"the headers of {place}", str(response.headers), False))
        self._seen.add((f"the URL of {place}", request.url, False))

    def started(self, lean: FakeLean) -> None:
        self._stand_ins.append(lean)
        self._note_secrets(lean)

    def minted(self, token: str, application: str, customer_id: str | None) -> None:
        self._owners[token] = application
        if customer_id:
            self._customers[token] = "a customer's token"
        else:
            self._never[token] = "an api token"

    def leaks(self) -> list[str]:
        """Each leak in words: what showed, and where."""
        for lean in self._stand_ins:
            self._note_secrets(lean)
        found = []
        for place, text, hands_out in list(self._seen):
            forbidden = self._never if hands_out else self._never | self._customers
            found += [f"{name} is in {place}" for name in _named(text, forbidden)]
        for lean in self._stand_ins:
            for asked in lean.requests:
                url = f"{asked.path} {dict(asked.query)} {asked.headers.get('referer')}"
                found += [f"{name} is in a URL at Lean" for name in _named(url, self._never)]
                found += ["a flow is in a URL at Lean"] * bool(_FLOW.search(url))
        return sorted(set(found))

    def forget(self) -> None:
        """Begin anew; only stand-ins that go on running keep their secrets.

        To look for those of all earlier tests, too, would take longer than the tests.
        """
        self._seen.clear()
        self._stand_ins = [lean for lean in self._stand_ins if lean.running]
        running = {lean.app_token for lean in self._stand_ins}
        self._owners = {token: app for token, app in self._owners.items() if app in running}
        for secrets in (self._never, self._customers):
            for secret in secrets.keys() - self._owners.keys():
                del secrets[secret]
        for lean in self._stand_ins:
            self._note_secrets(lean)

    def _note_secrets(self, lean: FakeLean) -> None:
        self._never[lean.client_secret] = "the client secret"
        self._never[lean.webhook_secret] = "the webhook secret"
        self._customers |= dict.fromkeys(lean.customers, "a customer's id")


@contextmanager
def watching() -> Iterator[Watch]:
    """A watch over all that this process logs and serves."""
    watch, root = Watch(), logging.getLogger()
    start, mint = FakeLean.start, tokens.mint

    def noted_start(lean: FakeLean) -> None:
        start(lean)
        watch.started(lean)

    def noted_mint(**claims: Any) -> str:
        token = mint(**claims)
        watch.minted(token, claims["application"], claims.get("customer_id"))
        return token

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeLean, "start", noted_start)
        patch.setattr(tokens, "mint", noted_mint)
        patch.setattr(root, "level", root.level)
        root.setLevel(logging.DEBUG)
        root.addHandler(watch)
        request_finished.connect(watch.served)
        yield watch
        request_finished.disconnect(watch.served)
        root.removeHandler(watch)


def readable(token: str) -> Iterator[str]:
    """What a token shows without any key: base64 undone, and zlib wherever it begins."""
    for part in token.split("."):
        with suppress(ValueError):
            data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            yield data.decode("latin-1")
            for start in range(min(len(data), 32)):
                for squeezed in (zlib.decompressobj(), zlib.decompressobj(-15)):
                    with suppress(zlib.error):
                        yield squeezed.decompress(data[start:]).decode("latin-1")


def _body(response: Response) -> str:
    body = b"" if response.direct_passthrough else response.get_data()
    zipped = response.headers.get("Content-Encoding") == "gzip" and body
    return (gzip.decompress(body) if zipped else body).decode(errors="replace")


def _named(text: str, secrets: Mapping[str, str]) -> Iterator[str]:
    """The names of the *secrets* in *text*, and of those that a flow token in it shows."""
    layers = [text, *(layer for token in set(_FLOW.findall(text)) for layer in readable(token))]
    return (name for secret, name in secrets.items() if any(secret in layer for layer in layers))
