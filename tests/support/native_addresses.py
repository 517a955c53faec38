"""The addresses that Lean's SDKs for apps open, from a launch; and what a reader of one finds.

Models of lean-react-native 4.2.2 (``Lean.ts``) and lean_sdk_flutter 3.0.18 (``lean.dart``), written
from descriptions of them: which fields each method takes, and how each is written; not in which
order, which no reader goes by. The SDK for Flutter writes values as they are, and Dart's
``Uri.parse`` escapes what no address can hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

LOADER = "https://cdn.leantech.me/link/loader/prod"
LANDINGS = "fail_redirect_url success_redirect_url"
SHOWN = "destination_alias destination_avatar"
#: By method: what must be there, and what may be. All have the customization and the token.
REACT_NATIVE = {
    "connect": (
        "customer_id",
        f"permissions bank_identifier end_user_id payment_destination_id access_to access_from "
        f"{LANDINGS} account_type show_consent_explanation customer_metadata {SHOWN}",
    ),
    "reconnect": ("reconnect_id", f"{SHOWN} customer_metadata"),
    "createBeneficiary": (
        "customer_id",
        f"{LANDINGS} payment_source_id payment_destination_id entity_id {SHOWN}",
    ),
    "createPaymentSource": (
        "customer_id",
        f"bank_identifier payment_destination_id {LANDINGS} {SHOWN}",
    ),
    "updatePaymentSource": (
        "customer_id",
        f"payment_destination_id payment_source_id end_user_id entity_id {LANDINGS} {SHOWN}",
    ),
    "pay": (
        "",
        "payment_intent_id bulk_payment_intent_id account_id end_user_id show_balances "
        f"allow_payment_source_change {LANDINGS} {SHOWN} bank_identifier risk_details",
    ),
    "verifyAddress": ("customer_id customer_name", f"permissions {SHOWN}"),
    "authorizeConsent": (
        f"customer_id consent_id {LANDINGS}",
        f"bank_identifier account_id allow_payment_source_change {SHOWN} risk_details",
    ),
    "checkout": (
        "payment_intent_id",
        f"customer_name {LANDINGS} bank_identifier account_id allow_payment_source_change "
        "risk_details",
    ),
    "manageConsents": ("customer_id", ""),
    "captureRedirect": (
        "customer_id",
        "consent_attempt_id consent_id granular_status_code status_additional_info",
    ),
}
FLUTTER = {
    "connect": (
        "customer_id permissions",
        f"bank_identifier payment_destination_id access_from access_to {LANDINGS} "
        f"show_consent_explanation {SHOWN} customer_metadata",
    ),
    "reconnect": ("reconnect_id", f"{SHOWN} customer_metadata"),
    "createBeneficiary": (
        "customer_id",
        f"payment_source_id {LANDINGS} payment_destination_id {SHOWN}",
    ),
    "createPaymentSource": (
        "customer_id",
        f"payment_destination_id bank_identifier {LANDINGS} {SHOWN}",
    ),
    "updatePaymentSource": (
        "customer_id payment_source_id payment_destination_id",
        f"{LANDINGS} {SHOWN}",
    ),
    "pay": (
        "payment_intent_id",
        f"account_id bank_identifier show_balances allow_payment_source_change {LANDINGS} {SHOWN} "
        "risk_details",
    ),
    "verifyAddress": ("customer_id customer_name permissions", SHOWN),
    "authorizeConsent": (
        f"customer_id consent_id {LANDINGS}",
        f"{SHOWN} bank_identifier account_id allow_payment_source_change risk_details",
    ),
    "checkout": (
        f"payment_intent_id {LANDINGS}",
        "customer_name bank_identifier account_id allow_payment_source_change risk_details",
    ),
    "manageConsents": ("customer_id", ""),
    "captureRedirect": (
        "customer_id",
        "consent_attempt_id granular_status_code status_additional_info",
    ),
}


def fields_of(table: Mapping[str, tuple[str, str]], method: str) -> list[str]:
    """Return what the SDK of *table* takes of *method*."""
    needed, optional = table[method]
    return [*needed.split(), "customization", *optional.split(), "access_token"]


def react_native_address(launch: Mapping[str, Any]) -> str:
    """Return what ``LinkSDK`` opens, with ``native`` as its props."""
    native, config = launch["native"], launch["config"]
    query = ["implementation=webview-hosted-html", *_implementation("react_native", native)]
    set_up = {name: native[name] for name in ("app_token", "sandbox", "language", "version")}
    set_up |= {"country": native["country"], "env": native["env"]}
    query += [_component(name, value) for name, value in set_up.items()]
    query.append(f"method={launch['method']}")
    needed = REACT_NATIVE[launch["method"]][0].split()
    for name in fields_of(REACT_NATIVE, launch["method"]):
        value = config.get(name)
        if name == "customization":
            query += [
                f"customization={quote(key, safe='')}+{quote(str(setting), safe='')}"
                for key, setting in (value or {}).items()
            ]
        elif name == "permissions":
            query += [_component(name, each) for each in value or []]
        elif value is not None or name in needed:
            query.append(_component(name, value))
    return f"{LOADER}/{native['country']}/latest/lean-sdk.html?" + "&".join(query)


def _implementation(sdk: str, native: Mapping[str, Any]) -> list[str]:
    pinned = _script_text(native["version"] != "latest")
    about = {"platform": "mobile", "sdk": sdk, "is_version_pinned": pinned}
    return [f"implementation_config={name}+{value}" for name, value in about.items()]


def _component(name: str, value: Any) -> str:
    """JavaScript's ``encodeURIComponent`` of both, or JSON's of an object."""
    text = json.dumps(value) if isinstance(value, dict) else _script_text(value)
    return f"{name}={quote(text, safe='')}"


def _script_text(value: Any) -> str:
    if value is None:
        return "undefined"
    return str(value).lower() if isinstance(value, bool) else str(value)


def flutter_address(launch: Mapping[str, Any]) -> str:
    """Return what the widget of a method opens, with ``native`` as its other arguments."""
    native, config = launch["native"], launch["config"]
    query = ["implementation=webview-hosted-html", *_implementation("flutter", native)]
    query += [
        f"app_token={native['app_token']}",
        f"sandbox={_script_text(native['sandbox'])}",
        *[f"{name}={native[name]}" for name in ("language", "version", "country", "env")],
        f"method={launch['method']}",
    ]
    needed = FLUTTER[launch["method"]][0].split()
    for name in fields_of(FLUTTER, launch["method"]):
        value = config.get(name)
        assert value is not None or name not in needed, f"{name} is unwrapped with !"
        if name == "customization":
            assert all(type(each) is str for each in (value or {}).values()), "a Map of texts"
            query += [f"customization={key}+{setting}" for key, setting in (value or {}).items()]
        elif name == "permissions":
            query += [f"permissions={each}" for each in value or []]
        elif name == "risk_details" and value:
            query.append(f"risk_details={quote(json.dumps(value), safe='')}")
        elif value is not None and value != "":
            query.append(f"{name}={_script_text(value)}")
    address = f"{LOADER}/{native['country']}/latest/lean-sdk.html?" + "&".join(query)
    return _parsed_by_dart(address)


def _parsed_by_dart(address: str) -> str:
    """Dart's ``Uri.parse(address).toString()``: the first ``#`` begins the fragment."""
    rest, mark, fragment = address.partition("#")
    path, _, query = rest.partition("?")
    return f"{path}?{_normalized(query)}{mark}{_normalized(fragment)}"


def _normalized(text: str) -> str:
    escapes = re.compile(r"(%[0-9A-Fa-f]{2})|%|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")
    return escapes.sub(lambda found: found[1] or quote(found[0], safe=""), text)


def read_address(address: str) -> dict[str, Any]:
    """Return the fields that a reader of the address finds, as texts."""
    parts = urlsplit(address)
    assert parts.fragment == "", "what stands behind a # is lost"
    found: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True):
        if name in {"customization", "implementation_config"}:
            key, setting = value.split(" ", 1)
            found.setdefault(name, {})[key] = setting
        elif name == "permissions":
            found.setdefault(name, []).append(value)
        else:
            assert name not in found, f"{name} is there twice"
            found[name] = json.loads(value) if name == "risk_details" else value
    return found
