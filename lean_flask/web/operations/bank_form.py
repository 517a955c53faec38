"""The form that sets a bank by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from ...banks.overrides import ACTIONS, MAX_MESSAGE, MAX_WHY
from ...common.fields import CleanString
from ...common.types import PURPOSES
from ...common.validators import is_identifier

#: How long it can last, in minutes.
DURATIONS = (15, 60, 240, 1_440)
#: How browsers write the value of a ``datetime-local`` field; ours is in UTC.
TIME_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


class Moment(fields.Field[datetime]):
    """A time in UTC, as a browser's field or a person writes it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        for form in TIME_FORMATS:
            try:
                return datetime.strptime(value.strip().replace(" ", "T"), form).replace(tzinfo=UTC)
            except ValueError:
                continue
        raise ValidationError("Not a time.")


class BankFormSchema(Schema):
    """Load the fields that were filled in; empty ones are left out before."""

    class Meta:
        unknown = EXCLUDE

    bank = fields.String(required=True, validate=is_identifier)
    why = CleanString(required=True, max_length=MAX_WHY)
    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    purpose = fields.String(load_default=None, validate=validate.OneOf(PURPOSES))
    minutes = fields.Integer(load_default=None, validate=validate.OneOf(DURATIONS))
    until = Moment(load_default=None)
    message_en = CleanString(load_default="", max_length=MAX_MESSAGE)
    message_ar = CleanString(load_default="", max_length=MAX_MESSAGE)


_CHOICES = frozenset({"action", "purpose", "minutes"})
#: For customers, who do not read them where the bank is not shown.
_MESSAGES = ("message_en", "message_ar")
_schema = BankFormSchema()


@dataclass(frozen=True, slots=True)
class BankForm:
    """What an operator filled in, and what is wrong with it.

    :param values: as they were sent.
    :param wrong: the names of the fields to correct, in the order of the page.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


EMPTY = BankForm()


class ForgedForm(Exception):
    """The form asks for what the page does not offer."""


class WrongForm(Exception):
    """The form cannot be used as it is filled in."""

    def __init__(self, form: BankForm) -> None:
        super().__init__(", ".join(form.wrong))
        self.form = form


def load_form(form: Mapping[str, str], now: float) -> dict[str, Any]:
    """Return the arguments of ``catalog.override()``, all but who does it.

    :param now: seconds since the epoch.
    :raises WrongForm: naming the fields to correct.
    :raises ForgedForm: when a choice is none of those of the page.
    """
    values = {name: form.get(name, "") for name in _schema.fields}
    filled = {name: text for name, text in values.items() if text.strip()}
    began, wrong = datetime.fromtimestamp(now, UTC), []
    try:
        loaded: dict[str, Any] = _schema.load(filled)
    except ValidationError as error:
        loaded, wrong = cast(dict[str, Any], error.valid_data), [*error.messages_dict]
    until = loaded.get("until")
    if until is not None and until <= began:
        wrong.append("until")
    if loaded.get("action") == "hide":
        wrong += [name for name in _MESSAGES if loaded.get(name) and name not in wrong]
    if not _CHOICES.isdisjoint(wrong):
        raise ForgedForm
    if wrong:
        raise wrong_form(form, *wrong)
    if until is None and loaded["minutes"]:
        until = began + timedelta(minutes=loaded["minutes"])
    message = {language: loaded[f"message_{language}"] for language in ("en", "ar")}
    return {
        "identifier": loaded["bank"],
        "action": loaded["action"],
        "purpose": loaded["purpose"],
        "until": until,
        "message": message if any(message.values()) else None,
        "why": loaded["why"],
    }


def wrong_form(form: Mapping[str, str], *names: str) -> WrongForm:
    """Return the error that the fields *names* of *form* have to be corrected."""
    values = {name: form.get(name, "") for name in _schema.fields}
    return WrongForm(BankForm(values, tuple(name for name in _schema.fields if name in names)))
