"""Access tokens."""

from __future__ import annotations

from flask import Response, jsonify, request

from .. import tokens
from ..stand_in import StandIn


def token(fake_lean: StandIn) -> Response:
    """Issue a token for the API, or for a customer's use of the SDK."""
    form = request.form
    if (
        form.get("client_id") != fake_lean.app_token
        or form.get("client_secret") != fake_lean.client_secret
    ):
        return _oauth_error(401, "invalid_client")
    if form.get("grant_type") != "client_credentials":
        return _oauth_error(400, "unsupported_grant_type")
    scope = form.get("scope", "")
    customer_id = scope.removeprefix("customer.") if scope.startswith("customer.") else None
    if scope != "api" and not (customer_id and fake_lean.knows_customer(customer_id)):
        return _oauth_error(400, "invalid_scope")
    minted = tokens.mint(
        issuer=fake_lean.url,
        application=fake_lean.app_token,
        scope=scope,
        seconds=fake_lean.token_seconds,
        customer_id=customer_id,
    )
    if scope == "api":
        fake_lean.live_tokens.add(minted)
    return jsonify(
        access_token=minted, scope=scope, token_type="Bearer", expires_in=fake_lean.token_seconds
    )


def _oauth_error(http_status: int, error: str) -> Response:
    response = jsonify(error=error, error_description=f"The stand-in says {error}")
    response.status_code = http_status
    return response
