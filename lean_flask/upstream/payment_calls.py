"""Calls about payments: intents, and consents to payments that are taken later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .calls import Calls
from .consent_body import consent_body
from .consents import Consent, consent_loader
from .customer_calls import text_of
from .ids import customer_id_text, lean_id_text
from .payment_intents import intent_body
from .words import lean_word

if TYPE_CHECKING:
    from .payments import PaymentIntent


class PaymentCalls(Calls):
    """Payment intents, and consents to payments from an account on file."""

    def create_payment_intent(
        self,
        customer_id: str | UUID,
        amount: Decimal | int | str,
        currency: str,
        *,
        payment_destination_id: str | UUID | None = None,
        description: str | None = None,
        purpose_code: str | None = None,
    ) -> str:
        """Create a payment intent and return its id. It is never retried: that could make two.

        :param customer_id: Lean's id of the customer, a UUID.
        :param amount: exact; in units of *currency*, not its hundredths.
        :param currency: ISO 4217, such as ``AED``.
        :param payment_destination_id: Lean's id of who is paid, a UUID; the default one of your
            application otherwise.
        :param description: 32 characters at most.
        :param purpose_code: one of Lean's three-letter codes of what the payment is for.
        :raises FlowError: naming the argument that Lean would refuse.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        body = {
            "customer_id": customer_id,
            "amount": amount,
            "currency": currency,
            "payment_destination_id": payment_destination_id,
            "description": description,
            "purpose_code": purpose_code,
        }
        response = self._call(
            "payment intent", "POST", "/payments/v1/intents/", json=intent_body(body)
        )
        return text_of(response, "payment_intent_id")

    def payment_intent(self, intent_id: str | UUID) -> PaymentIntent:
        """Return a payment intent with the payments that were made for it.

        :raises FlowError: when *intent_id* is no UUID.
        :raises UpstreamRejected: with status 404 when there is none.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        from .payments import intent_loader

        name = lean_id_text("intent_id", intent_id)
        record = self._call(
            "payment intent", "GET", "/payments/v1/intents/{intent_id}", intent_id=name
        )
        return intent_loader.load_one(record, id=name)

    def create_consent(
        self,
        *,
        customer_id: str | UUID,
        destination_account_id: str | UUID,
        currency: str,
        reference: str,
        purpose: str,
        control_parameters: Mapping[str, Any],
        start_date_time: datetime | str | None = None,
        expiration_date_time: datetime | str | None = None,
        immediate_payment: Mapping[str, Any] | None = None,
        government_identifier: Mapping[str, str] | None = None,
    ) -> Consent:
        """Create a consent to later payments, for the customer to authorise.

        It is never retried: that could make two.

        :param customer_id: Lean's id of the customer, a UUID. In the UAE the customer needs a
            government identifier, from ``create_customer`` or from here.
        :param destination_account_id: Lean's id of who is paid, a UUID.
        :param currency: ISO 4217, such as ``AED``.
        :param reference: for the account statement, 64 characters at most.
        :param purpose: one of Lean's three-letter codes of what the payments are for.
        :param control_parameters: the limits: ``period_type`` (``Day``, ``Week``, ``Month``,
            ``Year``), at least one of ``max_individual_amount``, ``max_cumulative_amount`` and
            ``max_cumulative_number_of_payments``, and ``max_cumulative_amount_per_period`` and
            ``max_cumulative_number_of_payments_per_period``. Amounts are exact.
        :param start_date_time: with an offset from UTC; now otherwise.
        :param expiration_date_time: the same; a year after the start otherwise.
        :param immediate_payment: made with the authorisation: ``amount`` and ``reference``.
        :param government_identifier: ``{"type": "EMIRATES_ID", "value": …}``; the customer keeps
            it.
        :raises FlowError: naming the argument that Lean would refuse.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        body = consent_body(
            {
                "customer_id": customer_id,
                "destination_account_id": destination_account_id,
                "currency": currency,
                "reference": reference,
                "purpose": purpose,
                "control_parameters": control_parameters,
                "start_date_time": start_date_time,
                "expiration_date_time": expiration_date_time,
                "immediate_payment": immediate_payment,
                "government_identifier": government_identifier,
            }
        )
        record = self._call("consent", "POST", "/consents/v1/account-on-file", json=body)
        return consent_loader.load_one(record, customer_id=body["customer_id"])

    def consent(self, consent_id: str | UUID) -> Consent:
        """Return a consent to later payments.

        :raises FlowError: when *consent_id* is no UUID.
        :raises UpstreamRejected: with status 404 when there is none. Lean was seen to answer that
            for one that nobody has authorised yet, too.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = lean_id_text("consent_id", consent_id)
        record = self._call("consent", "GET", "/consents/v1/{consent_id}", consent_id=name)
        return consent_loader.load_one(record, id=name)

    def consents(
        self, customer_id: str | UUID, status: str | Sequence[str] | None = None
    ) -> tuple[Consent, ...]:
        """Return the consents to later payments of *customer_id*, of all pages.

        :param status: one, or several, such as ``AUTHORISED``; every one otherwise.
        :raises FlowError: when *customer_id* is no UUID.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        name = customer_id_text(customer_id)
        statuses = [status] if isinstance(status, str) else list(status or ())
        params: dict[str, str | Sequence[str]] = {"customer_id": name}
        if statuses:
            params["status"] = [lean_word("status", each, "AUTHORISED") for each in statuses]
        records = self._call_pages("consents", "/consents/v1", params)
        # A consent made meanwhile moves the others on: the last of a page is the next one's first.
        found = {one.id: one for one in consent_loader.load_many(records, name)}
        return tuple(one for one in found.values() if not statuses or one.status in statuses)

    def revoke_consent(self, consent_id: str | UUID, reason: str = "END_USER_REQUESTED") -> None:
        """End a consent that the customer has authorised: no payment can be taken any more.

        :param reason: in Lean's words, such as ``CONSENT_RENEWAL`` or ``FRAUD_SUSPECTED``.
        :raises FlowError: when an argument cannot be sent.
        :raises UpstreamRejected: when it is not authorised, or already revoked.
        :raises UpstreamError: when Lean cannot be reached or refuses.
        """
        self._call(
            "consent",
            "POST",
            "/consents/v1/{consent_id}/revocation",
            json={"reason": lean_word("reason", reason, "END_USER_REQUESTED")},
            may_be_empty=True,
            consent_id=lean_id_text("consent_id", consent_id),
        )
