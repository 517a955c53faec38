"""``HOST_LOGO``: the host's picture at the head of our pages, and in the tab."""

from __future__ import annotations

import re

import pytest

from lean_flask import ConfigurationError
from support.picker_pages import opened
from support.picker_stage import make_host

LOGOS = {"light": "https://cdn.qahwa.example/logo.svg", "dark": "/static/logo-dark.svg"}


def pictures(page):
    return re.findall(r'<picture>.*?alt="([^"]*)"></picture>', page.text)


def test_the_picker_shows_it_in_both_schemes_with_the_words_it_stands_for(fake_lean):
    page = opened(make_host(fake_lean, host_logo=LOGOS))
    assert pictures(page) == ["Back to Qahwa"]
    assert f'<img src="{LOGOS["light"]}"' in page.text
    assert f'<source srcset="{LOGOS["dark"]}" media="(prefers-color-scheme: dark)">' in page.text
    assert f'<link rel="icon" href="{LOGOS["light"]}">' in page.text
    arabic = opened(make_host(fake_lean, host_logo=LOGOS), lang="ar")
    assert pictures(arabic) == ["العودة إلى قهوة"]


def test_one_picture_serves_both_schemes(fake_lean):
    page = opened(make_host(fake_lean, host_logo="/logo.svg"))
    assert '<picture><img src="/logo.svg"' in page.text


def test_a_forced_scheme_has_its_own_picture_alone(fake_lean):
    dark = {"force_appearance": "dark"}
    page = opened(make_host(fake_lean, host_logo=LOGOS, customization=dark))
    assert f'<picture><img src="{LOGOS["dark"]}"' in page.text


def test_without_it_the_name_stands_there_and_no_icon_is_asked_for(fake_lean):
    page = opened(make_host(fake_lean))
    assert pictures(page) == []
    assert "Back to <bdi>Qahwa</bdi>" in page.text
    assert '<link rel="icon" href="data:,">' in page.text


@pytest.mark.parametrize("path", ["/lean/return/success", "/lean/picker?flow=none"])
def test_pages_without_a_flow_have_it_too(fake_lean, path):
    page = make_host(fake_lean, host_logo=LOGOS).test_client().get(path)
    assert pictures(page) == ["Qahwa"]


def test_an_embedded_picker_has_none_since_it_stands_in_a_page_of_the_host(fake_lean):
    page = make_host(fake_lean, host_logo=LOGOS).test_client().get("/embedded/en")
    assert "<picture>" not in page.text


def test_the_policy_lets_it_load_from_its_own_origin(fake_lean):
    policy = opened(make_host(fake_lean, host_logo=LOGOS)).headers["Content-Security-Policy"]
    sources = re.search(r"img-src ([^;]+)", policy)[1].split()
    assert "https://cdn.qahwa.example" in sources
    assert not any("logo" in source for source in sources)
    result = make_host(fake_lean, host_logo=LOGOS).test_cli_runner().invoke(args=["lean", "csp"])
    assert "https://cdn.qahwa.example" in result.output


@pytest.mark.parametrize(
    "logo",
    [
        "logo.svg",
        "//cdn.example/logo.svg",
        "http://cdn.example/logo.svg",
        "javascript:alert(1)",
        "data:image/svg+xml,<svg/>",
        "https://user:pass@cdn.example/logo.svg",
        {"dark": "/logo.svg"},
        {"light": "/logo.svg", "night": "/logo.svg"},
        {"light": 5},
        ["/logo.svg"],
    ],
)
def test_what_is_no_picture_is_refused_at_registration(make_app, logo):
    with pytest.raises(ConfigurationError, match="LEAN_HOST_LOGO"):
        make_app(host_logo=logo)


def test_the_bars_of_a_phone_have_the_colours_of_the_page(fake_lean):
    colours = {"dialog_background_color_light": "#fff8ee"}
    page = opened(make_host(fake_lean, customization=colours))
    meta = r'<meta name="theme-color" content="(#\w+)"(?: media="([^"]+)")?>'
    metas = re.findall(meta, page.text)
    assert metas == [("#14181f", "(prefers-color-scheme: dark)"), ("#fff8ee", "")]
    assert '<meta name="color-scheme" content="light dark">' in page.text
    dark = opened(make_host(fake_lean, customization={"force_appearance": "dark"}))
    assert re.findall(meta, dark.text) == [("#14181f", "")]
    assert '<meta name="color-scheme" content="dark">' in dark.text
