"""The operations page: what goes on, for operators, and what they can do about it."""

from __future__ import annotations

import os
import socket
from functools import partial

from flask import Response, abort, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from ...common.logs import get_logger
from ...common.operator import UNNAMED
from ...services import Services, get_services
from ..assets import (
    ending_stylesheet_url,
    operations_stylesheet_url,
    stylesheet_url,
)
from ..browser_session import keep_for_next_page, take_kept
from ..csrf import is_cross_site
from ..json_endpoint import MAX_BODY_BYTES, read_body
from ..pages import page_language, render_page
from ..problems import problem
from .actions import Result, bad, do, result_of
from .attention import attention_of
from .bank_form import DURATIONS, EMPTY, BankForm, ForgedForm, WrongForm
from .form_token import is_token, make_token
from .guard import require_operator
from .report import MAX_SEARCHED, make_report
from .times import format_moment, format_span

log = get_logger(__name__)

#: No script runs here, and nobody may frame a page with such buttons.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def show() -> Response:
    """Return the page."""
    services = get_services()
    operator = require_operator(services)
    return _page(services, operator, result_of(take_kept()))


def act() -> Response:
    """Do what a form asks for, and lead to the page that says what came of it."""
    services = get_services()
    try:
        operator = require_operator(services)
    except HTTPException as error:
        if 300 <= error.get_response().status_code < 400:
            return _signed_out(services)
        raise
    if is_cross_site():
        abort(problem(403, "Only the operations page may send this."))
    read_body(MAX_BODY_BYTES)
    form = request.form.to_dict()
    if not is_token(form.get("token", ""), services.name, operator):
        log.warning("Refused %s: the form is too old, or of another session", request.endpoint)
        return _page(services, operator, bad("form_expired"), status=403)
    try:
        result = do(services, form, operator)
    except ForgedForm:
        log.warning("Refused %s: the form asks for nothing that there is", request.endpoint)
        abort(problem(400, "The form is not valid."))
    except WrongForm as error:
        return _page(services, operator, bad("wrong_form"), error.form, status=422)
    keep_for_next_page(list(result))
    language = page_language(services, None)
    response = redirect(url_for(f"{services.name}.operations", lang=language), 303)
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]


def _signed_out(services: Services) -> Response:
    """Return a page with a link to the operations page, which leads to the host's login.

    Browsers follow no redirect of a form to another origin, since ``form-action`` forbids it.
    """
    language = page_language(services, None)
    here = url_for(f"{services.name}.operations", lang=language)
    urls = {
        "stylesheet": stylesheet_url(services, None),
        "ending_stylesheet": ending_stylesheet_url(services.name),
        "here": here,
    }
    return _protected(render_page("operations_signed_out.html", language, 403, urls=urls))


def _protected(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Frame-Options"] = "DENY"
    return response


def _page(
    services: Services,
    operator: str,
    said: Result | None,
    form: BankForm = EMPTY,
    status: int = 200,
) -> Response:
    """Return the page.

    :param said: what came of the action before.
    :param form: what was filled in, to be corrected.
    """
    language = page_language(services, None)
    settings, name = services.settings, services.name
    report = make_report(services)
    banks = report.banks(language.lean)
    response = render_page(
        "operations.html",
        language,
        status,
        report=report,
        to_look_at=attention_of(report),
        banks=banks,
        names={bank.identifier: bank.names[language.lean] for bank in banks},
        said=said,
        form=form,
        durations=DURATIONS,
        operator=operator,
        unnamed=UNNAMED,
        form_token=make_token(name, operator),
        delivery=services.events.delivery,
        max_searched=MAX_SEARCHED,
        blueprint=name,
        country=settings.country,
        sandbox=settings.sandbox,
        process=os.getpid(),
        machine=socket.gethostname(),
        span=partial(format_span, language=language),
        moment=format_moment,
        urls={
            "stylesheet": stylesheet_url(services, None),
            "operations_stylesheet": operations_stylesheet_url(name),
            "here": url_for(f"{name}.operations", lang=language),
            "act": url_for(f"{name}.operations_action", lang=language),
        },
    )
    return _protected(response)
