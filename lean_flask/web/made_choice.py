"""What the customer chose, as ``POST /launch`` brings it: checked, with what Lean says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..banks.bank import Bank
from ..common.logs import get_logger
from ..errors import BankUnavailable, FlowError, UpstreamError, UpstreamRejected
from ..flows.chosen import CHOICES
from ..flows.eligibility import (
    Choice,
    require_account,
    require_bank,
    require_no_override,
    require_renewal,
    require_source,
)
from ..flows.flow import SCHEMAS, Flow
from ..services import Services
from ..upstream.payment_sources import accounts_of

log = get_logger(__name__)


def made_choice(services: Services, flow: Flow, chosen: Mapping[str, str | None]) -> Choice:
    """Return what to open the SDK with: the customer's choice, else the host's, else none.

    :param chosen: ids, by the names of the config.
    :raises BankUnavailable: when it cannot be used for *flow*.
    :raises FlowError: when *flow* takes no such choice.
    :raises UpstreamError: when Lean does not say whether it is the customer's own.
    """
    _refuse_others(flow, chosen)
    identifier, account_id = chosen["bank_identifier"], chosen["account_id"]
    source_id, entity_id = chosen["payment_source_id"], chosen["entity_id"]
    if entity_id:
        return _renewed(services, flow, entity_id, chosen)
    if source_id:
        return _chosen_source(services, flow, source_id)
    if account_id:
        return _chosen_account(services, flow, account_id)
    if identifier:
        banks = _named(services, flow, identifier)
        return Choice(require_bank(flow, banks, identifier, chosen["account_type"]))
    preset = flow.config.get("bank_identifier")
    if preset:
        try:
            require_bank(flow, _named(services, flow, preset), preset)
        except UpstreamError:
            require_no_override(flow, services.catalog.known_overrides(), preset)
            log.info("No bank list: launching %s without a check", preset)
    return Choice()  # the flow's own config holds what the host has preset


def _refuse_others(flow: Flow, chosen: Mapping[str, str | None]) -> None:
    """Refuse a choice that the flow does not take.

    :raises FlowError: naming each.
    """
    takes = {*SCHEMAS[flow.method].fields} - {"entity_id"}  # an entity is renewed: no such field
    if flow.traits.can_renew:
        takes.add("entity_id")
    if not flow.choices:
        takes.clear()
    others = sorted(name for name in CHOICES if chosen[name] and name not in takes)
    if others:
        errors = dict.fromkeys(others, f"{flow.method} takes none.")
        raise FlowError(f"{flow.method} takes no {', '.join(others)}", errors)


def _chosen_account(services: Services, flow: Flow, account_id: str) -> Choice:
    """Return the account with its bank, if it is the flow's customer's own."""
    sources = services.client.payment_sources(flow.customer_id) if flow.customer_id else ()
    account = require_account(accounts_of(sources), account_id)
    bank = _held_bank(services, flow, account.bank_identifier)
    return Choice(bank, account.account_id)


def _chosen_source(services: Services, flow: Flow, source_id: str) -> Choice:
    """Return the payment source with its bank, if it is the flow's customer's own."""
    sources = services.client.payment_sources(flow.customer_id) if flow.customer_id else ()
    source = require_source(sources, source_id, flow.config["payment_destination_id"])
    bank = _held_bank(services, flow, source.bank_identifier)
    return Choice(bank, payment_source_id=source.id)


def _renewed(
    services: Services, flow: Flow, entity_id: str, chosen: Mapping[str, str | None]
) -> Choice:
    """Return the bank of a connection of the flow's customer, with what they share already."""
    identifier = chosen["bank_identifier"] or flow.config.get("bank_identifier")
    try:
        entity = services.client.entity(flow.customer_id or "", entity_id.lower())
    except UpstreamRejected as error:
        if error.status != 404:
            raise
        raise BankUnavailable("Lean knows no such connection of the customer", "entity") from None
    renewal = require_renewal(flow, entity, identifier)
    banks = _named(services, flow, entity.bank_identifier)
    bank = require_bank(renewal, banks, entity.bank_identifier, chosen["account_type"])
    return Choice(bank, permissions=tuple(renewal.config["permissions"]))


def _held_bank(services: Services, flow: Flow, identifier: str) -> Bank | None:
    """Return the bank of what the customer has saved, or ``None`` without a list."""
    try:
        banks = _named(services, flow, identifier)
    except UpstreamError:  # what they have saved stands without it
        require_no_override(flow, services.catalog.known_overrides(), identifier)
        return None
    return require_bank(flow, banks, identifier)


def _named(services: Services, flow: Flow, identifier: str) -> Sequence[Bank]:
    return services.catalog.listing(flow.account_type, flow.customer_id).named.get(identifier, ())
