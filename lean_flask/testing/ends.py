"""What the end of a flow in the dialog changes at Lean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .stand_in import StandIn

#: Takes the stand-in, the config of the method, and the bank that was chosen.
Effect = Callable[[StandIn, dict[str, Any], str | None], object]


def end_flow(fake_lean: StandIn, end: dict[str, Any]) -> None:
    """Change what a flow changes at Lean by its end, and send the events about it.

    A flow that went to the bank's page ends when the customer is back from there.
    """
    status, config = end.get("status"), end.get("config", {})
    customer_id = config.get("customer_id")
    if status == "REDIRECT":
        fake_lean.at_bank[customer_id] = end
        return
    if end.get("method") == "captureRedirect" and status in {"SUCCESS", "ERROR"}:
        known = customer_id if customer_id in fake_lean.at_bank else None
        end = fake_lean.at_bank.pop(known, {})
        config = end.get("config", {})
    effects = {"SUCCESS": _ON_SUCCESS, "ERROR": _ON_ERROR}.get(str(status), {})
    effect = effects.get(end.get("method", ""))
    if effect:
        bank = end.get("bank_identifier") or config.get("bank_identifier")
        effect(fake_lean, config, bank)


def _connect(fake_lean: StandIn, config: dict[str, Any], bank: str | None) -> None:
    customer_id, permissions = config.get("customer_id", ""), config.get("permissions", [])
    fake_lean.add_entity(
        customer_id,
        bank,
        permissions,
        access_from=config.get("access_from"),
        access_to=config.get("access_to"),
    )
    if "payments" in permissions:
        _create_source(fake_lean, config, bank)


def _create_source(fake_lean: StandIn, config: dict[str, Any], bank: str | None) -> None:
    if bank:
        fake_lean.create_payment_source(
            config.get("customer_id", ""), bank, config.get("payment_destination_id")
        )


def _pay(fake_lean: StandIn, config: dict[str, Any], _bank: str | None) -> None:
    fake_lean.pay(config.get("payment_intent_id", ""))


def _authorise(fake_lean: StandIn, config: dict[str, Any], bank: str | None) -> None:
    fake_lean.authorise_consent(config.get("consent_id", ""), bank, config.get("account_id"))


def _reject(fake_lean: StandIn, config: dict[str, Any], _bank: str | None) -> None:
    fake_lean.reject_consent(config.get("consent_id", ""))


def _add_beneficiary(fake_lean: StandIn, config: dict[str, Any], _bank: str | None) -> None:
    fake_lean.add_beneficiary(
        config.get("customer_id", ""),
        config.get("payment_destination_id", ""),
        config.get("payment_source_id"),
    )


def _reconnect(fake_lean: StandIn, config: dict[str, Any], _bank: str | None) -> None:
    fake_lean.reconnect(config.get("reconnect_id", ""))


_ON_SUCCESS: dict[str, Effect] = {
    "connect": _connect,
    "pay": _pay,
    "checkout": _pay,
    "authorizeConsent": _authorise,
    "createPaymentSource": _create_source,
    "updatePaymentSource": _add_beneficiary,
    "createBeneficiary": _add_beneficiary,
    "reconnect": _reconnect,
}
_ON_ERROR: dict[str, Effect] = {"authorizeConsent": _reject}
