"""The host app of ``make soak``, whose hour is over in ten minutes.

Time is what is mocked: each blueprint's services take their two clocks as arguments
(``make_services``), and here they get clocks that run :attr:`HurriedSetup.pace` times as fast.
Lists, flows, tokens, circuits and events expire by them. What waits for a socket or a lock waits in
real time.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request

from lean_flask import Event, LeanBlueprint, UpstreamError, services
from lean_flask.events import arrival, cleaning
from lean_flask.flows import flow_states

from .contenders import ENVIRONMENT, Setup

FLOW_MAX_AGE = 120  # seconds of test clock, as all times here
#: What is kept for days is kept for minutes here, so that in an hour as much is deleted as is
#: written: former lists, events, their ids, and states of flows.
STALE, EVENTS_KEEP, IDS_KEEP, TIME_TO_END, SLACK, CLEANING_INTERVAL = 240, 180.0, 60, 60, 30, 60.0


@dataclass(frozen=True)
class HurriedSetup(Setup):
    """What the host is made with.

    :param pace: seconds of the app's clock in one second.
    :param begun: when both showed the same; seconds since the epoch.
    """

    pace: float
    begun: float

    def environment(self) -> dict[str, str]:
        """Return what the processes get: also the setting of docs/deployment.md for the memory."""
        return super().environment() | {"MALLOC_ARENA_MAX": "2"}

    def wall_clock(self) -> float:
        """Return seconds since the epoch, by the app's clock."""
        return self.begun + (time.time() - self.begun) * self.pace

    def monotonic(self) -> float:
        """Return seconds of the app's clock."""
        return time.monotonic() * self.pace

    def workers(self) -> set[int]:
        """Return the ids of all processes that have made the app so far."""
        return {int(file.name.partition("-")[2]) for file in Path(self.folder).glob("worker-*")}


def create_app(name: str) -> Flask:
    """Return the app that gunicorn runs."""
    setup = HurriedSetup(**json.loads(os.environ[ENVIRONMENT]))
    (Path(setup.folder) / f"worker-{os.getpid()}").touch()
    _hurry(setup)
    app = Flask(name, instance_path=os.getcwd(), template_folder=None)
    app.config["SECRET_KEY"] = "shared by all workers"
    lean = LeanBlueprint(
        **setup.lean,
        banks_ttl=setup.ttl,
        banks_stale=STALE,
        banks_stale_if_error=STALE,
        timeout=setup.timeout,
        flow_max_age=FLOW_MAX_AGE,
    )
    app.register_blueprint(lean)
    lean.operator(lambda: request.headers.get("X-Operator"))
    lean.on("*")(_receive)
    _add_views(app, lean)
    return app


def _hurry(setup: HurriedSetup) -> None:
    """Have services made by this process go by the fast clocks, and keep things for minutes."""
    usual = services.make_services
    flow_states.MAX_TIME_TO_END, flow_states._SLACK = TIME_TO_END, SLACK
    cleaning.INTERVAL, arrival._MARGIN = CLEANING_INTERVAL, IDS_KEEP

    def make(app: Flask, name: str, settings: Any, *others: Any, **more: Any) -> services.Services:
        clocks = {"clock": setup.monotonic, "wall_clock": setup.wall_clock}
        hurried = replace(settings, events_keep=EVENTS_KEEP)  # the setting is a day at least
        return usual(app, name, hurried, *others, **more | clocks)

    services.make_services = make


def _receive(event: Event[Any]) -> None:
    """Fail at the first call of some events, so that they are delivered again."""
    if event.event_id.endswith("0") and event.event_id not in _failed:
        _failed[event.event_id] = None
        while len(_failed) > 100:
            del _failed[next(iter(_failed))]
        raise RuntimeError("This receiver fails at its first call.")


_failed: dict[str, None] = {}


def _add_views(app: Flask, lean: LeanBlueprint) -> None:
    """Add views as a host has them: each makes a customer at Lean, and a flow for them."""

    @app.errorhandler(UpstreamError)
    def upstream(error: UpstreamError) -> tuple[str, int]:
        return str(error), 502

    @app.get("/connect/<user>")
    def connect(user: str) -> Any:
        fields = request.args.to_dict()
        flow = lean.connect(
            customer_id=lean.client.create_customer(user),
            permissions=["identity", "accounts"],
            return_url="/done",
            linked_banks="mark",
            **fields,  # type: ignore[arg-type]
        )
        return redirect(flow.url)

    @app.get("/pay/<user>")
    def pay(user: str) -> Any:
        customer, amount = lean.client.create_customer(user), request.args["amount"]
        flow = lean.pay(
            customer_id=customer,
            payment_intent_id=lean.client.create_payment_intent(customer, amount, "SAR"),
            amount=amount,
            currency="SAR",
            return_url="/done",
        )
        return redirect(flow.url)

    @app.get("/embedded/<user>")
    def embedded(user: str) -> str:
        flow = lean.connect(customer_id=lean.client.create_customer(user), permissions=["identity"])
        return f"<!doctype html><title>Embedded</title>{flow.embed()}"

    @app.get("/themed/<user>")
    def themed(user: str) -> Any:
        flow = lean.connect(
            customer_id=lean.client.create_customer(user),
            permissions=["identity"],
            customization={"theme_color": request.args["colour"]},
        )
        return redirect(flow.url)

    @app.get("/metrics")
    def metrics() -> Response:
        from prometheus_client import generate_latest

        return Response(generate_latest(), mimetype="text/plain")
