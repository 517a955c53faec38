"""Lists of flows in the store: those of one intent or customer, of one browser, or of one user."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ..banks.stores.base import Change
from ..common.json_text import compact_json
from ..common.languages import TAG
from .bank_word import BankWord, dump_word, load_words, with_word

MAX_FLOWS_PER_BROWSER = 10
MAX_FLOWS_PER_USER = 10
#: Flows that share the words of one intent, consent or customer.
MAX_FLOWS_TOGETHER = 10


class FlowStore(Protocol):
    """The part of a store that flows use."""

    @property
    def failure(self) -> str | None:
        """Why process memory takes the store's place, or ``None`` where it does not."""

    def read(self, key: str) -> bytes | None:
        """Return the value of *key*, or ``None``."""

    def update(
        self, key: str, updater: Callable[[bytes | None, int], bytes | None], ttl: float
    ) -> bytes | None:
        """Apply *updater* to *key* atomically and return the new value."""

    def update_all(self, changes: Sequence[Change]) -> bool:
        """Apply *changes* in their order; return whether in one transaction."""


@dataclass(frozen=True, slots=True)
class FlowGroup:
    """The flows of one intent, consent or customer, in the order of their launch."""

    flows: tuple[str, ...] = ()
    words: tuple[BankWord, ...] = ()


class FlowGroups:
    """Which flows belong together, and what the bank said of them.

    :param lifetime: seconds that a group is kept.
    :param time_to_end: seconds after a launch in which a customer may come back from the bank.
    """

    def __init__(self, store: FlowStore, lifetime: float, time_to_end: float) -> None:
        self._store = store
        self._lifetime = lifetime
        self._time_to_end = time_to_end

    def get(self, key: str) -> FlowGroup:
        """Return the group named *key*; an empty one where there is none."""
        return _load_group(self._store.read(key))

    def join(self, keys: Iterable[str], flow_id: str) -> None:
        """Put the flow into the groups; the earliest flows leave a group that is too large."""
        for key in keys:
            self._store.update(*self.joining(key, flow_id, lambda group: None))

    def joining(self, key: str, flow_id: str, on_seen: Callable[[FlowGroup], None]) -> Change:
        """Return the change that puts the flow into the group *key*.

        :param on_seen: called with the group, whenever the store applies the change.
        """

        def join(old: bytes | None, _: int) -> bytes:
            group = _load_group(old)
            on_seen(group)
            if flow_id not in group.flows:
                group = replace(group, flows=(*group.flows, flow_id)[-MAX_FLOWS_TOGETHER:])
            return _dump_group(group)

        return Change(key, join, self._lifetime)

    def add_word(self, key: str, word: BankWord) -> None:
        """Note *word*. A group that no flow is in does not begin."""

        def add(old: bytes | None, _: int) -> bytes | None:
            if old is None:
                return None
            group = _load_group(old)
            return _dump_group(replace(group, words=tuple(with_word(group.words, word))))

        self._store.update(key, add, self._lifetime)

    def noting_launch(self, browser: str, flow_id: str, is_launched: Callable[[], bool]) -> Change:
        """Return the change that notes the flow as the latest one launched in *browser*.

        :param is_launched: asked whenever the store applies the change.
        """

        def note(old: bytes | None, _: int) -> bytes | None:
            if not is_launched():
                return old
            others = [known for known in _load_ids(old) if known != flow_id]
            return json.dumps([*others, flow_id][-MAX_FLOWS_PER_BROWSER:]).encode()

        return Change(_browser_key(browser), note, self._time_to_end)

    def launched_in(self, browser: str) -> list[str]:
        """Return the ids of the flows launched last in the browser session *browser*."""
        return _load_ids(self._store.read(_browser_key(browser)))

    def note_launch_by(self, user: str, token: str, language: str) -> None:
        """Note that the flow of *token* was launched by the host's *user*, as the latest one.

        The token is encrypted, and opens in requests of its user alone.
        """

        def note(old: bytes | None, _: int) -> bytes:
            others = [entry for entry in _load_launches(old) if entry[0] != token]
            return json.dumps([(token, language), *others][:MAX_FLOWS_PER_USER]).encode()

        self._store.update(_user_key(user), note, self._time_to_end)

    def launched_by(self, user: str) -> list[tuple[str, str]]:
        """Return tokens and languages of the flows of *user*, the latest launch first."""
        return _load_launches(self._store.read(_user_key(user)))


def digest(parts: Any) -> str:
    """Return a short name of *parts*, JSON types, that is the same in every process."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _browser_key(browser: str) -> str:
    return f"browser:{digest(browser)}"


def _user_key(user: str) -> str:
    return f"user:{digest(user)}"


def _dump_group(group: FlowGroup) -> bytes:
    content = {"flows": group.flows, "words": [dump_word(word) for word in group.words]}
    return compact_json(content).encode()


def _load_group(content: bytes | None) -> FlowGroup:
    """Return the group in *content*; an empty one where another process wrote nonsense."""
    try:
        group = json.loads(content or b"{}")
        flows = tuple(map(str, group.get("flows", ())))
        return FlowGroup(flows, tuple(load_words(group.get("words", ()))))
    except (ValueError, TypeError, AttributeError):
        return FlowGroup()


def _load_ids(content: bytes | None) -> list[str]:
    try:
        ids = json.loads(content or b"[]")
    except ValueError:
        return []
    return [known for known in ids if isinstance(known, str)] if isinstance(ids, list) else []


def _load_launches(content: bytes | None) -> list[tuple[str, str]]:
    try:
        launches = json.loads(content or b"[]")
        return [(str(token), tag) for token, tag in launches if TAG.fullmatch(tag)]
    except (ValueError, TypeError):
        return []
