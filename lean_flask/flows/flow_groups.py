"""Lists of flows in the store: those of one intent or customer, and those of one browser."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from .bank_word import BankWord, dump_word, load_words

MAX_FLOWS_PER_BROWSER = 10
#: Flows that share the words of one intent, consent or customer.
MAX_FLOWS_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class FlowGroup:
    """The flows of one intent, consent or customer, in the order of their launch."""

    flows: tuple[str, ...] = ()
    words: tuple[BankWord, ...] = ()


def with_flow(group: FlowGroup, flow_id: str) -> FlowGroup:
    """Return *group* with the flow in it; the earliest ones leave it."""
    if flow_id in group.flows:
        return group
    return replace(group, flows=(*group.flows, flow_id)[-MAX_FLOWS_TOGETHER:])


def dump_group(group: FlowGroup) -> bytes:
    """Return *group* for the store."""
    content = {"flows": group.flows, "words": [dump_word(word) for word in group.words]}
    return json.dumps(content, separators=(",", ":")).encode()


def load_group(content: bytes | None) -> FlowGroup:
    """Return the group in *content*; an empty one where another process wrote nonsense."""
    try:
        group = json.loads(content or b"{}")
        flows = tuple(map(str, group.get("flows", ())))
        return FlowGroup(flows, tuple(load_words(group.get("words", ()))))
    except (ValueError, TypeError, AttributeError):
        return FlowGroup()


def browser_key(browser: str) -> str:
    """Return the key of the flows launched in the browser session *browser*."""
    return f"browser:{digest(browser)}"


def with_id(content: bytes | None, flow_id: str) -> bytes:
    """Return the list in *content* with *flow_id* as the latest."""
    others = [known for known in load_ids(content) if known != flow_id]
    return json.dumps([*others, flow_id][-MAX_FLOWS_PER_BROWSER:]).encode()


def load_ids(content: bytes | None) -> list[str]:
    """Return the list in *content*; an empty one where another process wrote nonsense."""
    try:
        ids = json.loads(content or b"[]")
    except ValueError:
        return []
    return [known for known in ids if isinstance(known, str)] if isinstance(ids, list) else []


def digest(parts: Any) -> str:
    """Return a short name of *parts*, JSON types, that is the same in every process."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
