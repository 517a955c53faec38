"""One run of a method of the SDK, from the host's call to the SDK's callback."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from ..common.callables import full_name_of
from ..common.error_messages import describe_errors
from ..common.types import Method, Purpose
from ..errors import FlowError
from .connection_schemas import (
    ConnectSchema,
    CreateBeneficiarySchema,
    CreatePaymentSourceSchema,
    ManageConsentsSchema,
    ReconnectSchema,
    UpdatePaymentSourceSchema,
    VerifyAddressSchema,
)
from .methods import TRAITS, Choosable, MethodTraits
from .payment_schemas import AuthorizeConsentSchema, CheckoutSchema, PaySchema
from .schemas import FlowSchema

SCHEMAS: Mapping[Method, FlowSchema] = {
    "connect": ConnectSchema(),
    "pay": PaySchema(),
    "checkout": CheckoutSchema(),
    "authorizeConsent": AuthorizeConsentSchema(),
    "createPaymentSource": CreatePaymentSourceSchema(),
    "updatePaymentSource": UpdatePaymentSourceSchema(),
    "createBeneficiary": CreateBeneficiarySchema(),
    "reconnect": ReconnectSchema(),
    "manageConsents": ManageConsentsSchema(),
    "verifyAddress": VerifyAddressSchema(),
}
_PAYLOAD_FIELDS = (
    "id",
    "method",
    "config",
    "return_url",
    "language",
    "customization",
    "account_type",
    "customer_id",
    "amount",
    "currency",
    "access_token",
    "session_id",
    "linked_banks",
    "permissions_text",
    "control_parameters",
    "expiration_date_time",
    "new_consent",
    "renews",
    "bound_to",
    "max_age",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that the host made. Only the host's code decides what is in it.

    :param id: unique; comes back to the host as ``lean_flow``.
    :param method: of the SDK.
    :param config: the SDK's fields, as given.
    :param return_url: where the customer goes at the end; ``None`` leaves them on our last page.
    :param language: of the pages and the SDK; ``None`` lets the request say.
    :param customization: of this flow, laid over ``LEAN_CUSTOMIZATION``.
    :param account_type: ``PERSONAL`` or ``BUSINESS``, if only banks for one are to be shown.
    :param customer_id: Lean's id, a UUID; of a guest's checkout ``None``.
    :param amount: of the intent, in units of *currency*; compared with the banks' transfer limits.
    :param currency: ISO 4217.
    :param access_token: the host's own for the SDK; ``None`` has one minted at the launch.
    :param linked_banks: ``mark`` or ``hide``: what the picker does with banks that are linked.
    :param permissions_text: what is asked for in the host's own words, by language; ``""`` for any.
    :param control_parameters: the limits of a consent, in Lean's words.
    :param expiration_date_time: until when a consent lasts, ISO 8601.
    :param new_consent: full name of the host's function that makes the consent for each attempt.
    :param renews: whether it renews a connection, at the bank and for what the connection has.
    :param bound_to: id of the host's user whose flow it is, on any device; ``None`` binds it to
        the browser session, where ``LEAN_BIND_FLOW`` is on.
    :param max_age: seconds that it stays valid; by default ``LEAN_FLOW_MAX_AGE``.
    :param session_id: names the browser session that the flow is bound to, if it is bound.
    :param token: the encrypted flow, as it is in :attr:`url`.
    :param url: where to send the customer.
    """

    id: str
    method: Method
    config: Mapping[str, Any] = field(repr=False)
    return_url: str | None = None
    language: str | None = None
    customization: Mapping[str, Any] = field(default_factory=dict)
    account_type: str | None = None
    customer_id: str | None = field(default=None, repr=False)
    amount: Decimal | None = None
    currency: str | None = None
    access_token: str | None = field(default=None, repr=False)
    linked_banks: str | None = None
    permissions_text: Mapping[str, str] = field(default_factory=dict)
    control_parameters: Mapping[str, Any] = field(default_factory=dict)
    expiration_date_time: str | None = None
    new_consent: str | None = None
    renews: bool = False
    bound_to: str | None = field(default=None, repr=False)
    max_age: int | None = None
    session_id: str | None = field(default=None, repr=False)
    token: str = field(default="", repr=False)
    url: str = field(default="", repr=False)

    @property
    def traits(self) -> MethodTraits:
        """How the pages treat it."""
        return TRAITS[self.method]

    @property
    def choices(self) -> tuple[Choosable, ...]:
        """What the customer chooses with us. A renewal has its bank, and takes no other."""
        return () if self.renews else self.traits.choices

    @property
    def stated_amount(self) -> Decimal | None:
        """What the pages call the amount: of a consent the limit of one payment, where it has one.

        The host may give a smaller :attr:`amount`, for the banks that can transfer that much.
        """
        most = self.control_parameters.get("max_individual_amount")
        return self.amount if most is None else Decimal(most)

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the bank must be available for."""
        if self.method != "connect":
            return self.traits.purposes
        return ("data", "payments") if "payments" in self.config["permissions"] else ("data",)


def make_flow(
    method: Method, arguments: Mapping[str, Any], session_id: str | None, *, renews: bool = False
) -> Flow:
    """Return a flow of the host's *arguments*, without token and URL.

    :param renews: see :class:`Flow`.
    :raises FlowError: naming each bad field, what it got and what it takes.
    """
    schema = SCHEMAS[method]
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        loaded = schema.load(given)
    except ValidationError as error:
        sentences = describe_errors(error, schema, given)
        raise FlowError(f"{method}: " + "; ".join(sentences.values()), sentences) from None
    internal = {name for name in loaded if schema.fields[name].metadata.get("internal")}
    config = {name: value for name, value in loaded.items() if name not in internal}
    function = config.pop("consent_id") if callable(config.get("consent_id")) else None
    return Flow(
        id=secrets.token_urlsafe(16),
        method=method,
        config=config,
        session_id=session_id,
        new_consent=full_name_of(function) if function else None,
        renews=renews,
        **{"customer_id": loaded.get("customer_id")} | {name: loaded[name] for name in internal},
    )


def to_payload(flow: Flow) -> dict[str, Any]:
    """Return what a token must hold for :func:`from_payload` to make the same flow again."""
    payload = {name: getattr(flow, name) for name in _PAYLOAD_FIELDS}
    if flow.customer_id == flow.config.get("customer_id"):
        del payload["customer_id"]
    if flow.amount is not None:
        payload["amount"] = str(flow.amount)
    return {name: value for name, value in payload.items() if value}


def from_payload(payload: Mapping[str, Any], token: str, url: str) -> Flow:
    """Return the flow that :func:`to_payload` was given, with its *token* and *url*."""
    fields = {"customer_id": payload["config"].get("customer_id"), **payload}
    if "amount" in fields:
        fields["amount"] = Decimal(fields["amount"])
    return Flow(**fields, token=token, url=url)
