"""What ``flask lean check`` looks at: the settings, Lean's answers, and the app around us."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app
from werkzeug.routing import MapAdapter

from ..banks.stores.base import StoreError
from ..common.types import PURPOSES
from ..errors import LeanError
from ..services import Services
from ..web import csp
from . import host_checks, store_checks
from .app_links import app_links
from .finding import Finding
from .language_checks import languages

MAX_CLOCK_SKEW = 60.0  # seconds; beyond, tokens and flows seem older or younger


def run_checks(services: Services) -> Iterator[Finding]:
    """Yield the findings, in the order of the report."""
    services.events.never_start()  # by the request for a page of ours
    settings = services.settings
    stage = "sandbox" if settings.sandbox else "production"
    yield Finding("settings", "ok", f"{settings.country} {stage}, API {settings.api_url}")
    if settings.client_secret:
        yield _tried("token", "minted", services.client.check_credentials)
    else:
        yield Finding("token", "ok", "no LEAN_CLIENT_SECRET: the SDK runs without access_token")
    yield _tried("banks", "fetched", services.catalog.refresh)
    yield from _lists(services)
    yield from _overrides(services)
    yield from _clock(services.client.clock_skew)
    yield from _store(services)
    for outcome, url in _landing_pages(services.name):
        yield Finding("register", "ok", f"{url} in Lean's dashboard, for {outcome}")
    config = current_app.config
    yield from languages(settings)
    yield _operations(services)
    yield from app_links(settings, _public_urls(config["APPLICATION_ROOT"]))
    yield host_checks.webhooks(settings)
    if settings.webhook_secret:
        yield from _events(services)
    yield host_checks.secret_key(config)
    yield host_checks.session(settings)
    yield host_checks.hosts(config)
    yield from host_checks.origins(settings, config, services.host.identity.is_registered)
    yield from host_checks.frames(settings, config)
    yield from _cookie(production=not settings.sandbox)
    yield _policy(services)


def _lists(services: Services) -> Iterator[Finding]:
    """Count the banks that a customer sees."""
    known: set[str] = set()
    for account_type, status in services.catalog.health().items():
        name = account_type.lower()
        known |= {bank.identifier for bank in status.banks}
        age = f"{len(status.banks)} banks, {status.state}, {status.age:.0f} s old"
        listed = [b for b in status.banks if services.settings.show_mock or not b.mock]
        shown = {purpose: sum(bank.is_enabled(purpose) for bank in listed) for purpose in PURPOSES}
        counts = ", ".join(f"{count} for {purpose}" for purpose, count in shown.items())
        if status.state == "empty":
            yield Finding(name, "FAIL", age)
        elif not any(shown.values()):
            yield Finding(
                name,
                "FAIL",
                f"{age}; customers see none: enable banks for this application in Lean's dashboard",
            )
        else:
            yield Finding(name, "ok", f"{age}; customers see {counts}")
    unknown = [name for name in services.settings.popular_banks if name not in known]
    if unknown and known:
        yield Finding("popular", "warn", f"LEAN_POPULAR_BANKS has no bank of {', '.join(unknown)}")


def _overrides(services: Services) -> Iterator[Finding]:
    """Remind of the banks that somebody has taken out of use."""
    names = dict.fromkeys(override.identifier for override in services.catalog.overrides())
    if names:
        yield Finding("by hand", "warn", f"out of use: {', '.join(names)}; see flask lean bank")


def _clock(skew: float | None) -> Iterator[Finding]:
    if skew is not None and abs(skew) > MAX_CLOCK_SKEW:
        way = "ahead of" if skew > 0 else "behind"
        yield Finding(
            "clock", "warn", f"this machine is {abs(skew):.0f} s {way} Lean's clock; use NTP"
        )


def _store(services: Services) -> Iterator[Finding]:
    value = secrets.token_bytes(8)
    services.store.update("check", lambda old, version: value, 60.0)
    works = services.store.read("check") == value
    folder = current_app.instance_path
    yield from store_checks.store(services.settings, folder, services.store.failure, works)


def _events(services: Services) -> Iterator[Finding]:
    """Count the events that wait, and those that were given up."""
    inbox = services.events.inbox
    try:
        counts = inbox.counts()
        waiting = inbox.list("waiting", limit=max(1, counts["waiting"]))
    except StoreError as error:
        yield Finding("events", "FAIL", f"the store of events fails: {error}")
        return
    now = services.wall_clock()
    oldest = max((now - event.waiting_since for event in waiting), default=None)
    yield host_checks.events(counts, oldest, services.events.delivery)
    risk = inbox.risk()
    if risk:
        yield Finding("events", "warn", risk)


def _landing_pages(blueprint_name: str) -> list[tuple[str, str]]:
    """Return the two redirect URLs to register in Lean's dashboard, exactly as they are sent."""
    urls = _public_urls(current_app.config["APPLICATION_ROOT"])
    return [
        (outcome, urls.build(f"{blueprint_name}.return_{outcome}", force_external=True))
        for outcome in ("success", "fail")
    ]


def _operations(services: Services) -> Finding:
    """Say whether there is an operations page, which needs a function of the host."""
    if not services.host.operators.is_registered:
        return Finding("operations", "ok", "no page for operators: @lean.operator turns it on")
    urls = _public_urls(current_app.config["APPLICATION_ROOT"])
    url = urls.build(f"{services.name}.operations", force_external=True)
    return Finding("operations", "ok", f"{url}, for those whom @lean.operator names")


def _public_urls(script_name: str) -> MapAdapter:
    config = current_app.config
    trusted = [name.lstrip(".") for name in config.get("TRUSTED_HOSTS") or ()]
    host = config.get("SERVER_NAME") or next(iter(trusted), "your-host.example")
    scheme = current_app.config["PREFERRED_URL_SCHEME"] if "." not in host else "https"
    return current_app.url_map.bind(host, script_name=script_name, url_scheme=scheme)


def _cookie(production: bool) -> Iterator[Finding]:
    """Check the host's session cookie, which says whose browser a flow belongs to."""
    config = current_app.config
    warnings = []
    if production and not config["SESSION_COOKIE_SECURE"]:
        warnings.append("SESSION_COOKIE_SECURE is off: plain http would show it; set True")
    if not config["SESSION_COOKIE_HTTPONLY"]:
        warnings.append("SESSION_COOKIE_HTTPONLY is off: scripts can read it; set True")
    same_site = config["SESSION_COOKIE_SAMESITE"]
    if same_site == "Strict":
        warnings.append(
            "SESSION_COOKIE_SAMESITE is 'Strict': it is not sent on the way back from a bank;"
            " set 'Lax'"
        )
    elif production and same_site is None:
        warnings.append(
            "SESSION_COOKIE_SAMESITE is not set: some browsers send it from other sites; set 'Lax'"
        )
    if not warnings:
        yield Finding(
            "cookie", "ok", f"{config['SESSION_COOKIE_NAME']!r} holds the browser session"
        )
    for warning in warnings:
        yield Finding("cookie", "warn", warning)


def _policy(services: Services) -> Finding:
    """Check the policy that the app sends with a page of ours."""
    url = _public_urls("/").build(
        f"{services.name}.picker", force_external=True, url_scheme="https"
    )
    page = current_app.test_client().get(url)
    if page.status_code != 403 or page.mimetype != "text/html":  # ours, for a missing flow
        return Finding("csp", "warn", f"not seen: your app answers {url} with {page.status}")
    sent = page.headers.get("Content-Security-Policy")
    if sent is None:
        return Finding("csp", "ok", "none is sent")
    lacking = csp.lacking(sent, services.settings)
    if lacking:
        return Finding("csp", "warn", f"your app's policy lacks {lacking}; see flask lean csp")
    return Finding("csp", "ok", "lets Lean's SDK in")


def _tried(name: str, done: str, work: Callable[[], Any]) -> Finding:
    try:
        work()
    except LeanError as error:
        return Finding(name, "FAIL", str(error))
    return Finding(name, "ok", done)
