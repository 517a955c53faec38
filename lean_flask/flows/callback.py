"""The SDK's callback data: a claim of the front end, with its length and characters checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from ..common.text import sanitize_text
from ..common.types import Platform
from ..common.validators import IDENTIFIER


@dataclass(frozen=True, slots=True)
class CallbackData:
    """What the SDK reported when it closed (LinkSDK statuses). Absent fields are ``None``.

    A hint for the page: no field of it proves that anything happened. Lean's webhook does.

    :param status: such as ``SUCCESS``, ``CANCELLED``, ``ERROR`` or ``REDIRECT``; the set is open.
    :param message: the SDK's own sentence, in English.
    :param bank_identifier: of the bank in which it ended.
    :param is_supported: false when the customer's bank is none of Lean's; ``None`` if unknown.
    :param exit_point: the SDK's screen on which it ended.
    :param secondary_status: the reason of an error, such as ``INVALID_CREDENTIALS``.
    :param last_api_response: the last status that Lean's API gave the SDK.
    :param lean_correlation_id: names the run to Lean's support.
    :param open_banking_redirect_url: the bank's page, with ``REDIRECT``.
    :param user_exit_intent: what the customer meant by leaving, such as ``USER_CANCELLED_PAYMENT``.
    :param exit_intent_point: where the wish to leave arose, such as ``CONSENT``.
    :param exit_survey_reason: what they gave as their reason.
    """

    status: str
    message: str | None = None
    bank_identifier: str | None = None
    is_supported: bool | None = None
    exit_point: str | None = None
    secondary_status: str | None = None
    last_api_response: str | None = None
    lean_correlation_id: str | None = None
    open_banking_redirect_url: str | None = None
    user_exit_intent: str | None = None
    exit_intent_point: str | None = None
    exit_survey_reason: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the SDK said ``SUCCESS``. It says nothing about money: that is the webhook's."""
        return self.status == "SUCCESS"


#: The words of which a code may consist; Lean adds words without notice.
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: What the SDKs for apps call ``bank`` and its fields: iOS the first, Flutter the others.
_OTHER_NAMES = {
    "bank_details": "bank",
    "bank_id": "bank_identifier",
    "bank_is_supported": "is_supported",
}
#: The message of a ``SUCCESS`` that the SDKs for apps make up, once they have opened the bank.
_LEFT_FOR_THE_BANK = "link closed after redirect"


class _OptionalText(fields.String):
    """A text that only describes the outcome: odd ones are cut or dropped, so that none is lost.

    :param max_length: characters; longer texts are cut.
    :param pattern: what a text must be, or it is dropped.
    """

    def __init__(self, max_length: int, pattern: re.Pattern[str] | None = None) -> None:
        checks: list[validate.Validator] = [validate.Length(max=max_length)]
        if pattern:
            checks.append(validate.Regexp(rf"{pattern.pattern}\Z"))
        super().__init__(load_default=None, allow_none=True, validate=checks)
        self._max_length = max_length
        self._pattern = pattern

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str | None:  # type: ignore[override]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        text = sanitize_text(str(value))
        if self._pattern:
            return text if self._pattern.fullmatch(text) else None
        return text[: self._max_length].rstrip()

    def _validate(self, value: Any) -> None:
        """Do nothing: the checks describe the field in the OpenAPI document."""


class _OptionalBoolean(fields.Boolean):
    """A boolean, or ``None`` for anything else."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool | None:  # type: ignore[override]
        if isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower())
        return value if isinstance(value, bool) else None


def _code() -> _OptionalText:
    """Return a field for a machine-readable word."""
    return _OptionalText(100, _CODE)


class CallbackSchema(Schema):
    """Load callback data: only ``status`` must be readable, and its set is open.

    What the SDKs for apps call them is understood too: in camel case, flat, and the query of their
    ``leanlink:`` address.
    """

    class Meta:
        unknown = EXCLUDE

    status = fields.String(required=True, validate=validate.Regexp(rf"{_CODE.pattern}\Z"))
    message = _OptionalText(500)
    bank_identifier = _OptionalText(64, IDENTIFIER)
    is_supported = _OptionalBoolean(load_default=None, allow_none=True)
    exit_point = _code()
    secondary_status = _code()
    last_api_response = _OptionalText(200)
    lean_correlation_id = _code()
    open_banking_redirect_url = _OptionalText(4000)
    user_exit_intent = _code()
    exit_intent_point = _code()
    exit_survey_reason = _OptionalText(500)

    @pre_load
    def _normalize(self, data: Any, **_: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise ValidationError("Not an object.")
        given = _known_names(data)
        bank = _known_names(given["bank"]) if isinstance(given.get("bank"), Mapping) else {}
        if not (given.get("bank_identifier") or bank.get("bank_identifier")):
            given.pop("is_supported", None)  # the other SDKs say false where Lean said nothing
        given |= {name: bank[name] for name in ("bank_identifier", "is_supported") if name in bank}
        if isinstance(given.get("status"), str):
            given["status"] = given["status"].strip()
        return given

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> CallbackData:
        if data["status"] == "SUCCESS":
            if not data["is_supported"]:
                data["is_supported"] = None
            if _LEFT_FOR_THE_BANK in (data["message"] or "").lower():
                data["status"] = "REDIRECT"  # as the web's SDK says
        return CallbackData(**data)


def _known_names(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return *data* without nulls, under the names of the web's SDK."""
    named: dict[str, Any] = {}
    for key, value in data.items():
        name = _CAMEL.sub("_", str(key)).lower()
        name = _OTHER_NAMES.get(name, name)
        if value is not None and (name not in named or name == key):
            named[name] = value
    return named


def told_on(platform: Platform, data: CallbackData) -> CallbackData:
    """Return *data* without what the SDK of *platform* says where Lean has said nothing.

    Those of apps say of a bank that is not known that Lean does not support it.
    """
    if platform == "web" or data.bank_identifier or data.is_supported:
        return data
    return replace(data, is_supported=None)
