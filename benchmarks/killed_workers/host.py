"""The host app of ``make kill-workers``, for gunicorn and for ``flask lean work``.

Each of its receivers appends the event's id to a file of its own. One write to a file that was
opened for appending is whole and in order, whatever processes write to it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from lean_flask import Event, LeanBlueprint, WebhookEvent, webhook_received
from lean_flask.banks.stores import fallback
from lean_flask.events import retry, workers

ENVIRONMENT = "LEAN_FLASK_KILLED_WORKERS"
RECEIVERS = ("first", "second", "signal")
SLOW = 0.2  # seconds
FACTORY = "benchmarks.killed_workers.host:create_app()"


@dataclass(frozen=True)
class HostSetup:
    """What the host is made with.

    :param lean: keyword settings for the ``LeanBlueprint``.
    :param folder: where the receivers write.
    :param lease: seconds until the event of a dead worker is taken up.
    :param retry_after: seconds until what failed is tried again for the first time.
    :param failing: of a thousand events, so many raise at their first call.
    :param slow: of a thousand events, so many take :data:`SLOW` seconds in one receiver.
    :param hanging: the receiver waits for the file ``go-on`` with the events of this subject.
    """

    lean: Mapping[str, Any]
    folder: str
    lease: float
    retry_after: float = retry.FIRST_DELAY
    failing: int = 0
    slow: int = 0
    hanging: str = ""

    def environment(self) -> dict[str, str]:
        """Return the setup as a variable for the processes."""
        return {ENVIRONMENT: json.dumps(asdict(self))}

    def log(self, receiver: str) -> Path:
        """Return the file to which *receiver* writes."""
        return Path(self.folder) / f"{receiver}.log"


def create_app() -> Flask:
    """Return the app of :data:`ENVIRONMENT`."""
    setup = HostSetup(**json.loads(os.environ[ENVIRONMENT]))
    workers.LEASE = setup.lease
    retry.FIRST_DELAY = fallback.RETRY_INTERVAL = setup.retry_after
    app = Flask(__name__, instance_path=setup.folder, template_folder=None)
    app.config["SECRET_KEY"] = "shared by all workers"
    lean = LeanBlueprint(**setup.lean)
    app.register_blueprint(lean)
    _add_receivers(app, lean, setup)
    return app


def _add_receivers(app: Flask, lean: LeanBlueprint, setup: HostSetup) -> None:
    @lean.on("entity.created")
    def first(event: Event[Any]) -> None:
        _append(setup.log("first"), event.event_id)

    @lean.on("entity.*")
    def second(event: Event[Any]) -> None:
        _wait_or_fail(setup, event)
        _append(setup.log("second"), event.event_id)
        if _is_among(setup.slow, event):
            time.sleep(SLOW)

    def signal(sender: Flask, event: WebhookEvent) -> None:
        _append(setup.log("signal"), event.event_id)

    webhook_received.connect(signal, app, weak=False)


def _append(path: Path, event_id: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, f"{event_id}\n".encode())
    finally:
        os.close(file)


def _wait_or_fail(setup: HostSetup, event: Event[Any]) -> None:
    folder = Path(setup.folder)
    while setup.hanging and event.app_user_id == setup.hanging:
        if (folder / "go-on").exists():
            break
        time.sleep(0.01)
    if _is_among(setup.failing, event):
        known = folder / "failed" / event.event_id
        if not known.exists():
            known.parent.mkdir(exist_ok=True)
            known.touch()
            raise RuntimeError("This receiver fails at its first call.")


def _is_among(so_many: int, event: Event[Any]) -> bool:
    """Return whether *event* is among *so_many* of a thousand, the same ones in each process."""
    return int(event.event_id[:8], 16) % 1000 < so_many
