"""``flask lean …``: is it set up right, the banks, the CSP, connections, events."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import AppGroup

from ..banks.catalog import filter_banks
from ..banks.public_schema import public_bank
from ..banks.search import search
from ..banks.sorting import sort_banks
from ..common.types import ACCOUNT_TYPES
from ..errors import LeanError
from ..services import Services
from ..web import csp
from ..web.routes.health import health_report
from .bank import add_bank
from .checks import run_checks
from .connections import add_connections
from .events import add_events
from .fake import add_fake
from .printing import as_json, fail, print_json, print_table
from .trigger import add_trigger
from .work import add_work

_COLOURS = {"ok": "green", "warn": "yellow", "FAIL": "red"}


def add_all(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add all commands of one blueprint to *commands*."""

    @commands.command("check")
    @as_json
    def check(as_json: bool) -> None:
        """Check settings, credentials and bank lists against Lean. Exit code 1 on a problem."""
        checks = list(run_checks(services_of()))
        if as_json:
            print_json(
                [
                    {"check": name, "ok": state != "FAIL", "state": state, "detail": text}
                    for name, state, text in checks
                ]
            )
        else:
            for name, state, text in checks:
                click.echo(f"{click.style(f'{state:<4}', _COLOURS[state])}  {name:<10} {text}")
        sys.exit(1 if any(check.state == "FAIL" for check in checks) else 0)

    @commands.command("banks")
    @click.option("--account-type", type=click.Choice(ACCOUNT_TYPES))
    @click.option("-q", "query", default="", help="Search, best first.")
    @as_json
    def banks(account_type: str | None, query: str, as_json: bool) -> None:
        """List the banks that customers are shown."""
        services = services_of()
        listing = _or_exit(lambda: services.catalog.listing(account_type))
        shown = sort_banks(filter_banks(listing.banks), "en")
        found = search(shown, query, services.settings.bank_aliases)
        if as_json:
            print_json([public_bank(bank, "en") for bank in found])
            return
        print_table(
            ("IDENTIFIER", "NAME", "COUNTRY", "TYPE", "DATA", "PAYMENTS"),
            [
                (
                    bank.identifier,
                    bank.names["en"],
                    bank.country_code,
                    bank.account_type or "",
                    "yes" if bank.is_available("data") else "no",
                    "yes" if bank.is_available("payments") else "no",
                )
                for bank in found
            ],
        )
        click.echo(f"{_count(len(found))}, {listing.state}, {listing.age:.0f} s old")

    @commands.command("refresh")
    @click.option(
        "--force", is_flag=True, help="Accept a list that is empty or lost most of its banks."
    )
    @as_json
    def refresh(force: bool, as_json: bool) -> None:
        """Fetch the bank lists from Lean now and share them. Exit code 1 when Lean fails."""
        catalog = services_of().catalog
        _or_exit(lambda: catalog.refresh(accept_loss=force))
        report = health_report(catalog.health(), len(catalog.known_overrides()))
        if as_json:
            print_json(report)
        else:
            click.echo(f"{_count(report['banks']['count'])} fetched")

    @commands.command("csp")
    @click.option(
        "--policy",
        type=click.Choice(["wildcard", "strict"]),
        help="Which of Lean's two; LEAN_CSP by default.",
    )
    @as_json
    def csp_(policy: str | None, as_json: bool) -> None:
        """Print the Content-Security-Policy of the hosted pages, for a server's config."""
        settings = services_of().settings
        policy = policy or settings.csp or "wildcard"
        if as_json:
            print_json(csp.own_directives(settings, policy))
        else:
            click.echo(csp.header(settings, policy))

    add_bank(commands, services_of)
    add_connections(commands, services_of)
    add_events(commands, services_of)
    add_fake(commands, services_of)
    add_trigger(commands, services_of)
    add_work(commands, services_of)


def _or_exit(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except LeanError as error:
        fail(error)


def _count(banks: int) -> str:
    return "1 bank" if banks == 1 else f"{banks} banks"
