"""Why a call to Lean brought no response, and what to look at, in words."""

from __future__ import annotations

import errno
import socket
import ssl

import httpcore

from .certificate_failures import Failure, causes, certificate_failure

_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "the name of {} was not found"),
    (UnicodeError, "the name of {} cannot be one"),
    (ConnectionRefusedError, "{} refused the connection"),
    (ConnectionError, "{} broke off the connection"),
    (httpcore.ProxyError, "{} refused to pass the call on"),
    (httpcore.RemoteProtocolError, "{} ended the connection, or does not speak HTTP"),
)


def describe_failure(error: BaseException, setting: str, proxy: str | None) -> Failure:
    """Return *error* in words, without the texts of libraries: they may quote addresses.

    :param setting: the setting that holds the server's address.
    :param proxy: the environment variable of the proxy on the way, if there is one.
    """
    next_hop = f"the proxy of {proxy}" if proxy else "the server"
    look_at = f"look at {proxy or setting}"
    if of_certificate := certificate_failure(error):
        return of_certificate
    for cause in causes(error):
        if isinstance(cause, ssl.SSLError):
            return _tls_failure(cause, setting)
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
            words = f"the name of {next_hop} cannot be looked up now"
            return Failure(words, f"{look_at}, and at this machine's DNS")
        if isinstance(cause, httpcore.ProxyError) and str(cause).startswith("407"):
            return Failure(f"{next_hop} refused the user name or the password", look_at)
        words = _connection_failure(cause)
        if words:
            return Failure(words.format(next_hop), look_at)
    return Failure(f"no response ({type(error).__name__})", look_at)


def _connection_failure(cause: BaseException) -> str:
    """Return what happened, with a place for who it was; empty for what is not known."""
    for kinds, words in _WORDS:
        if isinstance(cause, kinds):
            return words
    if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
        return "there is no route to {}"
    return ""


def _tls_failure(error: ssl.SSLError, setting: str) -> Failure:
    reason = getattr(error, "reason", None) or "unknown"  # OpenSSL's errors alone have one
    words = f"the TLS handshake failed ({reason})"
    if "CERTIFICATE_REQUIRED" in reason or "BAD_CERTIFICATE" in reason:
        return Failure(words, "look at LEAN_CLIENT_CERT: the server asks for a certificate")
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
        return Failure(words, f"look at {setting}: that port does not speak TLS")
    return Failure(words, f"look at {setting}")
