"""The SDK's callback data: a claim of the browser, with its length and characters checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from ..common.fields import CleanString, LenientSchema
from ..common.validators import IDENTIFIER


@dataclass(frozen=True, slots=True)
class CallbackData:
    """What the SDK reported when it closed (LinkSDK statuses). Absent fields are ``None``.

    A hint for the page: no field of it proves that anything happened. Lean's webhook does.

    :param status: such as ``SUCCESS``, ``CANCELLED``, ``ERROR`` or ``REDIRECT``; the set is open.
    :param message: the SDK's own sentence, in English.
    :param bank_identifier: of the bank in which it ended.
    :param is_supported: false when the customer's bank is none of Lean's.
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


def _code(**options: Any) -> fields.String:
    """Return a field for a machine-readable word, of any set: Lean adds words without notice."""
    return fields.String(validate=validate.Regexp(r"[A-Za-z0-9_.:-]{0,100}\Z"), **options)


class CallbackSchema(LenientSchema):
    """Load callback data; new statuses are accepted, unknown fields are ignored."""

    status = _code(required=True)
    message = CleanString(max_length=500, load_default=None)
    bank_identifier = fields.String(
        load_default=None, validate=validate.Regexp(rf"({IDENTIFIER.pattern})?\Z")
    )
    is_supported = fields.Boolean(load_default=None)
    exit_point = _code(load_default=None)
    secondary_status = _code(load_default=None)
    last_api_response = CleanString(max_length=200, load_default=None)
    lean_correlation_id = _code(load_default=None)
    open_banking_redirect_url = CleanString(max_length=4000, load_default=None)
    user_exit_intent = _code(load_default=None)
    exit_intent_point = _code(load_default=None)
    exit_survey_reason = CleanString(max_length=500, load_default=None)

    @pre_load
    def _drop_nulls(self, data: Any, **options: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("bank"), dict):
            data = data | data["bank"]
        return super()._drop_nulls(data, **options)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> CallbackData:
        return CallbackData(**data)
