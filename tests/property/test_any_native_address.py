"""Whatever a text holds, the address that an app's SDK opens says it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.config.customization import Colour, parse_colour
from lean_flask.config.settings import load_settings
from lean_flask.flows.launch import Launch
from lean_flask.flows.native import for_platform
from support.native_addresses import flutter_address, react_native_address, read_address

SETTINGS = load_settings({}, overrides={"app_token": "an-app", "country": "sa", "sandbox": True})
SDKS = {"react-native": react_native_address, "flutter": flutter_address}
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
channel = st.integers(0, 255)
hex_colours = st.lists(channel, min_size=3, max_size=4).map(lambda rgb: f"#{bytes(rgb).hex()}")


def read(platform, method, config):
    call = for_platform(Launch(method, config), platform, SETTINGS, "en")
    launch = {"method": call.method, "config": call.config, "native": call.native}
    return read_address(SDKS[platform](launch))


@pytest.mark.parametrize("platform", SDKS)
@given(
    name=texts | st.text("#&+%=?;4 1é", min_size=1),
    note=texts,
)
@example(name="%41&access_token=x#", note="+")
@example(name="%41", note="%D8%B9")
def test_any_text_is_read_as_it_was_given(platform, name, note):
    needed = {"customer_id": "c", "customer_name": name, "destination_alias": note}
    found = read(platform, "verifyAddress", needed)
    assert {each: found[each] for each in needed} == needed
    assert "access_token" not in found
    landed = {"customer_id": "c", "status_additional_info": note}
    found = read(platform, "captureRedirect", landed)
    assert {each: found[each] for each in landed} == landed


@pytest.mark.parametrize("platform", SDKS)
@given(colour=hex_colours)
def test_any_colour_is_read_as_it_was_meant(platform, colour):
    config = {"customer_id": "c", "customization": {"theme_color": colour}}
    found = read(platform, "manageConsents", config)["customization"]["theme_color"]
    assert "#" not in found
    there, meant = parse_colour(found), parse_colour(colour)
    assert there.opaque == meant.opaque
    assert abs(there.alpha - meant.alpha) < 0.001
    assert isinstance(there, Colour)


def test_a_number_that_needs_a_plus_sign_keeps_it():
    config = {"customer_id": "c", "customization": {"bottom_inset": 1e20}}
    found = read("flutter", "manageConsents", config)["customization"]
    assert found == {"bottom_inset": "1e+20"}


moments = st.datetimes(timezones=st.none() | st.timezones()).map(datetime.isoformat)
days = st.dates().map(str) | moments | st.sampled_from(["2026-W05-3", "20260131T1200+03"])


@pytest.mark.parametrize("platform", ["ios", "android"])
@given(dates=st.fixed_dictionaries({}, optional={"access_from": days, "access_to": days}))
@example(dates={"access_from": "0001-01-01T00:00:00+03:00", "access_to": "9999-12-31"})
def test_any_date_is_the_same_moment_and_no_plus_sign(platform, dates):
    def moment(text):
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=read.tzinfo or UTC)

    config = for_platform(Launch("connect", dates), platform, SETTINGS, "en").config
    assert config.keys() == ({"access_from", "access_to"} if platform == "android" else {*dates})
    for name, text in dates.items():
        assert moment(config[name]) == moment(text)
        assert "+" not in config[name] or text.startswith("0001-")  # no other year has room
