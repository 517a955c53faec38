"""What lean-flask keeps in the host's session: which browser this is, and what it launched."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Collection
from typing import Any

from flask import Response, after_this_request, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

from ..common.logs import get_logger
from ..flows.token import MAX_CLOCK_SKEW

log = get_logger(__name__)

_KEY = "lean_flask"
_COOKIE_PREFIX = "lean_flask_"
#: Seconds that a browser has to open the first flow of two that were made in parallel.
_COOKIE_LIFETIME = 1_800
MAX_BROWSER_NAMES = 4
MAX_LAUNCHED_FLOWS = 3
MAX_TOKEN_CHARACTERS = 2_000  # leaves half of a 4 kB cookie to the host


def browser_id() -> str:
    """Return the random name of this browser session, made on first use."""
    names = browser_names()
    if names:
        return names[0]
    name = secrets.token_urlsafe(16)
    _save(_state() | {"browsers": [name]})
    after_this_request(lambda response: _keep_beside_the_session(response, name))
    return name


def is_browser(name: str) -> bool:
    """Return whether this browser session is the one called *name*.

    Two first requests in parallel each make a name and a session, and the browser keeps the later
    session. The name of the other is then in a cookie of its own, and goes into the session here.
    Without any name in the session, which the host clears at logout, that cookie is worth nothing.
    """
    names = browser_names()
    if not name or not names:
        return False
    if any(secrets.compare_digest(known.encode(), name.encode()) for known in names):
        return True
    kept = request.cookies.get(_cookie_of(name), "")
    if not secrets.compare_digest(kept.encode(), name.encode()):
        return False
    _save(_state() | {"browsers": [*names, name][-MAX_BROWSER_NAMES:]})
    return True


def browser_names() -> list[str]:
    """Return the names of this browser session; none before the first flow."""
    names = _state().get("browsers", [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def missing_cookie_advice(origins: Collection[str]) -> str:
    """Return what to add to a refusal where a page of one of *origins* sent no session cookie."""
    cookie = current_app.config["SESSION_COOKIE_NAME"]
    if request.headers.get("Origin") not in origins or cookie in request.cookies:
        return ""
    return (
        ": the page of another origin sent no session cookie; on another site the cookie needs "
        "SESSION_COOKIE_SAMESITE='None' with SESSION_COOKIE_SECURE and SESSION_COOKIE_PARTITIONED, "
        "and the page credentials: 'include'; or make the flow with bound_to"
    )


def keep_for_next_page(value: Any) -> None:
    """Keep *value*, which JSON can hold, until :func:`take_kept` takes it."""
    _save(_state() | {"kept": value})


def take_kept() -> Any:
    """Return what :func:`keep_for_next_page` kept, once; ``None`` where there is nothing."""
    state = _state()
    if "kept" not in state:
        return None
    kept = state["kept"]
    _save({name: value for name, value in state.items() if name != "kept"})
    return kept


def _cookie_of(name: str) -> str:
    return f"{_COOKIE_PREFIX}{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _keep_beside_the_session(response: Response, name: str) -> Response:
    """Set the cookie that :func:`is_browser` asks for; remove those of earlier sessions."""
    interface = current_app.session_interface
    where: dict[str, Any] = {
        "path": interface.get_cookie_path(current_app),
        "domain": interface.get_cookie_domain(current_app),
        "secure": interface.get_cookie_secure(current_app),
        "samesite": interface.get_cookie_samesite(current_app),
        "partitioned": interface.get_cookie_partitioned(current_app),
        "httponly": True,
    }
    for cookie in request.cookies:
        if re.fullmatch(rf"{_COOKIE_PREFIX}[0-9a-f]{{12}}", cookie):
            response.delete_cookie(cookie, **where)
    response.set_cookie(_cookie_of(name), name, max_age=_COOKIE_LIFETIME, **where)
    return response


def remember_launch(token: str, language: str) -> None:
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


def launched() -> list[tuple[str, str]]:
    """Return flow tokens and languages, the latest launch first."""
    return [(token, language) for token, language in _state().get("launched", [])]


def is_launched(token: str) -> bool:
    """Return whether this browser session launched the flow of *token* lately."""
    return any(known == token for known, _ in launched())


def _state() -> dict[str, Any]:
    state = session.get(_KEY)
    if state is None:
        state = _session_from_the_future().get(_KEY)
    return state if isinstance(state, dict) else {}


def _save(state: dict[str, Any]) -> None:
    for name, value in _session_from_the_future().items():
        session.setdefault(name, value)
    session[_KEY] = state


def _session_from_the_future() -> dict[str, Any]:
    """Return the session of a machine whose clock is ahead; Flask itself refuses its cookie."""
    interface = current_app.session_interface
    if session or session.modified or not isinstance(interface, SecureCookieSessionInterface):
        return {}
    serializer = interface.get_signing_serializer(current_app)
    cookie = request.cookies.get(interface.get_cookie_name(current_app))
    if serializer is None or not cookie:
        return {}
    try:
        content, signed_at = serializer.loads(cookie, return_timestamp=True)
    except BadSignature:
        return {}
    is_ahead = 0 < signed_at.timestamp() - time.time() <= MAX_CLOCK_SKEW
    return dict(content) if is_ahead else {}
