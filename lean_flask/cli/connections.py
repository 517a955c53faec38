"""``flask lean connections``: what a customer has linked, and what repairs what has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import click
from flask.cli import AppGroup

from ..errors import LeanError, UpstreamRejected
from ..services import Services
from ..upstream.client import LeanClient
from ..upstream.consents import Consent
from ..upstream.entities import Entity
from ..upstream.ids import app_user_id_text
from .printing import as_json, fail, print_json, print_table

_UNKNOWN = "Lean knows no customer with the id {!r}, its own or yours."


def add_connections(commands: AppGroup, services_of: Callable[[], Services]) -> None:
    """Add ``connections`` to *commands*, those of one blueprint."""

    @commands.command("connections")
    @click.argument("customer")
    @as_json
    def connections(customer: str, as_json: bool) -> None:
        """Show the banks that a customer has linked, and their consents to payments.

        CUSTOMER is Lean's id of the customer, or your own id of the user. CURE is the method that
        renews a connection that has ended. Exit code 1 when Lean does not say.
        """
        services = services_of()
        try:
            customer_id = _customer_id(services.client, customer)
            entities = services.client.entities(customer_id)
        except LeanError as error:
            fail(error)
        consents, problem = _payment_consents(services.client, customer_id)
        now = datetime.fromtimestamp(services.wall_clock(), UTC)
        content = {
            "customer_id": customer_id,
            "connections": [_connection(entity, now) for entity in entities],
            "payment_consents": consents,
        }
        if as_json:
            print_json(content)
        else:
            _print_text(content)
        if problem:
            click.echo(f"The consents to payments are not known: {problem}", err=True)


def _customer_id(client: LeanClient, customer: str) -> str:
    """Return Lean's id of the customer whom *customer* names.

    :raises FlowError: for what can be no id.
    :raises UpstreamError: when Lean cannot be asked.
    """
    name = quote(app_user_id_text(customer), safe="")
    try:
        answer = client.request("GET", f"/customers/v1/app-user-id/{name}")
    except UpstreamRejected as error:
        if error.status != 404:
            raise
        answer = None
    found = answer.get("customer_id") if isinstance(answer, Mapping) else None
    if isinstance(found, str):
        return found
    return customer if _is_uuid(customer) else fail(_UNKNOWN.format(customer))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _payment_consents(
    client: LeanClient, customer_id: str
) -> tuple[list[dict[str, Any]] | None, LeanError | None]:
    """Return the consents; or what keeps them unknown, such as a country that has none."""
    try:
        return [_consent(consent) for consent in client.consents(customer_id)], None
    except LeanError as error:
        return None, error


def _connection(entity: Entity, now: datetime) -> dict[str, Any]:
    state = entity.connection_state(now)
    return {
        "bank": entity.bank_identifier,
        "entity_id": entity.id,
        "state": state,
        "until": _time(entity.expires_at),
        "permissions": list(entity.permissions),
        "cure": "connect" if state == "ended" else None,
    }


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "id": consent.id,
        "bank": consent.bank_identifier,
        "status": consent.status,
        "until": _time(consent.expires_at),
        "currency": consent.currency,
        "control_parameters": dict(consent.control_parameters),
    }


#: Heads of the columns, with the keys of what is below them.
_CONNECTIONS = {
    "BANK": "bank",
    "ENTITY": "entity_id",
    "STATE": "state",
    "UNTIL": "until",
    "PERMISSIONS": "permissions",
    "CURE": "cure",
}
_CONSENTS = {
    "CONSENT TO PAYMENTS": "id",
    "BANK": "bank",
    "STATUS": "status",
    "UNTIL": "until",
    "CURRENCY": "currency",
}


def _print_text(content: Mapping[str, Any]) -> None:
    click.echo(f"Customer {content['customer_id']}\n")
    _print_rows(_CONNECTIONS, content["connections"], "No bank is linked.")
    if content["payment_consents"] is not None:
        click.echo()
        _print_rows(_CONSENTS, content["payment_consents"], "No consent to payments.")


def _print_rows(columns: Mapping[str, str], records: list[dict[str, Any]], none: str) -> None:
    if records:
        rows = [[_cell(record[name]) for name in columns.values()] for record in records]
        print_table(list(columns), rows)
    else:
        click.echo(none)


def _cell(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
