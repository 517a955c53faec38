"""Where a customer goes on: the host's ``return_url`` with the outcome, as a hint, in its query."""

from __future__ import annotations

from flask import request

from ..flows.flow import Flow
from ..flows.flow_state import FlowState
from ..flows.urls import with_query
from ..services import Services


def way_back(
    flow: Flow,
    status: str,
    correlation_id: str | None = None,
    reason: str | None = None,
    state: FlowState | None = None,
) -> str | None:
    """Return the flow's ``return_url`` with the outcome; ``None`` where it has none.

    :param status: of the SDK; comes back as ``lean_status``.
    :param reason: why there is no other outcome, such as ``expired``.
    :param state: once it holds a report, or the bank's word, ``lean_confirmed`` says whether the
        bank has confirmed. Where it has refused, that is ``false`` as well. Where closing is a
        normal end there is nothing to confirm.
    """
    if flow.return_url is None:
        return None
    return with_query(
        flow.return_url,
        lean_status=status,
        lean_flow=flow.id,
        lean_correlation_id=correlation_id,
        lean_reason=reason,
        lean_confirmed=_confirmed(state) if state else None,
    )


def way_back_of(flow: Flow, state: FlowState) -> str | None:
    """Return the way back with the outcome in *state*; ``None`` while there is none.

    ``lean_status`` is the SDK's word. Where only the bank has spoken it is what the SDK would say.
    """
    known = {"confirmed": "SUCCESS", "failed": "ERROR"}.get(state.status)
    status = state.sdk_status or known
    return way_back(flow, status, state.correlation_id, state=state) if status else None


def _confirmed(state: FlowState) -> str | None:
    if state.traits.is_done_when_closed or (state.sdk_status is None and not state.is_decided):
        return None
    return "true" if state.is_confirmed else "false"


def home_url(services: Services) -> str:
    """Return where a page leads that knows no flow: ``LEAN_HOME_URL``, else the app's root."""
    return services.settings.home_url or f"{request.root_path.rstrip('/')}/"
