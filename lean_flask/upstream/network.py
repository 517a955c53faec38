"""How Lean is reached from here: authorities, client certificate and proxies."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ..config.settings import Settings
from ..errors import ConfigurationError
from .proxies import ProxyServer, proxy_for
from .tls import tls_context


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


def origin_of(url: str) -> str:
    """Return scheme, host and port of *url*."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
