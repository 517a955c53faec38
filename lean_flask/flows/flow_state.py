"""What is known of one flow: what became of it so far, and in which words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from ..common.json_text import compact_json
from ..common.types import Method
from .bank_word import BankWord, Subject
from .methods import TRAITS, MethodTraits

FlowStatus = Literal["open", "launched", "at_bank", "reported", "confirmed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a flow.

    :param id: of the flow.
    :param status: ``open``, ``launched``, ``at_bank`` and ``reported`` are what the page said;
        ``confirmed`` and ``failed`` what Lean's webhook said, whatever the page said.
    :param sdk_status: the SDK's last status since the last launch: a hint.
    :param bank_identifier: of the bank; ``None`` while nobody has named one.
    :param entity_id: of the connection, once an event named it.
    :param payment_id: of the payment, once an event named it.
    :param consent_id: of the consent, once an event named it.
    :param updated_at: when something of it changed last, in UTC.
    """

    id: str
    status: FlowStatus
    sdk_status: str | None = None
    bank_identifier: str | None = None
    entity_id: str | None = None
    payment_id: str | None = None
    consent_id: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowState:
    """What the store holds of a flow.

    :param launches: how often a config was handed out.
    :param first_launched_at: seconds since the epoch.
    :param launched_at: the last time; seconds since the epoch.
    :param bank_identifier: of the bank launched last; ``None`` where the SDK asks for it.
    :param reported_bank: identifier of the bank that the SDK named since the last launch.
    :param earlier_banks: identifiers of former launches and reports.
    :param sdk_status: reported since the last launch. ``SUCCESS`` stays for good.
    :param correlation_id: reported with it, for Lean's support.
    :param reported: names the last report, so that a repeat of it is known.
    :param landing: names the landing whose parameters were handed to the SDK since the last launch,
        or since the customer left for the bank.
    :param joins: keys of what events are found by.
    :param former_joins: those of earlier launches, with another consent or payment source.
    :param is_for_payments_only: whether it links a bank, and asks for no data.
    :param method: of the SDK.
    :param consent_id: of the consent that it was launched with, or that was made for the launch.
    :param failed_consent_id: of the consent that the SDK said ``ERROR`` of last.
    :param told: names the outcome that the host was told last.
    :param updated_at: seconds since the epoch.
    :param word: the bank's that counts; kept apart from the state.
    """

    launches: int = 0
    first_launched_at: float | None = None
    launched_at: float | None = None
    bank_identifier: str | None = None
    reported_bank: str | None = None
    earlier_banks: tuple[str, ...] = ()
    sdk_status: str | None = None
    correlation_id: str | None = None
    reported: str | None = None
    landing: str | None = None
    joins: tuple[str, ...] = ()
    former_joins: tuple[str, ...] = ()
    is_for_payments_only: bool = False
    method: Method | None = None
    consent_id: str | None = None
    failed_consent_id: str | None = None
    told: str | None = None
    updated_at: float | None = None
    word: BankWord | None = field(default=None, compare=False)

    @property
    def traits(self) -> MethodTraits:
        """How the pages treat its method."""
        return TRAITS.get(self.method, MethodTraits()) if self.method else MethodTraits()

    @property
    def has_succeeded(self) -> bool:
        """Return whether the SDK said ``SUCCESS``. No report changes that any more.

        Nothing has where the customer may open it again and again.
        """
        return self.sdk_status == "SUCCESS" and not self.traits.is_done_when_closed

    @property
    def is_confirmed(self) -> bool:
        """Return whether the bank said so, by webhook."""
        return self.word is not None and self.word.verdict == "confirmed"

    @property
    def is_refused(self) -> bool:
        """Return whether the bank said no, by webhook."""
        return self.is_decided and not self.is_confirmed

    @property
    def is_decided(self) -> bool:
        """Return whether the bank said yes or no, by webhook."""
        return self.word is not None and self.word.verdict != "pending"

    @property
    def is_completed(self) -> bool:
        """Return whether nobody may launch it again: it would be paid, or linked, twice.

        Where the bank has refused it may be tried again, whatever the SDK said.
        """
        return self.is_confirmed or (self.has_succeeded and not self.is_refused)

    @property
    def is_under_way(self) -> bool:
        """Return whether it was launched, and may still come back from a bank."""
        may_land = self.traits.takes_landings and self.sdk_status is None
        return self.launches > 0 and (may_land or self.sdk_status == "REDIRECT")

    @property
    def has_spent_consent(self) -> bool:
        """Return whether an attempt has failed, so that Lean takes its consent for no other."""
        if self.consent_id is None or self.is_confirmed:
            return False
        # The bank may have refused an earlier one, while the next is on its way to the browser.
        refused = self.word.id if self.word and self.is_refused else ""
        spent = {refused.lower(), (self.failed_consent_id or "").lower()}
        return self.consent_id.lower() in spent

    @property
    def status(self) -> FlowStatus:
        """Return the status in one word. The bank's word stands before that of the page."""
        if self.word and self.word.verdict != "pending":
            return self.word.verdict
        if self.sdk_status == "REDIRECT":
            return "at_bank"
        if self.sdk_status is not None:
            return "reported"
        return "launched" if self.launches else "open"

    @property
    def known_bank(self) -> str | None:
        """Return the identifier of the bank: the event's, else the SDK's, else the launched."""
        return (self.word and self.word.bank) or self.reported_bank or self.bank_identifier

    def _named(self, subject: Subject) -> str | None:
        """Return the id that an event gave to *subject*, if it is what the bank's word is about."""
        word = self.word
        return (word.id or None) if word and word.about == subject else None

    def outcome(self, flow_id: str) -> Outcome:
        """Return what the host is told of the flow named *flow_id*."""
        word = self.word
        known = (self.updated_at, word.received_at if word else None)
        times = [time for time in known if time is not None]
        return Outcome(
            id=flow_id,
            status=self.status,
            sdk_status=self.sdk_status,
            bank_identifier=self.known_bank,
            entity_id=self._named("entity"),
            payment_id=self._named("payment"),
            consent_id=self._named("consent"),
            updated_at=datetime.fromtimestamp(max(times), UTC) if times else None,
        )


_DEFAULTS: Mapping[str, Any] = {
    known.name: known.default for known in fields(FlowState) if known.name != "word"
}


def dump_state(state: FlowState) -> bytes:
    """Return *state* for the store, without what is as in a new flow."""
    values = {name: getattr(state, name) for name in _DEFAULTS}
    known = {name: value for name, value in values.items() if value != _DEFAULTS[name]}
    return compact_json(known).encode()


_NEW = FlowState()


def load_state(content: bytes | None) -> FlowState:
    """Return the state in *content*; that of a new flow where another process wrote nonsense."""
    if not content:
        return _NEW
    try:
        stored = json.loads(content)
        values = {name: value for name, value in stored.items() if name in _DEFAULTS}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return FlowState(**values | lists)
    except (ValueError, TypeError, AttributeError):
        return _NEW
