"""``flask lean …``: is it set up right, which banks are there, fetch them now."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click
from flask import Blueprint, current_app

from .banks.directory import select
from .banks.search import search
from .errors import LeanError
from .services import Services
from .web.banks import public
from .web.health import health_report

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def add_commands(blueprint: Blueprint, services_of: Callable[[], Services]) -> None:
    """The commands of one blueprint, under its name: ``flask lean check``."""
    blueprint.cli.short_help = "Lean's bank list: check, show, refresh."

    @blueprint.cli.command("check")
    @as_json
    def check(as_json: bool) -> None:
        """Check settings, credentials and bank lists against Lean. Exit code 1 on a problem."""
        checks = list(_checks(services_of()))
        if as_json:
            _print_json([{"check": name, "ok": ok, "detail": text} for name, ok, text in checks])
        else:
            for name, ok, text in checks:
                mark = click.style("ok  ", "green") if ok else click.style("FAIL", "red")
                click.echo(f"{mark}  {name:<10} {text}")
        sys.exit(0 if all(ok for _, ok, _ in checks) else 1)

    @blueprint.cli.command("banks")
    @click.option("--account-type", type=click.Choice(["PERSONAL", "BUSINESS"]))
    @click.option("-q", "query", default="", help="Search, best first.")
    @as_json
    def banks(account_type: str | None, query: str, as_json: bool) -> None:
        """List the banks that customers are shown."""
        listing = _or_exit(lambda: services_of().directory.listing(account_type))
        found = search(select(listing.banks), query)
        if as_json:
            _print_json([public(bank, "en") for bank in found])
            return
        _print_table(
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
        click.echo(f"{len(found)} banks, {listing.state}, {listing.age:.0f} s old")

    @blueprint.cli.command("refresh")
    @as_json
    def refresh(as_json: bool) -> None:
        """Fetch the bank lists from Lean now and share them. Exit code 1 when Lean fails."""
        directory = services_of().directory
        _or_exit(directory.refresh)
        report = health_report(directory.health())
        if as_json:
            _print_json(report)
        else:
            click.echo(f"{report['banks']['count']} banks fetched")


def _checks(lean: Services) -> Sequence[tuple[str, bool, str]]:
    settings = lean.settings
    stage = "sandbox" if settings.sandbox else "production"
    checks = [("settings", True, f"{settings.country} {stage}, API {settings.api_url}")]
    if settings.client_secret:
        checks.append(_tried("token", "minted", lean.client.check_credentials))
    else:
        checks.append(("token", True, "no LEAN_CLIENT_SECRET: the SDK runs without access_token"))
    fetched = _tried("banks", "fetched", lean.directory.refresh)
    checks.append(fetched)
    for account_type, peek in lean.directory.health().items():
        detail = f"{len(peek.banks)} banks, {peek.state}, {peek.age:.0f} s old"
        checks.append((account_type.lower(), peek.state != "empty", detail))
    for outcome, url in landing_pages(lean.name):
        checks.append(("register", True, f"{url} in Lean's dashboard, for {outcome}"))
    secrets = len(settings.webhook_secret)
    webhooks = f"{secrets} secret(s)" if secrets else "off: LEAN_WEBHOOK_SECRET is not set"
    checks.append(("webhooks", True, webhooks))
    return checks


def landing_pages(blueprint_name: str) -> list[tuple[str, str]]:
    """The two redirect URLs that Lean's dashboard must know, exactly as they will be sent."""
    host = current_app.config.get("SERVER_NAME") or "your-host.example"
    scheme = current_app.config["PREFERRED_URL_SCHEME"] if "." not in host else "https"
    urls = current_app.url_map.bind(
        host, script_name=current_app.config["APPLICATION_ROOT"], url_scheme=scheme
    )
    return [
        (outcome, urls.build(f"{blueprint_name}.return_{outcome}", force_external=True))
        for outcome in ("success", "fail")
    ]


def _tried(name: str, done: str, work: Callable[[], Any]) -> tuple[str, bool, str]:
    try:
        work()
    except LeanError as error:
        return name, False, str(error)
    return name, True, done


def _or_exit(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except LeanError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)


def _print_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
