"""Made-up accounts and transactions, the same ones for an entity at each call."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..clock import moment, timestamp

#: Transactions of an account, one a day until the bank was linked.
TRANSACTIONS = 120
_NAME = "Sara Ali"
_KINDS = (
    ("CURRENT", "Everyday account", 8_420.5),
    ("SAVINGS", "Savings", 25_000.0),
)
_SHOPS = ("Date Palm Grocery", "Desert Rose Café", "Corniche Pharmacy", "Dune Fuel", "Metro card")


def accounts(entity: Mapping[str, Any], country: str) -> list[dict[str, Any]]:
    """Return the accounts of an entity, in the shape of the Data API."""
    return [_account(entity, country, number) for number in range(len(_KINDS))]


def balances(entity: Mapping[str, Any], country: str, account_id: str) -> list[dict[str, Any]]:
    """Return the balance of an account; none when the entity has no such account."""
    return [
        {
            "account_id": account_id,
            "credit_debit_indicator": "CREDIT",
            "amount": {"currency": account["currency"], "amount": _KINDS[number][2]},
            "type": "CLOSING_AVAILABLE",
            "date_time": entity["created_at"],
            "credit_line": [],
        }
        for number, account in enumerate(accounts(entity, country))
        if account["account_id"] == account_id
    ]


def transactions(entity: Mapping[str, Any], country: str, account_id: str) -> list[dict[str, Any]]:
    """Return the transactions of an account, the latest first."""
    account = next(one for one in accounts(entity, country) if one["account_id"] == account_id)
    chance = random.Random(account_id)
    begun = moment(entity["created_at"])
    return [
        _transaction(entity, account, number, timestamp(begun - timedelta(days=number)), chance)
        for number in range(TRANSACTIONS)
    ]


def identity(entity: Mapping[str, Any]) -> dict[str, Any]:
    """Return who the accounts belong to."""
    return {
        "entity_id": entity["id"],
        "full_legal_name": _NAME,
        "name": _NAME.partition(" ")[0],
        "email_address": "sara@example.com",
        "mobile_number": "+966500000000",
        "party_type": "SOLE",
        "birth_date": "1990-01-01",
    }


def _account(entity: Mapping[str, Any], country: str, number: int) -> dict[str, Any]:
    kind, nickname, _ = _KINDS[number]
    account_id = uuid.uuid5(uuid.UUID(entity["id"]), kind)
    digits = f"{account_id.int % 10**12:012d}"
    currency, prefix = ("AED", "AE070330000") if country == "ae" else ("SAR", "SA0380000000")
    return {
        "entity_id": entity["id"],
        "account_id": str(account_id),
        "account_holder_name": _NAME,
        "account_holder_short_name": _NAME.partition(" ")[0],
        "status": "ENABLED",
        "status_update_date_time": entity["created_at"],
        "currency": currency,
        "account_type": "PERSONAL",
        "account_sub_type": kind,
        "nickname": nickname,
        "description": nickname,
        "opening_date": "2022-01-15",
        "maturity_date": None,
        "account": [{"scheme_name": "IBAN", "identification": prefix + digits, "name": _NAME}],
        "servicer": {
            "scheme_name": "BICFI",
            "identification": entity["bank_details"]["swift_code"],
        },
    }


def _transaction(
    entity: Mapping[str, Any],
    account: Mapping[str, Any],
    number: int,
    booked: str,
    chance: random.Random,
) -> dict[str, Any]:
    is_salary = number % 30 == 0
    amount = 9_500.0 if is_salary else round(chance.uniform(5, 400), 2)
    return {
        "entity_id": entity["id"],
        "account_id": account["account_id"],
        "transaction_id": str(uuid.uuid5(uuid.UUID(account["account_id"]), str(number))),
        "transaction_information": "Salary" if is_salary else chance.choice(_SHOPS),
        "credit_debit_indicator": "CREDIT" if is_salary else "DEBIT",
        "amount": {"currency": account["currency"], "amount": amount},
        "booking_date_time": booked,
        "value_date_time": booked,
        "status": "BOOKED",
        "index": number,
    }
