"""What the pages call what a customer does, so that no page speaks of a payment that is none.

The texts are translated. Their ``%(host)s`` and ``%(amount)s`` are filled by the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..common.types import Purpose
from ..flows.methods import Choosable
from .choice_wording import choice_wording
from .language import PageLanguage

Gettext = Callable[[str], str]
_DATA: tuple[Purpose, ...] = ("data",)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one kind. ``""`` stands for a text that the kind has no need of.

    :param heading: of the page on which the customer chooses, or opens the SDK.
    :param intro: what it is for, below the heading.
    :param promise: that it is safe to go on, in a few words.
    :param opening: while the SDK opens, where no bank is named.
    :param success: heading of the end that the SDK calls one.
    :param later: what is still to come then.
    :param waiting: while the bank's word is waited for; with ``confirmed`` and ``unconfirmed``.
    :param refused: heading where the bank said no after a success.
    :param final: what can be done after a failure that leaves no other try.
    :param unknown: where the return page could not see the result.
    :param details: heading of the receipt; ``amount`` and ``host`` are names of its rows.
    """

    heading: str
    intro: str
    promise: str
    opening: str
    success: str
    later: str
    waiting: str
    confirmed: str
    unconfirmed: str
    refused: str
    final: str
    unknown: str
    details: str
    amount: str
    host: str


def wording(
    method: str | None,
    language: PageLanguage,
    *,
    purposes: Collection[Purpose] = _DATA,
    has_amount: bool = False,
    asked: Choosable | None = "bank",
    renews: bool = False,
) -> Wording:
    """Return the texts for flows of *method*.

    :param method: of the SDK; any other text is a flow of which nothing is known.
    :param purposes: of the flow.
    :param has_amount: whether the amount is known.
    :param asked: see :func:`~lean_flask.web.choice_wording.asked_of`.
    :param renews: whether a connection is renewed, by a flow of ``connect``.
    """
    _ = language.gettext
    linking = _linking(_, purposes)
    if renews:
        return _renewing(_, linking)
    make = _KINDS.get(method or "")
    if make is None:
        return replace(linking, success=_("Your bank has approved this"))
    return make(_, linking, has_amount, asked)


def wording_context(
    method: str | None, language: PageLanguage, asked: Choosable | None = "bank", **known: Any
) -> dict[str, Any]:
    """Return what the templates of the screens need.

    :param known: of the flow, as :func:`wording` takes it.
    """
    return {
        "words": wording(method, language, asked=asked, **known),
        "choices": choice_wording(method, language),
        "asked": asked,
    }


def _linking(_: Gettext, purposes: Collection[Purpose]) -> Wording:
    if "data" not in purposes:
        intro = _("Link your account to %(host)s to pay from it.")
        promise = _("Nothing is paid before you approve it.")
    elif "payments" in purposes:
        intro = _("Link your account to %(host)s to share its details and pay from it.")
        promise = _("Nothing happens before you approve it.")
    else:
        intro = _("Link your account to %(host)s.")
        promise = _("Nothing is shared before you approve it.")
    return Wording(
        heading=_("Choose your bank"),
        intro=intro,
        promise=promise,
        opening=_("Opening the secure window…"),
        success=_("Your bank is connected"),
        later="",
        waiting=_("Waiting for your bank to confirm the connection…"),
        confirmed=_("Your bank has confirmed the connection."),
        unconfirmed=_("Your bank has not confirmed the connection yet."),
        refused=_("Your bank did not accept the connection"),
        final="",
        unknown=_("Go back to %(host)s to see the result."),
        details=_("Connection details"),
        amount=_("Amount"),
        host=_("Requested by"),
    )


def _paying(_: Gettext, linking: Wording, has_amount: bool, __: Choosable | None) -> Wording:
    will_confirm = _("%(host)s will confirm it as soon as the bank does.")
    return replace(
        linking,
        heading=_("Choose the bank to pay from"),
        intro=(
            _("You are paying %(amount)s to %(host)s.")
            if has_amount
            else _("You are paying %(host)s.")
        ),
        promise=_("Nothing is paid before you approve it."),
        success=_("Your payment has been submitted"),
        later=will_confirm,
        waiting=_("Waiting for your bank to confirm the payment…"),
        confirmed=_("Your bank has confirmed the payment."),
        unconfirmed=_("Your bank has not confirmed the payment yet."),
        refused=_("Your bank did not accept the payment"),
        unknown=will_confirm,
        details=_("Payment details"),
        host=_("To"),
    )


def _consenting(_: Gettext, linking: Wording, has_amount: bool, __: Choosable | None) -> Wording:
    will_confirm = _("%(host)s will confirm it as soon as the bank does.")
    return replace(
        linking,
        heading=_("Choose the bank for these payments"),
        intro=(
            _("Approve later payments from your account to %(host)s, of up to %(amount)s each.")
            if has_amount
            else _("Approve later payments from your account to %(host)s.")
        ),
        promise=_("Nothing is paid before you approve it."),
        success=_("Your approval has been submitted"),
        later=will_confirm,
        waiting=_("Waiting for your bank to confirm your approval…"),
        confirmed=_("Your bank has confirmed your approval."),
        unconfirmed=_("Your bank has not confirmed your approval yet."),
        refused=_("Your bank did not accept your approval"),
        final=_(
            "This approval can no longer be used. Go back to %(host)s and start again with a new "
            "one."
        ),
        unknown=will_confirm,
        details=_("Approval details"),
        amount=_("Limit per payment"),
        host=_("Payments to"),
    )


def _adding_payee(_: Gettext, linking: Wording, __: bool, asked: Choosable | None) -> Wording:
    return replace(
        linking,
        heading=_("Choose an account") if asked else _("Add a payee to your account"),
        intro=(
            _("%(host)s asks to add a payee to the account that you choose.")
            if asked
            else _("%(host)s asks to add a payee to your account.")
        ),
        promise=_("Nothing is paid now."),
        success=_("The payee has been submitted to your bank"),
        later=_("Your bank may need up to 24 hours before payments can be made."),
        waiting=_("Waiting for your bank to confirm the payee…"),
        confirmed=_("Your bank has added the payee."),
        unconfirmed=_("Your bank has not added the payee yet. This may take up to 24 hours."),
        refused=_("Your bank did not accept the payee"),
        details=_("Payee details"),
    )


def _reconnecting(_: Gettext, linking: Wording, *__: object) -> Wording:
    return replace(
        linking,
        heading=_("Reconnect your bank"),
        intro=_(
            "Your bank is no longer connected to %(host)s. Sign in to your bank again to restore "
            "the connection."
        ),
        promise="",
        success=_("Your bank is connected again"),
    )


def _renewing(_: Gettext, linking: Wording) -> Wording:
    return replace(
        linking,
        heading=_("Renew your bank connection"),
        intro=_("Renew the connection of your account to %(host)s."),
        promise=_("Nothing changes before you approve it."),
        success=_("Your bank connection is renewed"),
    )


def _managing(_: Gettext, linking: Wording, *__: object) -> Wording:
    return replace(
        linking,
        heading=_("Your consents"),
        intro=_("See what you have allowed %(host)s to do, and end what you no longer want."),
        promise="",
        opening=_("Opening your consents…"),
        success=_("Done"),
        later=_("If you ended a consent, %(host)s will be told."),
        waiting="",
        details="",
    )


def _verifying(_: Gettext, linking: Wording, *__: object) -> Wording:
    return replace(
        linking,
        heading=_("Confirm your address"),
        intro=_("%(host)s asks your bank to confirm your address."),
        promise=_("Nothing is shared before you approve it."),
        success=_("The address check is complete"),
        waiting="",
        details=_("Details"),
    )


_KINDS: Mapping[str, Callable[[Gettext, Wording, bool, Choosable | None], Wording]] = {
    "connect": lambda _, linking, *__: linking,
    "createPaymentSource": lambda _, linking, *__: linking,
    "pay": _paying,
    "checkout": _paying,
    "authorizeConsent": _consenting,
    "updatePaymentSource": _adding_payee,
    "createBeneficiary": _adding_payee,
    "reconnect": _reconnecting,
    "manageConsents": _managing,
    "verifyAddress": _verifying,
}
