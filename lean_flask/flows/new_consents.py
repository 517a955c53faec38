"""Functions of the host that make consents: ``@lean.new_consent``.

After an attempt that failed Lean takes the same consent for no other one. So a flow can name a
function instead of a consent. A flow is text in a URL: it holds the function's name, under which
each worker process has registered it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from ..common.callables import full_name_of, require_function
from ..errors import FlowError, UpstreamError
from ..upstream.consents import Consent
from .flow import Flow
from .flow_state import FlowState

#: Takes the flow; returns the consent for it, or the consent's id.
NewConsent: TypeAlias = Callable[[Flow], Consent | UUID | str]
Function = TypeVar("Function", bound=Callable[..., Any])

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class NewConsentFailed(FlowError):
    """The host's function made no consent. The text names it, and holds nothing of the customer."""

    def __init__(self, message: str) -> None:
        super().__init__(message, reason="upstream")


class NewConsents:
    """The functions of one blueprint that make consents, by their full name."""

    def __init__(self) -> None:
        self._functions: dict[str, NewConsent] = {}

    def register(self, function: Function) -> Function:
        """Register *function*; one of the same name takes its place.

        :raises TypeError: for what cannot be called with a flow, and answer at once.
        """
        require_function(function, "new_consent")
        self._functions[full_name_of(function)] = function
        return function

    def require(self, function: Callable[..., Any]) -> None:
        """Refuse a *function* that other worker processes would not find by its name.

        :raises FlowError: naming the decorator.
        """
        name = full_name_of(function)
        if self._functions.get(name) is not function:
            words = (
                f"consent_id got the function {name}, which is not registered; write "
                "@lean.new_consent above it, so that each worker process finds it"
            )
            raise FlowError(f"authorizeConsent: {words}", {"consent_id": words})

    def make(self, name: str, flow: Flow) -> str:
        """Return the id of a new consent for *flow*, by the function named *name*.

        :raises NewConsentFailed: when there is none, it raises, or returns anything else.
        :raises UpstreamError: as the function raises it.
        """
        function = self._functions.get(name)
        if function is None:
            raise NewConsentFailed(f"{name} is not registered in this process: @lean.new_consent")
        try:
            made = function(flow)
        except UpstreamError:
            raise
        except Exception as error:
            raise NewConsentFailed(f"{name} raised {type(error).__name__}") from error
        consent_id = str(made.id if isinstance(made, Consent) else made)
        if not _UUID.fullmatch(consent_id):
            raise NewConsentFailed(f"{name} returned a {type(made).__name__} that names no consent")
        return consent_id


def needs_new_consent(flow: Flow, state: FlowState) -> bool:
    """Return whether *flow* is over, since its one consent is spent and it can make no other."""
    return state.has_spent_consent and flow.new_consent is None
