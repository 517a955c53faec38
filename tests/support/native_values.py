"""What a host can give to each method: values that an address changes, unless it is careful."""

from __future__ import annotations

from typing import Any

from lean_flask.flows.flow import SCHEMAS

from .bearer_host import BearerHost
from .flow_page import CONSENT, DESTINATION, NEEDED, RECONNECT

AWKWARD = "O'Neil & (A+B) 50% #1 %41 عمر"
COLOURS = {
    "theme_color": "#1a2b3c",
    "theme_color_dark": "#ABC",
    "link_color": "#11223380",
    "overlay_color": "rgba(0, 0, 0, 0.5)",
    "button_text_color": "rebeccapurple",
    "dialog_background_color_light": "linear-gradient(to left, #fff, #000 10%, rgb(1, 2, 3) 50%)",
}
CUSTOMIZATION = COLOURS | {
    "button_border_radius": 8,
    "bottom_inset": 12.5,
    "dialog_mode": "contained",
}
VALUES: dict[str, Any] = {
    "permissions": ["identity", "accounts"],
    "bank_identifier": "RJHI_SAU",
    "account_type": "PERSONAL",
    "access_from": "2026-01-31T00:00:00+03:00",
    "access_to": "2027-01-31",
    "show_consent_explanation": True,
    "show_balances": False,
    "allow_payment_source_change": False,
    "end_user_id": AWKWARD,
    "customer_metadata": '{"a": "b&c#d+e"}',
    "customer_name": AWKWARD,
    "destination_alias": AWKWARD,
    "destination_avatar": "https://cdn.example/a.png?x=1&y=%20+#z",
    "success_redirect_url": "https://app.example/back?a=1&b=%41+c#d",
    "fail_redirect_url": "com.example.app://back?a=1&success_redirect_url=x",
    "risk_details": {"debtor_indicators": {"name": AWKWARD, "age": 0}},
    "consent_type": ["payment"],
    "payment_intent_id": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
    "payment_destination_id": DESTINATION,
    "payment_source_id": "0d9f6f0e-3a53-4a39-8f5e-6d2f6f0c9b02",
    "account_id": "0d9f6f0e-3a53-4a39-8f5e-6d2f6f0c9b03",
    "entity_id": "0d9f6f0e-3a53-4a39-8f5e-6d2f6f0c9b04",
    "consent_id": CONSENT,
    "reconnect_id": RECONNECT,
    "customization": CUSTOMIZATION,
}
CALLS = dict(zip(SCHEMAS, NEEDED, strict=True))


def everything_for(host: BearerHost, method: str) -> dict[str, Any]:
    """What a host can give to *method*."""
    fields = SCHEMAS[method].fields
    given = {name: value for name, value in VALUES.items() if name in fields}
    return given | {"customer_id": host.customer_id}


def launch(host: BearerHost, flow: dict[str, str], platform: str, **chosen: str) -> dict[str, Any]:
    """Return what ``POST /launch`` answers to the app."""
    body = {"flow": flow["flow"], "platform": platform} | chosen
    response = host.post("/lean/launch", body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json
    return answer
