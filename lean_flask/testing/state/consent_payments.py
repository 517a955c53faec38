"""The stand-in's payments by consent, and the limits that a consent sets them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..clock import moment, timestamp
from .consents import ConsentState

#: From the status of a payment for an intent to that of a payment by consent.
_STATUSES = {"ACCEPTED_BY_BANK": "PROCESSED", "PENDING_WITH_BANK": "PROCESSING"}


class PaymentRefused(Exception):
    """A consent is not in force, or its limits do not allow a payment."""

    def __init__(self, message: str, *, by_limit: bool) -> None:
        super().__init__(message)
        self.by_limit = by_limit


class ConsentPaymentState(ConsentState):
    """The payments by consent, and what has been used of each consent."""

    #: Status of a payment that is made, in the words of payments for an intent.
    payment_status: str

    def __init__(self, country: str, port: int) -> None:
        super().__init__(country, port)
        #: Payments by consent, the latest last.
        self.consent_payments: list[dict[str, Any]] = []
        self._by_key: dict[str, dict[str, Any]] = {}

    def set_consent_status(self, consent_id: str, status: str) -> None:
        """Give a consent another status; one that is approved makes its payment at once."""
        with self.lock:
            consent = self.consents[consent_id]
            is_approved = consent["status"] == "AWAITING_AUTHORISATION" and status == "AUTHORISED"
            super().set_consent_status(consent_id, status)
            immediate = consent["immediate_payment"]
            if is_approved and immediate:
                self._pay(consent, immediate["amount"], immediate.get("reference"))

    def pay_by_consent(
        self, consent_id: str, fields: Mapping[str, Any], key: str
    ) -> dict[str, Any]:
        """Make a payment, once for each *key*; return it as it was made, and send its event.

        :raises KeyError: when there is no such consent.
        :raises PaymentRefused: when it is not in force, or its limits do not allow the payment.
        """
        with self.lock:
            if key not in self._by_key:
                consent, amount = self.consents[consent_id], fields["amount"]
                self._check(consent, amount)
                self._by_key[key] = self._pay(consent, amount, fields.get("reference"))
            return self._by_key[key]

    def settle_consent_payment(self, payment_id: str, status: str = "PROCESSED") -> dict[str, Any]:
        """Give a payment by consent another status, and notify; return the event.

        :raises LookupError: when there is no such payment.
        """
        for payment in self.consent_payments:
            if payment["id"] == payment_id:
                payment |= {"status": status, "last_modified_at": timestamp(self.now())}
                return self._notify_payment(payment)
        raise LookupError(payment_id)

    def consumption(self, consent: Mapping[str, Any]) -> dict[str, Any]:
        """Return what has been used of a consent, in Lean's shape. Failed payments do not count."""
        begins = _period_begins(consent, self.now())
        made = [
            payment
            for payment in self.consent_payments
            if payment["consent_id"] == consent["id"] and payment["status"] != "FAILED"
        ]
        current = [payment for payment in made if moment(payment["created_at"]) >= begins]
        return {
            "cumulative_number_of_payments": len(made),
            "cumulative_value_of_payments": _sum(made),
            "cumulative_number_of_payments_in_current_period": len(current),
            "cumulative_value_of_payments_in_current_period": _sum(current),
        }

    def _check(self, consent: Mapping[str, Any], amount: float) -> None:
        if consent["status"] != "AUTHORISED":
            raise PaymentRefused(f"the consent is {consent['status']}", by_limit=False)
        if moment(consent["start_date_time"]) > self.now():
            raise PaymentRefused("the consent has not begun", by_limit=False)
        used = self.consumption(consent)
        limits = consent["control_parameters"]
        ahead = {
            "max_individual_amount": amount,
            "max_cumulative_amount": used["cumulative_value_of_payments"] + amount,
            "max_cumulative_number_of_payments": used["cumulative_number_of_payments"] + 1,
            "max_cumulative_amount_per_period": (
                used["cumulative_value_of_payments_in_current_period"] + amount
            ),
            "max_cumulative_number_of_payments_per_period": (
                used["cumulative_number_of_payments_in_current_period"] + 1
            ),
        }
        for limit, value in ahead.items():
            if value > limits.get(limit, value):
                raise PaymentRefused(f"the consent's {limit} is exceeded", by_limit=True)

    def _pay(self, consent: dict[str, Any], amount: float, reference: str | None) -> dict[str, Any]:
        """Make a payment; return it as ``CREATED``, as Lean answers before the bank has."""
        now = timestamp(self.now())
        created = {
            "id": str(uuid.uuid4()),
            "account_id": consent["destination_account_id"],
            "application_id": self.app_token,
            "consent_id": consent["id"],
            "status": "CREATED",
            "reference": reference or consent["reference"],
            "amount": {"currency": consent["currency"], "amount": amount},
            "type": "ACCOUNT_ON_FILE",
            "sender_customer_id": consent["customer_id"],
            "created_at": now,
            "last_modified_at": now,
        }
        payment = created | {"status": _STATUSES.get(self.payment_status, self.payment_status)}
        self.consent_payments.append(payment)
        self._notify_payment(payment)
        self._use_up(consent)
        return created

    def _use_up(self, consent: dict[str, Any]) -> None:
        """End a consent that allows no more payments."""
        used, limits = self.consumption(consent), consent["control_parameters"]
        number = limits.get("max_cumulative_number_of_payments")
        amount = limits.get("max_cumulative_amount")
        if (number is not None and used["cumulative_number_of_payments"] >= number) or (
            amount is not None and used["cumulative_value_of_payments"] >= amount
        ):
            self.set_consent_status(consent["id"], "CONSUMED")

    def _notify_payment(self, payment: dict[str, Any]) -> dict[str, Any]:
        event = {name: payment[name] for name in ("id", "consent_id", "amount", "status")}
        event["customer_id"] = payment["sender_customer_id"]
        return self.notify("payment.account-on-file.updated", event)


def _period_begins(consent: Mapping[str, Any], now: datetime) -> datetime:
    """Return when the current period began: of the calendar, a week of the consent's start."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    period = consent["control_parameters"]["period_type"]
    if period == "Year":
        return midnight.replace(month=1, day=1)
    if period == "Month":
        return midnight.replace(day=1)
    if period == "Week":
        week = timedelta(days=7)
        begun = moment(consent["start_date_time"])
        return begun + (now - begun) // week * week
    return midnight


def _sum(payments: list[dict[str, Any]]) -> float:
    return round(float(sum(payment["amount"]["amount"] for payment in payments)), 2)
