"""What ``POST /webhooks`` is compared with: a view that verifies, and writes one row.

gunicorn makes one with ``benchmarks.webhook_hosts:make("<name>")``, as :mod:`.contenders`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, request

from .beside import make_host
from .contenders import Setup

PATH = "/lean/webhooks"
BACKGROUND, WORKER = "lean-flask, background", "lean-flask, worker"
RECEIVED = "received"  # a file in the contender's folder: one byte for each call of the receiver


def make(name: str) -> Flask:
    """Return the app that gunicorn runs."""
    return make_host(name, "the same for all", PATH, _plain, _lean_flask)


def _lean_flask(app: Flask, setup: Setup) -> None:
    from lean_flask import LeanBlueprint, WebhookEvent, webhook_received

    app.register_blueprint(LeanBlueprint(**setup.lean))

    def receive(sender: Flask, event: WebhookEvent) -> None:
        with (Path(setup.folder) / RECEIVED).open("ab", buffering=0) as log:
            log.write(b".")

    webhook_received.connect(receive, app, weak=False)


def _plain(app: Flask, setup: Setup) -> None:
    write = _writer(setup.lean["store_url"])
    secret = setup.lean["webhook_secret"].encode()

    @app.post(PATH)
    def webhooks() -> tuple[str, int]:
        body = request.get_data()
        signature = "sha512=" + hmac.digest(secret, body, hashlib.sha512).hex()
        if not hmac.compare_digest(signature, request.headers.get("lean-signature", "")):
            return "", 401
        write(json.loads(body)["event_id"], body)
        return "", 200


def _writer(url: str) -> Callable[[str, bytes], Any]:
    """Return a function that keeps one event durably, in any thread."""
    if url.startswith("redis:"):
        import redis

        client = redis.Redis.from_url(url)
        return lambda event_id, body: client.xadd("plain", {"id": event_id, "body": body})
    path = url.removeprefix("sqlite:///").replace(".sqlite3", "-plain.sqlite3")
    of_thread = threading.local()

    def open_database() -> sqlite3.Connection:
        database = of_thread.database = sqlite3.connect(path, isolation_level=None, timeout=10)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB)")
        return database

    def write(event_id: str, body: bytes) -> None:
        database = getattr(of_thread, "database", None) or open_database()
        database.execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (event_id, body))

    open_database()
    return write
