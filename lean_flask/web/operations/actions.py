"""What an operator can do from the page, and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, cast

from ...banks.catalog import UnknownBank
from ...banks.overrides import overrides_on
from ...banks.stores.base import StoreError
from ...common.logs import get_logger
from ...common.types import PURPOSES, Purpose
from ...common.validators import IDENTIFIER
from ...errors import UpstreamError
from ...services import Services
from .bank_form import ForgedForm, load_form, wrong_form
from .report import MAX_SHOWN

log = get_logger(__name__)

MAX_ERROR = 300  # characters; it is kept in the session's cookie until the next page
MAX_SHOWN_IDENTIFIER = 64  # characters


class Result(NamedTuple):
    """What came of an action, for the next page.

    :param code: which sentence says it, see ``templates/lean_flask/_operations_result.html``.
    :param values: of its placeholders.
    """

    code: str
    is_good: bool
    values: dict[str, Any]


def good(code: str, **values: Any) -> Result:
    """Return the result of what worked."""
    return Result(code, True, values)


def bad(code: str, **values: Any) -> Result:
    """Return the result of what did not work."""
    return Result(code, False, values)


def result_of(kept: Any) -> Result | None:
    """Return what the session kept as a result; anything else is none."""
    if not isinstance(kept, list) or len(kept) != len(Result._fields):
        return None
    result = Result(*kept)
    return result if isinstance(result.code, str) and isinstance(result.values, dict) else None


def do(services: Services, form: Mapping[str, str], operator: str) -> Result:
    """Do what *form* asks for.

    :raises WrongForm: when it cannot be used as it is filled in.
    :raises ForgedForm: when it asks for what the page does not offer.
    """
    action = _ACTIONS.get(form.get("do", ""))
    if action is None:
        raise ForgedForm
    return action(services, form, operator)


def _refresh(services: Services, form: Mapping[str, str], operator: str) -> Result:
    """Fetch the lists now, whatever their age."""
    accept_loss = form.get("accept_loss") == "yes"
    log.info("Refreshing the bank lists for %s%s", operator, ", whatever they lose" * accept_loss)
    try:
        services.catalog.refresh(accept_loss=accept_loss)
    except UpstreamError as error:
        return bad("refresh_failed", error=str(error)[:MAX_ERROR])
    count = sum(len(status.banks) for status in services.catalog.health().values())
    return good("refreshed", count=count)


def _retry(services: Services, form: Mapping[str, str], operator: str) -> Result:
    """Deliver one event again."""
    return _deliver(services, [form.get("event", "")], operator)


def _retry_dead(services: Services, _: Mapping[str, str], operator: str) -> Result:
    """Deliver the events again that were given up: all, or those that the page shows."""
    events = services.events
    try:
        if events.delivery == "inline":
            shown = [event.id for event in events.inbox.list("dead", MAX_SHOWN)]
            return _deliver(services, shown[::-1], operator)  # in the order of their arrival
        count = events.inbox.retry_dead(services.wall_clock())
    except StoreError as error:
        return bad("store_failed", error=str(error)[:MAX_ERROR])
    log.info("Put %d dead webhooks back for %s", count, operator)
    events.workers.wake()
    return good("retried", count=count)


def _deliver(services: Services, event_ids: list[str], operator: str) -> Result:
    """Put events back, and deliver them in this request where that is inline."""
    taken = []
    for event_id in event_ids:
        try:
            taken.append(services.events.deliver_again(event_id))
        except StoreError as error:
            return bad("store_failed", error=str(error)[:MAX_ERROR])
        if taken[-1] is not None:
            log.info("Put the webhook %.200a back for %s", event_id, operator)
    known = [outcome for outcome in taken if outcome is not None]
    if not known:
        return bad("retry_unknown")
    if failed := sum(outcome in {"failed", "held"} for outcome in known):
        return bad("failed_again", count=failed)
    return good("delivered" if "done" in known else "retried", count=len(known))


def _set_bank(services: Services, form: Mapping[str, str], operator: str) -> Result:
    """Set a bank by hand."""
    asked = load_form(form, services.wall_clock())
    try:
        override = services.catalog.override(**asked, by=operator)
    except UnknownBank:
        raise wrong_form(form, "bank") from None
    return good("set", bank=override.identifier, reach=_reach(services))


def _clear_bank(services: Services, form: Mapping[str, str], operator: str) -> Result:
    """Let what Lean says of a bank count again, unless a colleague has set it since."""
    bank, given = form.get("bank", ""), form.get("purpose")
    if not IDENTIFIER.fullmatch(bank) or given not in {"", *PURPOSES}:
        return bad("not_set", bank=bank[:MAX_SHOWN_IDENTIFIER])
    purpose = cast(Purpose, given) or None
    purposes = (purpose,) if purpose else PURPOSES
    known = overrides_on(bank, purposes, services.catalog.overrides())
    if any(override.since.isoformat() != form.get("since") for override in known):
        return bad("set_since", bank=bank)
    cleared = services.catalog.clear_override(bank, purpose, by=operator)
    if not cleared:
        return bad("not_set", bank=bank)
    return good("cleared", bank=bank, reach=_reach(services))


def _reach(services: Services) -> Literal["all", "failed", "memory"]:
    """Return which processes know what this one has just set. Another may show the next page."""
    if not services.store.is_shared:
        return "memory"
    return "all" if services.store.failure is None else "failed"


_Action = Callable[[Services, Mapping[str, str], str], Result]
_ACTIONS: Mapping[str, _Action] = {
    "refresh": _refresh,
    "retry": _retry,
    "retry_dead": _retry_dead,
    "set": _set_bank,
    "clear": _clear_bank,
}
