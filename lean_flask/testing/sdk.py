"""The loader script, logos, and the page of a bank that customers are sent to."""

from __future__ import annotations

import uuid
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from .data.logos import logo_svg
from .dialog import ANY_ORIGIN
from .stand_in import StandIn

_LOADER = Path(__file__).parent / "static" / "loader.js"


def sdk_routes(fake_lean: StandIn) -> Blueprint:
    """Serve the loader script, the logos and the page of a bank."""
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

    @sdk.get("/stand-in/bank")
    def bank_page() -> Response:
        return _bank_page(fake_lean)

    return sdk


def _loader() -> Response:
    script = _LOADER.read_bytes()
    return Response(script, mimetype="text/javascript", headers=ANY_ORIGIN)


def _bank_page(fake_lean: StandIn) -> Response:
    query = request.args
    bank = next((b for b in fake_lean.banks if b["identifier"] == query.get("bank")), None)
    language = "ar" if query.get("language") == "ar" else "en"
    name = (bank or {}).get("arabic_name" if language == "ar" else "name")
    approved = {
        "bank_identifier": query.get("bank", ""),
        "consent_attempt_id": str(uuid.uuid4()),
        "granular_status_code": "SUCCESS",
    }
    declined = {
        "granular_status_code": "USER_CANCELLED",
        "status_additional_info": "The customer declined at the bank",
    }
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
