"""The states that only some methods of the SDK have, and the way to bring a page into each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .picker_stage import INTENT, Stage


def _sources(stage: Stage) -> None:
    customer = stage.fake.add_customer("user-1")
    stage.fake.add_payment_source(customer, "RJHI_SAU")
    waiting = {"beneficiary_status": "AWAITING_BENEFICIARY_COOL_OFF"}
    stage.fake.add_payment_source(customer, "SNB_SAU", payment_destination_id=INTENT, **waiting)
    stage.open("payee")
    stage.wait("[name=payment_source_id]")


def _end_at_once(stage: Stage, kind: str, status: str) -> None:
    stage.stay()
    stage.open(kind)
    stage.dialog.locator(f"[data-lean-end={status}]").first.click()


def _left(stage: Stage) -> None:
    _end_at_once(stage, "reconnect", "CANCELLED")
    stage.wait("#notice:not([hidden])")


def _consents_closed(stage: Stage) -> None:
    _end_at_once(stage, "consents", "CANCELLED")
    stage.screen("check")


def _consent_spent(stage: Stage) -> None:
    stage.use_clock()
    stage.end("ERROR", "consent")
    stage.page.clock.run_for(2_000)
    stage.screen("alert")


#: Name to the way there, and the settings of the host that it needs.
METHOD_STATES: dict[str, tuple[Callable[[Stage], None], dict[str, Any]]] = {
    "sources": (_sources, {}),
    "left-with-nothing-to-choose": (_left, {}),
    "consents-closed": (_consents_closed, {}),
    "consent-spent": (_consent_spent, {}),
}
