"""``Flow.embed()``: the picker inside a page of the host."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from ..flows.flow import Flow
from ..services import services
from .html import page_language
from .picker_page import picker_page, values_of


def embedded_picker(blueprint_name: str, flow: Flow) -> Markup:
    lean = services(blueprint_name)
    path = url_for(f"{blueprint_name}.picker")
    page = picker_page(lean, flow, page_language(lean, flow), path, embedded=True)
    return page.markup(values_of(flow))
