"""No page is without a way on, and each way back says how the flow ended."""

import html
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from support.launching import SUCCESS, made_at, token_of


def links(page):
    return [html.unescape(url) for url in re.findall(r'<a [^>]*href="([^"]*)"', page.text)]


def picker(client, token, **options):
    return client.get("/lean/picker", query_string={"flow": token}, **options)


@pytest.mark.parametrize(
    ("return_url", "begins", "ends"),
    [
        ("/done", "/done?lean_status=CANCELLED&lean_flow=", ""),
        ("/done?order=7#top", "/done?order=7&lean_status=CANCELLED&lean_flow=", "#top"),
        ("https://shop.example/a?b=c", "https://shop.example/a?b=c&lean_status=CANCELLED", ""),
    ],
)
def test_back_from_the_list_says_cancelled(app, client, return_url, begins, ends):
    app.config["CONNECT"]["return_url"] = return_url
    (back,) = [url for url in links(picker(client, token_of(client))) if "lean_status" in url]
    assert back.startswith(begins)
    assert back.endswith(ends)
    assert len(parse_qs(urlsplit(back).query)["lean_flow"][0]) == 22


def test_back_from_a_completed_flow_says_success(client, flow, callback):
    callback(**SUCCESS)
    (back,) = links(picker(client, flow))
    assert back.startswith("/done?lean_status=SUCCESS&lean_flow=")


@pytest.mark.parametrize(
    ("reported", "says"),
    [(None, {"ERROR", "expired"}), ("REDIRECT", {"REDIRECT"}), ("CANCELLED", {"CANCELLED"})],
)
def test_back_from_an_expired_flow_says_what_is_known(app, client, flow, callback, reported, says):
    if reported:
        callback(status=reported)
    page = picker(client, made_at(app, flow, time.time() - 1801))
    assert page.status_code == 410
    (back,) = links(page)
    query = parse_qs(urlsplit(back).query)
    assert {*query.get("lean_status", []), *query.get("lean_reason", [])} == says


def notices(client, app):
    """The pages that know no flow."""
    stranger = app.test_client()
    stranger.get("/link")
    token = token_of(client)
    return {
        "no flow": client.get("/lean/picker"),
        "forged": picker(client, "x.y.z"),
        "another browser": picker(stranger, token),
        "no cookies": picker(app.test_client(use_cookies=False), token),
        "landed elsewhere": stranger.get("/lean/return/success"),
    }


@pytest.mark.parametrize(
    ("home_url", "root", "leads"),
    [
        (None, "", "/"),
        (None, "/app", "/app/"),
        ("/account?tab=banks", "", "/account?tab=banks"),
        ("https://shop.example/", "/app", "https://shop.example/"),
    ],
)
def test_pages_without_a_flow_lead_home(make_app, home_url, root, leads):
    app = make_app(home_url=home_url)
    client = app.test_client()
    for name, page in notices(client, app).items():
        assert leads in links(page) or root, name
    page = client.get("/lean/picker", environ_overrides={"SCRIPT_NAME": root})
    assert links(page) == [leads]


def test_a_foreign_flow_does_not_say_where_it_leads(app, client, flow):
    stranger = app.test_client()
    stranger.get("/link")
    assert "/done" not in picker(stranger, flow).text


@pytest.mark.parametrize(("language", "words"), [("en", "Cookies are blocked"), ("ar", "ملفات")])
def test_without_any_cookie_the_page_says_so(app, client, flow, language, words):
    nobody = app.test_client(use_cookies=False)
    page = nobody.get("/lean/picker", query_string={"flow": flow, "lang": language})
    assert page.status_code == 403
    assert words in page.text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example",
        "account",
        "/a b",
        "/a\u2028b",
        "https://u@shop.example/",
        "https://evil%2eexample/",
    ],
)
def test_a_home_url_is_a_path_or_a_web_address(make_app, url):
    with pytest.raises(Exception, match="LEAN_HOME_URL"):
        make_app(home_url=url)
