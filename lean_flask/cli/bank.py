"""``flask lean bank``: take a bank out of use by hand, and put it back."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import click
from flask.cli import AppGroup

from ..banks.catalog import BankCatalog
from ..banks.overrides import Override, described
from ..common.types import LANGUAGES, PURPOSES
from ..services import Services
from .printing import as_json, fail, print_json, print_table

_OF_ONE_PROCESS = (
    "LEAN_STORE_URL is memory:, so no command can reach the processes of the app. Set it to a file "
    "or a server, or call lean.override() in the app."
)
_UNREACHABLE = (
    "The store cannot be used, so the processes of the app would not see it ({}). Nothing was "
    "changed. flask lean check looks at the store."
)
_FAILED_MEANWHILE = (
    "The store failed meanwhile ({}). Once it works again, flask lean bank tells whether the "
    "change was kept."
)
_EXAMPLE = "2026-12-31T18:00+03:00"

_Action = Literal["unavailable", "hide", "clear", "list"]
_ACTIONS: tuple[_Action, ...] = get_args(_Action)
_TAKEN: Mapping[_Action, Collection[str]] = {
    "unavailable": ("purpose", "until", "message_en", "message_ar", "why"),
    "hide": ("purpose", "until", "why"),
    "clear": ("purpose", "why"),
    "list": (),
}


def add_bank(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add ``bank`` to *commands*, those of one blueprint."""

    @commands.command("bank")
    @click.argument("identifier", required=False)
    @click.option("--unavailable", is_flag=True, help="Show it, as one that cannot be chosen.")
    @click.option("--hide", is_flag=True, help="Do not show it.")
    @click.option("--clear", is_flag=True, help="Go by what Lean says again.")
    @click.option("--list", is_flag=True, help="List what is in force; the default.")
    @click.option(
        "--purpose", type=click.Choice(PURPOSES), help="Only for this one; all by default."
    )
    @click.option(
        "--until",
        metavar="TIME",
        callback=_parse_time,
        help=f"When it ends by itself, such as {_EXAMPLE}. Without a zone, this machine's counts.",
    )
    @click.option("--message-en", metavar="TEXT", help="What customers are told, in English.")
    @click.option("--message-ar", metavar="TEXT", help="The same in Arabic.")
    @click.option("--why", default="", metavar="TEXT", help="For the log, and for colleagues.")
    @as_json
    def bank(identifier: str | None, as_json: bool, **given: Any) -> None:
        """Take a bank out of use by hand, put it back, or list the banks that are out.

        All processes that share the store follow within two seconds, and go on so after new lists
        of Lean, webhooks and restarts. Exit code 0 when it is done, 1 when the store does not let
        it be done, 2 for a wrong argument.
        """
        action = _action(given)
        if action == "list":
            _print(_shared(services_of()).catalog.overrides(), identifier, as_json)
            return
        if identifier is None:
            raise click.UsageError("Name the bank: flask lean banks lists the identifiers.")
        services = _shared(services_of())
        try:
            overrides = _apply(services.catalog, identifier, action, given)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        if services.store.failure:
            fail(_FAILED_MEANWHILE.format(services.store.failure))
        if as_json:
            print_json([_record(one) for one in overrides])
            return
        for one in overrides:
            click.echo(f"{'Cleared' if action == 'clear' else 'In force'}: {described(one)}")
        if not overrides:
            click.echo(f"{identifier} was not overridden.")


def _action(given: Mapping[str, Any]) -> _Action:
    """Return what to do.

    :raises UsageError: when the options do not go together.
    """
    named = [name for name in _ACTIONS if given[name]]
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(f'--{name}' for name in named)} exclude each other.")
    action = named[0] if named else "list"
    others = [name for name, value in given.items() if value and name not in _ACTIONS]
    refused = [f"--{name.replace('_', '-')}" for name in others if name not in _TAKEN[action]]
    if refused:
        raise click.UsageError(
            f"--{action} takes no {', no '.join(refused)}."
            if named
            else "Say what to do: --unavailable, --hide or --clear."
        )
    return action


def _apply(
    catalog: BankCatalog, identifier: str, action: _Action, given: Mapping[str, Any]
) -> tuple[Override, ...]:
    """Do it; return what is in force from now on, or what was cleared.

    :raises ValueError: for what cannot be done, naming the argument.
    """
    who, why, purpose = _operator(), given["why"], given["purpose"]
    if action == "clear":
        cleared = catalog.clear_override(identifier, purpose, by=who, why=why)
        if not cleared:
            catalog.require_known(identifier)
        return cleared
    message = {language: given[f"message_{language}"] or "" for language in LANGUAGES}
    override = catalog.override(
        identifier,
        "hide" if action == "hide" else "unavailable",
        purpose=purpose,
        until=given["until"],
        message=message if any(message.values()) else None,
        by=who,
        why=why,
    )
    return (override,)


def _shared(services: Services) -> Services:
    """Return *services*, if what this command writes reaches the app."""
    if not services.store.is_shared:
        fail(_OF_ONE_PROCESS)
    services.catalog.overrides()  # the first use of the store tells whether it is there
    if services.store.failure:
        fail(_UNREACHABLE.format(services.store.failure))
    return services


def _operator() -> str:
    """Return who runs this command, and where."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container's user has no name
        user = f"uid {os.getuid()}"
    behind = os.environ.get("SUDO_USER", "")
    return f"{f'{behind} as ' if behind else ''}{user}@{socket.gethostname()}"


def _parse_time(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """Return the time; one without a zone is in that of this machine, as ``date`` shows it."""
    if text is None:
        return None
    with suppress(ValueError, OverflowError):
        given = datetime.fromisoformat(text)
        moment = given.astimezone()
        if moment <= datetime.now(UTC):
            now = datetime.now(UTC).astimezone()
            raise click.BadParameter(f"{_both(moment)} is in the past; it is {_both(now)}.")
        if given.utcoffset() is None:
            click.echo(f"--until has no zone, so this machine's counts: {_both(moment)}", err=True)
        return moment
    raise click.BadParameter(
        f"{text!r} is not a date and time of ISO 8601, such as {_EXAMPLE}. Without a zone, that of "
        f"this machine counts ({datetime.now(UTC).astimezone():%Z, UTC%z})."
    )


def _both(moment: datetime) -> str:
    """Return *moment* in this machine's zone and in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%S%z} ({moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ})"


def _print(known: tuple[Override, ...], identifier: str | None, as_json: bool) -> None:
    """Print those of one bank, or all."""
    overrides = [one for one in known if identifier in {None, one.identifier}]
    if as_json:
        print_json([_record(one) for one in overrides])
    elif overrides:
        columns = ("identifier", "action", "purpose", "until", "by", "since", "why")
        rows = [[_record(one)[name] or "" for name in columns] for one in overrides]
        print_table([name.upper() for name in columns], rows)
    else:
        click.echo(f"{identifier} is not overridden." if identifier else "No bank is overridden.")


def _record(override: Override) -> dict[str, Any]:
    return {
        "identifier": override.identifier,
        "action": override.action,
        "purpose": override.purpose,
        "until": _time(override.until),
        "message": dict(override.message) or None,
        "by": override.by,
        "why": override.why,
        "since": _time(override.since),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
