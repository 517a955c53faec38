"""``GET /banks`` and ``GET /banks/<identifier>``: the list as JSON, with its cache headers."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from flask import Blueprint, Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from ..banks.bank import PURPOSES, Bank, Language
from ..banks.directory import Listing, select
from ..banks.schema import BankSchema, SwitchesSchema
from ..banks.search import search
from ..errors import UpstreamError
from ..services import services
from ..settings import Settings
from .language import choose_language
from .problems import problem, upstream_problem

_MOST_BODIES = 256


class NamesSchema(Schema):
    en = fields.String(required=True)
    ar = fields.String(required=True)


class PublicBankSchema(BankSchema):
    """Lean's own fields, and what a page needs beside them."""

    display_name = fields.String(required=True)
    names = fields.Nested(NamesSchema, required=True)
    available = fields.Nested(SwitchesSchema, required=True)


class BanksQuerySchema(Schema):
    """The filters of ``GET /banks``; parameters that are not ours are nobody's business."""

    class Meta:
        unknown = EXCLUDE

    account_type = fields.String(
        load_default=None, validate=validate.OneOf(["PERSONAL", "BUSINESS"])
    )
    country = fields.String(
        load_default=None,
        validate=validate.Regexp(r"[A-Z]{3}\Z", error="Must be an alpha-3 code such as SAU."),
    )
    purpose = fields.String(load_default=None, validate=validate.OneOf(PURPOSES))
    q = fields.String(load_default=None, validate=validate.Length(max=100))
    lang = fields.String(load_default=None, validate=validate.OneOf(["en", "ar"]))
    amount = fields.Decimal(load_default=None, validate=validate.Range(min=0))
    currency = fields.String(
        load_default=None,
        validate=validate.Regexp(r"[A-Z]{3}\Z", error="Must be an ISO 4217 code such as SAR."),
    )

    @validates_schema
    def _both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        if (data["amount"] is None) != (data["currency"] is None):
            missing = "currency" if data["currency"] is None else "amount"
            raise ValidationError("amount and currency go together.", missing)


_query = BanksQuerySchema()
_public = PublicBankSchema()


@dataclass(frozen=True, slots=True)
class Body:
    """One representation: made once per list, sent many times."""

    plain: bytes
    gzipped: bytes
    etag: str


class Bodies:
    """The representations in use; those of former lists fall out by themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: LRUCache[Hashable, Body] = LRUCache(_MOST_BODIES)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Body:
        with self._lock:
            body = self._held.get(key)
        if body is None:
            body = _represent(make())
            with self._lock:
                self._held[key] = body
        return body


_bodies = Bodies()


def add_routes(blueprint: Blueprint) -> None:
    blueprint.get("/banks", endpoint="banks")(_banks)
    blueprint.get("/banks/<identifier>", endpoint="bank")(_bank)


def _banks() -> Response:
    lean = services()
    try:
        query = _checked_query(lean.settings)
        listing = lean.directory.listing(query["account_type"])
    except ValidationError as error:
        return _bad_query(error)
    except UpstreamError as error:
        return upstream_problem(error)
    language = _language(query, lean.settings)
    body = _bodies.get(
        (listing.versions, language, *query.values()),
        lambda: [public(bank, language) for bank in _matching(listing.banks, query)],
    )
    return _answer(body, listing, lean.settings, negotiated=query["lang"] is None)


def _bank(identifier: str) -> Response:
    lean = services()
    try:
        query = _checked_query(lean.settings)
        listing = lean.directory.listing(query["account_type"])
    except ValidationError as error:
        return _bad_query(error)
    except UpstreamError as error:
        return upstream_problem(error)
    found = [bank for bank in select(listing.banks) if bank.identifier == identifier]
    if not found:
        return problem(404, "No bank of this identifier is in the list.", reason="unknown")
    language = _language(query, lean.settings)
    body = _bodies.get((listing.versions, language, identifier), lambda: public(found[0], language))
    return _answer(body, listing, lean.settings, negotiated=query["lang"] is None)


def public(bank: Bank, language: Language) -> dict[str, Any]:
    """*bank* as the JSON routes show it."""
    record: dict[str, Any] = _public.dump(bank)
    return record | {
        "display_name": bank.names[language],
        "names": bank.names,
        "available": {purpose: bank.is_available(purpose) for purpose in PURPOSES},
    }


def _matching(banks: tuple[Bank, ...], query: dict[str, Any]) -> tuple[Bank, ...]:
    chosen = select(
        banks,
        country=query["country"],
        purpose=query["purpose"],
        amount=query["amount"],
        currency=query["currency"],
    )
    return search(chosen, query["q"]) if query["q"] else chosen


def _checked_query(settings: Settings) -> dict[str, Any]:
    query: dict[str, Any] = _query.load(request.args)
    wanted = query["account_type"]
    if wanted and wanted not in settings.account_types:
        raise ValidationError(
            f"This server holds {', '.join(settings.account_types)}.", "account_type"
        )
    return query


def _bad_query(error: ValidationError) -> Response:
    name, problems = next(iter(error.messages_dict.items()))
    return problem(400, f"{name}: {problems[0]}", parameter=name)


def _language(query: dict[str, Any], settings: Settings) -> Language:
    return choose_language(
        query["lang"], None, request.headers.get("Accept-Language"), settings.language
    )


def _represent(content: Any) -> Body:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    etag = hashlib.sha256(plain).hexdigest()[:32]
    return Body(plain, gzip.compress(plain, 9, mtime=0), etag)


def _answer(body: Body, listing: Listing, settings: Settings, negotiated: bool) -> Response:
    zipped = request.accept_encodings.quality("gzip") > 0
    # A strong validator names one sequence of bytes, so each encoding has its own.
    etag = f"{body.etag}-gzip" if zipped else body.etag
    response = Response(body.gzipped if zipped else body.plain, mimetype="application/json")
    response.set_etag(etag)
    headers = response.headers
    headers["Cache-Control"] = (
        f"public, max-age={settings.banks_ttl:.0f}, "
        f"stale-while-revalidate={settings.banks_stale:.0f}, "
        f"stale-if-error={settings.banks_stale_if_error:.0f}"
    )
    headers["Age"] = f"{listing.age:.0f}"
    headers["Cache-Status"] = _cache_status(listing, settings)
    headers["Vary"] = "Accept-Encoding, Accept-Language" if negotiated else "Accept-Encoding"
    if zipped:
        headers["Content-Encoding"] = "gzip"
    known = request.if_none_match
    if known.contains_weak(body.etag) or known.contains_weak(f"{body.etag}-gzip"):
        response.status_code = 304
        response.set_data(b"")
        del headers["Content-Length"]
    return response


def _cache_status(listing: Listing, settings: Settings) -> str:
    """RFC 9211: a hit was served without asking Lean; ``fwd`` says why Lean was or is asked."""
    ttl = int(settings.banks_ttl - listing.age)
    if listing.state == "fresh":
        return f"lean; hit; ttl={ttl}"
    if listing.state == "miss":
        return f"lean; fwd=miss; stored; ttl={ttl}"
    detail = "stale-if-error" if listing.failing else "stale-while-revalidate"
    return f"lean; fwd=stale; ttl={ttl}; detail={detail}"
