"""How many bytes the picker costs, compressed."""

from __future__ import annotations

import gzip
import re

import pytest

from lean_flask.testing.data.banks import load_banks
from support.picker_pages import opened
from support.picker_stage import make_host

MAX_PAGE_BYTES = 12_000  # with 40 banks that have logos: html, stylesheet and script
#: What the page loads after the list, in bytes; the first has the names of the market's banks.
MAX_LATE_BYTES = {"bank-list": 12_300, "ending": 7_900}


@pytest.fixture
def app(fake_lean):
    banks = [bank for country in ("sa", "ae") for bank in load_banks(country, fake_lean.url)]
    shown = [b for b in banks if not b.get("mock") and b["account_type"] == "PERSONAL"][:40]
    for bank in shown:
        bank["availability"] = {
            part: {"data": True, "payments": True} for part in ("active", "enabled")
        }
    fake_lean.banks = shown
    return make_host(fake_lean, popular_banks=[])


def compressed(app, url):
    url = url.replace("&amp;", "&")
    response = app.test_client().get(url, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Encoding"] == "gzip"
    return len(response.data)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_with_40_banks_is_three_small_responses(app, lang):
    page = opened(app, lang=lang, **{"Accept-Encoding": "gzip"})
    html = gzip.decompress(page.data).decode()
    assert html.count('name="bank_identifier"') >= 38  # some are two records of one brand
    assets = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)\?[^"]*)"', html)
    assert len(assets) == 2
    weights = {"html": len(page.data)}
    weights |= {url.partition("?")[0]: compressed(app, url) for url in assets}
    assert sum(weights.values()) <= MAX_PAGE_BYTES, weights


def test_the_scripts_that_come_later_stay_small(app):
    html = opened(app).text
    late = dict(re.findall(r'data-(?:list|ending)="(/\S+/([\w-]+)\.js\?[^"]+)"', html))
    weights = {name: compressed(app, url) for url, name in late.items()}
    assert weights.keys() == MAX_LATE_BYTES.keys()
    assert all(weights[name] <= most for name, most in MAX_LATE_BYTES.items()), weights
