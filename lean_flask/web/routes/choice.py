"""A choice that the picker's form posts, since the page's script is not there yet."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, redirect, request, url_for
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from ...common.logs import get_logger
from ...common.validators import is_account_type, is_identifier
from ...flows.urls import MAX_URL_LENGTH
from ..csrf import is_cross_site
from ..json_endpoint import MAX_BODY_BYTES, read_body
from ..problems import problem

_FORM = "application/x-www-form-urlencoded"

log = get_logger(__name__)


class ChoiceSchema(Schema):
    """The form: a flow, and the button that was pressed."""

    class Meta:
        unknown = EXCLUDE

    flow = fields.String(required=True, validate=validate.Length(1, MAX_URL_LENGTH))
    bank_identifier = fields.String(validate=is_identifier)
    account_id = fields.String(validate=is_identifier)
    payment_source_id = fields.String(validate=is_identifier)
    type = fields.String(validate=is_account_type)
    proceed = fields.String(data_key="continue")


class ChosenSchema(Schema):
    """The picker's query: a bank, an account, a source, or nothing for the SDK's own selection."""

    class Meta:
        unknown = EXCLUDE

    chosen = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{0,64}\Z"))


_form, _query = ChoiceSchema(), ChosenSchema()


def is_form() -> bool:
    """Return whether a form was posted, and not the script's JSON."""
    return request.mimetype == _FORM


def chosen_in(query: Mapping[str, str]) -> str | None:
    """Return the choice in the picker's *query*; ``None`` without one, or with a wrong one."""
    if "chosen" not in query:
        return None
    try:
        chosen: str = _query.load(query)["chosen"]
    except ValidationError:
        return None
    return chosen


def keep_choice() -> Response:
    """Lead to the picker with the choice in its query: its script launches that at once.

    The choice is checked at the launch, as any other. A wrong form leads to the picker as it is.
    """
    if is_cross_site():
        abort(problem(403, "Only this site's own pages may send this."))
    read_body(MAX_BODY_BYTES)
    form = request.form.to_dict()
    try:
        body = _form.load(form)
    except ValidationError as error:
        if "flow" in error.messages_dict:
            log.warning("Refused %s: a form without a flow", request.endpoint)
            abort(problem(400, "The form is not valid.", errors=error.messages))
        body = {"flow": form["flow"]}
    names = ("bank_identifier", "account_id", "payment_source_id")
    chosen = next((body[name] for name in names if name in body), None)
    if chosen is None and "proceed" in body:
        chosen = ""
    response = redirect(
        url_for(
            ".picker",
            flow=body["flow"],
            chosen=chosen,
            type=body.get("type"),
            lang=request.args.get("lang"),
        ),
        303,
    )
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]
