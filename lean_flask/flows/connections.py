"""Which connect of a customer an entity, or a payment source, belongs to.

Lean's event names the customer and the bank, and no flow. So the flows of one customer share what
is heard of them, and each flow gets the word that fits it best. The result depends on what is
known, and not on the order in which it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .bank_word import BankWord
from .flow_state import FlowState

#: Seconds after a launch in which a customer may still link the bank.
MAX_TIME_TO_LINK = 86_400.0
#: Seconds that Lean's clock and ours may differ.
CLOCK_ERROR = 60.0


def words_of_connects(
    states: Mapping[str, FlowState], words: Iterable[BankWord]
) -> dict[str, BankWord]:
    """Return the word of each flow that has one; a word belongs to one flow at most.

    :param states: of the customer's flows by id, in the order of their launch.
    :param words: of the customer, in the order of time.
    """
    words = list(words)
    payments_only = {name: state for name, state in states.items() if state.is_for_payments_only}
    sources = _assign(payments_only, [word for word in words if word.about == "payment_source"])
    connects = {name: state for name, state in states.items() if not state.traits.creates_source}
    return sources | _assign(connects, [word for word in words if word.about == "entity"])


def _assign(states: Mapping[str, FlowState], words: Sequence[BankWord]) -> dict[str, BankWord]:
    found: dict[str, BankWord] = {}
    for word in words:
        free = [
            (name, state)
            for name, state in states.items()
            if name not in found and is_within_reach(state, word)
        ]
        chosen = _best_of(free, word)
        if chosen:
            found[chosen] = word
    return found


def is_within_reach(state: FlowState, word: BankWord) -> bool:
    """Return whether the flow was under way when Lean made the event, as far as that is known."""
    if state.first_launched_at is None or state.launched_at is None:
        return False
    if not word.at:
        return True
    first, last = state.first_launched_at - CLOCK_ERROR, state.launched_at + MAX_TIME_TO_LINK
    return first <= word.at / 1e9 <= last


def _best_of(flows: Sequence[tuple[str, FlowState]], word: BankWord) -> str | None:
    """Return the id of the flow that the word is of.

    Of several at one bank it is the first whose page said ``SUCCESS``: the SDK has seen it. Where
    none did it is the one launched last: that window was in front. Where the SDK asks for the bank,
    nothing tells several apart before such a report.
    """
    at_bank = [(name, state) for name, state in flows if _is_at_bank(state, word.bank)]
    candidates = at_bank or [
        (name, state) for name, state in flows if word.bank is None or _is_at_unknown_bank(state)
    ]
    succeeded = [name for name, state in candidates if state.has_succeeded]
    if succeeded:
        return succeeded[0]
    if not at_bank and len(candidates) > 1:
        return None
    last = max(candidates, key=lambda flow: flow[1].launched_at or 0, default=None)
    return last[0] if last else None


def _is_at_bank(state: FlowState, bank: str | None) -> bool:
    return bank is not None and bank in {
        state.bank_identifier,
        state.reported_bank,
        *state.earlier_banks,
    }


def _is_at_unknown_bank(state: FlowState) -> bool:
    return state.bank_identifier is None and state.reported_bank is None
