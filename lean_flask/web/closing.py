"""Close a flow: what the SDK said is told to the host, once. For the route and for Python."""

from __future__ import annotations

from .. import signals
from ..common.logs import get_logger, log_fields
from ..flows.callback import CallbackData
from ..flows.flow import Flow
from ..services import Services, tell_outcomes
from .flow_metrics import count_closed

log = get_logger(__name__)


def close_flow(services: Services, flow: Flow, data: CallbackData) -> None:
    """Note what the SDK reported, and tell the host where that is news; a repeat is none."""
    if not services.flow_states.record_report(flow, data):
        return
    count_closed(services, flow, data.status)
    log.info(
        "Flow %s closed: %s %s (correlation id %s)",
        flow.id,
        data.status,
        data.secondary_status or "",
        data.lean_correlation_id,
        extra=log_fields(
            flow=flow.id,
            method=flow.method,
            bank=data.bank_identifier,
            status=data.status,
            reason=data.secondary_status,
            correlation_id=data.lean_correlation_id,
        ),
    )
    if flow.customer_id:
        services.linked_banks.forget(flow.customer_id)
    signals.send(signals.flow_closed, flow=flow, data=data)
    tell_outcomes(services.flow_states.news_of_report(flow.id))
