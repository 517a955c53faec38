"""What lean-flask keeps in the host's session: which browser this is, and which flows are over."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import session

from ..common.types import Language

log = logging.getLogger(__name__)

_KEY = "lean_flask"
MAX_COMPLETED_FLOWS = 20
MAX_LAUNCHED_FLOWS = 3
MAX_TOKEN_CHARACTERS = 2_000  # leaves half of a 4 kB cookie to the host


def browser_id() -> str:
    """Return the random name of this browser session, made on first use."""
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
    """Return whether the flow ended well in this browser session."""
    return flow_id in _state().get("completed", [])


def complete(flow_id: str) -> bool:
    """Remember that the flow ended well. Whether that is news."""
    if is_completed(flow_id):
        return False
    completed = [*_state().get("completed", []), flow_id][-MAX_COMPLETED_FLOWS:]
    _save(_state() | {"completed": completed})
    return True


def remember_launch(token: str, language: Language) -> None:
    """Keep what the way back from a bank will need, since its URL cannot say."""
    others = [entry for entry in _state().get("launched", []) if entry[0] != token]
    launched = [[token, language], *others][:MAX_LAUNCHED_FLOWS]
    while launched and sum(len(token) for token, _ in launched) > MAX_TOKEN_CHARACTERS:
        launched.pop()
    if not launched:
        log.warning(
            "A flow's token of %d letters does not fit into the session, so a bank that returns "
            "in another tab finds no flow; shorten its arguments",
            len(token),
        )
    _save(_state() | {"launched": launched})


def launched() -> list[tuple[str, Language]]:
    """Flow tokens and languages, the latest launch first."""
    return [(token, language) for token, language in _state().get("launched", [])]


def _state() -> dict[str, Any]:
    state = session.get(_KEY)
    return state if isinstance(state, dict) else {}


def _save(state: dict[str, Any]) -> None:
    session[_KEY] = state
