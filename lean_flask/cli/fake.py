"""``flask lean fake``: faults, banks, events and the clock of a stand-in that runs by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click
from flask.cli import AppGroup

from ..events.samples import SAMPLE_TYPES, sample_event
from ..services import Services
from .changes import apply_change
from .durations import read_duration
from .printing import as_json, fail, print_json
from .stand_in import NoStandInError, StandInControl, control_url

#: Asks the stand-in: method, path, body.
Ask = Callable[..., dict[str, Any]]

_where = click.option(
    "--url",
    envvar="LEAN_FAKE_URL",
    help="Of the stand-in; by default LEAN_FAKE_URL, else LEAN_API_URL if it is on this machine.",
)
_changes = click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Repeatable; see the docs."
)


def add_fake(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add the group ``fake`` to *commands*, those of one blueprint."""

    @commands.group("fake")
    def group() -> None:
        """Control the stand-in for Lean (python -m lean_flask.testing): for development.

        Exit code 0 when it is done, 1 when it failed or there is no stand-in, 2 for a wrong
        argument.
        """

    def control(url: str | None) -> StandInControl:
        try:
            return StandInControl(control_url(url, services_of().settings.api_url))
        except NoStandInError as error:
            fail(error)

    def ask(url: str | None, method: str, path: str, body: Any = None) -> dict[str, Any]:
        try:
            return control(url).ask(method, path, body)
        except NoStandInError as error:
            fail(error)

    _add_show(group, control)
    _add_faults(group, ask)
    _add_bank(group, ask)
    _add_events(group, ask)
    _add_clock(group, ask)


def _add_show(group: click.Group, control: Callable[[str | None], StandInControl]) -> None:
    @group.command("show")
    @_where
    @as_json
    def show(url: str | None, as_json: bool) -> None:
        """Show faults, banks that are down, webhooks, the clock, and what was asked."""
        stand_in = control(url)
        if as_json:
            print_json(stand_in.state)
        else:
            _print_state(stand_in.state)


def _add_faults(group: click.Group, ask: Ask) -> None:
    @group.command("down")
    @click.argument("operations", nargs=-1, metavar="[OPERATION]...")
    @click.option("--fault", default="Reset", help="Reset by default: no answer at all.")
    @click.option("--seconds", type=float, help="Of the fault Slow.")
    @click.option("--times", type=click.IntRange(1), help="How many requests; else until up.")
    @_changes
    @_where
    @as_json
    def down(
        operations: tuple[str, ...],
        fault: str,
        seconds: float | None,
        times: int | None,
        changes: tuple[str, ...],
        url: str | None,
        as_json: bool,
    ) -> None:
        """Let operations of Lean fail, all of them by default: banks, token, customers, ..."""
        arguments: dict[str, Any] = {} if seconds is None else {"seconds": seconds}
        for change in changes:
            apply_change(change, arguments)
        body = {"fault": fault, "arguments": arguments, "times": times}
        state = {}
        for operation in operations or ("all",):
            state = ask(url, "PUT", f"/faults/{_segment(operation)}", body)
        _print_faults(state, as_json)

    @group.command("up")
    @click.argument("operations", nargs=-1, metavar="[OPERATION]...")
    @_where
    @as_json
    def up(operations: tuple[str, ...], url: str | None, as_json: bool) -> None:
        """Let operations of Lean answer again, all of them by default."""
        state = {}
        for operation in operations or ("all",):
            state = ask(url, "DELETE", f"/faults/{_segment(operation)}")
        _print_faults(state, as_json)

    @group.command("reset")
    @_where
    @as_json
    def reset(url: str | None, as_json: bool) -> None:
        """Forget customers, faults, requests and the clock; the credentials stay."""
        state = ask(url, "POST", "/reset")
        if as_json:
            print_json(state)
        else:
            _print_state(state)


def _add_bank(group: click.Group, ask: Ask) -> None:
    @group.command("bank")
    @click.argument("identifier")
    @click.option("--on", is_flag=True, help="It is up again.")
    @click.option("--off", is_flag=True, help="It is down.")
    @click.option("--purpose", type=click.Choice(["data", "payments"]), help="Both by default.")
    @click.option("--quiet", is_flag=True, help="Send no event.")
    @_where
    @as_json
    def bank(
        identifier: str,
        on: bool,
        off: bool,
        purpose: str | None,
        quiet: bool,
        url: str | None,
        as_json: bool,
    ) -> None:
        """Take a bank down at Lean, or up, and send the event."""
        if on is off:
            raise click.UsageError("Say one of --on and --off.")
        body = {"active": {purpose: on} if purpose else on, "notify": not quiet}
        sent = ask(url, "PATCH", f"/banks/{_segment(identifier)}", body)
        _print_sent(sent, as_json)


def _add_events(group: click.Group, ask: Ask) -> None:
    @group.command("send")
    @click.argument("type")
    @_changes
    @_where
    @as_json
    def send(type: str, changes: tuple[str, ...], url: str | None, as_json: bool) -> None:
        """Send a signed event of any type to each host; a documented type has a sample payload."""
        payload = sample_event(type)["payload"] if type in SAMPLE_TYPES else {}
        for change in changes:
            apply_change(change, payload)
        _print_sent(ask(url, "POST", "/events", {"type": type, "payload": payload}), as_json)


def _add_clock(group: click.Group, ask: Ask) -> None:
    @group.command("clock")
    @click.option(
        "--advance", callback=read_duration, help="How far to move it on, such as 3d or 12h."
    )
    @_where
    @as_json
    def clock(advance: float | None, url: str | None, as_json: bool) -> None:
        """Show the time at Lean, or move it on: what has ended by then ends, with its events."""
        if advance is None:
            state = ask(url, "GET", "/clock")
        else:
            state = ask(url, "POST", "/clock", {"advance": advance})
        if as_json:
            print_json(state)
        else:
            click.echo(f"It is {state['now']} at Lean, {state['ahead']:g} s ahead.")


def _print_sent(sent: dict[str, Any], as_json: bool) -> None:
    deliveries = sent["deliveries"]
    if as_json:
        print_json(sent)
    else:
        event = sent["event"]
        click.echo(f"{event['type']} {event['event_id']}")
        for one in deliveries:
            click.echo(f"  {one['url']}: {one['status'] or one['error']}")
        if not deliveries:
            click.echo("  sent to nobody")
    if any(one["status"] != 200 for one in deliveries):
        raise SystemExit(1)


def _print_faults(state: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(state["faults"])
    else:
        click.echo("\n".join(_fault_lines(state)) or "All operations answer.")


def _print_state(state: dict[str, Any]) -> None:
    webhooks = state["webhooks"]
    for name, text in (
        ("stand-in", f"{state['url']}, {state['country']}"),
        ("clock", f"{state['clock']['now']}, {state['clock']['ahead']:g} s ahead"),
        ("faults", "; ".join(_fault_lines(state)) or "none"),
        ("banks down", ", ".join(state["banks_down"]) or "none"),
        ("webhooks", ", ".join(webhooks["urls"]) or "none"),
        ("unanswered", f"{webhooks['unanswered']} event(s)"),
        ("requests", ", ".join(f"{n} {name}" for name, n in state["requests"].items()) or "none"),
    ):
        click.echo(f"{name:<10}  {text}")


def _fault_lines(state: dict[str, Any]) -> list[str]:
    lines = []
    for operation, armed in state["faults"].items():
        arguments = "".join(f" {name}={value}" for name, value in armed["arguments"].items())
        times = f", {armed['times']} more" if armed["times"] else ""
        lines.append(f"{operation}: {armed['fault']}{arguments}{times}")
    return lines


def _segment(text: str) -> str:
    """Return *text* as a segment of a path."""
    return quote(text, safe="")
