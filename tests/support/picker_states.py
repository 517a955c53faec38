"""Every state of the picker, and the way to bring a page into it: for pictures and for checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lean_flask.services import get_services
from lean_flask.testing import faults

from .end_states import END_STATES
from .method_states import METHOD_STATES
from .picker_stage import BANK, Stage


def _list(stage: Stage) -> None:
    stage.open()
    stage.wait("#all .row")


LINKS = {"terms_url": "/terms", "consent_url": "/consents", "support_url": "/help"}


def _asked(stage: Stage) -> None:
    stage.open()
    stage.page.locator("summary").click()
    stage.wait("details[open] li")


def _searching(stage: Stage) -> None:
    stage.open()
    stage.search("البلاد" if stage.language == "ar" else "bank al")
    stage.wait("mark")


def _no_result(stage: Stage) -> None:
    stage.open()
    stage.search("بنك زحل والمشتري" if stage.language == "ar" else "Bank of the Moon")
    stage.wait("#empty:not([hidden])")


def _unavailable(stage: Stage) -> None:
    stage.fake.set_availability(BANK, active={"data": False})
    stage.open()
    stage.tap()
    stage.wait(".inline-error")


def _over_the_limit(stage: Stage) -> None:
    stage.fake.bank("SNB_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1, "max": 20000}]
    stage.open("large")
    stage.tap("SNB_SAU")
    stage.wait(".inline-error")


def _saved_accounts(stage: Stage) -> None:
    customer = stage.fake.add_customer("user-1")
    stage.fake.add_payment_source(customer, BANK)
    status = "AWAITING_BENEFICIARY_COOL_OFF"
    stage.fake.add_payment_source(customer, "SNB_SAU", beneficiary_status=status)
    stage.open("pay")
    stage.wait("[name=account_id]")


def _used_before(stage: Stage) -> None:
    stage.open()
    recent = json.dumps(["RIYAD_SAU", "ALINMA_SAU"])
    stage.page.evaluate(f"localStorage['lean-picker:recent'] = '{recent}'")
    stage.page.reload()
    stage.wait("#recent:not([hidden])")


def _linked(stage: Stage) -> None:
    stage.link(BANK)
    stage.fake.revoke_entity(stage.link("ANB_SAU"))
    stage.link("RIYAD_SAU")
    stage.fake.entities[-1]["consents"][0]["consent_status"] = "AWAITING_AUTHORISATION"
    stage.fake.entities[-1]["consents"][0]["standard_consent_status"] = None
    stage.open("marked")
    stage.wait("form[data-ready]")
    stage.tap()
    stage.wait("[data-action=renew]")


def _business(stage: Stage) -> None:
    stage.open()
    stage.page.locator(".switch label").nth(1).click()
    stage.wait("#all [data-type=BUSINESS]")


def _stale(stage: Stage) -> None:
    stage.age_list(3 * 3600)
    stage.fake.fault("banks", faults.Status(500))
    stage.open()
    stage.wait("#all .row")


def _no_list(stage: Stage) -> None:
    stage.fake.fault("banks", faults.Status(500))
    stage.open()
    stage.wait("[data-state=missing]")


def _opening(stage: Stage) -> None:
    stage.use_clock()
    stage.open()
    stage.page.route("**/launch?**", lambda route: None)  # no answer
    stage.tap()
    stage.wait("[aria-busy=true]")
    stage.page.clock.run_for(6_000)
    stage.wait("[data-action=cancel]")


def _opening_preset(stage: Stage) -> None:
    stage.page.route("**/launch?**", lambda route: None)
    stage.open("preset")
    stage.wait("#screen .title")


def _refused(stage: Stage) -> None:
    stage.open()
    event = stage.fake.set_availability("SNB_SAU", active={"data": False})
    stage.fake.send_webhook(f"{stage.site}/lean/webhooks", event)
    stage.tap("SNB_SAU")
    stage.wait(".inline-error")


def _offline(stage: Stage) -> None:
    stage.open()
    stage.page.route("**/launch?**", lambda route: route.abort())
    stage.tap()
    stage.wait(".inline-error")


def _loader_blocked(stage: Stage) -> None:
    stage.fake.fault("loader", faults.Status(403))
    stage.open()
    stage.tap()
    stage.screen("alert")


def _nothing_opened(stage: Stage) -> None:
    stage.use_clock()
    stage.open()
    stage.page.wait_for_function("() => window.Lean")
    stage.page.evaluate("Lean.connect = () => {}")
    with stage.page.expect_response("**/launch?**"):
        stage.tap()
    stage.page.clock.run_for(6_000)
    stage.screen("alert")


def _embedded_expired(stage: Stage) -> None:
    stage.open("embedded")
    with stage.app.app_context():
        object.__setattr__(get_services("lean").settings, "flow_max_age", -1)
    stage.tap()
    stage.wait("#screen:not([hidden]) .icon-alert")


def _embedded(stage: Stage) -> None:
    stage.open("embedded")
    stage.wait("#all .row")


#: Name to the way there, and the settings of the host that it needs.
STATES: dict[str, tuple[Callable[[Stage], None], dict[str, Any]]] = {
    "list": (_list, {}),
    "asked": (_asked, LINKS),
    "searching": (_searching, {}),
    "no-result": (_no_result, {}),
    "unavailable": (_unavailable, {}),
    "over-the-limit": (_over_the_limit, {}),
    "saved-accounts": (_saved_accounts, {}),
    "used-before": (_used_before, {}),
    "linked": (_linked, {}),
    "business": (_business, {"account_types": ["PERSONAL", "BUSINESS"]}),
    "stale": (_stale, {}),
    "no-list": (_no_list, {}),
    "opening": (_opening, {}),
    "opening-preset": (_opening_preset, LINKS),
    "refused-at-the-tap": (_refused, {}),
    "offline": (_offline, {}),
    "loader-blocked": (_loader_blocked, {}),
    "nothing-opened": (_nothing_opened, {}),
    **END_STATES,
    **METHOD_STATES,
    "embedded": (_embedded, {}),
    "embedded-expired": (_embedded_expired, {}),
}
