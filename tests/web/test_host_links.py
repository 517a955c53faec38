"""The host's terms, consents and support, at the end of every page."""

from __future__ import annotations

import re

import pytest

from support.picker_pages import opened
from support.picker_stage import make_host

LINKS = {
    "terms_url": "/terms?a=1&b=2",
    "consent_url": "https://bank.example/consents",
    "support_url": "/help",
}


@pytest.fixture
def client(fake_lean):
    return make_host(fake_lean, **LINKS).test_client()


def footer_of(html):
    return re.findall(r'<p class="links">(.*?)</p>', html)


@pytest.mark.parametrize(
    "path",
    ["/connect/en", "/preset/en", "/embedded/en", "/lean/picker", "/lean/return/success?lang=en"],
)
def test_each_page_has_them_once(client, path):
    page = client.get(path, follow_redirects=True).text
    (links,) = footer_of(page)
    found = re.findall(r'<a[^>]* href="([^"]+)" target="_blank" rel="noopener noreferrer">', links)
    assert found == ["/terms?a=1&amp;b=2", "https://bank.example/consents", "/help"]
    assert links.count("(opens in a new tab)") == 3


def test_they_are_in_the_language_of_the_page(client):
    (links,) = footer_of(client.get("/connect/ar", follow_redirects=True).text)
    for text in ("الشروط والأحكام", "إدارة موافقاتك", "تواصل مع الدعم"):
        assert text in links


def test_support_is_beside_the_reference_of_a_failure(client):
    screens = client.get("/lean/screens?method=pay&lang=en").text
    for name in ("error", "refused"):
        screen = screens.split(f'id="screen-{name}"')[1].split("</template>")[0]
        assert 'href="/help"' in screen
    assert screens.count('href="/help"') == 2
    landing = client.get("/lean/return/success?lang=en").text
    assert 'href="/help"' in landing.split('id="screen-error"')[1].split("</template>")[0]


def test_without_them_there_is_no_footer_of_links(host):
    assert 'target="_blank"' not in opened(host).text
    assert 'target="_blank"' not in host.test_client().get("/lean/screens?method=pay").text


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "help", "mailto:a@b.c"])
def test_they_are_pages(fake_lean, name, url):
    with pytest.raises(Exception, match=f"LEAN_{name.upper()}"):
        make_host(fake_lean, **{name: url})
