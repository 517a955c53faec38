"""The ways in which Lean can be away, and the way back of each."""

from __future__ import annotations

from dataclasses import replace

from lean_flask.testing import faults
from lean_flask.upstream.http import Transport
from lean_flask.upstream.network import Network

FAULTS = {
    "hang": faults.Hang(),
    "slow drip": faults.Drip(),
    "reset in the middle of the body": faults.ResetMidBody(),
    "500": faults.Status(500),
    "502 with an HTML page": faults.bad_gateway(),
    "429 with seconds": faults.TooManyRequests(retry_after=30),
    "429 with a date": faults.TooManyRequests(retry_after=30, as_date=True),
    "429 alone": faults.TooManyRequests(),
    "401": faults.Unauthorized(),
    "no array": faults.NotAnArray(),
    "no JSON": faults.NotJson(),
    "deep JSON": faults.DeepJson(),
    "an empty array": faults.Shrunk(0),
    "cut short": faults.Truncated(),
    "200 MB": faults.Huge(),
    "a gzip bomb": faults.GzipBomb(),
    "a redirect": faults.Redirect("http://127.0.0.1:1/"),
}


#: All outages: a fault of the bank list, or of the connection.
OUTAGES = [*FAULTS, "connection refused", "a revoked secret", "no such name", "no TLS"]


class Outage:
    """One way for Lean to be away, and the way back."""

    def __init__(self, name, lean, client):
        self._name = name
        self._lean = lean
        self._client = client
        self._secret = lean.client_secret
        self._settings, self._transport = client._settings, client._transport

    def begin(self):
        if self._name == "connection refused":
            self._lean.stop()
        elif self._name == "a revoked secret":
            self._lean.rotate_secret()
            self._lean.revoke_tokens()
        elif self._name == "no such name":
            self._move_to("https://nobody.invalid")
        elif self._name == "no TLS":
            self._move_to(self._lean.url.replace("http://", "https://"))
        else:
            self._lean.fault("banks", FAULTS[self._name])

    def end(self):
        self._lean.start()
        self._lean.heal()
        self._lean.client_secret = self._secret
        self._client._settings, self._client._transport = self._settings, self._transport

    def _move_to(self, url):
        """Lean's host name fails, and the cached list stays."""
        settings = replace(self._settings, api_url=url)
        self._client._settings, self._client._transport = (
            settings,
            Transport(Network.of_environment(settings)),
        )
