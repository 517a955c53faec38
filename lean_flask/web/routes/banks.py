"""``GET /banks`` and ``GET /banks/<identifier>``: the list as JSON, with its cache headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from ...banks.bank import Bank
from ...banks.catalog import Listing, filter_banks
from ...banks.query import BanksQuery, BanksQuerySchema
from ...common.languages import lean_language
from ...config.settings import Settings
from ...errors import FlowError, UpstreamError
from ...services import get_services
from ..cached_json import Body, represent, respond
from ..flow_access import open_flow
from ..host_aborts import abort_problem
from ..language import choose_language
from ..prepared_list import PreparedList, identity_of
from ..problems import problem, upstream_problem
from ..request_headers import parsed_header

MAX_CACHED_QUERIES = 512
MAX_CACHED_QUERY_LENGTH = 1_000  # so that strangers fill half a megabyte at most

_query = BanksQuerySchema()
#: gzip for what was asked for by filters: visitors make up any number of them.
FILTERED_COMPRESSION = 6


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of this module to *blueprint*."""
    blueprint.get("/banks", endpoint="banks")(_banks)
    blueprint.get("/banks/<identifier>", endpoint="bank")(_bank)


def _banks() -> Response:
    return _listed(_list_body)


def _bank(identifier: str) -> Response:
    return _listed(partial(_bank_body, identifier))


def _list_body(asked: _Asked) -> Body:
    """Return the banks that were asked for: made once, however many filters come to them."""
    banks, prepared = _matching(asked), asked.prepared
    if banks == prepared.offered:
        return prepared.whole.get_or_create(None, lambda: represent(prepared.array(banks)))
    return prepared.bodies.get_or_create(
        tuple(map(identity_of, banks)),
        lambda: represent(prepared.array(banks), FILTERED_COMPRESSION),
    )


def _bank_body(identifier: str, asked: _Asked) -> Body | None:
    banks = filter_banks(asked.listing.named.get(identifier, ()))
    if not banks:
        return None
    return asked.prepared.bodies.get_or_create(
        identifier, lambda: represent(asked.prepared.record(banks[0]))
    )


class _Asked(NamedTuple):
    """A request in the terms of the lists."""

    listing: Listing
    query: BanksQuery
    prepared: PreparedList


def _listed(body_of: Callable[[_Asked], Body | None]) -> Response:
    """Answer with what *body_of* makes of the list that the request is about."""
    services, environ = get_services(), request.environ
    settings = services.settings
    try:
        query = _query_of(
            environ.get("QUERY_STRING", ""), settings.account_types, settings.languages
        )
        customer = _customer(settings)
        listing = services.catalog.listing(query.account_type, customer)
    except ValidationError as error:
        name, problems = next(iter(error.messages_dict.items()))
        return problem(400, f"{name}: {problems[0]}", parameter=name)
    except FlowError as error:
        status = 503 if error.reason == "identify_failed" else 403
        return problem(status, str(error), reason=error.reason)
    except HTTPException as error:
        return abort_problem(error)
    except UpstreamError as error:
        return upstream_problem(error)
    accepted = parsed_header(environ, "Accept-Language")
    tag = choose_language(query.lang, None, accepted, settings.language, settings.languages)
    language = lean_language(tag)
    prepared: PreparedList = services.prepared_lists.get_or_create(
        (listing.revisions, language),
        lambda: PreparedList(listing.banks, language, services.settings.bank_aliases),
    )
    body = body_of(_Asked(listing, query, prepared))
    if body is None:
        return problem(404, "No bank of this identifier is in the list.", reason="unknown")
    return respond(
        body,
        listing,
        services.settings,
        environ,
        private=customer is not None,
        negotiated=query.lang is None,
    )


def _customer(settings: Settings) -> str | None:
    """Return whose list is asked for: the flow's customer's, where lists are per customer."""
    if not settings.per_customer or "flow" not in request.args:
        return None
    return open_flow(request.args["flow"]).customer_id


def _matching(asked: _Asked) -> tuple[Bank, ...]:
    query, chosen = asked.query, asked.prepared.offered
    if query.country or query.purpose or query.amount is not None:
        chosen = filter_banks(
            chosen,
            country=query.country,
            purpose=query.purpose,
            amount=query.amount,
            currency=query.currency,
        )
    if not query.q:
        return chosen
    return asked.prepared.index.search(chosen, query.q)


def _query_of(
    query_string: str, account_types: tuple[str, ...], languages: tuple[str, ...]
) -> BanksQuery:
    """Return the filters in *query_string*; each query string of usual length is checked once."""
    if len(query_string) > MAX_CACHED_QUERY_LENGTH:
        return _checked_query.__wrapped__(query_string, account_types, languages)
    return _checked_query(query_string, account_types, languages)


@lru_cache(MAX_CACHED_QUERIES)
def _checked_query(
    query_string: str, account_types: tuple[str, ...], languages: tuple[str, ...]
) -> BanksQuery:
    """Return the filters in *query_string*.

    :param query_string: as WSGI has it: each byte a letter of Latin-1.
    """
    text = query_string.encode("latin-1").decode(errors="replace")
    given = parse_qsl(text, keep_blank_values=True)
    query: BanksQuery = _query.load(MultiDict(given))
    if query.account_type and query.account_type not in account_types:
        held = ", ".join(account_types)
        raise ValidationError({"account_type": [f"This server holds {held}."]})
    if query.lang and query.lang not in languages:
        raise ValidationError({"lang": [f"This server has {', '.join(languages)}."]})
    return query
