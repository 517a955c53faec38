"""What a customer can do when something went wrong, in words."""

from __future__ import annotations

from ..common.types import Language
from .language import translations


def refusal_message(reason: str, language: Language, bank: str | None = None) -> str | None:
    """What to do about a launch that was refused; ``None`` where a page of its own says it.

    :param bank: its name, where no row of the list shows it.
    """
    _ = translations(language).gettext
    advice = {
        "unavailable": _("Try again later, or choose another bank."),
        "limit": _("Choose another bank for this payment."),
        "unknown": _("This bank cannot be used now. Please choose another one."),
        "account": _("This account cannot be used now. Please choose another one."),
        "upstream": _("The service is not answering. Please try again in a moment."),
    }.get(reason)
    if bank and reason == "unavailable":
        return (
            _("%(bank)s is not available right now.") % {"bank": f"\u2068{bank}\u2069"}
            + f" {advice}"
        )
    return advice


def failure_message(secondary_status: str | None, language: Language) -> str | None:
    """What to do about a failure of the SDK; ``None`` for a status that says nothing more.

    Lean's list of statuses (LinkSDK statuses) is open, so what they have in common decides.
    """
    if not secondary_status:
        return None
    sentences = _sentences(language)
    parts = (part for part in sentences if part in secondary_status)
    return sentences.get(next(parts, ""))


def _sentences(language: Language) -> dict[str, str]:
    _ = translations(language).gettext
    credentials = _("The bank did not accept the username or password. Check them and try again.")
    verification = _("The verification step was not completed or not accepted. Please try again.")
    restricted = _("Your bank has restricted this account. Please contact your bank.")
    silent = _("The bank is not answering right now. Try again later or choose another bank.")
    elsewhere = _("You are signed in to your bank somewhere else. Sign out there, then try again.")
    pending = _("Another payment is still in progress. Wait until it ends before you try again.")
    return {
        "CREDENTIALS": credentials,
        "MFA": verification,
        "SECURITY": verification,
        "LOCKED": restricted,
        "RESTRICTED": restricted,
        "ISSUE": silent,
        "MAINTENANCE": silent,
        "BANK_ERROR": silent,
        "DISABLED": silent,
        "REJECTED": _("The bank declined the request. You can choose another bank."),
        "ELSEWHERE": elsewhere,
        "ACTIVE_SESSION": elsewhere,
        "EXPIRED": _("The request took too long and expired. Please try again."),
        "INSUFFICIENT": _(
            "There is not enough money in this account. Choose another account or bank."
        ),
        "LIMIT": _("This payment is above your daily limit at the bank."),
        "ALREADY": pending,
        "DUPLICATED": pending,
    }
