"""Rules for URLs that several schemas share."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

#: Plain http is safe to these alone: it does not leave the machine.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
#: A browser would run or show what such a URL holds, as if it were ours.
EXECUTABLE_SCHEMES = frozenset(
    {"javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"}
)


def split_url(url: str) -> SplitResult:
    """Return the parts of *url*.

    :raises ValueError: when it cannot be parsed, has an invalid port, or holds a user name.
    """
    parts = urlsplit(url)
    parts.port  # noqa: B018 - raises ValueError for an invalid port
    if parts.username is not None or parts.password is not None:
        raise ValueError("The URL holds a user name.")
    return parts


def is_https_or_loopback(parts: SplitResult) -> bool:
    """Return whether the URL is https, or http to this machine."""
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK_HOSTS
    return parts.scheme == "https" and bool(parts.hostname)


def is_web_address(parts: SplitResult) -> bool:
    """Return whether the URL is absolute, http or https."""
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
