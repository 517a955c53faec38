"""The host app that gunicorn runs in the cluster tests; its settings come in the environment."""

import json
import os
import signal
import time
from pathlib import Path

from flask import Flask, redirect
from prometheus_client import CollectorRegistry, generate_latest, multiprocess

from lean_flask import LeanBlueprint, flow_closed, outcome_changed, webhook_received
from lean_flask.banks import stores
from lean_flask.banks.stores import fallback
from lean_flask.events import inline, workers

inline.LEASE = workers.LEASE = 2.0  # seconds, so that a test need not wait longer
fallback.RETRY_INTERVAL = 1.0
stores.REQUEST_BUDGET = 5.0  # seconds, so that a busy machine does not look like a slow Redis


def create_app():
    app = Flask(__name__, instance_path=os.environ["HOST_INSTANCE"])
    app.config["SECRET_KEY"] = "shared by all workers"
    lean = LeanBlueprint(**json.loads(os.environ["HOST_SETTINGS"]))
    app.register_blueprint(lean)

    @app.get("/link/<user>")
    def link(user):
        customer_id = lean.client.create_customer(user)
        return redirect(lean.connect(customer_id=customer_id, permissions=["identity"]).url)

    @app.after_request
    def name_worker(response):
        response.headers["X-Worker"] = str(os.getpid())
        return response

    @app.get("/metrics")
    def metrics():
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        return generate_latest(registry)

    def log_event(sender, event):
        switch = Path(f"{os.environ['HOST_EVENTS']}.{event.type}")
        if event.type == "host.dies" and not switch.exists():
            switch.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if event.type == "host.waits":
            Path(f"{switch}.begun").touch()
        while event.type == "host.waits" and not switch.exists():
            time.sleep(0.01)
        with open(os.environ["HOST_EVENTS"], "a") as log:
            log.write(f"{event.event_id}\n")

    def log_outcome(sender, flow, data):
        with open(os.environ["HOST_EVENTS"], "a") as log:
            log.write(f"{flow.id} {data.status}\n")

    def log_change(sender, flow_id, outcome):
        with open(os.environ["HOST_EVENTS"], "a") as log:
            log.write(f"{flow_id} is {outcome.status} {outcome.entity_id}\n")

    outcome_changed.connect(log_change, app, weak=False)
    flow_closed.connect(log_outcome, app, weak=False)
    webhook_received.connect(log_event, app, weak=False)
    return app


app = create_app()
