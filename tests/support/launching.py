"""Flows of the example host, launched over HTTP."""

from urllib.parse import parse_qs, urlsplit

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
