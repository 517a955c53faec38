"""``Flow.embed()``: the picker inside a page of the host."""

from __future__ import annotations

from flask import Response, after_this_request, url_for
from markupsafe import Markup

from ...flows.flow import Flow
from ...services import get_services
from ..pages import page_language
from .render import picker_page, values_of


def embedded_picker(blueprint_name: str, flow: Flow) -> Markup:
    """Return the picker of *flow* for a page of the host, which is then not cached."""
    services = get_services(blueprint_name)
    path = url_for(f"{blueprint_name}.picker")
    page = picker_page(services, flow, page_language(services, flow), path, embedded=True)
    after_this_request(_keep_out_of_caches)
    return page.markup(values_of(flow))


def _keep_out_of_caches(response: Response) -> Response:
    """Set ``no-store``, since the page holds a flow's token; a host's own header stays."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
