"""The values that Lean's fields and this package's arguments take, as types and as tuples."""

from __future__ import annotations

from typing import Literal

AccountType = Literal["PERSONAL", "BUSINESS"]
Language = Literal["en", "ar"]
#: The SDK's own names.
Method = Literal[
    "connect",
    "pay",
    "checkout",
    "authorizeConsent",
    "createPaymentSource",
    "updatePaymentSource",
    "createBeneficiary",
    "reconnect",
    "manageConsents",
    "verifyAddress",
]
#: Whose SDK a flow is launched with.
Platform = Literal["web", "react-native", "flutter", "ios", "android"]
Purpose = Literal["data", "payments"]

ACCOUNT_TYPES: tuple[AccountType, ...] = ("PERSONAL", "BUSINESS")
LANGUAGES: tuple[Language, ...] = ("en", "ar")
PLATFORMS: tuple[Platform, ...] = ("web", "react-native", "flutter", "ios", "android")
PURPOSES: tuple[Purpose, ...] = ("data", "payments")
