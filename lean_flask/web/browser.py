"""What lean-flask keeps in the host's session: which browser this is, and which flows are over."""

from __future__ import annotations

import secrets
from typing import Any

from flask import session

_KEY = "lean_flask"
_MOST_COMPLETED = 20


def browser_id() -> str:
    """A random name for this browser session, made on first use."""
    state = _state()
    if "browser" not in state:
        _save(state | {"browser": secrets.token_urlsafe(12)})
    name: str = _state()["browser"]
    return name


def is_browser(name: str) -> bool:
    """Whether this is the browser session called *name*."""
    known = _state().get("browser")
    return isinstance(known, str) and secrets.compare_digest(known.encode(), name.encode())


def is_completed(flow_id: str) -> bool:
    return flow_id in _state().get("completed", [])


def complete(flow_id: str) -> bool:
    """Remember that the flow ended well. Whether that is news."""
    if is_completed(flow_id):
        return False
    completed = [*_state().get("completed", []), flow_id][-_MOST_COMPLETED:]
    _save(_state() | {"completed": completed})
    return True


def _state() -> dict[str, Any]:
    state = session.get(_KEY)
    return state if isinstance(state, dict) else {}


def _save(state: dict[str, Any]) -> None:
    session[_KEY] = state
