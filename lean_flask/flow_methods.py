"""The methods of the blueprint that make flows: one for each method of the SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack
from uuid import UUID

from .common.types import Method
from .flows.arguments import (
    AuthorizeConsentArguments,
    CheckoutArguments,
    ConnectArguments,
    CreateBeneficiaryArguments,
    CreatePaymentSourceArguments,
    ManageConsentsArguments,
    PayArguments,
    ReconnectArguments,
    RenewArguments,
    UpdatePaymentSourceArguments,
    VerifyAddressArguments,
)
from .flows.renewal import check_arguments, connect_arguments, reconnect_arguments
from .services import get_services
from .web.hosted_flow import HostedFlow
from .web.new_flow import new_flow


class FlowMethods:
    """What :class:`~lean_flask.LeanBlueprint` has for each method of the SDK.

    Each takes the further fields of its method in the SDK's config reference, and ``return_url``,
    ``language``, ``customization`` and ``access_token``.
    """

    def connect(self, **fields: Unpack[ConnectArguments]) -> HostedFlow:
        """Link a bank account: a flow for ``Lean.connect``.

        :param customer_id: Lean's id of the customer, a UUID.
        :param permissions: list of str, such as ``["identity", "accounts"]``.
        :param fields: any further field of ``connect`` in the SDK's config reference, and
            ``return_url``, ``language``, ``customization``, ``account_type``, ``access_token``.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("connect", fields)

    def pay(self, **fields: Unpack[PayArguments]) -> HostedFlow:
        """Pay for an intent from a bank account: a flow for ``Lean.pay``.

        :param payment_intent_id: UUID; or ``bulk_payment_intent_id``, exactly one of them.
        :param customer_id: UUID; offers the customer's saved accounts first.
        :param amount: Decimal, int or str, of the intent; with ``currency``, an ISO 4217 code.
            Marks the banks whose transfer limits do not allow it.
        :param fields: any further field of ``pay`` in the SDK's config reference, and the same
            fields of ours as :meth:`connect`.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("pay", fields)

    def checkout(self, **fields: Unpack[CheckoutArguments]) -> HostedFlow:
        """Pay as a guest, through Open Finance: a flow for ``Lean.checkout``.

        :param payment_intent_id: UUID.
        :param customer_id: UUID of the intent's customer, for the SDK's token.
        :param fields: any further field of ``checkout`` in the SDK's config reference, ``amount``
            and ``currency``, and the same fields of ours as :meth:`connect`.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("checkout", fields)

    def authorize_consent(self, **fields: Unpack[AuthorizeConsentArguments]) -> HostedFlow:
        """Have the customer approve payments that you start later: ``Lean.authorizeConsent``.

        :param customer_id: UUID.
        :param consent_id: UUID of the consent, as ``lean.client.create_consent`` returns it; or a
            function that makes one, registered with :meth:`~lean_flask.LeanBlueprint.new_consent`.
            With a UUID, an attempt that failed ends the flow: Lean takes that consent for no other.
        :param amount: the most of one payment; with ``currency``. Marks the banks whose transfer
            limits do not allow it. By default the ``max_individual_amount`` of the limits.
        :param control_parameters: the limits of the consent, for the customer to see; with
            ``currency``. The same mapping as ``lean.client.create_consent`` takes.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("authorizeConsent", fields)

    def create_payment_source(self, **fields: Unpack[CreatePaymentSourceArguments]) -> HostedFlow:
        """Link an account to pay from: a flow for ``Lean.createPaymentSource``.

        :param customer_id: UUID.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("createPaymentSource", fields)

    def update_payment_source(self, **fields: Unpack[UpdatePaymentSourceArguments]) -> HostedFlow:
        """Let a payment source pay another destination: ``Lean.updatePaymentSource``.

        :param customer_id: UUID.
        :param payment_destination_id: UUID of who may be paid from then on.
        :param payment_source_id: UUID; without it the customer chooses one of theirs.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("updatePaymentSource", fields)

    def create_beneficiary(self, **fields: Unpack[CreateBeneficiaryArguments]) -> HostedFlow:
        """Do the same as :meth:`update_payment_source`, by ``Lean.createBeneficiary``.

        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("createBeneficiary", fields)

    def reconnect(self, **fields: Unpack[ReconnectArguments]) -> HostedFlow:
        """Repair a connection to a bank that asks for credentials: ``Lean.reconnect``.

        :param reconnect_id: UUID, of an answer that says ``RECONNECT_REQUIRED``.
        :param customer_id: UUID, for the SDK's token.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("reconnect", fields)

    def renew(
        self,
        *,
        customer_id: str | UUID,
        entity_id: str | UUID,
        reconnect_id: str | UUID | None = None,
        **fields: Unpack[RenewArguments],
    ) -> HostedFlow:
        """Have the customer renew a connection that broke, or that will end soon.

        With a ``reconnect_id`` it is a flow of ``reconnect``. Otherwise Lean is asked for the
        entity, and it is a flow of ``connect`` at the same bank with the same permissions: then
        Lean renews the entity, and sends ``entity.updated``. The customer chooses nothing. Lean
        does not count ``payments`` among the permissions of an entity, so a renewal leaves payment
        sources as they are.

        :param customer_id: Lean's id of the customer.
        :param entity_id: of the connection.
        :param reconnect_id: of an answer that says ``RECONNECT_REQUIRED``; see
            :func:`~lean_flask.broken_connection`.
        :param fields: of ``connect``, without ``bank_identifier`` and ``permissions``. The entity's
            account type counts before yours. With a ``reconnect_id``, those that ``reconnect`` does
            not take are left out.
        :raises FlowError: naming each bad field, or when the entity has no permission that
            ``connect`` takes.
        :raises UpstreamRejected: when the customer has no such entity.
        :raises UpstreamError: when Lean cannot be reached.
        """
        check_arguments(fields)
        if reconnect_id is not None:
            named = {"customer_id": customer_id, "reconnect_id": reconnect_id}
            return self._new_flow("reconnect", reconnect_arguments(fields) | named)
        entity = get_services(self._registered_name()).client.entity(customer_id, entity_id)
        return self._new_flow("connect", {**fields, **connect_arguments(entity)}, renews=True)

    def manage_consents(self, **fields: Unpack[ManageConsentsArguments]) -> HostedFlow:
        """Show the customer's consents, and let them end one: ``Lean.manageConsents``.

        :param customer_id: UUID.
        :param consent_type: list of ``data``, ``payment`` and ``payment_history``, the one to show
            first in front; ``data`` by default.
        :param consent_id: UUID of the one to show.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("manageConsents", fields)

    def verify_address(self, **fields: Unpack[VerifyAddressArguments]) -> HostedFlow:
        """Prove an address by the bank's records: a flow for ``Lean.verifyAddress``.

        :param customer_id: UUID.
        :param customer_name: of the customer.
        :raises FlowError: naming each bad field, what it got and what it takes.
        """
        return self._new_flow("verifyAddress", fields)

    def _new_flow(
        self, method: Method, fields: Mapping[str, Any], *, renews: bool = False
    ) -> HostedFlow:
        return new_flow(self._registered_name(), method, fields, renews=renews)

    def _registered_name(self) -> str:
        raise NotImplementedError  # the blueprint has it
