"""The address that an app's SDK opens, from our launch: a reader of it finds what the web gets."""

from __future__ import annotations

import pytest

from lean_flask.config.customization import parse_background
from lean_flask.flows.flow import SCHEMAS
from support.flow_page import CONSENT, NEEDED
from support.native_addresses import (
    FLUTTER,
    REACT_NATIVE,
    fields_of,
    flutter_address,
    react_native_address,
    read_address,
)
from support.native_values import AWKWARD, CALLS, COLOURS, CUSTOMIZATION, everything_for, launch


def as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | list | dict) else f"{value:g}"


def expected(config, table, method):
    """What a reader is to find of the web's *config*, in an address of the SDK of *table*."""
    taken = fields_of(table, method)
    return {name: as_text(value) for name, value in config.items() if name in taken}


def checked_colours(found):
    """Take the colours of an address out of *found*; what is left of it is texts."""
    customization = found.pop("customization")
    assert all("#" not in value for value in customization.values())
    for name, value in COLOURS.items():
        read, meant = (parse_background(text) for text in (customization.pop(name), value))
        assert str(read) == str(meant), name
    assert customization == {
        "button_border_radius": "8",
        "bottom_inset": "12.5",
        "dialog_mode": "contained",
    }


def set_up_of(found):
    """Take what every address begins with out of *found*."""
    assert found.pop("implementation") == "webview-hosted-html"
    assert found.pop("implementation_config")["platform"] == "mobile"
    names = ("app_token", "sandbox", "language", "version", "country", "env", "method")
    return [found.pop(name) for name in names]


@pytest.mark.parametrize("method", SCHEMAS)
@pytest.mark.parametrize(
    ("platform", "address_of", "table"),
    [
        ("react-native", react_native_address, REACT_NATIVE),
        ("flutter", flutter_address, FLUTTER),
    ],
    ids=["react-native", "flutter"],
)
def test_a_reader_of_the_address_gets_what_the_web_gets(
    app_host, platform, address_of, table, method
):
    flow = app_host.start(CALLS[method], language="ar", **everything_for(app_host, method))
    web = launch(app_host, flow, "web")["config"]
    call = launch(app_host, flow, platform)
    assert call["config"].keys() <= {*fields_of(table, method)}
    found = read_address(address_of(call))
    checked_colours(found)
    begins = [app_host.fake.app_token, "true", "ar", "latest", "sa", "production", method]
    assert set_up_of(found) == begins
    del web["customization"]
    assert found == expected(web, table, method)


def test_the_web_config_would_not_survive_flutter(app_host):
    """Or the model of its address would prove nothing."""
    flow = app_host.start("connect", **everything_for(app_host, "connect"))
    native = launch(app_host, flow, "flutter")["native"]
    config = launch(app_host, flow, "web")["config"]
    config["customization"] = {"theme_color": "#1a2b3c"}
    address = flutter_address({"method": "connect", "config": config, "native": native})
    with pytest.raises(AssertionError, match="what stands behind a # is lost"):
        read_address(address)
    del config["customization"], config["destination_avatar"]
    config |= {"destination_alias": "x", "customer_metadata": "x", "end_user_id": "x"}
    for name in ("success_redirect_url", "fail_redirect_url"):
        config[name] = "myapp://back?a=1&access_to=x"
    address = flutter_address({"method": "connect", "config": config, "native": native})
    with pytest.raises(AssertionError, match="access_to is there twice"):
        read_address(address)


LANDED_WITH = {
    "bank_identifier": "RJHI_SAU",
    "consent_attempt_id": "attempt & 1",
    "consent_id": CONSENT,
    "granular_status_code": "OK",
    "status_additional_info": AWKWARD,
}


@pytest.mark.parametrize(
    ("platform", "left_out"),
    [
        ("react-native", {"bank_identifier"}),
        ("flutter", {"bank_identifier", "consent_id"}),
        ("ios", {"bank_identifier", "consent_id"}),
        ("android", {"bank_identifier", "consent_id"}),
    ],
)
def test_a_return_is_captured_with_what_the_sdk_takes(app_host, platform, left_out):
    flow = app_host.start(
        "connect",
        customization=CUSTOMIZATION,
        **NEEDED["connect"],
        customer_id=app_host.customer_id,
    )
    launch(app_host, flow, platform, bank_identifier="RJHI_SAU")
    body = {"flow": flow["flow"], "landed_with": LANDED_WITH, "platform": platform}
    call = app_host.post("/lean/return", body).json
    assert call["native"]["app_token"] == app_host.fake.app_token
    landed = {name: value for name, value in LANDED_WITH.items() if name not in left_out}
    wanted = {"customer_id": app_host.customer_id, **landed}
    address_of = {"react-native": react_native_address, "flutter": flutter_address}.get(platform)
    config = call["config"]
    if address_of:
        found = read_address(address_of(call))
        checked_colours(found)
        assert set_up_of(found)[-1] == "captureRedirect"
        assert found.pop("access_token") == config["access_token"]
        assert found == wanted
    else:
        assert config.keys() == wanted.keys() | {"access_token", "customization"}
        assert {name: config[name] for name in wanted} == wanted
