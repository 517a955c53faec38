"""Every error that lean-flask raises.

::

    LeanError
    ├── ConfigurationError     a setting is missing or wrong
    ├── FlowError              a method got bad arguments, or a flow is unusable
    ├── BankUnavailable        what the customer chose cannot be used for this flow
    ├── SignatureError         a webhook's signature does not match its body
    └── UpstreamError          Lean could not be reached
        ├── UpstreamTimeout    no whole answer within LEAN_TIMEOUT
        ├── UpstreamRejected   Lean answered, and said no
        └── UpstreamInvalid    Lean answered with something that is not what it documents
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .common.types import Language


class LeanError(Exception):
    """Root of all errors raised by lean-flask."""


class ConfigurationError(LeanError):
    """A setting is missing or wrong. The text names each key, what it got and what it takes."""


class FlowError(LeanError):
    """A flow cannot be made or used.

    :param message: what is wrong, naming each bad field.
    :param fields: field name to what is wrong with it; empty when no field is to blame.
    :param reason: a code for the page: ``expired``, ``invalid_flow`` (tampered with, or of another
        blueprint or browser), ``completed``, ``new_consent_needed``; of a flow that is bound to a
        user ``signed_out``, ``other_user`` or ``identify_failed``; ``upstream`` where a launch
        lacks something; or ``arguments`` for the host's own mistake.
    :param return_url: where the host wants the customer back, for a flow that is over.
    """

    #: Of the flow that was opened, where it has one, for a page that explains the error.
    language: str | None = None

    def __init__(
        self,
        message: str,
        fields: Mapping[str, str] | None = None,
        reason: str = "arguments",
        return_url: str | None = None,
    ) -> None:
        super().__init__(message)
        self.fields: Mapping[str, str] = fields or {}
        self.reason = reason
        self.return_url = return_url


class RefusedBank(Protocol):
    """What :attr:`BankUnavailable.bank` is sure to have; it is a ``Bank`` of the list.

    A protocol, since this module imports nothing of the bank list.
    """

    @property
    def identifier(self) -> str:
        """Lean's identifier of the bank."""

    @property
    def names(self) -> Mapping[Language, str]:
        """The name to show, by language."""


class BankUnavailable(LeanError):
    """What the customer chose cannot be used for this flow.

    :param message: for the developer.
    :param reason: a code for the page: of a bank ``unknown``, ``unavailable`` or ``limit``; else
        ``account``, ``source`` or ``entity``.
    :param bank: the ``Bank``, where the list has it.
    :param notice: what the operator of this server tells customers about it, by language.
    :ivar can_choose: whether the customer can choose another one.
    """

    can_choose = True

    def __init__(
        self,
        message: str,
        reason: str,
        bank: RefusedBank | None = None,
        notice: Mapping[Language, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.bank = bank
        self.notice: Mapping[Language, str] = notice or {}


class SignatureError(LeanError):
    """The ``lean-signature`` header is missing, malformed or does not match the raw body."""


_PASSING = frozenset({408, 425, 429})  # statuses of 4xx that ask to come again


def _is_refusal(status: int | None) -> bool:
    return status is not None and 400 <= status < 500 and status not in _PASSING


class UpstreamError(LeanError):
    """Lean could not be reached; also the root of the three more exact errors.

    :param message: what happened, without any credential or customer data.
    :param status: HTTP status of Lean's response, if there was one.
    :param code: Lean's machine-readable code (the ``status`` field of its error body).
    :param correlation_id: Lean's ``lean-correlation-id``, to quote to its support.
    :param retry_after: seconds that Lean asked to be left alone.
    :param call: which call it was: what it is for, method, host and path without ids.
    :param hint: what the operator can look at, such as a setting.
    :param tried: whether Lean was asked at all; not while an operation is known to be down.
    :param permanent: whether Lean refused for good, so that the same call will be refused again; by
        default as *status* says.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        correlation_id: str | None = None,
        retry_after: float | None = None,
        call: str | None = None,
        hint: str | None = None,
        tried: bool = True,
        permanent: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.call = call
        self.hint = hint
        self.tried = tried
        self.permanent = _is_refusal(status) if permanent is None else permanent
        self.status = status
        self.code = code
        self.correlation_id = correlation_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        details = {
            "status": self.status,
            "code": self.code,
            "correlation id": self.correlation_id,
        }
        known = ", ".join(f"{name} {value}" for name, value in details.items() if value)
        text = f"{self.call}: {self.message}" if self.call else self.message
        text += f"; {self.hint}" if self.hint else ""
        return f"{text} ({known})" if known else text


class UpstreamTimeout(UpstreamError):
    """No whole answer arrived within ``LEAN_TIMEOUT`` seconds, retries included."""


class UpstreamRejected(UpstreamError):
    """Lean answered with an error status."""


class UpstreamInvalid(UpstreamError):
    """Lean's response is too large, cut short, not JSON, or not of the documented shape."""
