"""What the pages call the list that a customer chooses from, if there is one."""

from __future__ import annotations

from dataclasses import dataclass

from ..flows.flow import Flow
from ..flows.methods import TRAITS, Choosable
from .language import PageLanguage


@dataclass(frozen=True, slots=True)
class ChoiceWording:
    """The texts about what the customer chooses with us.

    :param another: button back to the list after a failure.
    :param all: button back to the list where nothing has failed.
    :param failed: what can be done after a failure.
    :param cancelled: after the SDK was left.
    :param missing: where the list cannot be shown.
    """

    another: str
    all: str
    failed: str
    cancelled: str
    missing: str


def asked_of(flow: Flow) -> Choosable | None:
    """Return what there is a list of on the page of *flow*; ``None`` where there is none."""
    choices = flow.choices
    if "bank" in choices:
        return "bank"  # also where the host has chosen one: there are others
    return "source" if "source" in choices and "payment_source_id" not in flow.config else None


def choice_wording(method: str | None, language: PageLanguage) -> ChoiceWording:
    """Return the texts about the list of flows of *method*."""
    _ = language.gettext
    traits = next((traits for name, traits in TRAITS.items() if name == method), None)
    if traits and "source" in traits.choices:
        return ChoiceWording(
            another=_("Choose another account"),
            all=_("Back to the accounts"),
            failed=_("This step was not completed. You can try again or choose another account."),
            cancelled=_("You closed the secure window. Choose an account when you are ready."),
            missing=_(
                "There are no accounts to show right now. You can continue in the next step."
            ),
        )
    return ChoiceWording(
        another=_("Choose another bank"),
        all=_("Back to the banks"),
        failed=_("This step was not completed. You can try again or choose another bank."),
        cancelled=_("You closed the secure window. Choose a bank when you are ready."),
        missing=_("We cannot show the banks right now. You can choose yours in the next step."),
    )
