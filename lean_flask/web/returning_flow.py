"""Which flow a landing page is about. What its URL says is a claim of whoever wrote the link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from ..common.logs import get_logger
from ..errors import FlowError
from ..flows.flow import Flow
from ..flows.flow_state import FlowState
from ..flows.flow_states import MAX_TIME_TO_END
from ..flows.identity import IdentifyFailed
from ..services import Services
from .browser_session import browser_names, launched
from .flow_access import find_flow
from .identified_user import identified_user

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LaunchedFlow:
    """A flow that was launched in this browser or by this user, and what is known of it.

    :param flow: ``None`` where the session had no room for its token.
    """

    state: FlowState
    flow: Flow | None = None
    language: str | None = None

    @property
    def may_return(self) -> bool:
        """Return whether it has not ended. A store that lost its data knows of no launch."""
        return self.state.is_under_way or not self.state.launches


def returning_flow(
    services: Services, bank_identifier: str | None
) -> tuple[LaunchedFlow | None, bool]:
    """Return the flow that came back from the bank, and whether several might have.

    A flow of a browser session is found in the session, and one of a user by whose request it is:
    the bank may have opened another browser, or a phone. Of several that are under way, only the
    bank in the URL can tell: a guess might close another payment. Where all have ended it is the
    one launched last, for a page that is loaded again.

    :param bank_identifier: in the URL.
    :raises HTTPException: as the host's ``@lean.identify`` aborts, where the session has no flow
        that the landing may be of.
    """
    flows = _opened(services, launched())
    returning = [flow for flow in flows if flow.may_return] + _without_token(services, flows)
    is_known = returning or any(
        bank_identifier in {None, ended.state.bank_identifier} for ended in flows
    )
    user = _user(services, may_abort=not is_known)
    if user is not None:
        of_user = _opened(services, services.flow_states.launched_by(user), user)
        flows = of_user + flows
        returning += [flow for flow in of_user if flow.may_return]
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


def _opened(
    services: Services, launches: Iterable[tuple[str, str]], user: str | None = None
) -> list[LaunchedFlow]:
    """Return the flows of these tokens that may still end, in the same order.

    :param user: whose they have to be; by default this browser session's.
    """
    found = []
    # The token of a flow with an age of its own may be valid for much longer.
    too_long_ago = services.wall_clock() - services.settings.flow_max_age - MAX_TIME_TO_END
    for token, language in launches:
        try:
            flow = find_flow(token, may_have_ended=True, services=services, user=user)
        except FlowError:
            continue
        state = services.flow_states.get(flow.id)
        if (state.launched_at or too_long_ago) >= too_long_ago:
            found.append(LaunchedFlow(state, flow, language))
    return found


def _user(services: Services, *, may_abort: bool) -> str | None:
    """Return whose request this is; ``None`` where the host does not say.

    :param may_abort: whether the customer may be led away, to sign in.
    """
    if not services.host.identity.is_registered:
        return None
    try:
        return identified_user(services)
    except IdentifyFailed as error:
        log.exception("Cannot tell whose request %s is: %s", request.endpoint, error)
    except HTTPException:
        if may_abort:
            raise
    return None


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
