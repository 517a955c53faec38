"""Connections to Lean, and one exchange on them: a request, and the response to it.

httpx makes the requests and reads the headers, httpcore sends them: ``httpx.Client`` logs each
URL at INFO, and some of Lean's paths hold customer ids. Each step ends with the time budget of the
call that it serves. httpcore's timeouts bound single reads; a server that sends one byte of a
header now and then would keep its connection, and its thread, for ever.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from ..errors import UpstreamError, UpstreamTimeout
from .api_request import ApiRequest
from .deadline import Deadline, time_left
from .failures import describe_failure
from .network import Network, origin_of
from .proxies import ProxyServer
from .responses import read_body

_MAX_CONNECTIONS = 100
_MAX_IDLE = 20
_IDLE_SECONDS = 5.0
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    ssl.SSLError,
    OSError,
    UnicodeError,
)


class Connections:
    """A pool of connections to each of the two servers of one environment."""

    def __init__(self, network: Network) -> None:
        self._proxies = network.proxies
        tls, tls_to_proxy = network.tls()
        self._pools = {
            origin: httpcore.ConnectionPool(
                ssl_context=tls,
                proxy=httpcore_proxy(proxy, tls_to_proxy) if proxy else None,
                max_connections=_MAX_CONNECTIONS,
                max_keepalive_connections=_MAX_IDLE,
                keepalive_expiry=_IDLE_SECONDS,
                network_backend=_Backend(),
            )
            for origin, proxy in network.proxies.items()
        }

    def exchange(self, call: ApiRequest, deadline: Deadline) -> tuple[httpx.Response, bytes]:
        """Return the response to *call*, of any status, and its body.

        :raises UpstreamError: when there is no response.
        """
        try:
            return self._exchange(call, deadline)
        except (httpcore.TimeoutException, UpstreamTimeout):
            # Raised anew: the frames below hold what is sent, also where the budget ended in them.
            raise deadline.timeout_error() from None
        except _FAILURES as error:
            proxy = self._proxies[origin_of(call.url)]
            failure = describe_failure(error, call.setting, proxy.variable if proxy else None)
            raise UpstreamError(failure.message, hint=failure.hint) from None

    def _exchange(self, call: ApiRequest, deadline: Deadline) -> tuple[httpx.Response, bytes]:
        made = httpx.Request(
            call.method,
            call.url,
            params=call.params,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"} | dict(call.headers),
            json=call.json,
            data=dict(call.form) if call.form else None,
        )
        request = httpcore.Request(
            made.method,
            httpcore.URL(
                scheme=made.url.raw_scheme,
                host=made.url.raw_host,
                port=made.url.port,
                target=made.url.raw_path,
            ),
            headers=made.headers.raw,
            content=made.read(),
            extensions={"timeout": httpx.Timeout(deadline.remaining()).as_dict()},
        )
        raw = self._pools[origin_of(call.url)].handle_request(request)
        try:
            response = httpx.Response(raw.status, headers=raw.headers)
            has_body = call.method != "HEAD"
            body = read_body(response, raw.iter_stream(), deadline) if has_body else b""
        finally:
            raw.close()
        return response, body


def httpcore_proxy(server: ProxyServer, tls: ssl.SSLContext) -> httpcore.Proxy:
    """Return *server* as httpcore takes it; *tls* is for the way to the proxy itself."""
    url = httpcore.URL(
        scheme=server.scheme.removesuffix("h"), host=server.host, port=server.port, target=b"/"
    )
    # httpcore refuses text beyond ASCII, but takes any bytes.
    auth = (os.fsencode(server.auth[0]), os.fsencode(server.auth[1])) if server.auth else None
    return httpcore.Proxy(url, auth, ssl_context=tls if server.scheme == "https" else None)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, time_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, time_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, time_left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = time_left(timeout)
        return _Stream(super().connect_tcp(host, port, left, local_address, socket_options))
