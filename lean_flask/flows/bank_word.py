"""What an event of Lean says of a flow: the words of each status, and which of them decides.

Sources: lean docs, "LinkSDK statuses" and "webhook library" (payments); "Account on File" and
"consent management" (consents). Lean's lists are open: a word that is not here decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from ..common.text import sanitize_text

#: ``pending``: the bank has it, and has not decided.
Verdict = Literal["confirmed", "failed", "pending"]
#: What the event is about.
Subject = Literal["payment", "intent", "entity", "payment_source", "consent"]

#: ``status`` of ``payment.*``. ``UNKNOWN`` is not here: the money may have moved.
PAYMENT_STATUSES: Mapping[str, Verdict] = {
    "ACCEPTED_BY_BANK": "confirmed",
    "PENDING_WITH_BANK": "pending",
    "FAILED": "failed",
    "REJECTED_BY_BANK": "failed",
    "CONSENT_EXPIRED": "failed",
}
#: ``status`` of ``payment_source.created``. Either way the account is linked.
PAYMENT_SOURCE_STATUSES: Mapping[str, Verdict] = {
    "ACTIVE": "confirmed",
    "AWAITING_BENEFICIARY_COOL_OFF": "confirmed",
}
#: ``status`` of ``consent.status.updated``. ``REVOKED``, ``SUSPENDED`` and ``CONSUMED`` come after
#: a flow that went well, and change nothing of it.
CONSENT_STATUSES: Mapping[str, Verdict] = {
    "AUTHORISED": "confirmed",
    "AWAITING_AUTHORISATION": "pending",
    "REJECTED": "failed",
    "EXPIRED": "failed",
}
#: ``consents[].consent_status`` of an entity whose consent still holds.
LIVE_ENTITY_STATUSES = frozenset({"ACTIVE", "AUTHORISED"})

_RANKS: Mapping[str, int] = {"pending": 0, "failed": 1, "confirmed": 2}
MAX_WORDS = 20
_MAX_TEXT = 100  # characters


@dataclass(frozen=True, slots=True)
class BankWord:
    """What one event says.

    :param about: kind of the thing that *id* names.
    :param id: of the payment, the intent, the entity, the payment source or the consent; empty
        where the event does not name it.
    :param at: when Lean made the event, in nanoseconds since the epoch; 0 if that is unknown.
    :param received_at: seconds since the epoch.
    :param bank: identifier, where the event names one.
    :param reference: the bank's own of a payment.
    :param amount: of a payment, as Lean wrote it.
    :param currency: of *amount*.
    """

    about: Subject
    id: str
    verdict: Verdict
    at: int
    received_at: float
    bank: str | None = None
    reference: str | None = None
    amount: str | None = None
    currency: str | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Return what orders words: by time, and one that decides after one that does not."""
        return self.at, _RANKS[self.verdict]


_NAMES = [field.name for field in fields(BankWord)]


def short_text(value: Any) -> str | None:
    """Return *value*, of an event, as one short line; ``None`` for anything else."""
    if not isinstance(value, str):
        return None
    text = sanitize_text(value)
    return text if 0 < len(text) <= _MAX_TEXT else None


def with_word(known: Iterable[BankWord], word: BankWord) -> list[BankWord]:
    """Return *known* with *word*, in their order; the same where it says nothing new.

    Of one payment, intent, source or consent only the latest word counts. Each event of an entity
    counts by itself: the first may be of one flow, and the second of another.
    """
    words = list(known)
    same = [
        other
        for other in words
        if (other.about, other.id) == (word.about, word.id)
        and (word.about != "entity" or other.at == word.at)
    ]
    if any(other.order >= word.order for other in same):
        return words
    merged = sorted([other for other in words if other not in same] + [word], key=_sort_key)
    return _without_oldest(merged)


def _without_oldest(words: list[BankWord]) -> list[BankWord]:
    """Return *words* within the limit. A confirmed payment stays, whatever fails after it."""
    while len(words) > MAX_WORDS:
        keeps = [word for word in words if word.about == "payment" and word.verdict == "confirmed"]
        words.remove(next((word for word in words if word not in keeps), words[0]))
    return words


def _sort_key(word: BankWord) -> tuple[int, int, str]:
    return *word.order, word.id


def deciding_word(words: Iterable[BankWord], launched_at: float) -> BankWord | None:
    """Return which of the *words* about one intent or consent counts for a flow of it.

    Money that has moved has moved, so a confirmed payment beats the failure of another one. A
    failure before the last launch was that of an earlier attempt.

    :param launched_at: when the flow was launched last, in seconds since the epoch.
    """
    ordered = sorted(words, key=_sort_key)
    confirmed = [word for word in ordered if word.verdict == "confirmed"]
    if confirmed:
        return confirmed[-1]
    latest = ordered[-1] if ordered else None
    return latest if latest and latest.at >= launched_at * 1e9 else None


def dump_word(word: BankWord) -> dict[str, Any]:
    """Return *word* as JSON types."""
    known = {name: getattr(word, name) for name in _NAMES}
    return {name: value for name, value in known.items() if value is not None}


def load_words(content: Any) -> list[BankWord]:
    """Return the words in *content*; none where another process wrote nonsense."""
    try:
        return [BankWord(**item) for item in content]
    except (TypeError, ValueError):
        return []
