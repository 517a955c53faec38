"""What the customer is told for each reason that stops a flow, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from ..banks.bank import Bank
from ..flows.eligibility import FlowRequirements
from ..flows.methods import Choosable
from .language import PageLanguage
from .picker.formatting import bidi_isolate, format_amount

_SENTENCE_ENDS = frozenset(".!?…؟۔")


def refusal_message(
    reason: str,
    language: PageLanguage,
    bank: str | None = None,
    *,
    can_choose: bool = True,
    notice: str = "",
) -> str | None:
    """Return what to do about a refused launch; ``None`` where a page of its own says it.

    :param bank: its name, where no row of the list shows it.
    :param can_choose: whether the customer can choose another one.
    :param notice: what an operator says of the bank.
    """
    _ = language.gettext
    again = _("Try again later, or choose another bank.")
    if notice and reason == "unavailable":
        said = bidi_isolate(notice if notice[-1] in _SENTENCE_ENDS else f"{notice}.")
        return f"{said} {again}" if can_choose else said
    if not can_choose and reason in {"unavailable", "unknown"}:
        return _("This bank cannot be used now. Please try again later.")
    advice = {
        "unavailable": again,
        "limit": _("Choose another bank for this payment."),
        "unknown": _("This bank cannot be used now. Please choose another one."),
        "account": _("This account cannot be used now. Please choose another one."),
        "source": _("This account cannot be chosen. Please choose another one."),
        "entity": _("This link cannot be renewed here. Please choose the bank to link it again."),
        "signed_out": _("You are signed out. Sign in, then try again."),
        "other_user": _(
            "You are signed in as somebody else. Sign in with the account that this is for."
        ),
        "identify_failed": _("We cannot tell who you are right now. Please try again in a moment."),
        "new_consent_needed": _("This approval cannot be tried again. Go back and start again."),
        "upstream": _("The service is not answering. Please try again in a moment."),
        "upstream_refused": _(
            "The service refused this. Trying again does not help. Please contact support."
        ),
    }.get(reason)
    if bank and reason == "unavailable":
        return (
            _("%(bank)s is not available right now.") % {"bank": bidi_isolate(bank)} + f" {advice}"
        )
    return advice


def failure_message(
    secondary_status: str | None, language: PageLanguage, asked: Choosable | None = "bank"
) -> str | None:
    """Return what to do about a failure of the SDK; ``None`` where the status does not say.

    Lean's list of statuses (LinkSDK statuses) is open, so what they have in common decides.

    :param asked: what the customer may choose another one of.
    """
    failures = _failures(language, asked).items()
    return _first(secondary_status, {part: text for part, (_, text) in failures})


def failure_title(secondary_status: str | None, language: PageLanguage) -> str | None:
    """Return the kind of a failure as a heading; ``None`` where the status does not say."""
    return _first(secondary_status, {part: text for part, (text, _) in _failures(language).items()})


def _first(secondary_status: str | None, texts: Mapping[str, str | None]) -> str | None:
    """Return the first text whose key is a part of *secondary_status*."""
    if not secondary_status:
        return None
    return next((text for part, text in texts.items() if text and part in secondary_status), None)


def _failures(
    language: PageLanguage, asked: Choosable | None = "bank"
) -> dict[str, tuple[str | None, str | None]]:
    """Return a heading and a sentence for each part of a status, where there are any."""
    _ = language.gettext
    details = _("Check your details")
    verification = _("The verification step was not completed or not accepted. Please try again.")
    restricted = _("Your bank has restricted this account. Please contact your bank.")
    silent = (
        _("The bank is not answering"),
        _("The bank is not answering right now. Try again later or choose another bank.")
        if asked == "bank"
        else _("The bank is not answering right now. Try again later."),
    )
    not_given = _("Approval was not given")
    elsewhere = _("You are signed in to your bank somewhere else. Sign out there, then try again.")
    ran_out = _("The time ran out")
    pending = _("Another payment is still in progress. Wait until it ends before you try again.")
    return {
        "CREDENTIALS": (
            details,
            _("The bank did not accept the username or password. Check them and try again."),
        ),
        "MFA": (details, verification),
        "SECURITY": (details, verification),
        "LOCKED": (None, restricted),
        "RESTRICTED": (None, restricted),
        "ISSUE": silent,
        "MAINTENANCE": silent,
        "BANK_ERROR": silent,
        "DISABLED": silent,
        "REJECTED": (
            not_given,
            _("The bank declined the request. You can choose another bank.")
            if asked == "bank"
            else _("The bank declined the request."),
        ),
        "DECLINED": (not_given, None),
        "DENIED": (not_given, None),
        "REFUSED": (not_given, None),
        "ELSEWHERE": (None, elsewhere),
        "ACTIVE_SESSION": (None, elsewhere),
        "EXPIRED": (ran_out, _("The request took too long and expired. Please try again.")),
        "TIMEOUT": (ran_out, None),
        "INSUFFICIENT": (
            None,
            _("There is not enough money in this account. Choose another account or bank."),
        ),
        "LIMIT": (None, _("This payment is above your daily limit at the bank.")),
        "ALREADY": (None, pending),
        "DUPLICATED": (None, pending),
    }


def bank_note(
    bank: Bank, requirements: FlowRequirements, reason: str, language: PageLanguage
) -> str:
    """Return why *bank* cannot be chosen, for its row.

    :param reason: of ``unavailable_reason``; empty when the bank can be chosen.
    """
    _ = language.gettext
    if reason == "unavailable":
        if notice := bank.notice(requirements.purposes):
            return bidi_isolate(notice.texts[language.lean])
        if any(bank.is_available(purpose) for purpose in requirements.purposes):
            return _("Not available for payments right now")
        return _("Not available right now")
    limit = bank.limit(requirements.currency or "")
    if reason == "limit" and limit and requirements.amount is not None:
        if limit.max is not None and requirements.amount > limit.max:
            most = format_amount(limit.max, limit.currency, language)
            return _("Limit per payment: %(amount)s") % {"amount": bidi_isolate(most)}
        if limit.min is not None:
            least = format_amount(limit.min, limit.currency, language)
            return _("Minimum per payment: %(amount)s") % {"amount": bidi_isolate(least)}
    return ""


def account_setup_note(language: PageLanguage) -> str:
    """Return why a saved account cannot be paid from yet, for its row."""
    return language.gettext("Being set up by the bank, for up to 24 hours")


def source_note(status: str, language: PageLanguage) -> str:
    """Return why a payment source cannot be chosen, for its row.

    :param status: of ``beneficiary_status``.
    """
    if status == "ACTIVE":
        return language.gettext("Set up already")
    return account_setup_note(language)
