"""Ask the SDK what became of a flow at the bank: after a landing. For the route and for Python."""

from __future__ import annotations

from collections.abc import Mapping

from ..common.logs import get_logger, log_fields
from ..common.types import Platform
from ..errors import UpstreamError
from ..flows.flow import Flow
from ..flows.flow_state import FlowState
from ..flows.launch import Launch
from ..flows.native import for_platform
from ..flows.sdk_config import redirect_config
from ..services import Services
from .browser_session import is_launched
from .language import PageLanguage
from .launching import access_token

log = get_logger(__name__)


def capture_redirect(
    services: Services,
    flow: Flow,
    state: FlowState,
    landed_with: Mapping[str, str],
    language: PageLanguage,
    platform: Platform = "web",
) -> Launch | None:
    """Return the call of ``captureRedirect`` for a landing of *flow*.

    ``None`` without a customer or a token, for a flow that was not launched or has ended, and for a
    second landing with other parameters: somebody else may have written the link.

    :param landed_with: of the landing's query, as ``LandingSchema`` loads it.
    """
    if flow.customer_id is None or not was_launched(flow, state):
        return None
    if not services.flow_states.claim_landing(flow.id, landed_with):
        log.warning(
            "Refused a landing of flow %s: it has ended, or landed already",
            flow.id,
            extra=log_fields(flow=flow.id, method=flow.method),
        )
        return None
    try:
        token = access_token(services, flow)
    except UpstreamError as error:
        log.warning(
            "Lean request failed during a flow: %s",
            error,
            extra=log_fields(error, flow=flow.id, method=flow.method),
        )
        return None
    known = {"consent_id": state.consent_id, **landed_with}
    config = redirect_config(services.settings, flow, language.lean, token, known)
    return for_platform(
        Launch("captureRedirect", config), platform, services.settings, language.lean
    )


def was_launched(flow: Flow, state: FlowState) -> bool:
    """Return whether somebody sent the customer to a bank. The store may have lost its data."""
    return bool(state.launches) or (flow.bound_to is None and is_launched(flow.token))
