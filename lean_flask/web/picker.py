"""``GET /picker``: the hosted page on which a customer chooses a bank."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request, url_for

from ..errors import FlowError, UpstreamError
from ..flows.flow import Flow
from ..services import Services, services
from ..upstream.payment_sources import Account
from .assets import script_url, stylesheet_url
from .flows import open_flow
from .html import notice, page, page_language
from .language import other_language
from .page import build_page

log = logging.getLogger(__name__)

_LONGEST_QUERY = 100


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/picker", endpoint="picker")(_picker)


def _picker() -> Response:
    try:
        flow = open_flow(request.args.get("flow"))
    except FlowError as error:
        return notice(error.reason)
    lean = services()
    language = page_language(flow)
    try:
        listing = lean.directory.listing(flow.account_type, flow.customer_id)
    except UpstreamError:
        listing = None
    if flow.customer_id and lean.settings.client_secret:
        lean.client.prepare_customer_token(flow.customer_id)
    view = build_page(
        banks=listing.banks if listing else None,
        flow=flow,
        settings=lean.settings,
        language=language,
        checked_seconds_ago=listing.age if listing else None,
        accounts=_accounts(lean, flow),
        query=request.args.get("q", "")[:_LONGEST_QUERY],
    )
    return page("picker.html", language, page=view, urls=_urls(lean, flow), host=request.host)


def _accounts(lean: Services, flow: Flow) -> list[Account]:
    """What the customer has saved to pay from; without an answer of Lean's, nothing."""
    if flow.method != "pay" or not flow.customer_id:
        return []
    try:
        sources = lean.client.payment_sources(flow.customer_id)
    except UpstreamError as error:
        log.warning("The saved accounts cannot be shown: %s", error)
        return []
    return [account for source in sources for account in source.accounts]


def _urls(lean: Services, flow: Flow) -> dict[str, str | None]:
    language = page_language(flow)
    return {
        "launch": url_for(".launch", lang=language),
        "callback": url_for(".callback"),
        "stylesheet": stylesheet_url({**lean.settings.customization, **flow.customization}),
        "script": script_url("picker"),
        "loader": lean.settings.loader_url,
        "language": url_for(".picker", flow=flow.token, lang=other_language(language)),
        "back": flow.return_url,
    }
