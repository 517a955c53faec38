"""What the end of a flow in the dialog changes at Lean."""

from __future__ import annotations

from typing import Any

from .stand_in import StandIn


def end_flow(fake_lean: StandIn, end: dict[str, Any]) -> None:
    """Create what a successful flow creates at Lean, and send the webhooks about it.

    A flow that went to the bank's page succeeds when the customer is back from there.
    """
    customer_id = end.get("config", {}).get("customer_id")
    if end.get("status") == "REDIRECT":
        fake_lean.at_bank[customer_id] = end
    if end.get("status") != "SUCCESS":
        return
    if end.get("method") == "captureRedirect":
        known = customer_id if customer_id in fake_lean.at_bank else None
        end = fake_lean.at_bank.pop(known, {})
    config, method = end.get("config", {}), end.get("method")
    identifier = end.get("bank_identifier") or config.get("bank_identifier")
    if method == "connect":
        permissions = config.get("permissions", [])
        entity, is_new = fake_lean.add_entity(customer_id, identifier, permissions)
        fake_lean.notify("entity.created" if is_new else "entity.updated", entity)
        if "payments" in permissions and identifier:
            source = fake_lean.add_payment_source(customer_id, identifier)
            fields = ("id", "status", "bank_identifier", "customer_id")
            fake_lean.notify("payment_source.created", {field: source[field] for field in fields})
    elif method in {"pay", "checkout"}:
        payment = fake_lean.add_payment(config.get("payment_intent_id", ""))
        fake_lean.notify("payment.created", dict(payment))
