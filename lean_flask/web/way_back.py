"""Where a customer goes on: the host's ``return_url`` with the outcome, as a hint, in its query."""

from __future__ import annotations

from flask import request

from ..flows.flow import Flow
from ..flows.urls import with_query
from ..services import Services


def way_back(
    flow: Flow, status: str, correlation_id: str | None = None, reason: str | None = None
) -> str | None:
    """Return the flow's ``return_url`` with the outcome; ``None`` where it has none.

    :param status: of the SDK; comes back as ``lean_status``.
    :param reason: why there is no other outcome, such as ``expired``.
    """
    if flow.return_url is None:
        return None
    return with_query(
        flow.return_url,
        lean_status=status,
        lean_flow=flow.id,
        lean_correlation_id=correlation_id,
        lean_reason=reason,
    )


def home_url(services: Services) -> str:
    """Return where a page leads that knows no flow: ``LEAN_HOME_URL``, else the app's root."""
    return services.settings.home_url or f"{request.root_path.rstrip('/')}/"
