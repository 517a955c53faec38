"""What a customer who is done may look at: the bank, the amount, and what to quote."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

from marshmallow import Schema, fields, validate

from ..flows.flow import Flow
from ..flows.flow_state import FlowState, FlowStatus
from ..flows.new_consents import needs_new_consent
from ..services import Services
from .language import PageLanguage
from .picker.formatting import format_amount
from .picker.rows import logo_tile
from .picker.terms import Terms, terms_in_words
from .problems import described


class ReceiptSchema(Schema):
    """The receipt. What is not known is `null`."""

    bank = fields.String(
        required=True, allow_none=True, metadata=described("Its name, in the page's language.")
    )
    logo = fields.String(
        required=True, allow_none=True, metadata=described("URL, as on the bank's row.")
    )
    logo_background = fields.String(
        required=True,
        allow_none=True,
        metadata=described("The colour that the logo is drawn for, such as `#7a4a2b`."),
    )
    amount = fields.String(
        required=True,
        allow_none=True,
        metadata=described("With its currency, in the page's language. Never rounded."),
    )
    reference = fields.String(
        required=True,
        allow_none=True,
        metadata=described("The bank's own of the payment, else Lean's correlation id."),
    )
    agreed = fields.List(
        fields.String(),
        required=True,
        metadata=described(
            "What the customer agreed to, in the page's language: what is shared, limits, dates. "
            "Empty once the bank has said no."
        ),
    )


def flow_status_field(**options: Any) -> fields.String:
    """Return the field of a response with the status of a flow."""
    text = (
        "`open`: made; `launched`: the SDK got its config; `at_bank`: the SDK said `REDIRECT`; "
        "`reported`: the SDK said how it ended; `confirmed` and `failed`: the bank's word, by "
        "Lean's webhook, whatever the SDK said."
    )
    check = validate.OneOf(get_args(FlowStatus))
    return fields.String(validate=check, metadata=described(text), **options)


def receipt_field(**options: Any) -> fields.Nested:
    """Return the field of a response with the receipt."""
    text = "Once the SDK said `SUCCESS`, or a webhook brought the bank's word; else `null`."
    return fields.Nested(ReceiptSchema, allow_none=True, metadata=described(text), **options)


def awaits_confirmation_field(**options: Any) -> fields.Boolean:
    """Return the field of a response that says whether the bank's word is still to come."""
    text = (
        "Whether the SDK said `SUCCESS` and the bank's word is still to come. Always `false` where "
        "webhooks are off."
    )
    return fields.Boolean(metadata=described(text), **options)


def can_retry_field(**options: Any) -> fields.Boolean:
    """Return the field of a response that says whether the flow may be launched again."""
    text = (
        "Whether the flow may be launched again, as long as it has not expired. `false` once it "
        "has ended well, and after a failed attempt that has spent its consent: then the customer "
        "starts again at the host."
    )
    return fields.Boolean(metadata=described(text), **options)


def outcome_members(
    services: Services, flow: Flow, state: FlowState, language: PageLanguage
) -> dict[str, Any]:
    """Return what each response about a flow says of its outcome: the four fields above."""
    return {
        "status": state.status,
        "awaits_confirmation": _awaits_confirmation(services, state),
        "can_retry": not (state.is_completed or needs_new_consent(flow, state)),
        "receipt": _receipt(services, flow, state, language),
    }


def _awaits_confirmation(services: Services, state: FlowState) -> bool:
    """Return whether an event is to come that says what the SDK only reported."""
    can_come = bool(services.settings.webhook_secret and state.joins)
    return can_come and state.has_succeeded and not state.is_decided


def _receipt(
    services: Services, flow: Flow, state: FlowState, language: PageLanguage
) -> dict[str, Any] | None:
    """Return the receipt of *flow*, or ``None`` while there is nothing to show. Asks nobody."""
    if not (state.has_succeeded or state.is_decided):
        return None
    identifier, word = state.known_bank, state.word
    bank = services.catalog.held_bank(identifier, flow.customer_id) if identifier else None
    logo, background, _ = logo_tile(bank) if bank else ("", "", "")
    return {
        "bank": bank.names[language.lean] if bank else None,
        "logo": logo or None,
        "logo_background": str(background) if logo else None,
        "amount": _amount(flow, state, language),
        "reference": (word.reference if word else None) or state.correlation_id,
        "agreed": _agreed(flow, language) if state.status != "failed" else [],
    }


def _agreed(flow: Flow, language: PageLanguage) -> list[str]:
    terms = terms_in_words(Terms.of(flow), flow.currency, language)
    dates = terms.dates.rstrip(".۔")  # it stands alone
    return [*terms.items, *([dates] if dates else [])]


def _amount(flow: Flow, state: FlowState, language: PageLanguage) -> str | None:
    """Return the amount as the host gave it, else as the event did."""
    word = state.word
    amount = flow.stated_amount
    if amount is not None and flow.currency:
        return format_amount(amount, flow.currency, language)
    if word and word.amount and word.currency:
        return format_amount(Decimal(word.amount), word.currency, language)
    return None
