"""``flask lean trigger TYPE``: a signed sample event to the running app's own ``/webhooks``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import click
from flask import current_app
from flask.cli import AppGroup

from ..common.urls import is_web_address, split_url
from ..events.samples import SAMPLE_TYPES, sample_event
from ..services import Services
from ..upstream.webhook import signature_of
from .certificates import certificate_advice, verifier
from .changes import apply_change
from .printing import as_json, fail, print_json

TIMEOUT = 30.0  # seconds; an app that delivers inline answers after its receivers
_DEFAULT_URL = "http://127.0.0.1:5000"  # that of flask run

_MENDS = {
    401: "The app did not accept the signature. It runs with another LEAN_WEBHOOK_SECRET than this "
    "command: give both the same, and start the app again.",
    404: "There is no such route, or the app runs without LEAN_WEBHOOK_SECRET. Is it the right app "
    "and url_prefix? Name the address with --url.",
    500: "A receiver raised an error: the app's log says where.",
    503: "The app could not take the event now: its store is down, or the event is being handled. "
    "Its log says which; flask lean check looks at the store.",
}


def add_trigger(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add ``trigger`` to *commands*, those of one blueprint."""

    @commands.command("trigger")
    @click.argument("type", type=click.Choice(SAMPLE_TYPES), metavar="TYPE")
    @click.option(
        "--url",
        default=_DEFAULT_URL,
        callback=_check_url,
        help=f"Of the running app; {_DEFAULT_URL} by default.",
    )
    @click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="KEY=VALUE",
        help="A field of the payload, such as intent_id=… or bank_details.name=…; repeatable.",
    )
    @as_json
    def trigger(type: str, url: str, changes: tuple[str, ...], as_json: bool) -> None:
        """Send a signed sample event to the running app, as Lean would: for development.

        Exit code 0 when the app took it, 1 when it did not, 2 for a wrong argument.
        """
        settings = services_of().settings
        if not settings.sandbox:
            fail(
                "LEAN_SANDBOX is off. In production your app would take this made-up event for a "
                "real one, and book it."
            )
        if not settings.webhook_secret:
            fail("LEAN_WEBHOOK_SECRET is not set, so the app takes no webhooks. Set it for both.")
        event = sample_event(type)
        for change in changes:
            apply_change(change, event["payload"])
        url = _with_path(url, services_of().name)
        status, told = _send(url, event, settings.webhook_secret[0])
        if as_json:
            print_json({"ok": status == 200, "status": status, "url": url, "event": event} | told)
        elif status == 200:
            click.echo(f"{type} {event['event_id']} was taken by {url}")
        else:
            answer = f"answered {status}" if status else "did not answer"
            click.echo(f"Error: {url} {answer}. {told.get('advice', '')}".rstrip(), err=True)
        sys.exit(0 if status == 200 else 1)


def _check_url(_: click.Context, __: click.Parameter, url: str) -> str:
    with suppress(ValueError):
        if is_web_address(split_url(url)):
            return url
    raise click.BadParameter(f"{url!r} is not an http(s) URL, such as {_DEFAULT_URL}.")


def _with_path(url: str, name: str) -> str:
    """Return *url* with the path of the blueprint's webhooks, unless it has a path of its own."""
    parts = urlsplit(url)
    if parts.path.strip("/"):
        return url
    adapter = current_app.url_map.bind("127.0.0.1")
    path = urlsplit(adapter.build(f"{name}.webhooks", force_external=True)).path
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _send(url: str, event: dict[str, Any], secret: str) -> tuple[int | None, dict[str, str]]:
    """Return the status of the answer, and what to say of one that is not 200."""
    body = json.dumps(event).encode()
    headers = {"Content-Type": "application/json", "lean-signature": signature_of(body, secret)}
    import httpx  # here, since one command imports all

    try:
        answer = httpx.post(
            url,
            content=body,
            headers=headers,
            timeout=TIMEOUT,
            trust_env=False,  # no proxy of the environment leads to the app
            verify=verifier(url),
        )
    except httpx.ConnectError as error:
        advice = certificate_advice(error) or (
            "Nothing listens there: start the app, or name its address with --url."
        )
        return None, {"advice": advice}
    except httpx.TimeoutException:
        return None, {"advice": f"It had {TIMEOUT:g} s: does a receiver hang?"}
    except httpx.HTTPError as error:
        return None, {"advice": f"{type(error).__name__}: {error}"}
    if answer.status_code == 200:
        return 200, {}
    advice = _MENDS.get(answer.status_code, "Is this the address of your app? Name it with --url.")
    return answer.status_code, {"advice": advice}
