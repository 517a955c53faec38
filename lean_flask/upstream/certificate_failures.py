"""Why a server's certificate is not accepted, and what to look at, in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import NamedTuple

from .tls import verification_hint


class Failure(NamedTuple):
    """What happened, and what the operator can look at."""

    message: str
    hint: str


def certificate_failure(error: BaseException) -> Failure | None:
    """Return what is wrong with the server's certificate; ``None`` if *error* has another cause."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            words = cause.verify_message or "verification failed"
            return Failure(f"the certificate is not accepted: {words}", verification_hint(cause))
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error* and what led to it, the first cause first."""
    chain = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return reversed(chain)
