"""The requests whose cost may grow: as many as are wanted of each kind, and no write twice.

They are made in one app, and can be sent to any other of the same ``SECRET_KEY`` and settings.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, repeat
from typing import Any
from urllib.parse import quote

from flask import Flask, session
from werkzeug.test import create_environ

from lean_flask.testing import FakeLean

from .killed_workers.plan import make_event

BANKS, SEARCH, PICKER = "GET /banks", "GET /banks?q=", "GET /picker"
LAUNCH, WEBHOOKS = "POST /launch", "POST /webhooks"
CUSTOMERS = 16  # who launch; the flows of one share an entry of the store
_JSON = {"Content-Type": "application/json"}
_GZIP = {"Accept-Encoding": "gzip"}  # as browsers ask


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def environ(self) -> dict[str, Any]:
        """Return it as a WSGI server would give it to the app, to be used once."""
        return create_environ(
            self.path, method=self.method, headers=dict(self.headers), data=self.body or None
        )

    def line(self) -> str:
        """Return it for ``wrk_requests.lua``."""
        headers = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\t".join([self.method, self.path, self.body, *headers])


def workloads(app: Flask, lean: FakeLean) -> dict[str, Iterator[Request]]:
    """Return endless requests of each kind, for the banks that *lean* has now.

    :param app: the contender ``lean-flask``, see :mod:`.contenders`.
    """
    customer = lean.add_customer(app_user_id="benchmark")
    seen = _Browser(app, customer)
    asked = _GZIP | {"Cookie": seen.cookie, "Accept-Language": "en"}
    page = f"/lean/picker?flow={seen.token}"
    return {
        BANKS: repeat(Request("GET", "/lean/banks", _GZIP)),
        SEARCH: _searches(lean),
        PICKER: repeat(Request("GET", page, asked)),
        LAUNCH: _launches(app, lean),
        WEBHOOKS: _webhooks(lean),
    }


class _Browser:
    """A browser session with one flow, as the host's own view begins it."""

    def __init__(self, app: Flask, customer: str) -> None:
        lean: Any = app.blueprints["lean"]
        with app.test_request_context():
            self.token: str = lean.connect(customer_id=customer, permissions=["identity"]).token
            serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            self.cookie = f"session={serializer.dumps(dict(session))}"


def _searches(lean: FakeLean) -> Iterator[Request]:
    """Ask for names, their beginnings, slips and sentences with them: never the same twice."""
    chance, asked = random.Random("searches"), set[str]()
    while True:
        bank = chance.choice(lean.banks)
        name: str = chance.choice([bank["name"], bank["arabic_name"]])
        at = chance.randrange(1, len(name))
        typed = chance.choice([name, name[: at + 1], name[:at] + name[at + 1 :], f"my {name}"])
        typed = f"{typed} {len(asked)}" if typed in asked else typed
        asked.add(typed)
        yield Request("GET", f"/lean/banks?q={quote(typed)}", _GZIP)


def _launches(app: Flask, lean: FakeLean) -> Iterator[Request]:
    """Launch each flow once, always in a session that has this flow alone."""
    chance = random.Random("launches")
    customers = [lean.add_customer(app_user_id=f"user {number}") for number in range(CUSTOMERS)]
    for customer in cycle(customers):
        browser = _Browser(app, customer)
        bank = chance.choice(lean.banks)["identifier"]
        body = json.dumps({"flow": browser.token, "bank_identifier": bank})
        yield Request("POST", "/lean/launch", _JSON | {"Cookie": browser.cookie}, body)


def _webhooks(lean: FakeLean) -> Iterator[Request]:
    chance = random.Random("webhooks")
    number = 0
    while True:
        event = make_event(f"entity {number}", lean.webhook_secret, chance)
        headers = _JSON | {"lean-signature": event.signature}
        yield Request("POST", "/lean/webhooks", headers, event.body.decode())
        number += 1
