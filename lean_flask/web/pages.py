"""Render the hosted HTML pages in the customer's language."""

from __future__ import annotations

from typing import Any

from flask import Response, has_request_context, make_response, render_template, request

from ..common.languages import language_names
from ..common.types import LANGUAGES
from ..config.settings import Settings
from ..flows.flow import Flow
from ..services import Services, get_services
from .assets import (
    ending_stylesheet_url,
    languages_stylesheet_url,
    stylesheet_url,
    theme_of,
)
from .language import PageLanguage, choose_language
from .problems import REASON_STATUS
from .request_headers import parsed_header
from .templates import our_template
from .theme.stylesheet import theme_colors
from .way_back import home_url


def page_language(
    services: Services,
    flow: Flow | None,
    preferred: str | None = None,
    launched_in: str | None = None,
) -> PageLanguage:
    """Return the language of the requested page; outside of a request that of *flow*.

    :param preferred: by the flow, where it cannot be opened.
    :param launched_in: of the page that the customer left for the bank; before all others.
    """
    settings = services.settings
    is_asked = has_request_context()
    requested = launched_in or (request.args.get("lang") if is_asked else None)
    tag = choose_language(
        requested if requested in settings.languages else None,
        flow.language if flow else preferred,
        parsed_header(request.environ, "Accept-Language") if is_asked else None,
        settings.language,
        settings.languages,
    )
    return PageLanguage(tag, settings)


def host_name(services: Services, language: PageLanguage) -> str:
    """Return what the pages call the host."""
    names = services.settings.host_name
    return names.get(language) or names.get("") or names.get("en") or request.host


def host_links(settings: Settings) -> dict[str, str]:
    """Return the host's own pages that ours have links to: ``terms``, ``consent``, ``support``."""
    links = {
        "terms": settings.terms_url,
        "consent": settings.consent_url,
        "support": settings.support_url,
    }
    return {name: url for name, url in links.items() if url}


def host_logo(services: Services, flow: Flow | None) -> dict[str, str]:
    """Return the host's logo by colour scheme; where one scheme is forced, in that one alone."""
    logo = dict(services.settings.host_logo)
    forced = theme_of(services.settings, flow).get("force_appearance")
    if logo and forced:
        return {"light": logo.get(forced, logo["light"])}
    return logo


def template_context(
    services: Services, language: PageLanguage, flow: Flow | None = None
) -> dict[str, Any]:
    """Return what every template needs: language, names and links of the host, gettext.

    :param flow: in whose theme the page is; by default the blueprint's.
    """
    return {
        "language": language,
        "direction": language.direction,
        "languages": language_names(services.settings.languages),
        "languages_stylesheet": _languages_stylesheet(services, language),
        "host": host_name(services, language),
        "logo": host_logo(services, flow),
        "theme_colors": theme_colors(theme_of(services.settings, flow)),
        "home": home_url(services),
        "host_links": host_links(services.settings),
        "_": language.gettext,
        "ngettext": language.ngettext,
    }


def _languages_stylesheet(services: Services, language: PageLanguage) -> str | None:
    """Return the URL of the stylesheet for further languages, where the page needs it."""
    needs_it = len(services.settings.languages) > 2 or language not in LANGUAGES
    return languages_stylesheet_url(services.name) if needs_it else None


def render_page(
    template: str, language: PageLanguage, status: int = 200, **context: Any
) -> Response:
    """Return *template* in *language* as a response."""
    context |= template_context(get_services(), language)
    return make_response(render_template(our_template(template), **context), status)


def notice_page(reason: str, preferred: str | None = None, back: str | None = None) -> Response:
    """Return the page of a flow that cannot go on: why, and what to do.

    :param reason: of ``FlowError``, or ``no_cookies`` for a request without any cookie.
    :param preferred: language of the flow.
    :param back: where its button leads; by default to the host's start page.
    """
    services = get_services()
    return render_page(
        "notice.html",
        page_language(services, None, preferred),
        REASON_STATUS.get(reason, REASON_STATUS["invalid_flow"]),
        reason=reason,
        urls={
            "stylesheet": stylesheet_url(services, None),
            "ending_stylesheet": ending_stylesheet_url(services.name),
            "back": back,
        },
    )
