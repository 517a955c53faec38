"""The picker as HTML, on its own page or in one of the host: made once for flows that ask alike."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from weakref import WeakKeyDictionary

from flask import current_app, render_template, request, url_for
from jinja2 import BaseLoader, Environment

from ... import signals
from ...banks.catalog import Listing
from ...banks.search import MAX_QUERY_LENGTH
from ...common.logs import get_logger, log_fields
from ...errors import UpstreamError
from ...flows.flow import Flow
from ...services import Services
from ...upstream.payment_sources import PaymentSource, accounts_of
from ..assets import ending_stylesheet_url, script_url, stylesheet_url
from ..language import PageLanguage
from ..messages import refusal_message
from ..pages import host_name, template_context
from ..qr import offers_phone
from ..templates import our_template
from ..way_back import way_back
from ..wording import wording_context
from .links import Links
from .precompressed import PrecompressedTemplate, placeholder
from .view_model import PickerOptions, PickerPage, age_if_old, build_page

log = get_logger(__name__)

_ACCOUNTS_WAIT = 1.0  # seconds that the page waits for saved accounts

_TEMPLATES = Path(__file__).parents[2] / "templates" / "lean_flask"
#: Of each app, whether the host overrides no template.
_ours: WeakKeyDictionary[Environment, bool] = WeakKeyDictionary()


def picker_page(
    services: Services,
    flow: Flow,
    language: PageLanguage,
    path: str,
    *,
    chosen: str | None = None,
    embedded: bool = False,
) -> PrecompressedTemplate:
    """Return the picker for *flow*, to be filled with :func:`values_of` it.

    :param path: of the picker; our other routes are beside it.
    :param chosen: bank or account that was chosen before the page's script was there; empty for the
        SDK's own selection.
    :param embedded: for a page of the host instead of one of our own.
    """
    signals.send(signals.picker_viewed, flow=flow, language=language)
    if flow.customer_id and services.settings.client_secret:
        services.client.prepare_customer_token(flow.customer_id)
    options = PickerOptions.of(flow, language)
    asks_for_links = bool(flow.linked_banks) and not options.preset
    if asks_for_links and flow.customer_id:
        services.linked_banks.prefetch(flow.customer_id)
    choices = flow.choices
    asks_for_bank = "bank" in choices
    sources = _saved(services, flow) if options.asked == "source" else ()
    names_bank = asks_for_bank or sources or options.preset_bank
    listing = _listing(services, flow) if names_bank else None
    if chosen and options.asked == "source" and chosen not in {source.id for source in sources}:
        chosen = None  # Lean's list is late now, or has another one
    if chosen is not None and not options.preset:
        bank = _known(listing, chosen)
        options = options._replace(preset=True, preset_bank=bank, can_take_back=True)
    if listing is None and asks_for_bank:
        signals.send(signals.list_missing, flow=flow)
    accounts = accounts_of(_saved(services, flow)) if "account" in choices else ()
    links = _links(services, flow) if asks_for_links and listing else None
    checked = age_if_old(listing.age, services.settings, language) if listing else ""
    on_phone = not embedded and offers_phone(flow, services.name)

    def make(once: bool = False) -> PrecompressedTemplate:
        banks = listing.banks if listing else None
        page = build_page(
            options,
            services.settings,
            banks,
            checked=checked,
            accounts=accounts,
            sources=sources,
            destination_id=flow.config.get("payment_destination_id", ""),
            links=links,
            overrides=services.catalog.known_overrides(),
        )
        return PrecompressedTemplate(
            re.sub(r">\n+<", "><", _rendered(services, flow, page, embedded, on_phone)), once=once
        )

    if accounts or sources or links:  # these are one customer's
        return make(once=True)
    key = (
        options,
        listing.revisions if listing else None,
        checked,
        embedded,
        on_phone,
        flow.return_url is None,
        json.dumps(flow.customization, sort_keys=True) if flow.customization else "",
        host_name(services, language),
        (request.root_path, path),
    )
    rendered: PrecompressedTemplate = services.pages.get_or_create(
        key, make, should_cache=_are_templates_ours
    )
    return rendered


def values_of(flow: Flow, chosen: str | None = None) -> dict[str, str]:
    """Return the values of the placeholders: what differs between flows on the same page."""
    back = way_back(flow, "CANCELLED") or ""
    return {"token": flow.token, "id": flow.id, "back": back, "chosen": chosen or ""}


def _known(listing: Listing | None, identifier: str) -> str | None:
    """Return *identifier* if it is a listed bank's: the page says its name."""
    banks = listing.banks if listing else ()
    return identifier if any(bank.identifier == identifier for bank in banks) else None


def _listing(services: Services, flow: Flow) -> Listing | None:
    try:
        return services.catalog.listing(flow.account_type, flow.customer_id)
    except UpstreamError:
        return None


def _saved(services: Services, flow: Flow) -> tuple[PaymentSource, ...]:
    """Return what the customer has saved to pay from; nothing, if Lean does not say it soon."""
    if not flow.customer_id:
        return ()
    try:
        return services.client.payment_sources(flow.customer_id, wait=_ACCOUNTS_WAIT)
    except UpstreamError as error:
        if error.tried:  # that Lean is not called for a while, the circuit has said
            log.warning("The saved accounts cannot be shown: %s", error, extra=log_fields(error))
        return ()


def _links(services: Services, flow: Flow) -> Links | None:
    """Return what the customer has linked; ``None`` for nothing, or if Lean does not say it soon.

    The page is then the same as that of flows that do not ask.
    """
    entities = services.linked_banks.entities(flow.customer_id) if flow.customer_id else ()
    if not entities:
        return None
    return Links(
        entities,
        permissions=flow.config["permissions"],
        hides=flow.linked_banks == "hide",
        country=services.settings.country,
        now=datetime.fromtimestamp(services.wall_clock(), UTC),
    )


def _rendered(
    services: Services, flow: Flow, page: PickerPage, embedded: bool, on_phone: bool
) -> str:
    language, name, options = page.options.language, services.name, page.options
    urls = {
        "picker": url_for(f"{name}.picker"),
        "launch": url_for(f"{name}.launch", lang=language),
        "stylesheet": stylesheet_url(services, flow),
        "ending_stylesheet": ending_stylesheet_url(name),
        "script": script_url(name, "embed" if embedded else "picker"),
        "list": script_url(name, "bank-list"),
        "ending": script_url(name, "ending"),
        "loader": services.settings.loader_url,
        "preconnect": services.settings.link_url,
        "back": placeholder("back"),
    }
    return render_template(
        our_template("picker.html"),
        layout=f"lean_flask/{'embed' if embedded else 'base'}.html",
        embedded=embedded,
        on_phone=on_phone,
        page=page,
        method=page.options.method,
        urls=urls,
        token=placeholder("token"),
        flow_id=placeholder("id"),
        chosen=placeholder("chosen"),
        renews=flow.renews,
        returns=flow.return_url is not None,
        country=services.settings.country,
        done_when_closed=flow.traits.is_done_when_closed,
        queries=services.settings.report_queries,
        max_query_length=MAX_QUERY_LENGTH,
        refusal_message=refusal_message,
        **wording_context(
            options.method,
            language,
            options.asked,
            purposes=options.purposes,
            has_amount=bool(page.amount),
            renews=options.renews,
        ),
        **template_context(services, language, flow),
    )


def _are_templates_ours() -> bool:
    """Return whether the host overrides none: one of its own may show one visitor's name."""
    environment = current_app.jinja_env
    if environment not in _ours or environment.auto_reload:
        loader = cast(BaseLoader, environment.loader)  # get_template() would compile all of them
        _ours[environment] = all(
            loader.get_source(environment, f"lean_flask/{file.name}")[1] == str(file)
            for file in _TEMPLATES.glob("*.html")
        )
    return _ours[environment]
