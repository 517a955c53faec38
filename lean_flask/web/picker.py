"""``GET /picker``: the hosted page on which a customer chooses a bank."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..errors import FlowError
from ..services import services
from .flows import open_flow
from .html import notice, page_language
from .picker_page import picker_page, values_of
from .splice import wants_gzip

_LONGEST_QUERY = 100


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/picker", endpoint="picker")(_picker)


def _picker() -> Response:
    try:
        flow = open_flow(request.args.get("flow"))
    except FlowError as error:
        return notice(error.reason, back=error.return_url)
    lean = services()
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    page = picker_page(lean, flow, page_language(lean, flow), query=query)
    if not wants_gzip():
        return Response(page.plain(values_of(flow)), headers={"Vary": "Accept-Encoding"})
    return Response(
        page.gzipped(values_of(flow)),
        headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
    )
