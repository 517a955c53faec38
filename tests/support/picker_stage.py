"""A host, a stand-in for Lean and a page, to be brought into a state of the picker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, render_template_string
from playwright.sync_api import FrameLocator, Page, expect

from lean_flask import LeanBlueprint
from lean_flask.services import get_services
from lean_flask.testing import FakeLean

from .clock import MovableClock, use_clock

BANK = "RJHI_SAU"
INTENT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"
SETTINGS: dict[str, Any] = {
    "store_url": "memory:",
    "host_name": {"en": "Qahwa", "ar": "قهوة"},
    "popular_banks": ["SNB_SAU", "RJHI_SAU", "RIYAD_SAU"],
}
_STAYS = "STAYS"  # of the app's config
_HOST_PAGE = """<!doctype html><html lang="{{ lang }}" dir="{{ 'rtl' if lang == 'ar' else 'ltr' }}">
<head><meta name="viewport" content="width=device-width"><title>Host</title></head>
<body><main><h1>{{ "حسابي" if lang == "ar" else "My account" }}</h1>{{ flow.embed() }}</main>
</body></html>"""


def make_host(fake: FakeLean, **settings: Any) -> Flask:
    """A host with a page that starts each kind of flow."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
    lean = LeanBlueprint(**fake.settings() | SETTINGS | settings)
    app.register_blueprint(lean)
    customer = fake.add_customer("user-1")
    payment = {
        "payment_intent_id": INTENT,
        "customer_id": customer,
        "amount": "250.50",
        "currency": "SAR",
        "return_url": "/done",
    }

    def connect(**more: Any) -> Any:
        permissions = ["identity", "accounts"]
        return lean.connect(
            customer_id=customer, permissions=permissions, return_url="/done", **more
        )

    flows: dict[str, Callable[[], Any]] = {
        "connect": connect,
        "preset": lambda: connect(bank_identifier=BANK),
        "marked": lambda: connect(linked_banks="mark"),
        "pay": lambda: lean.pay(**payment),
        "checkout": lambda: lean.checkout(**payment),
        "large": lambda: lean.checkout(**payment | {"amount": "75000.00"}),
        "consent": lambda: lean.authorize_consent(
            customer_id=customer, consent_id=INTENT, amount=500, currency="SAR", return_url="/done"
        ),
        "payee": lambda: lean.update_payment_source(
            customer_id=customer, payment_destination_id=INTENT, return_url="/done"
        ),
        "reconnect": lambda: lean.reconnect(
            reconnect_id=INTENT, customer_id=customer, return_url="/done"
        ),
        "consents": lambda: lean.manage_consents(customer_id=customer, return_url="/done"),
    }

    @app.get(f"/<any({', '.join(flows)}):kind>/<lang>")
    def start(kind: str, lang: str) -> Any:
        url = f"{flows[kind]().url}&lang={lang}"
        return "", 302, {"Location": url}

    @app.get("/embedded/<lang>")
    def embedded(lang: str) -> str:
        return render_template_string(
            _HOST_PAGE, lang=lang, flow=connect(language=lang, linked_banks="mark")
        )

    @app.get("/done")
    def done() -> Any:
        """Stands for the host's page, or keeps the browser where it is."""
        return ("", 204) if app.config.get(_STAYS) else "<!doctype html><title>Done</title>"

    return app


_TWO_FRAMES = """new Promise(done => requestAnimationFrame(() =>
    requestAnimationFrame(() => setTimeout(done))))"""


@dataclass
class Stage:
    """A page to bring into a state.

    :param site: the host's URL.
    :param open_page: opens the page when it is first used; with ``clock=True`` its time is the
        test's.
    """

    app: Flask
    fake: FakeLean
    site: str
    open_page: Callable[..., Page]
    language: str

    @cached_property
    def page(self) -> Page:
        return self.open_page()

    def use_clock(self) -> None:
        """Let the time of the page be the test's; best before anything else."""
        if "page" in vars(self):
            self.page.clock.install()
        else:
            self.page = self.open_page(clock=True)

    def stay(self, stays: bool = True) -> None:
        """Let what leads to the host leave the page as it is.

        By the host: a browser that asks the test about requests keeps no script from page to page.
        """
        self.app.config[_STAYS] = stays

    def open(self, kind: str = "connect") -> None:
        self.page.goto(f"{self.site}/{kind}/{self.language}")

    def tap(self, bank: str = BANK) -> None:
        row = self.page.locator(f"#all [value={bank}]")
        disabled = row.get_attribute("aria-disabled") == "true"
        if disabled:  # Playwright would wait for it to be enabled; forced, it waits for nothing
            row.hover()  # until it lies still
        row.click(force=disabled)

    def link(self, bank: str, permissions: tuple[str, ...] = ("accounts",)) -> str:
        """Let the customer have linked a bank, until a day that stands; return the entity's id."""
        customer = self.fake.add_customer("user-1")
        entity, _ = self.fake.add_entity(
            customer, bank, list(permissions), access_to="2027-01-12T09:00:00Z"
        )
        return str(entity["id"])

    def search(self, query: str) -> None:
        """Type *query*, and wait until it is searched for, which is after the next frame."""
        self.page.locator("#query").fill(query)
        self.page.evaluate(_TWO_FRAMES)

    def find(self, query: str) -> None:
        """Search, and wait until one bank is left: what is tapped earlier would be another row."""
        self.search(query)
        expect(self.page.locator("#all .row:visible")).to_have_count(1)

    def choose(self, kind: str = "connect") -> None:
        self.open(kind)
        self.tap()
        self.dialog.locator("[data-lean-end=ERROR]").first.wait_for()

    def end(self, status: str, kind: str = "connect") -> None:
        self.stay()
        self.choose(kind)
        self.dialog.locator(f"[data-lean-end={status}]").first.click()

    def hear(self, status: str, **more: Any) -> None:
        """Have Lean say by webhook what became of the payment."""
        payment = {"id": "pay-1", "intent_id": INTENT, "status": status} | more
        event = self.fake.webhook_event("payment.updated", payment)
        assert self.fake.send_webhook(f"{self.site}/lean/webhooks", event).is_success

    def wait(self, selector: str) -> None:
        self.page.locator(selector).first.wait_for()

    def screen(self, title: str) -> None:
        self.wait(f"#screen:not([hidden]) .icon-{title}")

    @property
    def dialog(self) -> FrameLocator:
        return self.page.frame_locator("#lean-stand-in")

    def age_list(self, seconds: float) -> None:
        """Let the list that the server holds be *seconds* older."""
        clock = MovableClock()
        use_clock(self.app, clock)
        with self.app.app_context():
            get_services("lean").catalog.listing()
        clock.ahead = seconds
