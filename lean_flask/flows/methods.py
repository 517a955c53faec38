"""What each method of the SDK means for our pages (SDK flows reference)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..common.types import Method, Purpose

#: What the customer chooses on our page before the SDK opens.
Choosable = Literal["bank", "account", "source"]


@dataclass(frozen=True, slots=True)
class MethodTraits:
    """How the pages treat the flows of one method.

    :param choices: what the customer chooses with us; nothing opens the SDK at once.
    :param purposes: what a bank must be available for. Those of ``connect`` follow from its
        permissions.
    :param needs_open_finance: whether banks that ask for credentials cannot be used.
    :param takes_landings: whether the SDK takes the two landing URLs.
    :param is_done_when_closed: whether any close is a normal end, so that nothing has failed and
        nothing is completed: it may be opened again and again.
    :param spends_consent: whether an attempt that failed has spent the consent that it was about,
        so that the next one needs another.
    :param can_renew: whether the customer may renew a bank that is linked, instead of linking anew.
    :param creates_source: whether it makes a payment source, and no entity.
    """

    choices: tuple[Choosable, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    needs_open_finance: bool = False
    takes_landings: bool = True
    is_done_when_closed: bool = False
    spends_consent: bool = False
    can_renew: bool = False
    creates_source: bool = False


_PAYMENTS: tuple[Purpose, ...] = ("payments",)

TRAITS: Mapping[Method, MethodTraits] = {
    "connect": MethodTraits(("bank",), ("data",), can_renew=True),
    "pay": MethodTraits(("account", "bank"), _PAYMENTS),
    "checkout": MethodTraits(("bank",), _PAYMENTS, needs_open_finance=True),
    "authorizeConsent": MethodTraits(
        ("account", "bank"), _PAYMENTS, needs_open_finance=True, spends_consent=True
    ),
    "createPaymentSource": MethodTraits(("bank",), _PAYMENTS, creates_source=True),
    "updatePaymentSource": MethodTraits(("source",), _PAYMENTS),
    "createBeneficiary": MethodTraits(("source",), _PAYMENTS),
    "reconnect": MethodTraits(takes_landings=False),
    "manageConsents": MethodTraits(takes_landings=False, is_done_when_closed=True),
    "verifyAddress": MethodTraits(takes_landings=False),
}
