"""JSON endpoints of the picker's script: bodies checked by a schema, errors as problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from flask import Response, abort, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..common.logs import get_logger, log_fields
from ..common.schemas import instance_of
from ..common.types import Language
from ..errors import BankUnavailable, FlowError, RefusedBank, UpstreamError
from ..flows.chosen import CHOICES
from ..services import get_services
from .csrf import is_cross_site
from .flow_access import asked_language
from .flow_metrics import count_refusal
from .host_aborts import abort_problem
from .messages import refusal_message
from .pages import page_language
from .problems import REASON_STATUS, problem, upstream_problem, upstream_reason

log = get_logger(__name__)

MAX_BODY_BYTES = 64_000  # bytes
#: What the log says of each reason of ``BankUnavailable``, without what the browser sent.
_REFUSED_CHOICES = {
    "unknown": "the bank is not in the list of this flow",
    "unavailable": "the bank is unavailable",
    "limit": "the bank's transfer limits do not allow the amount",
    "account": "the account is not one of this customer's, or cannot be paid from yet",
    "entity": "the connection is not one of this customer's, or shares what the flow does not ask",
    "source": "the payment source is not one of this customer's, or is set up already",
}


def json_body(schema: type[Schema]) -> dict[str, Any]:
    """Return the request's JSON as *schema* loads it.

    Aborts with a problem: 403 from another origin, 415 for another type, 400 for a wrong body.

    :raises RequestEntityTooLarge: above :data:`MAX_BODY_BYTES`.
    """
    services = get_services()
    if is_cross_site(services.settings.origins):
        count_refusal(services, "cross_site")
        abort(problem(403, "Only pages of this site and of LEAN_ORIGINS may send this."))
    if not request.is_json:
        count_refusal(services, "content_type")
        log.warning(
            "Refused %s: its Content-Type is not JSON",
            request.endpoint,
            extra=_fields("content_type"),
        )
        abort(problem(415, "Send application/json."))
    read_body(MAX_BODY_BYTES)
    try:
        body: dict[str, Any] = instance_of(schema).load(_json() or {})
    except ValidationError as error:
        count_refusal(services, "body")
        _log_refused_body(instance_of(schema), error)
        abort(problem(400, "The body is not valid.", errors=error.messages))
    return body


def _fields(reason: str) -> dict[str, Any]:
    return log_fields(endpoint=request.endpoint, reason=reason)


def _log_refused_body(schema: Schema, error: ValidationError) -> None:
    """Log which fields were refused; names that the schema does not have are the sender's text."""
    names = set(error.messages_dict)
    known = sorted(names & set(schema.fields))
    log.warning(
        "Refused %s: wrong fields of the body: %s; unknown fields: %d",
        request.endpoint,
        ", ".join(known) or "none",
        len(names - set(known)),
        extra=_fields("body"),
    )


def read_body(largest: int) -> bytes:
    """Return the raw body of at most *largest* bytes.

    :raises RequestEntityTooLarge: when it is larger, with or without a Content-Length.
    """
    request.max_content_length = largest + 1  # where Werkzeug cuts off chunks without a word
    body = request.get_data()
    if len(body) > largest:
        raise RequestEntityTooLarge
    return body


def _json() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:  # nested too deep to be anything of ours
        return None


def json_endpoint(view: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate *view*: each error of ours becomes a problem, and no cache keeps the response."""

    @wraps(view)
    def endpoint(**arguments: str) -> Response:
        response = _respond(partial(view, **arguments))
        response.headers["Cache-Control"] = "no-store"
        response.headers["Pragma"] = "no-cache"
        return response

    return endpoint


def _respond(view: Callable[[], Response]) -> Response:
    try:
        return view()
    except FlowError as error:
        return _refused_flow(error)
    except BankUnavailable as error:
        log.info(
            "Refused %s: %s",
            request.endpoint,
            _REFUSED_CHOICES[error.reason],
            extra=_fields(error.reason),
        )
        preset = None if CHOICES & {*(_json() or ())} else error.bank
        advice = _advice(error.reason, preset, error.notice, can_choose=error.can_choose)
        return problem(409, str(error), reason=error.reason, advice=advice)
    except UpstreamError as error:
        log.warning(
            "Lean request failed during a flow: %s",
            error,
            extra=log_fields(error, endpoint=request.endpoint),
        )
        return upstream_problem(error, advice=_advice(upstream_reason(error)))
    except RequestEntityTooLarge:
        raise
    except HTTPException as error:
        return abort_problem(error)


def _refused_flow(error: FlowError) -> Response:
    """Return the problem of a flow that cannot go on, or does not take what the body holds."""
    if error.reason == "arguments":
        log.warning("Refused %s: %s", request.endpoint, error, extra=_fields(error.reason))
        errors = {name: [text] for name, text in error.fields.items()}
        return problem(400, "The body is not valid.", errors=errors)
    more: dict[str, Any] = {"reason": error.reason}
    if advice := _advice(error.reason):
        more["advice"] = advice
    return problem(REASON_STATUS[error.reason], str(error), **more)


def _advice(
    reason: str,
    preset: RefusedBank | None = None,
    notice: Mapping[Language, str] | None = None,
    *,
    can_choose: bool = True,
) -> str | None:
    """Return the advice; it names a *preset* bank, which no row on the page does."""
    language = page_language(get_services(), None, asked_language())
    name = preset.names[language.lean] if preset else None
    said = (notice or {}).get(language.lean, "")
    return refusal_message(reason, language, name, can_choose=can_choose, notice=said)
