"""The states after Lean's window, and the way to bring a page into each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lean_flask.services import get_services
from lean_flask.testing import faults

from .picker_stage import BANK, Stage


def _connected(stage: Stage) -> None:
    stage.end("SUCCESS")
    stage.screen("check")


def _paid(stage: Stage) -> None:
    stage.end("SUCCESS", "checkout")
    stage.screen("check")


def _confirmed(stage: Stage) -> None:
    stage.use_clock()
    stage.end("SUCCESS", "checkout")
    stage.wait("[data-word=waiting]")
    stage.hear("ACCEPTED_BY_BANK", bank_transaction_reference="FT26330K7QX4")
    stage.page.clock.run_for(1_500)
    stage.wait("[data-word=confirmed]")


def _not_confirmed(stage: Stage) -> None:
    stage.use_clock()
    stage.end("SUCCESS")
    stage.wait("[data-word=waiting]")
    stage.page.clock.run_for(11_000)
    stage.wait("[data-word=unconfirmed]")


def _refused_by_the_bank(stage: Stage) -> None:
    stage.use_clock()
    stage.end("SUCCESS", "checkout")
    stage.wait("[data-word=waiting]")
    stage.hear("REJECTED_BY_BANK")
    stage.page.clock.run_for(1_500)
    stage.wait("[data-state=refused]")


def _cancelled(stage: Stage) -> None:
    stage.end("CANCELLED")
    stage.wait("#notice:not([hidden])")


def _failed(stage: Stage) -> None:
    stage.use_clock()
    stage.end("ERROR")
    stage.page.clock.run_for(2_000)  # it could still be followed by the way to the bank
    stage.screen("alert")


#: The stand-in's bank is at an http address, to which no link leads; a real one is not. The page
#: stays, as on a phone where the bank's app opens.
_BANK_IN_HTTPS = """() => {
  const { connect } = Lean;
  Lean.connect = ({ callback, ...config }) => connect({ ...config, callback: (data) => {
    callback({ ...data, open_banking_redirect_url: "https://bank.example/approve" });
    data.open_banking_redirect_url = "#";
  } });
}"""


def _not_loaded(stage: Stage) -> None:
    stage.page.route("**/screens?**", lambda route: route.abort())
    stage.end("SUCCESS")
    stage.wait("#screen [data-action=rest]")


def _redirected(stage: Stage) -> None:
    stage.open()
    stage.page.wait_for_function("() => window.Lean")
    stage.page.evaluate(_BANK_IN_HTTPS)
    stage.tap()
    stage.dialog.locator("[data-lean-end=REDIRECT]").click()
    stage.wait("#screen a[data-href=url]")


def _not_supported(stage: Stage) -> None:
    stage.open()
    stage.page.locator(".unlisted button").click()
    stage.dialog.locator("[data-lean-end=UNLISTED]").click()
    stage.screen("alert")


def _foreign(stage: Stage) -> None:
    stage.page.goto(f"{stage.site}/lean/picker?flow=x&lang={stage.language}")
    stage.wait(".icon-alert")


def _expired(stage: Stage) -> None:
    stage.open()
    with stage.app.app_context():
        object.__setattr__(get_services("lean").settings, "flow_max_age", -1)
    stage.page.reload()
    stage.wait(".icon-alert")


def _completed(stage: Stage) -> None:
    stage.open()
    flow = stage.page.url
    stage.tap()
    stage.stay()
    stage.dialog.locator("[data-lean-end=SUCCESS]").click()
    stage.screen("check")
    stage.page.goto(flow)
    stage.wait(".icon-check")


def _back_from_the_bank(stage: Stage) -> None:
    stage.stay()
    stage.choose()
    stage.dialog.locator("[data-lean-end=REDIRECT]").click()
    stage.page.locator("[data-bank-end=approve]").click()
    stage.dialog.locator("[data-lean-end=SUCCESS]").click()
    stage.screen("check")


def _declined_at_the_bank(stage: Stage) -> None:
    stage.stay()
    stage.choose()
    stage.dialog.locator("[data-lean-end=REDIRECT]").click()
    stage.page.locator("[data-bank-end=decline]").click()
    stage.dialog.locator(".main[data-lean-end=ERROR]").click()
    stage.screen("alert")


def _not_reported(stage: Stage) -> None:
    stage.page.route("**/callback?**", lambda route: route.abort())
    stage.end("SUCCESS")
    stage.wait("#pending")


def _return(stage: Stage) -> None:
    """Come from the bank, without the way there, which tests/web/test_return.py goes."""
    customer = stage.page.context.request
    start = customer.get(f"{stage.site}/connect/{stage.language}", max_redirects=0)
    token = parse_qs(urlsplit(start.headers["location"]).query)["flow"][0]
    choice = {"flow": token, "bank_identifier": BANK}
    end = {"flow": token, "data": {"status": "REDIRECT"}}
    for call, body in (("launch", choice), ("callback", end)):
        customer.post(f"{stage.site}/lean/{call}?lang={stage.language}", data=body)
    stage.page.goto(f"{stage.site}/lean/return/success?granular_status_code=SUCCESS")


def _back_without_an_answer(stage: Stage) -> None:
    stage.page.route("**/lean/return?**", lambda route: route.abort())
    _return(stage)
    stage.screen("alert")


def _blocked_after_the_bank(stage: Stage) -> None:
    stage.fake.fault("loader", faults.Status(403))
    _return(stage)
    stage.wait("#screen [data-action=retry]")


def _back_in_another_browser(stage: Stage) -> None:
    stage.page.goto(f"{stage.site}/lean/return/success?lang={stage.language}")
    stage.wait("#screen .icon-alert")


#: Name to the way there, and the settings of the host that it needs.
END_STATES: dict[str, tuple[Callable[[Stage], None], dict[str, Any]]] = {
    "connected": (_connected, {}),
    "paid": (_paid, {}),
    "confirmed": (_confirmed, {}),
    "not-confirmed": (_not_confirmed, {}),
    "refused-by-the-bank": (_refused_by_the_bank, {}),
    "cancelled": (_cancelled, {}),
    "failed": (_failed, {"support_url": "/help"}),
    "not-loaded": (_not_loaded, {}),
    "redirected": (_redirected, {}),
    "not-supported": (_not_supported, {}),
    "foreign-link": (_foreign, {}),
    "expired": (_expired, {}),
    "completed": (_completed, {}),
    "back-from-the-bank": (_back_from_the_bank, {}),
    "declined-at-the-bank": (_declined_at_the_bank, {}),
    "blocked-after-the-bank": (_blocked_after_the_bank, {}),
    "back-in-another-browser": (_back_in_another_browser, {}),
    "not-reported": (_not_reported, {}),
    "back-without-an-answer": (_back_without_an_answer, {}),
}
