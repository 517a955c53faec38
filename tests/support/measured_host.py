"""A host that shows its metrics at /metrics, as Prometheus reads them."""

from __future__ import annotations

from flask import Flask, Response
from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from support.launching import SUCCESS, token_of


def add_metrics(app: Flask) -> None:
    """Add GET /metrics to *app*."""
    app.add_url_rule(
        "/metrics", "metrics", lambda: Response(generate_latest(REGISTRY), mimetype="text/plain")
    )


class Samples(dict):
    """The values of a scrape by name and labels, of one blueprint."""

    def __init__(self, text, blueprint):
        super().__init__()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = dict(sample.labels)
                if labels.pop("blueprint", None) == blueprint:
                    self[sample.name, *sorted(labels.items())] = sample.value

    def value(self, name, **labels):
        """The value of lean_flask_*name*; 0 where there is no such series yet."""
        return self.get((f"lean_flask_{name}", *sorted(labels.items())), 0)


class MeasuredHost:
    """A host app, a browser of it, and what its metrics say."""

    def __init__(self, app, fake_lean, name="lean"):
        self.app, self.fake_lean, self.name = app, fake_lean, name
        add_metrics(app)
        self.client = app.test_client()
        self._before = self.samples()

    def samples(self):
        return Samples(self.client.get("/metrics").get_data(as_text=True), self.name)

    def moved(self, name, **labels):
        """By how much the value has changed since this host was made."""
        return self.samples().value(name, **labels) - self._before.value(name, **labels)

    @property
    def services(self):
        return self.app.extensions["lean_flask"][self.name].get()

    def banks(self, status=200):
        response = self.client.get("/lean/banks")
        assert response.status_code == status
        return response

    def flow(self, path="/link"):
        return token_of(self.client, path)

    def launch(self, flow=None, **body):
        flow = flow or self.flow()
        return self.client.post("/lean/launch", json={"flow": flow} | body)

    def close(self, flow, **data):
        return self.client.post("/lean/callback", json={"flow": flow, "data": SUCCESS | data})

    def deliver(self, event, **headers):
        body, signed = self.fake_lean.signed(event)
        return self.client.post("/lean/webhooks", data=body, headers=signed | headers)
