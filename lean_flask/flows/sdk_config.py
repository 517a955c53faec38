"""The config object that the SDK's method takes, from a flow and a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..common.types import Language
from ..config.settings import Settings
from .eligibility import Choice
from .flow import Flow


def sdk_config(
    settings: Settings,
    flow: Flow,
    language: Language,
    access_token: str | None,
    choice: Choice,
    redirects: Mapping[str, str],
    consent_id: str | None = None,
) -> dict[str, Any]:
    """Return the argument of ``Lean.connect`` and its like; the page adds ``callback``.

    :param redirects: our landing pages, used unless the flow names its own.
    :param consent_id: of the consent that was made for this launch.
    """
    config = {**redirects, **flow.config}
    if choice.is_made:
        # A choice replaces what the host had preset: the two might not belong together.
        config = {name: config[name] for name in config if name not in _CHOSEN}
    takes_bank = "bank" in flow.choices
    return {
        **_shared(settings, flow, language, access_token),
        **config,
        **_present(
            bank_identifier=choice.bank.identifier if choice.bank and takes_bank else None,
            account_id=choice.account_id,
            payment_source_id=choice.payment_source_id,
            account_type=_account_type(settings, flow, choice),
            permissions=[*choice.permissions] or None,
            consent_id=consent_id,
        ),
    }


def redirect_config(
    settings: Settings,
    flow: Flow,
    language: Language,
    access_token: str | None,
    landed_with: Mapping[str, str | None],
) -> dict[str, Any]:
    """Return the argument of ``Lean.captureRedirect``; the customer comes from the flow."""
    return {
        **_shared(settings, flow, language, access_token),
        "customer_id": flow.customer_id,
        **_present(**landed_with),
    }


_CHOSEN = frozenset({"bank_identifier", "account_id", "payment_source_id", "entity_id"})


def _shared(
    settings: Settings, flow: Flow, language: Language, access_token: str | None
) -> dict[str, Any]:
    return {
        "app_token": settings.app_token,
        "sandbox": settings.sandbox,
        "language": language,
        **_present(
            customization={**settings.customization, **flow.customization} or None,
            access_token=access_token,
        ),
    }


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _account_type(settings: Settings, flow: Flow, choice: Choice) -> str | None:
    """Return the type that the customer chose, for the SDK's own screens."""
    if flow.method != "connect":
        return None
    if flow.account_type:
        return flow.account_type
    if choice.bank and choice.bank.account_type:
        return choice.bank.account_type
    return settings.account_types[0] if len(settings.account_types) == 1 else None
