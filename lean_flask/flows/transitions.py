"""How the state of a flow changes by what its page does: a launch, a report, a landing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .callback import CallbackData
from .flow import Flow
from .flow_groups import digest
from .flow_state import FlowState
from .joining import joins_of

MAX_EARLIER_BANKS = 5
MAX_FORMER_JOINS = 5


def after_launch(
    state: FlowState, flow: Flow, config: Mapping[str, Any], bank: str | None, now: float
) -> FlowState:
    """Return *state* after *config* was handed out.

    :param bank: identifier of the bank that it opens.
    :param now: seconds since the epoch.
    """
    known = _known_by(state, flow, config, now)
    launched: dict[str, Any] = {
        "launches": state.launches + 1,
        "launched_at": now,
        "bank_identifier": bank,
        "reported_bank": None,
        "earlier_banks": _earlier_banks(state, bank),
        "sdk_status": None,
        "correlation_id": None,
        "landing": None,
        "updated_at": now,
    }
    return replace(state, **known | launched)


def after_report(state: FlowState, flow: Flow, data: CallbackData, now: float) -> FlowState:
    """Return *state* after the page reported *data*; the same for a repeat, or after the end.

    :param now: seconds since the epoch.
    """
    report = digest([state.launches, data.status, data.secondary_status, data.lean_correlation_id])
    if state.has_succeeded or state.reported == report:
        return state
    if not state.joins:  # the store has lost the launch
        state = replace(state, **_known_by(state, flow, flow.config, now))
    return replace(
        state,
        sdk_status=data.status,
        reported=report,
        reported_bank=data.bank_identifier or state.reported_bank,
        correlation_id=data.lean_correlation_id or state.correlation_id,
        failed_consent_id=state.consent_id if data.status == "ERROR" else state.failed_consent_id,
        # Nobody had come back before they left: such a landing was somebody else's link.
        landing=None if data.status == "REDIRECT" else state.landing,
    )


def after_landing(state: FlowState, landing: str) -> FlowState | None:
    """Return *state* after a landing; ``None`` where the SDK must not be given its parameters.

    :param landing: names the parameters.
    """
    has_ended = state.has_succeeded or state.sdk_status not in {None, "REDIRECT"}
    is_again = state.landing == landing and not state.has_succeeded
    may_use = is_again or (state.landing is None and not has_ended)
    return replace(state, landing=landing) if may_use else None


def _known_by(
    state: FlowState, flow: Flow, config: Mapping[str, Any], now: float
) -> dict[str, Any]:
    """Return what events find the flow by, launched with *config*, as fields of the state."""
    joins = joins_of(flow.method, config)
    former = dict.fromkeys((*state.former_joins, *state.joins))
    is_source = flow.traits.creates_source or config.get("permissions") == ["payments"]
    return {
        "method": flow.method,
        "first_launched_at": state.first_launched_at or now,
        "launched_at": state.launched_at or now,
        "joins": joins,
        "former_joins": tuple(key for key in former if key not in joins)[-MAX_FORMER_JOINS:],
        "is_for_payments_only": is_source,
        "consent_id": _consent_id(config, state) if flow.traits.spends_consent else None,
    }


def _consent_id(config: Mapping[str, Any], state: FlowState) -> str | None:
    given = config.get("consent_id") or state.consent_id
    return str(given) if given else None


def _earlier_banks(state: FlowState, next_bank: str | None) -> tuple[str, ...]:
    """Return the banks of former launches and reports that the next launch does not name."""
    known = [*state.earlier_banks, state.bank_identifier, state.reported_bank]
    banks = dict.fromkeys(bank for bank in known if bank and bank != next_bank)
    return tuple(banks)[-MAX_EARLIER_BANKS:]
