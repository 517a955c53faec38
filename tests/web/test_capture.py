"""``Lean.captureRedirect`` gets all that a landing brings, and the flow's own consent."""

from __future__ import annotations

import pytest

from support.flow_page import CONSENT

LANDED = {
    "bank_identifier": "RJHI_SAU",
    "consent_attempt_id": "attempt-1",
    "consent_id": "of-the-landing",
    "granular_status_code": "BANK_TIMEOUT",
    "status_additional_info": "The bank did not answer.",
}


@pytest.fixture
def came_back(start, fake_lean):
    """A flow of a method that went to the bank; returns its page, and what is always sent."""

    def came_back(method, **fields):
        page = start(method, **fields)
        assert page.launch(bank_identifier="RJHI_SAU").status_code == 200
        page.report("REDIRECT")
        return page, {
            "app_token": fake_lean.app_token,
            "customer_id": page.flow.customer_id,
            "sandbox": True,
            "language": "en",
        }

    return came_back


def captured(page, **landed_with):
    call = page.land(**landed_with)
    assert call["method"] == "captureRedirect"
    assert call["config"].pop("access_token").count(".") == 2
    return call["config"]


@pytest.mark.parametrize("path", ["success", "fail"])
@pytest.mark.parametrize("method", ["connect", "pay", "authorize_consent", "create_payment_source"])
def test_all_that_a_landing_brings(came_back, method, path):
    page, always = came_back(method)
    landing = page.client.get(f"/lean/return/{path}", query_string=LANDED)
    assert f'data-flow="{page.flow.token}"' in landing.text
    assert captured(page, **LANDED) == always | LANDED


@pytest.mark.parametrize("landed", [{}, {"granular_status_code": "X"}], ids=len)
def test_a_landing_that_names_no_consent_has_the_flows_own(came_back, landed):
    page, always = came_back("authorize_consent")
    assert captured(page, **landed) == always | landed | {"consent_id": CONSENT}


@pytest.mark.parametrize("method", ["connect", "pay", "checkout"])
def test_other_methods_have_no_consent_of_their_own(came_back, method):
    page, always = came_back(method)
    assert captured(page) == always


@pytest.mark.parametrize(
    "odd",
    [
        {"granular_status_code": "<script>"},
        {"status_additional_info": "x" * 501},
        {"consent_attempt_id": 7},
        {"bank_identifier": "../x"},
    ],
    ids=str,
)
def test_what_the_url_says_is_bounded(came_back, odd):
    """What is odd is left out: it must not cost the outcome."""
    page, always = came_back("connect")
    assert captured(page, consent_id="c", **odd) == always | {"consent_id": "c"}
