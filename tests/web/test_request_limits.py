"""Bodies of every size and kind, methods of every name, over a real socket."""

import http.client
import io
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest

ROUTES = {
    "/lean/launch": 64_000,
    "/lean/callback": 64_000,
    "/lean/return": 64_000,
    "/lean/events": 64_000,
    "/lean/webhooks": 1_000_000,
}


@pytest.fixture
def ask(app, serve):
    """Sends one request; the answer's status, headers and JSON."""
    address = urlsplit(serve(app)).netloc

    def send(method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("Content-Type", "application/json")
        with closing(http.client.HTTPConnection(address, timeout=10)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
            is_json = "json" in response.headers["Content-Type"]
            return response.status, response.headers, json.loads(content) if is_json else None

    return send


@pytest.mark.parametrize(("path", "largest"), ROUTES.items())
def test_a_body_is_capped_whether_or_not_it_says_its_length(ask, path, largest):
    for body in (b"x" * (largest + 1), iter([b"x" * largest, b"x"])):  # the second goes in chunks
        status, headers, problem = ask("POST", path, body)
        assert (status, problem["status"]) == (413, 413)
        assert headers["Content-Type"] == "application/problem+json"
        assert headers["Cache-Control"] == "no-store"


class Endless(io.RawIOBase):
    """A body that goes on for as long as somebody reads."""

    def __init__(self):
        self.given = 0

    def readable(self):
        return True

    def read(self, size=-1):
        assert size >= 0, "read to an end that never comes"
        self.given += size
        return b"x" * size

    def readinto(self, buffer):
        self.given += len(buffer)
        assert self.given < 10_000_000, "read to an end that never comes"
        buffer[:] = b"x" * len(buffer)
        return len(buffer)

    def readall(self):
        return self.read()


@pytest.mark.parametrize(("path", "largest"), ROUTES.items())
def test_no_more_is_read_than_is_allowed(client, path, largest):
    body = Endless()
    response = client.post(
        path,
        content_type="application/json",
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
    )
    assert response.status_code == 413
    assert body.given <= largest + 1


@pytest.mark.parametrize("path", ["/lean/launch", "/lean/callback", "/lean/return"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "text/json", "application/xml", ""]
)
def test_another_type_is_a_415(ask, path, kind):
    status, headers, _ = ask("POST", path, b"{}", Content_Type=kind)
    assert status == 415
    assert headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ROUTES)
def test_another_method_is_a_405_that_names_the_right_one(ask, path):
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        status, headers, _ = ask(method, path)
        assert status == 405
        assert set(headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("path", ["/lean/banks", "/lean/health", "/lean/picker"])
def test_what_is_read_cannot_be_written(ask, path):
    for method in ("POST", "PUT", "DELETE"):
        status, headers, _ = ask(method, path, b"{}")
        assert status == 405
        assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
