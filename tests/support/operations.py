"""A host with an operations page, and an operator's browser."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lean_flask import Override
from lean_flask.banks.stores.base import StoreError
from lean_flask.events.inbox import NewEvent
from lean_flask.services import Services, get_services

ERROR = "shop.book: ValueError\n  /srv/shop.py:7 in book"
SECRET_BODY = b"sealed: Noura's IBAN"
#: A form that sets a bank by hand.
RIGHT = {"bank": "RJHI_SAU", "action": "unavailable", "why": "Incident 4711"}


class Operations:
    """The page of *app* in one browser session.

    :ivar operator: what the host's function returns.
    """

    def __init__(self, app: Flask, operator: Any = "Noura") -> None:
        self.app, self.operator = app, operator
        self.client = app.test_client()
        self.lean = app.blueprints["lean"]
        self.lean.operator(lambda: self.operator)

    @property
    def services(self) -> Services:
        with self.app.app_context():
            return get_services("lean")

    def get(self, language: str = "en", **options: Any) -> TestResponse:
        return self.client.get(f"/lean/operations?lang={language}", **options)

    def text(self, language: str = "en") -> str:
        """What the page shows, without its tags."""
        return text_of(self.get(language))

    def token(self) -> str:
        return re.search(r'name="token" value="([^"]+)"', self.get().text)[1]

    def post(self, do: str, headers: Any = None, **fields: str) -> TestResponse:
        """Send a form of the page."""
        data = {"token": self.token(), "do": do} | fields
        return self.client.post("/lean/operations?lang=en", data=data, headers=headers)

    def said(self, do: str, **fields: str) -> str:
        """Send a form, and return what the next page says of it."""
        response = self.post(do, **fields)
        assert response.status_code == 303
        return result_in(self.client.get(response.location))

    def undo(self, bank: str = "RJHI_SAU", purpose: str = "") -> str:
        """Press the button beside a bank; return what the next page says of it."""
        form = rf'name="bank" value="{bank}">.*?name="purpose" value="{purpose}">.*?name="since" '
        since = re.search(rf'{form}value="([^"]+)"', self.get().text)[1]
        return self.said("clear", bank=bank, purpose=purpose, since=since)

    def break_store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the shared store fail from now on, but not that of events."""

        def fails(*_: Any) -> None:
            raise StoreError("the disk is full")

        inner = self.services.store._store._store
        for name in ("version", "read", "update"):
            monkeypatch.setattr(inner, name, fails)

    def event(self, name: str, *, state: str = "waiting", attempts: int = 0) -> None:
        """Keep an event of the type ``payment.created``, as it is after some failed attempts."""
        services = self.services
        inbox, now = services.events.inbox, services.wall_clock()
        inbox.add(NewEvent(name, "payment.created", f"subject of {name}", SECRET_BODY, now, 9e6))
        if state == "dead" or attempts:
            claim = inbox.claim(now, 60, f"subject of {name}")
            if state == "dead":
                inbox.bury(claim, now, (), ERROR)
            else:
                inbox.postpone(claim, now + 600, (), ERROR)


def overrides_of(page: Operations) -> tuple[Override, ...]:
    """Return the banks that are set by hand."""
    return page.services.catalog.overrides()


def text_of(response: TestResponse) -> str:
    shown = re.sub(r"<title>.*?</title>|<option.*?</option>", "", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def result_in(response: TestResponse) -> str:
    """Return the sentence about the action before; empty where there is none."""
    found = re.search(r'<p class="said.*?</p>', response.text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[0])).split()) if found else ""
