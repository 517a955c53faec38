"""``GET /picker``: the hosted page on which a customer chooses a bank."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...errors import FlowError
from ...services import get_services
from ..cached_json import PreparedHeaders, PreparedResponse, wants_gzip
from ..choice_wording import asked_of
from ..flow_access import ForeignFlowError, open_flow
from ..flow_metrics import count_step
from ..pages import notice_page, page_language
from ..picker.render import picker_page, values_of
from .choice import chosen_in


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/picker", endpoint="picker")(_picker)


def _picker() -> Response:
    environ = request.environ
    if environ.get("HTTP_HX_REQUEST") and not environ.get("HTTP_HX_HISTORY_RESTORE_REQUEST"):
        return _whole_page()
    services = get_services()
    try:
        flow = open_flow(request.args.get("flow"), url=request.full_path, services=services)
    except ForeignFlowError as error:
        return notice_page(error.reason if request.cookies else "no_cookies", error.language)
    except FlowError as error:
        return notice_page(error.reason, error.language, back=error.return_url)
    count_step(services, flow, "shown")
    chosen = chosen_in(request.args) if asked_of(flow) else None
    page = picker_page(services, flow, page_language(services, flow), request.path, chosen=chosen)
    values = values_of(flow, chosen)
    zipped = wants_gzip(environ)
    body = page.gzipped(values) if zipped else page.plain(values)
    headers = PreparedHeaders(
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            *([("Content-Encoding", "gzip")] if zipped else []),
            ("Vary", "Accept-Encoding, Cookie"),  # Flask adds Cookie otherwise, at greater cost
            *services.page_headers,
        ]
    )
    return PreparedResponse([body], headers=headers)


def _whole_page() -> Response:
    """Have htmx load the page itself: within the host's page its script would not run."""
    response = Response(status=204)
    response.headers["HX-Redirect"] = request.full_path
    response.headers["Cache-Control"] = "no-store"
    return response
