"""Certificates of what commands ask: the running app, and the stand-in."""

from __future__ import annotations

import ssl

from ..upstream.certificate_failures import certificate_failure
from ..upstream.tls import tls_context


def verifier(url: str) -> ssl.SSLContext | bool:
    """Return what verifies the server of *url*; without TLS nothing, as certificates take time.

    :raises ConfigurationError: when ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` cannot be used.
    """
    return tls_context() if url.startswith("https:") else False


def certificate_advice(error: BaseException) -> str:
    """Return what to do if *error* is about a certificate, else nothing."""
    failure = certificate_failure(error)
    return f"Of its TLS: {failure.message}; {failure.hint}." if failure else ""
