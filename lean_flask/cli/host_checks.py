"""What ``flask lean check`` says of the app around us: keys, cookies, frames, the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..config.app_fields import APP_ORIGINS
from ..config.settings import Settings
from ..events.inbox import EventState
from .finding import Finding

MAX_EVENT_WAIT = 300.0  # seconds
MIN_KEY_LENGTH = 32  # bytes; half of what token_hex() gives
#: Origins that are another site than any host: Capacitor's on Android is the last one.
_IN_APPS = APP_ORIGINS | {"https://localhost"}
_ANY_SITE = frozenset(
    {"*", "http:", "https:", "http://*", "https://*", "https://*:*", "http://*:*"}
)


def secret_key(config: Mapping[str, Any]) -> Finding:
    """Check what encrypts the flows."""
    key = config.get("SECRET_KEY")
    if not key:
        return Finding(
            "secret key", "FAIL", "SECRET_KEY is missing: no flow can be made; set a random one"
        )
    if not isinstance(key, str | bytes):
        return Finding(
            "secret key", "FAIL", f"SECRET_KEY is of type {type(key).__name__}; set a random string"
        )
    fallbacks = config.get("SECRET_KEY_FALLBACKS") or ()
    for name, keys in (("SECRET_KEY", [key]), ("SECRET_KEY_FALLBACKS", fallbacks)):
        if any(isinstance(known, str | bytes) and len(known) < MIN_KEY_LENGTH for known in keys):
            return Finding(
                "secret key",
                "warn",
                f"{name} has fewer than {MIN_KEY_LENGTH} bytes, so it may be guessed, and flows "
                "forged; set a random one",
            )
    return Finding("secret key", "ok", "long enough")


def session(settings: Settings) -> Finding:
    """Check whose a flow is."""
    if not settings.bind_flow:
        return Finding(
            "session", "warn", "LEAN_BIND_FLOW is off: whoever has the URL of a flow can use it"
        )
    return Finding(
        "session", "ok", "a flow belongs to a browser session; call session.clear() at logout"
    )


def hosts(config: Mapping[str, Any]) -> Finding:
    """Check which names a request may call this host by."""
    if config.get("TRUSTED_HOSTS"):
        return Finding("hosts", "ok", "TRUSTED_HOSTS is set")
    return Finding(
        "hosts",
        "warn",
        "TRUSTED_HOSTS is not set: a request with another Host gets landing URLs of that host",
    )


def origins(settings: Settings, config: Mapping[str, Any], knows_users: bool) -> Iterator[Finding]:
    """Check whether the session cookie comes from the pages of other origins.

    :param knows_users: a function of ``@lean.identify`` is registered, so flows need no cookie.
    """
    if not settings.origins:
        return
    known = ", ".join(settings.origins)
    lacking = _lacking_for_other_sites(config)
    elsewhere = next((name for name in settings.origins if name in _IN_APPS), None)
    if lacking and elsewhere and not knows_users:
        yield Finding(
            "origins",
            "warn",
            f"pages of {elsewhere} send no session cookie here; make flows with bound_to, or set "
            + ", ".join(lacking),
        )
    else:
        yield Finding("origins", "ok", f"pages of {known} may call the JSON routes")


def _lacking_for_other_sites(config: Mapping[str, Any]) -> list[str]:
    """Return what to set for the session cookie to be sent from another site."""
    return [
        f"{key}={value!r}"
        for key, value in (
            ("SESSION_COOKIE_SAMESITE", "None"),
            ("SESSION_COOKIE_SECURE", True),
            ("SESSION_COOKIE_PARTITIONED", True),
        )
        if config.get(key) != value
    ]


def frames(settings: Settings, config: Mapping[str, Any]) -> Iterator[Finding]:
    """Check who may frame the pages, and whether the session cookie reaches them there."""
    sources = settings.frame_ancestors.split()
    if anyone := sorted(_ANY_SITE & {source.lower() for source in sources}):
        detail = f"LEAN_FRAME_ANCESTORS is {anyone[0]}: any site may frame the pages"
        yield Finding("frames", "warn", detail)
    if set(sources) <= {"'none'", "'self'"}:
        return
    lacking = _lacking_for_other_sites(config)
    if lacking:
        yield Finding(
            "frames",
            "warn",
            "LEAN_FRAME_ANCESTORS has another origin, where the session cookie is not sent; set "
            + ", ".join(lacking),
        )


def webhooks(settings: Settings) -> Finding:
    """Check whether Lean's webhooks are taken."""
    secrets = len(settings.webhook_secret)
    if secrets:
        return Finding("webhooks", "ok", f"{secrets} secret(s)")
    state: Any = "ok" if settings.sandbox else "warn"
    return Finding("webhooks", state, "off: LEAN_WEBHOOK_SECRET is not set")


def events(counts: Mapping[EventState, int], oldest: float | None, delivery: str) -> Finding:
    """Check that events are delivered.

    :param oldest: seconds that the first of those that wait has waited.
    :param delivery: who delivers them.
    """
    said = f"{delivery}; {counts['waiting']} waiting, {counts['dead']} dead"
    if oldest is not None:
        said += f", the oldest waits for {oldest:.0f} s"
    if oldest is not None and oldest > MAX_EVENT_WAIT:
        mend = "does flask lean work run?" if delivery == "worker" else "the log says why"
        return Finding("events", "warn", f"{said}: {mend}")
    if counts["dead"]:
        mend = "correct the receiver, then flask lean events retry --dead"
        return Finding("events", "warn", f"{said}: {mend}")
    return Finding("events", "ok", said)
