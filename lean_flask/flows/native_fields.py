"""What each SDK for apps takes of a method's config.

React Native: lean-react-native 4.2.2, ``types/methods.ts``. Flutter: lean_sdk_flutter 3.0.18, the
constructors of its widgets. iOS: LeanSDK 3.0.19, its Swift interface. Android: link-sdk-android
3.0.8, as far as it is documented. A field stays where a newer version may take it, since the app
decides what it hands over.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..common.types import Platform

_LANDINGS = frozenset({"success_redirect_url", "fail_redirect_url"})
_FOR_THE_WEB_ALONE: Mapping[str, frozenset[str]] = {
    "manageConsents": frozenset({"consent_id", "consent_type"}),
    "captureRedirect": frozenset({"bank_identifier"}),
}
_NO_CONSENT_ID: Mapping[str, frozenset[str]] = {
    **_FOR_THE_WEB_ALONE,
    "captureRedirect": frozenset({"bank_identifier", "consent_id"}),
}
#: By platform and method: the fields that its SDK does not take.
NOT_TAKEN: Mapping[Platform, Mapping[str, frozenset[str]]] = {
    "web": {},
    "react-native": _FOR_THE_WEB_ALONE,
    "flutter": {
        **_NO_CONSENT_ID,
        "connect": frozenset({"account_type", "end_user_id"}),
        "pay": frozenset({"end_user_id"}),
        "updatePaymentSource": frozenset({"end_user_id", "entity_id"}),
        "createBeneficiary": frozenset({"entity_id"}),
    },
    "ios": {
        **_NO_CONSENT_ID,
        "pay": frozenset({"show_balances"}),
        "updatePaymentSource": _LANDINGS,
    },
    "android": _NO_CONSENT_ID,
}
_FOR_IOS = frozenset(
    {
        "theme_color",
        "theme_color_dark",
        "button_text_color",
        "button_text_color_dark",
        "link_color",
        "overlay_color",
        "button_border_radius",
        "dialog_mode",
    }
)
#: Of the customization; a platform that is not named takes any.
CUSTOMIZATION_TAKEN: Mapping[Platform, frozenset[str]] = {
    "ios": _FOR_IOS,
    "android": _FOR_IOS - {"theme_color_dark", "button_text_color_dark", "dialog_mode"},
}
#: Of the customization: what an SDK declares as a number. All else is text there.
NUMBERS: Mapping[Platform, frozenset[str]] = {"react-native": frozenset({"bottom_inset"})}
#: Methods whose list of permissions may be empty there, but not left out.
PERMISSIONS_NEEDED = frozenset({"verifyAddress"})
#: By platform and method: what cannot be opened without, since the app's SDK requires it.
REQUIRED: Mapping[Platform, Mapping[str, str]] = {
    "flutter": {"pay": "payment_intent_id", "updatePaymentSource": "payment_source_id"},
    "ios": {"updatePaymentSource": "payment_source_id"},
}
#: Methods that a platform's SDK lacks, and the one of ours to use instead.
LACKING: Mapping[Platform, Mapping[str, str]] = {
    "ios": {"createBeneficiary": "update_payment_source"},
}
