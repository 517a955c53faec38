"""A host with a flow of each method of the SDK, and what each is to hand to the SDK and to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import Flask, render_template_string

from lean_flask import LeanBlueprint
from lean_flask.testing import FakeLean

BANK = "RJHI_SAU"
DESTINATION = "0c1d9a55-6a1e-4f07-8c55-4d0c4e1c7a02"
CONSENT = "0c1d9a55-6a1e-4f07-8c55-4d0c4e1c7a03"
RECONNECT = "0c1d9a55-6a1e-4f07-8c55-4d0c4e1c7a04"
INTENT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
_HOST_PAGE = """<!doctype html><html lang="en"><title>Host</title>
<main><h1>My account</h1>{{ flow.embed() }}</main></html>"""
_AMOUNT = {"amount": "250.50", "currency": "SAR"}


@dataclass(frozen=True)
class MethodCase:
    """One method.

    :param call: of the blueprint.
    :param config: what the host gives and the SDK gets.
    :param more: what the host gives besides.
    :param chooses: what there is a list of.
    :param with_bank: further fields of the config that come with a bank.
    :param needs_customer: whether the SDK takes the customer.
    :param lands: whether it takes the landing URLs.
    :param words: in English and Arabic: the heading of the list, or of the page that opens the SDK,
        and that of a success.
    """

    call: str
    words: Mapping[str, tuple[str, str]]
    config: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    chooses: str | None = "bank"
    with_bank: Mapping[str, Any] = field(default_factory=dict)
    needs_customer: bool = True
    lands: bool = True


_LINK = {
    "en": ("Choose your bank", "Your bank is connected"),
    "ar": ("اختر بنكك", "تم ربط حسابك البنكي"),
}
_PAY = {
    "en": ("Choose the bank to pay from", "Your payment has been submitted"),
    "ar": ("اختر البنك الذي ستدفع منه", "تم إرسال طلب الدفع إلى بنكك"),
}
_PAYEE = {
    "en": ("Choose an account", "The payee has been submitted to your bank"),
    "ar": ("اختر حسابًا", "تم إرسال طلب إضافة المستفيد إلى بنكك"),
}
METHODS: Mapping[str, MethodCase] = {
    "connect": MethodCase(
        "connect",
        _LINK,
        {"permissions": ["identity", "accounts"]},
        with_bank={"account_type": "PERSONAL"},
    ),
    "pay": MethodCase("pay", _PAY, {"payment_intent_id": INTENT}, _AMOUNT, needs_customer=False),
    "checkout": MethodCase(
        "checkout",
        _PAY,
        {"payment_intent_id": INTENT, "customer_name": "A Guest"},
        _AMOUNT,
        needs_customer=False,
    ),
    "authorizeConsent": MethodCase(
        "authorize_consent",
        {
            "en": ("Choose the bank for these payments", "Your approval has been submitted"),
            "ar": ("اختر البنك لهذه المدفوعات", "تم إرسال موافقتك إلى بنكك"),
        },
        {"consent_id": CONSENT, "destination_alias": "Qahwa"},
        _AMOUNT,
    ),
    "createPaymentSource": MethodCase(
        "create_payment_source", _LINK, {"payment_destination_id": DESTINATION}
    ),
    "updatePaymentSource": MethodCase(
        "update_payment_source", _PAYEE, {"payment_destination_id": DESTINATION}, chooses="source"
    ),
    "createBeneficiary": MethodCase(
        "create_beneficiary", _PAYEE, {"payment_destination_id": DESTINATION}, chooses="source"
    ),
    "reconnect": MethodCase(
        "reconnect",
        {
            "en": ("Reconnect your bank", "Your bank is connected again"),
            "ar": ("إعادة ربط حسابك البنكي", "تمت إعادة ربط حسابك البنكي"),
        },
        {"reconnect_id": RECONNECT},
        chooses=None,
        needs_customer=False,
        lands=False,
    ),
    "manageConsents": MethodCase(
        "manage_consents",
        {"en": ("Your consents", "Done"), "ar": ("موافقاتك", "تم")},
        {"consent_type": ["payment", "data"]},
        chooses=None,
        lands=False,
    ),
    "verifyAddress": MethodCase(
        "verify_address",
        {
            "en": ("Confirm your address", "The address check is complete"),
            "ar": ("تأكيد عنوانك", "اكتمل التحقق من العنوان"),
        },
        {"customer_name": "Amal", "permissions": ["identity"]},
        chooses=None,
        lands=False,
    ),
}


class MethodsHost:
    """The host. ``GET /<method>/<language>`` starts a flow, and ``/done`` is where it leads.

    :ivar customer_id: Lean's.
    :ivar given: what each flow is given besides what its method needs.
    """

    given: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, fake: FakeLean, **settings: Any) -> None:
        self.fake = fake
        self.customer_id = fake.add_customer("user-1")
        self.app = app = Flask(__name__)
        app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
        names = {"en": "Qahwa", "ar": "قهوة"}
        given = fake.settings() | {"store_url": "memory:", "host_name": names} | settings
        self.lean = lean = LeanBlueprint(**given)
        app.register_blueprint(lean)

        @app.get("/<method>/<language>")
        def start(method: str, language: str) -> Any:
            return "", 302, {"Location": self.flow(method, language=language).url}

        @app.get("/embedded/<method>/<language>")
        def embedded(method: str, language: str) -> str:
            return render_template_string(_HOST_PAGE, flow=self.flow(method, language=language))

        @app.get("/done")
        def done() -> str:
            return "<!doctype html><title>Done</title><h1>Back at the host</h1>"

    def flow(self, method: str, **more: Any) -> Any:
        """Make a flow of *method*, or renew the entity that is given; only in a request."""
        if "entity_id" in self.given:
            given = {**self.given, "customer_id": self.customer_id, "return_url": "/done"}
            return self.lean.renew(**given, **more)
        case = METHODS[method]
        customer = {"customer_id": self.customer_id}
        needed = {**customer, **case.config, **case.more, "return_url": "/done"}
        make: Callable[..., Any] = getattr(self.lean, case.call)
        return make(**{**needed, **self.given, **more})

    def config(self, method: str, language: str, site: str) -> dict[str, Any]:
        """Return what the SDK is to get for *method*, without the token and the choice."""
        case = METHODS[method]
        landings = {
            f"{name}_redirect_url": f"{site}/lean/return/{name}" for name in ("success", "fail")
        }
        return {
            "app_token": self.fake.app_token,
            "sandbox": True,
            "language": language,
            **({"customer_id": self.customer_id} if case.needs_customer else {}),
            **case.config,
            **(landings if case.lands else {}),
            **(case.with_bank if case.chooses == "bank" else {}),
        }
