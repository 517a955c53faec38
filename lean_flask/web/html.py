"""Hosted HTML: rendering in the right language, under the headers that every page of ours sends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from ..banks.bank import Language
from ..flows.flow import Flow
from ..services import services
from . import csp
from .assets import stylesheet_url
from .language import choose_language, direction, translations

_STATUS = {"expired": 410, "completed": 410, "foreign": 403, "script": 422}


def page_language(flow: Flow | None) -> Language:
    return choose_language(
        request.args.get("lang"),
        flow.language if flow else None,
        request.headers.get("Accept-Language"),
        services().settings.language,
    )


def page(template: str, language: Language, status: int = 200, **context: Any) -> Response:
    texts = translations(language)
    return make_response(
        render_template(
            f"lean_flask/{template}",
            language=language,
            direction=direction(language),
            _=texts.gettext,
            ngettext=texts.ngettext,
            **context,
        ),
        status,
    )


def notice(reason: str, flow: Flow | None = None) -> Response:
    """A page of its own for what cannot go on: it says why, and what to do."""
    customization = {**services().settings.customization, **(flow.customization if flow else {})}
    return page(
        "notice.html",
        page_language(flow),
        _STATUS[reason],
        reason=reason,
        urls={"stylesheet": stylesheet_url(customization), "back": flow.url if flow else None},
        host=request.host,
    )


def add_headers(blueprint: Blueprint) -> None:
    blueprint.after_request(_protect)


def _protect(response: Response) -> Response:
    """Headers of our HTML. A host that sets its own keeps them."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype != "text/html":
        return response
    policy = csp.header(services().settings)
    if policy:
        headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Referrer-Policy", "strict-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
    return response
