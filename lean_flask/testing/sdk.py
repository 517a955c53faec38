"""The loader script with its dialog, logos, and the page of a bank that customers are sent to."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from .data.logos import logo_svg
from .stand_in import StandIn

_LOADER = Path(__file__).parent / "static" / "loader.js"
_PAGE_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}


def sdk_routes(fake_lean: StandIn) -> Blueprint:
    """Serve what the loader script, its dialog and the bank's page ask for."""
    sdk = Blueprint("sdk", __name__)

    @sdk.get("/link/loader/prod/<country>/<version>/lean-link-loader.min.js")
    def loader(country: str, version: str) -> Response:
        fake_lean.record("loader")
        armed = fake_lean.take_fault("loader")
        if armed:
            return armed.fault.apply(_loader, armed.over)
        return _loader()

    @sdk.get("/img/<variant>/<name>.svg")
    def logo(variant: str, name: str) -> Response:
        svg = logo_svg(name.upper(), "white" if variant == "white" else "color", fake_lean.banks)
        return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": "max-age=3600"})

    @sdk.get("/stand-in/dialog")
    def dialog() -> Response:
        return Response(render_template("dialog.html"), headers={"Cache-Control": "no-store"})

    @sdk.get("/stand-in/banks")
    def dialog_banks() -> Response:
        return jsonify(fake_lean.banks)

    @sdk.route("/stand-in/launches", methods=["POST", "OPTIONS"])
    def launches() -> Response:
        if request.method == "POST":
            fake_lean.launches.append(request.get_json(force=True))
        headers = {"Access-Control-Allow-Headers": "content-type"}
        return Response(status=204, headers=_PAGE_HEADERS | headers)

    @sdk.post("/stand-in/ends")
    def ends() -> Response:
        _end(fake_lean, request.get_json())
        return Response(status=204)

    @sdk.get("/stand-in/bank")
    def bank_page() -> Response:
        return _bank_page(fake_lean)

    return sdk


def _loader() -> Response:
    script = _LOADER.read_bytes()
    return Response(script, mimetype="text/javascript", headers=_PAGE_HEADERS)


def _end(fake_lean: StandIn, end: dict[str, Any]) -> None:
    """Create what a successful flow creates at Lean, and send the webhooks about it.

    A flow that went to the bank's page succeeds when the customer is back from there.
    """
    customer_id = end.get("config", {}).get("customer_id")
    if end.get("status") == "REDIRECT":
        fake_lean.at_bank[customer_id] = end
    if end.get("status") != "SUCCESS":
        return
    if end.get("method") == "captureRedirect":
        known = customer_id if customer_id in fake_lean.at_bank else None
        end = fake_lean.at_bank.pop(known, {})
    config, method = end.get("config", {}), end.get("method")
    identifier = end.get("bank_identifier") or config.get("bank_identifier")
    if method == "connect":
        permissions = config.get("permissions", [])
        entity, is_new = fake_lean.add_entity(customer_id, identifier, permissions)
        fake_lean.notify("entity.created" if is_new else "entity.updated", entity)
        if "payments" in permissions and identifier:
            source = fake_lean.add_payment_source(customer_id, identifier)
            fields = ("id", "status", "bank_identifier", "customer_id")
            fake_lean.notify("payment_source.created", {field: source[field] for field in fields})
    elif method in {"pay", "checkout"}:
        payment = fake_lean.add_payment(config.get("payment_intent_id", ""))
        fake_lean.notify("payment.created", dict(payment))


def _bank_page(fake_lean: StandIn) -> Response:
    query = request.args
    bank = next((b for b in fake_lean.banks if b["identifier"] == query.get("bank")), None)
    language = "ar" if query.get("language") == "ar" else "en"
    name = (bank or {}).get("arabic_name" if language == "ar" else "name")
    attempt = str(uuid.uuid4())
    approved = {"consent_attempt_id": attempt, "granular_status_code": "SUCCESS"}
    declined = {"consent_attempt_id": attempt, "granular_status_code": "USER_CANCELLED"}
    return Response(
        render_template(
            "bank.html",
            language=language,
            bank_name=name or (bank or {}).get("name", ""),
            approve_url=_landing(query.get("success", ""), approved),
            decline_url=_landing(query.get("fail", ""), declined),
        )
    )


def _landing(url: str, parameters: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
