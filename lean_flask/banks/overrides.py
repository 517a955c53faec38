"""A bank by hand: what an operator says of a bank, laid over what Lean says of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from ..common.text import sanitize_text
from ..common.types import LANGUAGES, PURPOSES, Language, Purpose
from ..common.validators import IDENTIFIER
from .bank import Availability, Bank, Notice, PurposeFlags

Action = Literal["unavailable", "hide"]

ACTIONS: tuple[Action, ...] = ("unavailable", "hide")
MAX_MESSAGE = 200  # characters; it stands in a row of the list
MAX_WHY = 500  # characters
MAX_BY = 200  # characters
#: The latest end: a later one cannot be stored. So "for ever" is as good as no end.
LATEST_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Override:
    """What an operator says of one bank.

    :param action: ``unavailable``: shown, and cannot be chosen. ``hide``: not shown.
    :param purpose: what the bank does not do; ``None`` is all of it.
    :param until: when it ends by itself, in UTC; ``None`` is when it is cleared.
    :param message: for customers, in no language or in both.
    :param by: who did it.
    :param why: for colleagues. Customers do not see it.
    :param since: when it was done, in UTC.
    """

    identifier: str
    action: Action
    purpose: Purpose | None
    until: datetime | None
    message: Mapping[Language, str] = field(hash=False)
    by: str
    why: str
    since: datetime

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the bank does not do."""
        return (self.purpose,) if self.purpose else PURPOSES

    @property
    def ends(self) -> float:
        """When it ends by itself, in seconds since the epoch; infinity without ``until``."""
        return self.until.timestamp() if self.until else math.inf


def new_override(
    identifier: str,
    action: Action,
    *,
    purpose: Purpose | None,
    until: datetime | None,
    message: str | Mapping[Language, str] | None,
    by: str,
    why: str,
    now: float,
) -> Override:
    """Return an override that begins *now*, seconds since the epoch.

    :param until: with a zone, and later than *now*.
    :param message: the same text for both languages, or a text for each; where one is missing, the
        other one is shown in its place.
    :raises ValueError: naming each argument that cannot be used.
    """
    began = datetime.fromtimestamp(now, UTC)
    problems = [
        *_problems_of_target(identifier, purpose),
        *_problem_of("action", action, ACTIONS, "clear"),
        *_problem_of_until(until, began),
        *_problem_of_message(message, action),
        *_problem_of_text("by", by, MAX_BY),
        *_problem_of_text("why", why, MAX_WHY),
    ]
    if problems:
        raise ValueError("; ".join(problems))
    texts = dict.fromkeys(LANGUAGES, message) if isinstance(message, str) else message
    return Override(
        identifier,
        action,
        purpose,
        min(until.astimezone(UTC), LATEST_END) if until else None,
        in_both_languages(texts or {}),
        sanitize_text(by),
        sanitize_text(why),
        began,
    )


def in_both_languages(texts: Mapping[Any, Any]) -> dict[Language, str]:
    """Return a text for each language, the other one's where it has none; empty without any."""
    cleaned = {language: sanitize_text(texts.get(language) or "") for language in LANGUAGES}
    some = next(filter(None, cleaned.values()), "")
    return {language: text or some for language, text in cleaned.items()} if some else {}


def apply_overrides(banks: tuple[Bank, ...], overrides: Iterable[Override]) -> tuple[Bank, ...]:
    """Return *banks* with *overrides* laid over them."""
    laid: dict[str, list[Override]] = {}
    for override in overrides:
        laid.setdefault(override.identifier, []).append(override)
    if not laid:
        return banks
    return tuple(
        _overridden(bank, laid[bank.identifier]) if bank.identifier in laid else bank
        for bank in banks
    )


def unlisted_bank(identifier: str, overrides: Iterable[Override]) -> Bank:
    """Return a bank that no list tells of: it works, unless one of *overrides* says otherwise."""
    on = PurposeFlags(data=True, payments=True)
    bank = Bank(identifier, identifier, availability=Availability(on, on))
    return apply_overrides((bank,), overrides)[0]


def overrides_on(
    identifier: str, purposes: Iterable[Purpose], overrides: Iterable[Override]
) -> tuple[Override, ...]:
    """Return those of *overrides* that take one of *purposes* from a bank."""
    wanted = set(purposes)
    return tuple(
        override
        for override in overrides
        if override.identifier == identifier and wanted.intersection(override.purposes)
    )


def described(override: Override) -> str:
    """Return *override* in one line, for logs."""
    words = [
        f"{override.identifier} {override.action}",
        f"for {override.purpose}" if override.purpose else "",
        f"until {override.until:%Y-%m-%dT%H:%M:%SZ}" if override.until else "",
        f"by {override.by or 'nobody named'}",
        f"({override.why})" if override.why else "",
    ]
    return " ".join(filter(None, words))


def _overridden(bank: Bank, overrides: Iterable[Override]) -> Bank:
    active, enabled = bank.availability.active, bank.availability.enabled
    notices: dict[Purpose, Notice] = {}
    hidden: set[Purpose] = set()
    for override in overrides:
        if override.action == "hide":
            enabled = _without(enabled, override.purposes)
            hidden.update(override.purposes)
            continue
        active = _without(active, override.purposes)
        if override.message:
            notices |= dict.fromkeys(
                override.purposes, Notice(override.message["en"], override.message["ar"])
            )
    return replace(
        bank,
        availability=Availability(active, enabled),
        notices=tuple((purpose, notices[purpose]) for purpose in PURPOSES if purpose in notices),
        hidden=tuple(purpose for purpose in PURPOSES if purpose in hidden),
    )


def _without(flags: PurposeFlags, purposes: Iterable[Purpose]) -> PurposeFlags:
    return replace(flags, **dict.fromkeys(purposes, False))


def check_target(identifier: str, purpose: Purpose | None) -> None:
    """Check what an override is to be cleared of.

    :raises ValueError: naming each argument that cannot be used.
    """
    if problems := _problems_of_target(identifier, purpose):
        raise ValueError("; ".join(problems))


def _problems_of_target(identifier: Any, purpose: Any) -> list[str]:
    problems = [] if purpose is None else _problem_of("purpose", purpose, PURPOSES)
    if isinstance(identifier, str) and IDENTIFIER.fullmatch(identifier):
        return problems
    return [f"identifier got {identifier!r:.100}: not an identifier such as RJHI_SAU", *problems]


def _problem_of(name: str, value: Any, allowed: Iterable[str], *others: str) -> list[str]:
    """Return what is wrong with *value*; the host's method takes *others*, too."""
    if isinstance(value, str) and value in allowed:
        return []
    return [f"{name} got {value!r:.100}: must be one of {', '.join([*allowed, *others])}"]


def _problem_of_until(until: Any, now: datetime) -> list[str]:
    if until is None:
        return []
    if not isinstance(until, datetime):
        return [f"until got {until!r:.100}: must be a datetime with a zone, or None"]
    if until.utcoffset() is None:
        return [f"until got {until.isoformat()}: must have a zone, such as datetime.UTC"]
    try:
        until.astimezone(UTC)
    except OverflowError:
        return [f"until got {until.isoformat()}: is not a time in UTC; None is without an end"]
    if until <= now:
        return [f"until got {until.isoformat()}: is in the past; it is {now:%Y-%m-%dT%H:%M:%SZ}"]
    return []


def _problem_of_message(message: Any, action: Any) -> list[str]:
    if not message:
        return []
    if action == "hide":
        return ["message is for a bank that is shown; with hide, no customer sees it"]
    if isinstance(message, str):
        return _problem_of_text("message", message, MAX_MESSAGE)
    if not isinstance(message, Mapping) or not message.keys() <= set(LANGUAGES):
        return [f"message got {message!r:.100}: must be a text, or a mapping of en and ar to texts"]
    return [
        problem
        for language, text in message.items()
        for problem in _problem_of_text(f"message[{language!r}]", text, MAX_MESSAGE)
    ]


def _problem_of_text(name: str, text: Any, most: int) -> list[str]:
    if not isinstance(text, str):
        return [f"{name} got {text!r:.100}: must be a text"]
    if len(sanitize_text(text)) > most:
        return [f"{name} has {len(sanitize_text(text))} characters: {most} are the most"]
    return []
