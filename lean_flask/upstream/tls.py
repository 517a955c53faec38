"""Which certificate authorities are trusted: the system's, and those of the package certifi.

The system's are what OpenSSL finds: its own folders, ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``. So an
authority that an operator installed is trusted, and a slim image without any works with certifi's.
"""

from __future__ import annotations

import os
import re
import ssl
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import certifi

from ..errors import ConfigurationError

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")  # what OpenSSL looks up in a folder
#: X509_V_ERR_* of what Python 3.13 checks beyond earlier ones: x509_vfy.h of OpenSSL 3.
_STRICT = range(76, 95)
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})
_EXPIRED = frozenset({9, 10})


class NamedAuthorities(NamedTuple):
    """What ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` say."""

    file: str | None
    folders: str | None

    @classmethod
    def of_environment(cls) -> NamedAuthorities:
        """Return what they say now."""
        return cls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


def tls_context(
    client_cert: tuple[str, ...] | None = None, named: NamedAuthorities | None = None
) -> ssl.SSLContext:
    """Return a context that verifies servers, and shows *client_cert* where there is one.

    :param named: by default what the environment says now.
    :raises ConfigurationError: when ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` cannot be used.
    """
    # A context of its own for each process: OpenSSL's locks may be held at a fork.
    return _context(client_cert, named or NamedAuthorities.of_environment(), os.getpid())


@cache
def _context(
    client_cert: tuple[str, ...] | None, named: NamedAuthorities, process: int
) -> ssl.SSLContext:
    """Return a context that is shared in one *process*: reading the authorities is slow."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    # OpenSSL ignores what it cannot read there, and every call would fail later.
    if named.file:
        _load_file(context, named.file)
    if named.folders:
        _check_folders(named.folders)
    if client_cert:
        context.load_cert_chain(*client_cert)
    return context


def _load_file(context: ssl.SSLContext, path: str) -> None:
    try:
        context.load_verify_locations(path)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "no certificate in it"
        raise ConfigurationError(
            f"SSL_CERT_FILE got {path!r}, which cannot be loaded ({words}); it takes the path of a"
            " file of certificates in PEM form, or unset it"
        ) from None


def _check_folders(folders: str) -> None:
    try:
        names = [
            entry.name
            for folder in folders.split(os.pathsep)
            if folder
            for entry in Path(folder).iterdir()
        ]
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "not a path"
        raise ConfigurationError(
            f"SSL_CERT_DIR got {folders!r}, which cannot be read ({words}); it takes the path of a"
            " folder of certificates, or unset it"
        ) from None
    if not any(map(_HASHED.fullmatch, names)):
        raise ConfigurationError(
            f"SSL_CERT_DIR got {folders!r}, where OpenSSL finds no certificate; it takes a folder"
            " whose files are named by hash (run: openssl rehash FOLDER), or unset it"
        )


def verification_hint(error: ssl.SSLCertVerificationError) -> str:
    """Return what to look at when a server's certificate is not accepted."""
    code = error.verify_code
    if code in _UNKNOWN_AUTHORITY:
        return (
            "add the authority that signed it to the system's, or name its file in SSL_CERT_FILE;"
            " often it belongs to a proxy that reads TLS"
        )
    if code in _OTHER_NAME:
        return "the server has another name than this address"
    if code in _EXPIRED:
        return "compare this machine's clock, and ask who runs the server for a new certificate"
    if code in _STRICT:
        since = ", as this one does" if sys.version_info >= (3, 13) else ""
        return (
            f"Python 3.13 and later check authorities strictly (VERIFY_X509_STRICT){since}: the"
            " authority's certificate must be issued again with what the message misses"
        )
    return "look at the certificate with: openssl s_client -showcerts"
