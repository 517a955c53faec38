"""A plain ``consent_id``: after an attempt that failed Lean takes it for no other one."""

from __future__ import annotations

import pytest

from support.flow_page import CONSENT, NEEDED


@pytest.fixture
def plain(start):
    return start("authorize_consent")


def refused(page):
    response = page.launch("?lang=ar")
    assert (response.status_code, response.json["reason"]) == (410, "new_consent_needed")
    return response.json


def test_after_a_failure_no_launch_follows(plain, caplog):
    assert plain.status["can_retry"] is True
    plain.launch()
    assert plain.report("CANCELLED")["can_retry"] is True
    plain.launch()
    assert plain.report("ERROR")["can_retry"] is False
    assert plain.status["can_retry"] is False
    assert plain.land()["can_retry"] is False
    advice = refused(plain)["advice"]
    assert advice == "لا يمكن استخدام هذه الموافقة مرة أخرى. يُرجى العودة والبدء من جديد."
    assert "give authorize_consent a function of @lean.new_consent" in caplog.text


def test_its_page_leads_back_to_the_host(plain):
    plain.launch()
    plain.report("ERROR", lean_correlation_id="abc")
    for lang, words in {"en": "A new approval is needed", "ar": "موافقة جديد"}.items():
        response = plain.open(f"&lang={lang}")
        assert response.status_code == 410
        assert words in response.text
        assert "/done?lean_status=ERROR" in response.text


def test_after_the_banks_no(plain, tell):
    plain.launch()
    plain.report("CANCELLED")
    tell(CONSENT, "REJECTED")
    assert plain.status["can_retry"] is False
    refused(plain)


def test_a_yes_after_a_failure_completes_it(plain, tell):
    plain.launch()
    plain.report("ERROR")
    tell(CONSENT, "AUTHORISED")
    assert plain.status["status"] == "confirmed"
    assert plain.launch().json["reason"] == "completed"


def test_a_failure_of_another_method_may_be_tried_again(start):
    needed = {method: NEEDED[method] for method in ("pay", "connect", "reconnect")}
    for method in needed:
        page = start(method)
        page.launch()
        assert page.report("ERROR")["can_retry"] is True
        assert page.launch().status_code == 200
