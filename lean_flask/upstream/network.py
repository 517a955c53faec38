"""How Lean is reached from here: authorities, client certificate and proxies."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from urllib.request import getproxies

from ..config.settings import Settings
from ..errors import ConfigurationError
from .proxies import ProxyServer, proxy_for
from .tls import NamedAuthorities, tls_context


@dataclass(frozen=True, slots=True)
class Network:
    """How Lean is reached from here: read from the environment once, when the host registers us."""

    proxies: dict[str, ProxyServer | None]
    client_cert: tuple[str, ...] | None
    authorities: NamedAuthorities
    #: Those of the start, where somebody has named a file for them.
    checked: tuple[ssl.SSLContext, ssl.SSLContext] | None = None

    @classmethod
    def of_environment(cls, settings: Settings) -> Network:
        """Return what the environment says about the two servers in *settings*.

        :raises ConfigurationError: naming the variable that is wrong.
        """
        urls = (settings.api_url, settings.auth_url)
        proxies = getproxies()
        network = cls(
            {origin_of(url): proxy_for(url, proxies) for url in urls},
            settings.client_cert,
            NamedAuthorities.of_environment(),
        )
        # Reading the authorities takes as long as half of an import of Flask. With none but the
        # system's there is nothing to check, so the first call reads them.
        if network.client_cert or any(network.authorities):
            return replace(network, checked=network.tls())
        return network

    def tls(self) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        """Return what verifies Lean, and what verifies a proxy, in this process."""
        try:
            named = self.authorities
            return tls_context(self.client_cert, named), tls_context(named=named)
        except (ConfigurationError, OSError):
            if self.checked is None:
                raise
            return self.checked  # the files have gone since


def origin_of(url: str) -> str:
    """Return scheme, host and port of *url*."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
