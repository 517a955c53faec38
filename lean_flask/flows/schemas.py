"""The fields that the flows of several methods take (SDK config reference).

Fields marked ``internal`` are lean-flask's own; all others go to the SDK as they are.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from ..common.validators import is_account_type, is_identifier, is_language
from ..config.customization import CustomizationSchema
from .schema_fields import UserIDText, picture_field, redirect_field, text_field
from .urls import ReturnURL

PERMISSIONS = (
    "identity",
    "accounts",
    "balance",
    "transactions",
    "identities",
    "beneficiaries",
    "direct_debits",
    "standing_orders",
    "scheduled_payments",
    "payments",
)


class FlowSchema(Schema):
    """The fields that every flow takes."""

    return_url = ReturnURL(
        metadata={
            "takes": "a path such as '/done', an http(s) URL, or one of an app's scheme in "
            "LEAN_RETURN_SCHEMES",
            "internal": True,
        }
    )
    language = fields.String(
        validate=is_language,
        metadata={"takes": "one of LEAN_LANGUAGES, such as 'ar'", "internal": True},
    )
    customization = fields.Nested(
        CustomizationSchema, metadata={"takes": "the SDK's customization object", "internal": True}
    )
    access_token = fields.String(
        validate=validate.Regexp(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\Z"),
        metadata={
            "takes": "a customer-scoped JWT without 'Bearer '",
            "internal": True,
            "secret": True,
        },
    )
    bound_to = UserIDText(
        metadata={
            "takes": "a user's id as @lean.identify returns it: a string, a number or a UUID",
            "internal": True,
            "secret": True,
        }
    )
    max_age = fields.Integer(
        strict=True,
        validate=validate.Range(min=1),
        metadata={"takes": "a whole number of seconds", "internal": True},
    )


class LandingFieldsSchema(Schema):
    """The URLs to which the bank sends the customer back."""

    success_redirect_url = redirect_field()
    fail_redirect_url = redirect_field()


class BankFieldsSchema(Schema):
    """A bank that the host has chosen, or the account type of those to show."""

    account_type = fields.String(
        validate=is_account_type,
        metadata={"takes": "'PERSONAL' or 'BUSINESS'", "internal": True},
    )
    bank_identifier = fields.String(
        validate=is_identifier,
        metadata={"takes": "a bank's identifier"},
    )


class DestinationFieldsSchema(Schema):
    """Who is paid, or asks, in the words of the SDK's own screens."""

    destination_alias = text_field()
    destination_avatar = picture_field()


def permissions_field(*, required: bool = False, **metadata: Any) -> fields.List[Any]:
    """Return the field for what the customer is asked to share.

    :param metadata: what the OpenAPI document says of it besides.
    """
    return fields.List(
        fields.String(validate=validate.OneOf(PERMISSIONS)),
        required=required,
        validate=validate.Length(min=1),
        metadata={"takes": "a list of " + ", ".join(PERMISSIONS)} | metadata,
    )
