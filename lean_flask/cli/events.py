"""``flask lean events``: the events that Lean sent, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, get_args

import click
from flask.cli import AppGroup

from ..banks.stores.base import StoreError
from ..events.inbox import EventState, Inbox, KeptEvent
from ..events.receivers import matches
from ..events.sealed import SealError
from ..events.service import EventService
from ..services import Services
from .printing import as_json, fail, print_json, print_table

#: Events in which a type is looked for; the inbox has no such filter. While Redis reads them, it
#: answers nobody else.
MAX_SEARCHED = 10_000

_STATES: tuple[EventState, ...] = get_args(EventState)
_OF_ONE_PROCESS = (
    "Events are kept in the memory of the app's own process, where no command can see them. "
    "Set LEAN_STORE_URL to keep them in a file or in Redis."
)
_DELIVERED_BY = {
    "background": "the running app delivers them within seconds",
    "worker": "flask lean work delivers them",
    "inline": "run flask lean work, since LEAN_WEBHOOK_DELIVERY is inline",
}


def add_events(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add the group ``events`` to *commands*, those of one blueprint."""

    @commands.group("events")
    def group() -> None:
        """Show the events that Lean sent, and deliver some of them again.

        Exit code 0 when it is done, 1 when it failed or there is no such event, 2 for a wrong
        argument.
        """

    _add_list(group, services_of)
    _add_show(group, services_of)
    _add_retry(group, services_of)


def _add_list(group: click.Group, services_of: Callable[[], Services]) -> None:
    @group.command("list")
    @click.option("--state", type=click.Choice(_STATES), help="Only these.")
    @click.option("--type", "pattern", help="Such as payment.created or payment.*")
    @click.option(
        "--limit", default=20, type=click.IntRange(1, MAX_SEARCHED), help="20 by default."
    )
    @as_json
    def list_(state: EventState | None, pattern: str | None, limit: int, as_json: bool) -> None:
        """List events, the latest first."""
        with _open_inbox(services_of) as inbox:
            found = inbox.list(state, MAX_SEARCHED if pattern else limit)
            counts = inbox.counts()
        events = [event for event in found if not pattern or matches(pattern, event.type)][:limit]
        if as_json:
            print_json([_json_of(event) for event in events])
            return
        print_table(
            ("ID", "TYPE", "STATE", "RECEIVED", "ATTEMPTS", "NEXT ATTEMPT"),
            [
                (
                    event.id,
                    event.type,
                    event.state,
                    _time(event.received_at),
                    str(event.attempts),
                    _time(event.due_at) if event.state == "waiting" else "",
                )
                for event in events
            ],
        )
        click.echo(", ".join(f"{counts.get(state, 0)} {state}" for state in _STATES))


def _add_show(group: click.Group, services_of: Callable[[], Services]) -> None:
    @group.command("show")
    @click.argument("event_id", metavar="ID")
    @click.option(
        "--payload", is_flag=True, help="Decrypt and print what Lean sent: customers' data."
    )
    @as_json
    def show(event_id: str, payload: bool, as_json: bool) -> None:
        """Show one event, and where its last attempt failed."""
        with _open_inbox(services_of) as inbox:
            event = inbox.get(event_id)
        if event is None:
            fail(f"There is no event {event_id}. See flask lean events list.")
        content = _json_of(event)
        if payload:
            content["payload"] = _payload_of(event, services_of().events)
        if as_json:
            print_json(content)
        else:
            _print_event(content)


def _add_retry(group: click.Group, services_of: Callable[[], Services]) -> None:
    @group.command("retry")
    @click.argument("event_id", metavar="ID", required=False)
    @click.option("--dead", is_flag=True, help="All that were given up.")
    @as_json
    def retry(event_id: str | None, dead: bool, as_json: bool) -> None:
        """Deliver one event again, or all dead ones.

        All receivers are called again.
        """
        if (event_id is None) is not dead:
            raise click.UsageError("Name one event, or pass --dead.")
        services = services_of()
        with _open_inbox(services_of) as inbox:
            now = services.wall_clock()
            count = inbox.retry_dead(now) if event_id is None else int(inbox.retry(event_id, now))
        if event_id is not None and not count:
            fail(f"There is no event {event_id}, or its payload is no longer kept.")
        if as_json:
            print_json({"put_back": count})
        else:
            click.echo(f"{count} event(s) put back: {_DELIVERED_BY[services.events.delivery]}")


def _print_event(content: dict[str, Any]) -> None:
    error = content.pop("error")
    payload = content.pop("payload", ...)
    for name, value in content.items():
        text = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name.replace('_', ' '):<17}{'' if text is None else text}".rstrip())
    if error:
        click.echo(f"\nThe last attempt failed:\n{error}")
    if payload is not ...:
        click.echo("\nPayload:")
        print_json(payload)


@contextmanager
def _open_inbox(services_of: Callable[[], Services]) -> Iterator[Inbox]:
    """Yield the inbox; end the command where it cannot be read."""
    inbox = services_of().events.inbox
    if not inbox.is_durable:
        fail(_OF_ONE_PROCESS)
    try:
        yield inbox
    except StoreError as error:
        fail(f"The store does not work: {error}")


def _json_of(event: KeptEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "state": event.state,
        "attempts": event.attempts,
        "received_at": _time(event.received_at),
        "next_attempt_at": _time(event.due_at) if event.state == "waiting" else None,
        "ended_at": None if event.ended_at is None else _time(event.ended_at),
        "received_by": list(event.received_by),
        "subject": event.subject,
        "error": event.error,
    }


def _payload_of(event: KeptEvent, service: EventService) -> Any:
    if event.body is None:
        fail("The payload of this event is no longer kept.")
    try:
        return service.open(event).payload
    except SealError as error:
        fail(f"The payload of this event is unreadable. {error}.")


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
