"""The proxy of the environment for calls to Lean, read as curl and httpx read it."""

from __future__ import annotations

import ipaddress
import os
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import SplitResult, unquote, urlsplit

from ..common.secret import Secret
from ..errors import ConfigurationError

_TAKES = "it takes http://host:port, https://host:port or socks5://host:port"
_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class ProxyServer:
    """A proxy, and the environment variable that names it. Its credentials show in no repr."""

    variable: str
    scheme: str
    host: str
    port: int
    auth: tuple[str, str] | None = field(default=None, repr=False)


def proxy_for(url: str, proxies: Mapping[str, str] | None = None) -> ProxyServer | None:
    """Return the proxy that the environment names for calls to *url*, if it names one.

    Reads ``HTTPS_PROXY`` or ``HTTP_PROXY`` by the scheme, else ``ALL_PROXY``, and ``NO_PROXY``; the
    lower-case name wins. On Windows and macOS the system's own settings count where no variable is
    set, as :func:`urllib.request.getproxies` finds them.

    :param proxies: what that function has found; by default what it finds now.
    :raises ConfigurationError: naming the variable, when its proxy cannot be used.
    """
    parts = urlsplit(url)
    proxies = urllib.request.getproxies() if proxies is None else proxies
    kind = parts.scheme if proxies.get(parts.scheme) else "all"
    value = (proxies.get(kind) or "").strip()
    if not value or _is_excluded(parts, proxies.get("no", "")):
        return None
    return _parse(value, _variable(kind))


def _variable(kind: str) -> str:
    name = f"{kind}_proxy"
    if os.environ.get(name):
        return name
    return next(
        (given for given in os.environ if given.lower() == name), "the system's proxy setting"
    )


def _parse(value: str, variable: str) -> ProxyServer:
    # A value with "@" may hold a password at any place of it, so no message repeats one.
    shown = f" got {value[:200]!r};" if "@" not in value and value.isprintable() else ""

    def refuse(problem: str, takes: str = _TAKES) -> ConfigurationError:
        return ConfigurationError(f"{variable}{shown} {problem}; {takes}")

    url = value if _SCHEME.match(value) else f"http://{value}"  # as curl does
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise refuse("its host or port is not one") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise refuse("this kind of proxy is not supported")
    if not _HOST.fullmatch(host) or port == 0 or any(char.isspace() for char in value):
        raise refuse("its host or port is not one")
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise refuse(
            "a SOCKS proxy needs the package socksio",
            "install it with: pip install 'httpx[socks]'; or name an http:// proxy",
        )
    auth = None
    if parts.username is not None:
        auth = (_decode(parts.username), _decode(parts.password or ""))
    return ProxyServer(variable, parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], auth)


def _decode(quoted: str) -> Secret:
    # Bytes that are not UTF-8 stay as they are.
    return Secret(unquote(quoted, errors="surrogateescape"))


def _is_excluded(parts: SplitResult, no_proxy: str) -> bool:
    """Return whether ``NO_PROXY`` names the host: itself, a parent domain, or its network."""
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    return any(_matches(entry, host, port) for entry in re.split(r"[,\s]+", no_proxy.lower()))


def _matches(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    entry = entry.removeprefix("*")
    name, _, entry_port = entry.rpartition(":")
    if entry_port.isdecimal() and (":" not in name or name.endswith("]")):
        if int(entry_port) != port:
            return False
        entry = name
    entry = entry.strip("[].")
    if not entry:
        return False
    if host == entry or host.endswith(f".{entry}"):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
