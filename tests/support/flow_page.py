"""A flow of any method, and what its page sends to the server."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from lean_flask import Flow
from support.launching import SUCCESS

DESTINATION = "0d9f6f0e-3a53-4a39-8f5e-6d2f6f0c9b01"
CONSENT = "b7a6a2f4-5f0c-4a8e-9f8a-1c2d3e4f5a01"
RECONNECT = "c1d2e3f4-5f0c-4a8e-9f8a-1c2d3e4f5a01"
#: What each method needs beside a customer.
NEEDED: dict[str, dict[str, Any]] = {
    "connect": {"permissions": ["identity"]},
    "pay": {"payment_intent_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"},
    "checkout": {"payment_intent_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"},
    "authorize_consent": {"consent_id": CONSENT},
    "create_payment_source": {},
    "update_payment_source": {"payment_destination_id": DESTINATION},
    "create_beneficiary": {"payment_destination_id": DESTINATION},
    "reconnect": {"reconnect_id": RECONNECT},
    "manage_consents": {},
    "verify_address": {"customer_name": "A Customer"},
}


class FlowPage:
    """The page of a new flow of *method*, one of the blueprint's, in a browser of its own."""

    def __init__(self, app: Flask, method: str, fields: dict[str, Any]) -> None:
        self.client = app.test_client()
        customer = app.config["CONNECT"]["customer_id"]
        given = {"customer_id": customer, "return_url": "/done"} | NEEDED.get(method, {}) | fields
        self.client.get("/link")  # begins the session
        with self.client:
            self.client.get("/link")
            self.flow: Flow = getattr(app.blueprints["lean"], method)(**given)

    def open(self, query: str = "") -> TestResponse:
        return self.client.get(self.flow.url + query)

    def launch(self, query: str = "", **choice: Any) -> TestResponse:
        return self.client.post(f"/lean/launch{query}", json={"flow": self.flow.token} | choice)

    def config(self, **choice: Any) -> dict[str, Any]:
        """The config of a launch, without the customer's token."""
        config: dict[str, Any] = self.launch(**choice).json["config"]
        config.pop("access_token", None)
        return config

    def report(self, status: str = "SUCCESS", **data: Any) -> dict[str, Any]:
        data = (SUCCESS if status == "SUCCESS" else {}) | {"status": status} | data
        body = {"flow": self.flow.token, "data": data}
        answer: dict[str, Any] = self.client.post("/lean/callback", json=body).json
        return answer

    def land(self, **landed_with: str) -> dict[str, Any]:
        body = {"flow": self.flow.token, "landed_with": landed_with}
        answer: dict[str, Any] = self.client.post("/lean/return", json=body).json
        return answer

    @property
    def status(self) -> dict[str, Any]:
        query = {"flow": self.flow.token}
        answer: dict[str, Any] = self.client.get(
            f"/lean/flows/{self.flow.id}", query_string=query
        ).json
        return answer
