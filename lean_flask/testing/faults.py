"""Ways in which a response can go wrong, each as a real server would do it."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from time import time
from typing import Any

from flask import Response, request

#: Makes the response that Lean would give without the fault.
Responder = Callable[[], Response]

HTML = b"<!doctype html><title>502 Bad Gateway</title><h1>Bad gateway</h1>"


class Fault:
    """Stands between a request and its response.

    :param over: set when the fault is healed or the server stops; nothing waits longer.
    """

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        raise NotImplementedError


@dataclass
class Slow(Fault):
    """The right answer, *seconds* late."""

    seconds: float

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        over.wait(self.seconds)
        return respond()


@dataclass
class Hang(Fault):
    """No answer at all, until healed."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        over.wait()
        return Response(status=503)


@dataclass
class Gate(Fault):
    """Holds requests until :meth:`open`; :meth:`wait_for` tells when enough of them wait."""

    _opened: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        self._arrived.release()
        while not self._opened.wait(0.02) and not over.is_set():
            pass
        return respond()

    def wait_for(self, requests: int = 1, seconds: float = 10) -> None:
        """Return once *requests* have arrived.

        :raises TimeoutError: when they do not within *seconds*.
        """
        for _ in range(requests):
            if not self._arrived.acquire(timeout=seconds):
                raise TimeoutError("Too few requests arrived at the gate")

    def open(self) -> None:
        self._opened.set()


@dataclass
class Late(Gate):
    """A gate on the way back: the answer is made, and then held."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        made = respond()
        return super().apply(lambda: made, over)


@dataclass
class Drip(Fault):
    """The right answer, one byte each *pause* seconds."""

    pause: float = 0.05

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        whole = respond().get_data()

        def drip() -> Iterator[bytes]:
            for position in range(len(whole)):
                if over.wait(self.pause):
                    return
                yield whole[position : position + 1]

        return _json(drip())


@dataclass
class Reset(Fault):
    """A TCP reset, and no answer."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        request.environ["lean_flask.reset"]()  # the server does, once nothing is to be sent

        def reset() -> Iterator[bytes]:
            raise ConnectionResetError
            yield b""

        return Response(reset())


@dataclass
class ResetMidBody(Fault):
    """Half of the answer, then a TCP reset."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        whole = respond().get_data()
        connection: socket.socket = request.environ["werkzeug.socket"]

        def half() -> Iterator[bytes]:
            yield whole[: len(whole) // 2]
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        return _json(half(), content_length=len(whole))


@dataclass
class Truncated(Fault):
    """A Content-Length that the body does not reach before the connection closes."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        whole = respond().get_data()
        return _json(iter([whole[: len(whole) // 2]]), content_length=len(whole))


@dataclass
class Status(Fault):
    """An error status with any body."""

    status: int
    body: bytes = b'{"status": "INTERNAL_SERVER_ERROR", "message": "It broke", "metadata": null}'
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        response = Response(self.body, self.status, content_type=self.content_type)
        response.headers.update(self.headers)
        return response


def bad_gateway() -> Status:
    """Return a 502 with an HTML page, as a proxy in front of Lean would send it."""
    return Status(502, HTML, "text/html")


@dataclass
class TooManyRequests(Fault):
    """429 with Retry-After: in seconds, or with *as_date* as an HTTP date."""

    retry_after: int | None = None
    as_date: bool = False

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        response = Response('{"status": "DUPLICATED_REQUEST"}', 429, mimetype="application/json")
        if self.retry_after is not None:
            response.headers["Retry-After"] = (
                formatdate(time() + self.retry_after, usegmt=True)
                if self.as_date
                else str(self.retry_after)
            )
        return response


@dataclass
class Unauthorized(Fault):
    """401, as for a revoked token."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return Response('{"status": "UNAUTHORIZED"}', 401, mimetype="application/json")


@dataclass
class Redirect(Fault):
    """302 to somewhere else."""

    location: str

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return Response(status=302, headers={"Location": self.location})


@dataclass
class NotJson(Fault):
    """200 with JSON's content type and no JSON."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(b"[{")


@dataclass
class NotAnArray(Fault):
    """200 with a JSON object."""

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(b'{"banks": []}')


@dataclass
class DeepJson(Fault):
    """200 with arrays in arrays in arrays."""

    depth: int = 200_000

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(b"[" * self.depth + b"]" * self.depth)


@dataclass
class Shrunk(Fault):
    """The list with only its first *banks* banks."""

    banks: int = 0

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(json.dumps(_records(respond)[: self.banks]).encode())


@dataclass
class MalformedBank(Fault):
    """The list with one bank in front that is none."""

    record: Any = field(default_factory=lambda: {"identifier": "no identifier", "name": 7})

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(json.dumps([self.record, *_records(respond)]).encode())


@dataclass
class Huge(Fault):
    """A body of *size* bytes, made while it is sent."""

    size: int = 200_000_000

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        chunk = b" " * 65_536

        def spaces() -> Iterator[bytes]:
            for _ in range(self.size // len(chunk)):
                if over.is_set():
                    return
                yield chunk

        return _json(spaces())


@dataclass
class GzipBomb(Fault):
    """A small body that unfolds to *size* bytes."""

    size: int = 20_000_000

    def apply(self, respond: Responder, over: threading.Event) -> Response:
        return _json(_packed_spaces(self.size), content_encoding="gzip")


@cache
def _packed_spaces(size: int) -> bytes:
    """Return *size* spaces as gzip; packed once, so that no request waits for it twice."""
    return gzip.compress(b" " * size, compresslevel=9, mtime=0)


def _json(
    body: bytes | Iterator[bytes],
    content_length: int | None = None,
    content_encoding: str | None = None,
) -> Response:
    response = Response(body, mimetype="application/json")
    if content_length is not None:
        response.headers["Content-Length"] = str(content_length)
    if content_encoding:
        response.headers["Content-Encoding"] = content_encoding
    return response


def _records(respond: Responder) -> list[Any]:
    return list(respond().get_json())
