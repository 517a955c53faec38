"""``GET /picker``: the hosted page on which a customer chooses a bank."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from ...errors import FlowError
from ...services import services
from ..cached_json import Complete, wants_gzip
from ..flow_access import open_flow
from ..pages import notice, page_language
from ..picker.render import picker_page, values_of


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/picker", endpoint="picker")(_picker)


def _picker() -> Response:
    try:
        flow = open_flow(request.args.get("flow"), url=request.full_path)
    except FlowError as error:
        return notice(error.reason, back=error.return_url)
    lean = services()
    page = picker_page(lean, flow, page_language(lean, flow), request.path)
    zipped = wants_gzip(request.environ)
    body = page.gzipped(values_of(flow)) if zipped else page.plain(values_of(flow))
    headers = Headers()
    headers[:] = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *([("Content-Encoding", "gzip")] if zipped else []),
        ("Vary", "Accept-Encoding"),
        *lean.page_headers,
    ]
    return Complete([body], headers=headers)
