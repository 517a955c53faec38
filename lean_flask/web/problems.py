"""Errors of the JSON routes, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import RequestEntityTooLarge

from ..common.logs import get_logger
from ..errors import UpstreamError

log = get_logger(__name__)

RETRY_AFTER = 5  # seconds
#: The HTTP status of each reason for which a flow cannot go on, on pages and in JSON.
REASON_STATUS: Mapping[str, int] = {
    "expired": 410,
    "completed": 410,
    "new_consent_needed": 410,
    "invalid_flow": 403,
    "signed_out": 403,
    "other_user": 403,
    "identify_failed": 503,
    "upstream": 503,
}


def described(text: str) -> dict[str, str]:
    """Return the metadata of a field that the OpenAPI document describes as *text*."""
    return {"description": text}


def advice_field(**options: Any) -> fields.String:
    """Return the field of a response that tells the customer what to do."""
    text = "For the customer, in the flow's language, where there is something to say."
    return fields.String(allow_none=True, metadata=described(text), **options)


class ProblemSchema(Schema):
    """A problem of RFC 9457, with members of ours."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=described("For the developer, in English."))
    reason = fields.String(
        validate=validate.OneOf(
            [
                "expired",
                "invalid_flow",
                "completed",
                "new_consent_needed",
                "signed_out",
                "other_user",
                "identify_failed",
                "unknown",
                "unavailable",
                "limit",
                "account",
                "source",
                "entity",
                "upstream",
                "upstream_refused",
            ]
        ),
        metadata=described(
            "For the page. The flow is `expired`, `invalid_flow` (tampered with, or of another "
            "browser) or `completed`, or an attempt has failed and the host has to make another "
            "consent, `new_consent_needed`; of a flow that is bound to a user, the customer is "
            "`signed_out`, or signed in as an `other_user`, or the host cannot tell who it is, "
            "`identify_failed`; the bank is `unknown`, `unavailable` or its `limit` "
            "forbids the amount; the `account` or the payment `source` cannot be used, or the "
            "`entity` cannot be renewed; Lean, `upstream`, cannot be reached; or Lean refuses for "
            "good, `upstream_refused`."
        ),
    )
    parameter = fields.String(metadata=described("The query parameter to mend."))
    errors = fields.Dict(metadata=described("Field of the body to what is wrong with it."))
    advice = advice_field()
    correlation_id = fields.String(metadata=described("To quote to Lean's support."))


_problem = ProblemSchema()


def problem(
    status: int, detail: str, *, retry_after: float | None = None, **extra: Any
) -> Response:
    """Return an error response that no cache may keep.

    :param detail: what is wrong and how to mend it, without secrets or customer data.
    :param retry_after: seconds, for the header of that name; a 503 has one in any case.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **extra,
    }
    response = Response(
        json.dumps(_problem.dump(body)), status, mimetype="application/problem+json"
    )
    response.headers["Cache-Control"] = "no-store"
    if not retry_after and status == 503:
        retry_after = RETRY_AFTER
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return response


def upstream_problem(error: UpstreamError, **extra: Any) -> Response:
    """Return that Lean failed and there is nothing to serve. Its words stay in our log.

    A refusal for good is a 502 without ``Retry-After``: the same request will be refused again.
    """
    if error.correlation_id:
        extra["correlation_id"] = error.correlation_id
    if error.permanent:
        return problem(
            502,
            "Lean refuses this. Trying again does not help; the server's log says what to change.",
            reason=upstream_reason(error),
            **extra,
        )
    return problem(
        503,
        "Lean cannot be reached at the moment. Try again shortly.",
        retry_after=error.retry_after,
        reason=upstream_reason(error),
        **extra,
    )


def upstream_reason(error: UpstreamError) -> str:
    """Return the code for the page: Lean refuses for good, or cannot be reached now."""
    return "upstream_refused" if error.permanent else "upstream"


def add_handler(blueprint: Blueprint) -> None:
    """Make a problem of a body that is larger than its route takes, wherever it is read."""
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)


def _too_large(_: RequestEntityTooLarge) -> Response:
    log.warning("Refused %s: the body is too large", request.endpoint)
    return problem(413, "The body is too large.")
