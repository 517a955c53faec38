"""Render the hosted HTML pages in the customer's language."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

from ..common.types import Language
from ..flows.flow import Flow
from ..services import Services, services
from .assets import stylesheet_url
from .language import choose_language, direction, translations

_STATUS = {"expired": 410, "completed": 410, "invalid_flow": 403, "javascript_required": 422}


def page_language(lean: Services, flow: Flow | None) -> Language:
    return choose_language(
        request.args.get("lang"),
        flow.language if flow else None,
        request.headers.get("Accept-Language"),
        lean.settings.language,
    )


def host_name(lean: Services, language: Language) -> str:
    """What the pages call the host."""
    return lean.settings.host_name.get(language) or request.host


def texts(lean: Services, language: Language) -> dict[str, Any]:
    """What every template needs to speak *language*."""
    catalogue = translations(language)
    return {
        "language": language,
        "direction": direction(language),
        "host": host_name(lean, language),
        "_": catalogue.gettext,
        "ngettext": catalogue.ngettext,
    }


def page(template: str, language: Language, status: int = 200, **context: Any) -> Response:
    context |= texts(services(), language)
    return make_response(render_template(f"lean_flask/{template}", **context), status)


def notice(reason: str, flow: Flow | None = None, back: str | None = None) -> Response:
    """A page of its own for what cannot go on: it says why, and what to do.

    :param back: where its button leads.
    """
    lean = services()
    return page(
        "notice.html",
        page_language(lean, flow),
        _STATUS[reason],
        reason=reason,
        urls={"stylesheet": stylesheet_url(lean, flow), "back": back},
    )
