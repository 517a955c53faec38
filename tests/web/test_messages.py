"""What the customer is told when a launch is refused or the SDK ends in an error."""

import pytest

from lean_flask.web.messages import failure_message, failure_title, refusal_message
from support.languages import ARABIC, ENGLISH

KINDS = [
    ("INVALID_CREDENTIALS", "Check your details", "did not accept the username or password"),
    ("MFA_TIMEOUT", "Check your details", "verification step"),
    ("ACCOUNT_LOCKED", None, "contact your bank"),
    ("BANK_ISSUE", "The bank is not answering", "is not answering right now"),
    ("CONSENT_REJECTED", "Approval was not given", "declined the request"),
    ("REQUEST_EXPIRED", "The time ran out", "took too long"),
    ("INSUFFICIENT_FUNDS", None, "not enough money"),
    ("ALREADY_IN_PROGRESS", None, "still in progress"),
    ("SOMETHING_NEW", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("status", "title", "message"), KINDS)
def test_an_error_of_the_sdk_is_told_by_its_kind(status, title, message):
    assert failure_title(status, ENGLISH) == title
    said = failure_message(status, ENGLISH)
    assert message in said if message else said is None


@pytest.mark.parametrize("status", [status for status, *_ in KINDS])
def test_in_arabic_the_same_kinds_are_told(status):
    for tell in (failure_title, failure_message):
        english, arabic = tell(status, ENGLISH), tell(status, ARABIC)
        assert (arabic is None) == (english is None)
        assert arabic is None or (arabic != english and max(arabic) > "\u0600")


def test_a_refused_launch_says_what_to_do():
    assert refusal_message("unavailable", ENGLISH) == "Try again later, or choose another bank."
    assert refusal_message("limit", ENGLISH) == "Choose another bank for this payment."
    named = refusal_message("unavailable", ENGLISH, "Al Rajhi Bank")
    assert "Al Rajhi Bank" in named
    assert "is not available right now" in named
    assert refusal_message("invalid_flow", ENGLISH) is None  # it has a page of its own


def test_no_other_bank_is_named_where_none_is_chosen():
    for status in ("BANK_ISSUE", "CONSENT_REJECTED"):
        assert "choose another bank" in failure_message(status, ENGLISH)
        for asked in ("source", None):
            assert "another" not in failure_message(status, ENGLISH, asked)
