"""The theme in the stylesheet's URL: only what this blueprint signed is computed."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_flask import LeanBlueprint
from lean_flask.web.theme import token as theme_token
from lean_flask.web.theme.token import MAX_THEME_LENGTH, SHOWN_FIELDS, ThemeSerializer

GRADIENT = f"linear-gradient(45deg, {', '.join(['rgba(255, 255, 255, 0.25) 10% 20%'] * 24)})"
THEME = {"theme_color": "#663399", "dialog_background_color_light": GRADIENT}
LARGEST = {
    "theme_color": "rgba(1, 22, 133, 0.25)",
    "dialog_background_color_light": GRADIENT,
    "dialog_background_color_dark": GRADIENT.replace("0.25", "0.26"),
    "force_appearance": "light",
}


@pytest.fixture
def themes():
    return ThemeSerializer(["a secret key"], "lean-flask theme lean")


def stylesheet_of(client):
    """The URL of the stylesheet on the page of a flow with colours of its own."""
    client.application.config["CONNECT"]["customization"] = THEME
    page = client.get("/link", follow_redirects=True).text
    return re.search(r'href="(/lean/picker\.css[^"]+)"', page)[1].replace("&amp;", "&")


def theme_in(url):
    return re.search(r"theme=([^&]+)", url)[1]


def test_a_flows_own_colours_are_served_for_ever(client):
    url = stylesheet_of(client)
    response = client.get(url)
    assert "--accent:#663399" in response.text
    assert "immutable" in response.headers["Cache-Control"]
    assert stylesheet_of(client) == url


@pytest.mark.parametrize("customization", [{}, THEME, LARGEST], ids=["none", "one", "largest"])
def test_a_theme_survives_the_url(themes, customization):
    text = themes.dumps(customization)
    assert re.fullmatch(r"[A-Za-z0-9_.-]{1,2000}", text)
    assert themes.loads(text) == customization


def test_only_what_shows_goes_into_the_url(themes):
    text = themes.dumps({"overlay_color": "#000", "dialog_mode": "contained"})
    assert themes.loads(text) == {}


def unsigned(text):
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "%%%",
        "ü",
        "A" * 5_000,
        "." * 3_000,
        unsigned('{"theme_color":"#663399"}'),
        unsigned('{"theme_color":"#663399"}') + ".",
        unsigned('{"theme_color":"#663399"}') + "." + "A" * 43,
        unsigned('{"theme_color": "red;}*{display:none}"}'),
        unsigned(json.dumps({"dialog_background_color_light": "linear-gradient(" + "(," * 1_000})),
        unsigned("[" * 2_900),
    ],
    ids=lambda text: text[:24],
)
def test_a_crafted_theme_is_refused_before_any_work(client, caplog, monkeypatch, text):
    """Neither read nor checked: the signature decides. One line, without the attacker's text."""
    monkeypatch.setattr(theme_token, "_schema", None)
    assert client.get("/lean/picker.css", query_string={"theme": text}).status_code == 404
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.messages == ["Refused a stylesheet: this blueprint did not sign its theme"]


def test_a_changed_theme_is_refused(client):
    theme = theme_in(stylesheet_of(client))
    for position in range(0, len(theme) - 1, 7):  # the last letter holds bits that nobody reads
        letter = "A" if theme[position] != "A" else "B"
        changed = theme[:position] + letter + theme[position + 1 :]
        response = client.get("/lean/picker.css", query_string={"theme": changed})
        assert response.status_code == 404, position


def test_without_a_secret_key_no_theme_is_taken(client, app):
    url = stylesheet_of(client)
    app.config["SECRET_KEY"] = None
    assert client.get(url).status_code == 404
    assert client.get("/lean/picker.css").status_code == 200


def test_a_theme_survives_a_rotated_secret_key(client, app):
    url = stylesheet_of(client)
    app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    assert client.get(url).status_code == 200
    app.config["SECRET_KEY_FALLBACKS"] = []
    assert client.get(url).status_code == 404


def test_a_theme_of_another_blueprint_is_refused(client, app, fake_lean):
    app.register_blueprint(LeanBlueprint("other", url_prefix="/other", **fake_lean.settings()))
    theme = theme_in(stylesheet_of(client))
    assert client.get("/other/picker.css", query_string={"theme": theme}).status_code == 404


@given(st.text(max_size=80) | st.text("eyJ0aGVtZV9jb2xvciI6IiNmZmYifQ._-", max_size=400))
def test_any_text_is_refused(text):
    with pytest.raises(ValueError, match="Not a theme"):
        ThemeSerializer(["a secret key"], "lean-flask theme lean").loads(text)


def test_whatever_a_host_may_ask_for_fits_into_a_theme(themes):
    assert set(LARGEST) < set(SHOWN_FIELDS)
    everything = LARGEST | {
        name: "rgba(123, 234, 251, 0.12345678901234567890123456789012345)"
        for name in SHOWN_FIELDS
        if "color" in name and "background" not in name
    }
    assert len(themes.dumps(everything)) < MAX_THEME_LENGTH
