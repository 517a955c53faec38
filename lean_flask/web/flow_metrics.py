"""Counts of flows: their steps, and the requests that are refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import has_request_context, request

from ..common.metric_table import FLOW_STEPS, FLOWS_REFUSED
from ..errors import BankUnavailable, FlowError, UpstreamError
from ..flows.flow import Flow
from ..services import Services

#: The statuses of the SDK that are counted by name; the set is open, and a browser sends them.
SDK_STATUSES = frozenset({"SUCCESS", "CANCELLED", "ERROR", "REDIRECT"})
#: Why a flow does not go on; why a choice is refused; what is wrong with the request itself.
REASONS = frozenset(
    {
        *("expired", "completed", "new_consent_needed", "invalid_flow", "upstream"),
        *("signed_out", "other_user", "identify_failed"),
        *("unknown", "unavailable", "limit", "account", "entity", "source"),
        *("arguments", "body", "content_type", "cross_site"),
    }
)
OTHER = "other"


def count_step(services: Services, flow: Flow, step: str, status: str = "ok") -> None:
    """Count a step of *flow*: ``created``, ``shown``, ``launched``, ``returned``, ``closed``."""
    services.metrics.count(FLOW_STEPS, flow.method, step, status)


def count_closed(services: Services, flow: Flow, sdk_status: str) -> None:
    """Count what the SDK said when it closed."""
    count_step(services, flow, "closed", sdk_status if sdk_status in SDK_STATUSES else OTHER)


def count_refusal(services: Services, reason: str) -> None:
    """Count a request that a flow does not get on with."""
    known = reason if reason in REASONS else OTHER
    services.metrics.count(FLOWS_REFUSED, _route(services), known)


@contextmanager
def counting_refusals(services: Services) -> Iterator[None]:
    """Count the error that ends the block, by its reason."""
    try:
        yield
    except (BankUnavailable, FlowError) as error:
        count_refusal(services, error.reason)
        raise
    except UpstreamError:
        count_refusal(services, "upstream")
        raise


def _route(services: Services) -> str:
    """Return the name of our route that is called, or ``host``: a view or a script of the host."""
    endpoint = (has_request_context() and request.endpoint) or ""
    name = endpoint.removeprefix(f"{services.name}.")
    return name if name != endpoint and "." not in name else "host"
