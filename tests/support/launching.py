"""Flows of the example host, launched over HTTP."""

from urllib.parse import parse_qs, urlsplit

from lean_flask.flows.token import FlowSerializer
from lean_flask.services import get_services
from lean_flask.web.secret_keys import key_salt

CUSTOMER = "3f1b7a52-6c1d-4e59-9a57-0a5b6f3c2d11"
#: The arguments that ``lean.connect()`` needs.
CONNECT = {"customer_id": CUSTOMER, "permissions": ["identity"]}
#: What the SDK hands to its callback after a success.
SUCCESS = {
    "status": "SUCCESS",
    "message": "Done",
    "bank": {"bank_identifier": "RJHI_SAU", "is_supported": True},
    "lean_correlation_id": "abc123",
}


def token_of(client, path="/link", **options):
    """Return the token of a new flow that *path* starts."""
    return parse_qs(urlsplit(client.get(path, **options).location).query)["flow"][0]


def launch_new(app, **body):
    """Launch a new flow; return its client, its token and the response."""
    client = app.test_client()
    token = token_of(client)
    return client, token, client.post("/lean/launch", json={"flow": token} | body)


def made_at(app, token, seconds):
    """The flow of *token* as if it had been made at *seconds*."""
    keys = [app.config["SECRET_KEY"]]
    with app.app_context():
        salt = key_salt("flow", get_services("lean"))
    payload, _ = FlowSerializer(keys, salt).loads(token)
    return FlowSerializer(keys, salt, clock=lambda: seconds).dumps(payload)
