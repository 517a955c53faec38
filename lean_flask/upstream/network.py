"""Connections to Lean, each step of which ends with the time budget of the call that it serves.

httpcore's timeouts bound single reads. A server that sends one byte of a header now and then would
keep its connection, and its thread, for ever.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import httpcore

from ..config.settings import Settings
from ..errors import ConfigurationError
from .deadline import time_left
from .proxies import ProxyServer, proxy_for
from .tls import tls_context

_MAX_CONNECTIONS = 100
_MAX_IDLE = 20
_IDLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Network:
    """How Lean is reached from here: read from the environment once, when the host registers us."""

    tls: ssl.SSLContext
    tls_to_proxy: ssl.SSLContext
    proxies: dict[str, ProxyServer | None]
    process: int

    @classmethod
    def of_environment(cls, settings: Settings) -> Network:
        """Return what the environment says about the two servers in *settings*.

        :raises ConfigurationError: naming the variable that is wrong.
        """
        urls = (settings.api_url, settings.auth_url)
        return cls(
            tls_context(settings.client_cert),
            tls_context(),
            {origin_of(url): proxy_for(url) for url in urls},
            os.getpid(),
        )

    def after_fork(self, settings: Settings) -> Network:
        """Return the same for this process: OpenSSL's locks may have been held at the fork."""
        if self.process == os.getpid():
            return self
        try:
            tls, tls_to_proxy = tls_context(settings.client_cert), tls_context()
        except ConfigurationError:  # the files have gone since
            return self
        return replace(self, tls=tls, tls_to_proxy=tls_to_proxy, process=os.getpid())

    def pools(self) -> dict[str, httpcore.ConnectionPool]:
        """Return a new pool of connections for each origin."""
        return {origin: self._pool(proxy) for origin, proxy in self.proxies.items()}

    def _pool(self, proxy: ProxyServer | None) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=self.tls,
            proxy=proxy.for_pool(self.tls_to_proxy) if proxy else None,
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=_MAX_IDLE,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_Backend(),
        )


def origin_of(url: str) -> str:
    """Return scheme, host and port of *url*."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


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
