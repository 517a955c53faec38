"""POST /launch for the SDKs of apps: what each takes, and what it cannot open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lean_flask.flows.flow import SCHEMAS
from support.flow_page import CONSENT, NEEDED
from support.native_values import CALLS, COLOURS, everything_for, launch

APPS = ["react-native", "flutter", "ios", "android"]
SET_UP = {"app_token", "sandbox", "language"}
CONSENTS = {"consent_id", "consent_type"}
REDIRECTS = {"success_redirect_url", "fail_redirect_url"}
#: What the SDK of a platform does not take, of a flow that has every field.
LEFT_OUT = {
    ("react-native", "manageConsents"): CONSENTS,
    ("flutter", "manageConsents"): CONSENTS,
    ("ios", "manageConsents"): CONSENTS,
    ("android", "manageConsents"): CONSENTS,
    ("flutter", "connect"): {"account_type", "end_user_id"},
    ("flutter", "pay"): {"end_user_id"},
    ("flutter", "updatePaymentSource"): {"end_user_id", "entity_id"},
    ("flutter", "createBeneficiary"): {"entity_id"},
    ("ios", "pay"): {"show_balances"},
    ("ios", "updatePaymentSource"): REDIRECTS,
}


@pytest.mark.parametrize("method", SCHEMAS)
@pytest.mark.parametrize("platform", APPS)
def test_what_the_sdk_does_not_take_is_left_out(app_host, platform, method):
    if (platform, method) == ("ios", "createBeneficiary"):
        return  # refused, below
    flow = app_host.start(CALLS[method], **everything_for(app_host, method))
    web, call = launch(app_host, flow, "web")["config"], launch(app_host, flow, platform)
    left_out = {*web} - {*call["config"]} - SET_UP
    assert left_out == LEFT_OUT.get((platform, method), set())
    assert {*call["config"]} <= {*web}
    assert call["native"] == {
        "app_token": app_host.fake.app_token,
        "country": "sa",
        "env": "production",
        "sandbox": True,
        "version": "latest",
        "language": "en",
    }


@pytest.mark.parametrize("method", ["connect", "checkout", "reconnect"])
@pytest.mark.parametrize("platform", APPS)
def test_a_launch_with_the_least_has_our_landings(app_host, platform, method):
    needed = NEEDED[CALLS[method]]
    flow = app_host.start(CALLS[method], customer_id=app_host.customer_id, **needed)
    chosen = {} if method == "reconnect" else {"bank_identifier": "RJHI_SAU"}
    config = launch(app_host, flow, platform, **chosen)["config"]
    assert config.pop("access_token").count(".") == 2
    landings = {
        name: f"http://localhost/lean/return/{name.partition('_')[0]}" for name in REDIRECTS
    }
    customer = {} if method != "connect" else {"customer_id": app_host.customer_id}
    more = landings if method != "reconnect" else {}
    if method == "connect" and platform != "flutter":
        more = more | {"account_type": "PERSONAL"}
    if method == "connect" and platform == "android":
        more = more | {name: config[name] for name in ("access_from", "access_to")}
    assert config == {**needed, **chosen, **customer, **more}


@pytest.mark.parametrize(
    ("platform", "fields"),
    [
        ("ios", COLOURS.keys() - {"dialog_background_color_light"} | {"dialog_mode"}),
        ("android", {"theme_color", "link_color", "overlay_color", "button_text_color"}),
    ],
)
def test_a_customization_that_is_a_class_has_its_fields_alone_as_texts(app_host, platform, fields):
    flow = app_host.start("connect", **everything_for(app_host, "connect"))
    customization = launch(app_host, flow, platform)["config"]["customization"]
    assert customization.keys() == fields | {"button_border_radius"}
    assert customization["button_border_radius"] == "8"
    assert customization["theme_color"] == "rgb(26,43,60)"
    assert customization["link_color"] == "rgba(17,34,51,0.502)"
    assert customization["button_text_color"] == "rebeccapurple"


@pytest.mark.parametrize("platform", ["ios", "android"])
def test_a_date_east_of_greenwich_has_no_plus_sign(app_host, platform):
    """The SDK for iOS leaves it in the address, where it is read as a space."""
    flow = app_host.start("connect", **everything_for(app_host, "connect"))
    config = launch(app_host, flow, platform)["config"]
    assert (config["access_from"], config["access_to"]) == ("2026-01-30T21:00:00Z", "2027-01-31")


@pytest.mark.parametrize(
    ("given", "ago", "ahead"),
    [
        ({}, 365, 1),
        ({"access_to": "2099-01-31"}, 365, None),
        ({"access_from": "2026-01-31"}, None, 1),
    ],
    ids=str,
)
def test_android_gets_both_dates(app_host, given, ago, ahead):
    """Its SDK writes one that is missing as the text null, which Lean refuses."""
    flow = app_host.start("connect", **NEEDED["connect"], customer_id=app_host.customer_id, **given)
    config = launch(app_host, flow, "android")["config"]
    today = datetime.now(UTC).date()
    dates = {
        "access_from": ago and str(today - timedelta(days=ago)),
        "access_to": ahead and str(today + timedelta(days=ahead)),
    }
    assert {name: config[name] for name in dates} == dates | given


@pytest.mark.parametrize(
    "given",
    [{"access_from": "2099-01-31"}, {"access_to": "2001-W05-3"}, {"access_to": "0001-01-01"}],
    ids=str,
)
def test_no_date_is_put_on_the_wrong_side_of_the_other(app_host, given):
    flow = app_host.start("connect", **NEEDED["connect"], customer_id=app_host.customer_id, **given)
    config = launch(app_host, flow, "android")["config"]
    first, last = (datetime.fromisoformat(config[f"access_{end}"]) for end in ("from", "to"))
    assert first <= last


@pytest.mark.parametrize("platform", ["flutter", "ios", "android"])
def test_a_list_that_cannot_be_left_out_is_empty(app_host, platform):
    flow = app_host.start("verify_address", customer_id=app_host.customer_id, customer_name="A")
    assert launch(app_host, flow, platform)["config"]["permissions"] == []
    assert "permissions" not in launch(app_host, flow, "react-native")["config"]


@pytest.mark.parametrize(
    ("platform", "call", "given", "names", "words"),
    [
        ("ios", "create_beneficiary", {}, "platform", "make the flow with update_payment_source()"),
        ("ios", "update_payment_source", {}, "payment_source_id", "only with a payment_source_id"),
        ("flutter", "update_payment_source", {}, "payment_source_id", "updatePaymentSource only"),
        (
            "flutter",
            "pay",
            {"payment_intent_id": None, "bulk_payment_intent_id": CONSENT},
            "payment_intent_id",
            "opens pay only with a payment_intent_id",
        ),
        ("symbian", "connect", {}, "platform", "Must be one of: web, react-native"),
    ],
)
def test_what_an_sdk_cannot_open_is_refused_before_anything_is_asked(
    app_host, platform, call, given, names, words
):
    flow = app_host.start(call, **{"customer_id": app_host.customer_id} | NEEDED[call] | given)
    before = len(app_host.fake.requests)
    response = app_host.post("/lean/launch", {"flow": flow["flow"], "platform": platform})
    assert (response.status_code, len(app_host.fake.requests)) == (400, before)
    (error,) = response.json["errors"][names]
    assert words in error
    status = app_host.client.get(f"/lean/flows/{flow['id']}", query_string={"flow": flow["flow"]})
    assert status.json["status"] == "open"


@pytest.mark.parametrize("platform", ["flutter", "ios"])
def test_a_source_that_the_customer_chose_opens_it(app_host, platform):
    source = app_host.fake.add_payment_source(app_host.customer_id, "RJHI_SAU")["id"]
    needed = NEEDED["update_payment_source"]
    flow = app_host.start("update_payment_source", customer_id=app_host.customer_id, **needed)
    config = launch(app_host, flow, platform, payment_source_id=source)["config"]
    assert config["payment_source_id"] == source
