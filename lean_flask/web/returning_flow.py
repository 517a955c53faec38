"""Which flow a landing page is about. What its URL says is a claim of whoever wrote the link."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from ..common.types import Language
from ..errors import FlowError
from ..flows.flow import Flow
from ..flows.flow_state import FlowState
from ..services import Services
from .browser_session import browser_names, launched
from .flow_access import find_flow

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LaunchedFlow:
    """A flow that was launched in this browser, and what is known of it.

    :param flow: ``None`` where the session had no room for its token.
    """

    state: FlowState
    flow: Flow | None = None
    language: Language | None = None

    @property
    def may_return(self) -> bool:
        """Return whether it has not ended. A store that lost its data knows of no launch."""
        return self.state.is_under_way or not self.state.launches


def returning_flow(
    services: Services, bank_identifier: str | None
) -> tuple[LaunchedFlow | None, bool]:
    """Return the flow that came back from the bank, and whether several might have.

    Of several that are under way, only the bank in the URL can tell: a guess might close another
    payment. Where all have ended it is the one launched last, for a page that is loaded again.

    :param bank_identifier: in the URL.
    """
    flows = _launched_flows(services)
    returning = [flow for flow in flows if flow.may_return] + _without_token(services, flows)
    long_ago = services.wall_clock() - services.settings.flow_max_age
    returning = _without_abandoned(returning, long_ago)
    if not returning:
        return next(iter(flows), None), False
    if len(returning) > 1 and bank_identifier:
        at_bank = [flow for flow in returning if flow.state.bank_identifier == bank_identifier]
        returning = at_bank or returning
    if len(returning) > 1 or returning[0].flow is None:
        log.info("No telling which flow of this browser came back: the landing ends none")
        return None, True
    return returning[0], False


def _launched_flows(services: Services) -> list[LaunchedFlow]:
    """Return what this browser launched and may still end, the latest first."""
    found = []
    for token, language in launched():
        try:
            flow = find_flow(token, may_have_ended=True)
        except FlowError:
            continue
        found.append(LaunchedFlow(services.flow_states.get(flow.id), flow, language))
    return found


def _without_token(services: Services, flows: Sequence[LaunchedFlow]) -> list[LaunchedFlow]:
    """Return the flows under way whose token the session has no room for."""
    opened = {known.flow.id for known in flows if known.flow}
    others = set(services.flow_states.launched_in(browser_names())) - opened
    states = map(services.flow_states.get, others)
    return [LaunchedFlow(state) for state in states if state.is_under_way]


def _without_abandoned(flows: list[LaunchedFlow], long_ago: float) -> list[LaunchedFlow]:
    """Leave out what was launched long ago and never went to a bank, if another one did.

    A customer may still be at the bank when the bank's word is here.
    """
    at_bank = [flow.state.sdk_status == "REDIRECT" for flow in flows]
    if not any(at_bank):
        return flows
    return [
        flow
        for flow, is_at_bank in zip(flows, at_bank, strict=True)
        if is_at_bank or (flow.state.updated_at or 0) > long_ago
    ]
