"""From a flow and a choice to the one config object that the SDK's method takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..banks.bank import Bank, Language
from ..errors import BankUnavailable
from ..settings import Settings
from .flow import Flow


def usable_bank(flow: Flow, banks: Mapping[str, Bank], identifier: str) -> Bank:
    """The bank named *identifier*, if *flow* can use it now.

    :raises BankUnavailable: with the reason why not.
    """
    bank = banks.get(identifier)
    if bank is None:
        raise BankUnavailable(f"No bank {identifier} in the list of this flow", "unknown")
    if not all(bank.is_available(purpose) for purpose in flow.purposes):
        raise BankUnavailable(f"{identifier} is not available for this flow now", "unavailable")
    if flow.method == "checkout" and bank.connection_type == "REVERSE_ENGINEERED":
        raise BankUnavailable(f"{identifier} is not reached by Open Finance", "unavailable")
    if flow.amount is not None and flow.currency and not bank.allows(flow.amount, flow.currency):
        raise BankUnavailable(f"The amount is outside the limits of {identifier}", "limit")
    return bank


def sdk_config(
    settings: Settings,
    flow: Flow,
    language: Language,
    access_token: str | None,
    bank: Bank | None,
) -> dict[str, Any]:
    """The argument of ``Lean.connect`` and its like, but for ``callback``, which is the page's."""
    config: dict[str, Any] = {
        "app_token": settings.app_token,
        "sandbox": settings.sandbox,
        "language": language,
        **flow.config,
    }
    optional = {
        "customization": {**settings.customization, **flow.customization},
        "access_token": access_token,
        "bank_identifier": bank.identifier if bank else None,
        "account_type": _account_type(settings, flow, bank) if flow.method == "connect" else None,
    }
    return config | {name: value for name, value in optional.items() if value}


def _account_type(settings: Settings, flow: Flow, bank: Bank | None) -> str | None:
    """The type that the customer chose, so that the SDK's own screens follow it."""
    if flow.account_type:
        return flow.account_type
    if bank and bank.account_type:
        return bank.account_type
    return settings.account_types[0] if len(settings.account_types) == 1 else None
