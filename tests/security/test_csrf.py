"""Which requests another site can make a browser send, and what they get."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

from support.launching import token_of

POSTS = {
    "launch": {"bank_identifier": "RJHI_SAU"},
    "callback": {"data": {"status": "CANCELLED"}},
    "return": {},
}


@pytest.mark.parametrize(
    ("allowed", "headers"),
    [
        (True, {}),  # no browser
        (True, {"Origin": "http://localhost"}),
        (True, {"Origin": "HTTP://LOCALHOST"}),
        (True, {"Sec-Fetch-Site": "same-origin"}),
        (True, {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}),
        (True, {"Sec-Fetch-Site": "none"}),  # typed in, or an extension of the customer's own
        (False, {"Sec-Fetch-Site": "same-site"}),
        (False, {"Sec-Fetch-Site": "cross-site"}),
        (False, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}),
        (False, {"Sec-Fetch-Site": "something new"}),
        (False, {"Sec-Fetch-Site": ""}),
        (False, {"Origin": "null"}),
        (False, {"Origin": ""}),
        (False, {"Origin": "https://localhost"}),
        (False, {"Origin": "http://localhost:8080"}),
        (False, {"Origin": "http://www.localhost"}),
        (False, {"Origin": "http://localhost.evil.example"}),
        (False, {"Origin": "http://localhost@evil.example"}),
        (False, {"Origin": "http://evil.example/http://localhost"}),
        (False, {"Origin": "http://localhost http://evil.example"}),
        (False, {"Origin": "http://localhost/"}),
        (False, {"Origin": "file://"}),
        (False, {"Origin": "//localhost"}),
    ],
    ids=str,
)
def test_only_our_own_origin_may_post(client, allowed, headers):
    flow = token_of(client)
    for path, body in POSTS.items():
        response = client.post(f"/lean/{path}", json={"flow": flow} | body, headers=headers)
        assert response.status_code == (200 if allowed else 403), path


def test_a_refused_origin_is_logged_with_the_way_out(client, caplog):
    client.post("/lean/launch", json={}, headers={"Origin": "https://shop.example"})
    assert caplog.messages == [
        "Refused a POST to lean.launch from https://shop.example to http://localhost;"
        " behind a proxy, use ProxyFix; if its pages are yours, add it to LEAN_ORIGINS"
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://www.shop.example"},
        {"Sec-Fetch-Site": "forged words"},
        {"Origin": "null"},
        {"Origin": "https://evil.example/ forged words"},
        {"Origin": "https://evil.example", "Host": "forged words"},
    ],
    ids=str,
)
def test_each_refusal_is_one_line_without_text_of_the_attackers(client, caplog, headers):
    for path in (*POSTS, "events"):
        caplog.clear()
        assert client.post(f"/lean/{path}", json={}, headers=headers).status_code == 403
        assert len(caplog.records) == 1, path
        assert caplog.records[0].levelname == "WARNING"
        assert "forged" not in caplog.text


@pytest.mark.parametrize(
    ("allowed", "origin"),
    [
        (True, "https://shop.example"),
        (False, "http://shop.example"),
        (False, "https://shop.example:8443"),
        (False, "http://localhost"),
        (False, "https://evil.example"),
    ],
)
def test_behind_a_proxy_only_our_own_origin_may_post(app, allowed, origin):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1)
    client = app.test_client()
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    flow = token_of(client, headers=proxied)
    for path, body in POSTS.items():
        response = client.post(
            f"/lean/{path}", json={"flow": flow} | body, headers=proxied | {"Origin": origin}
        )
        assert response.status_code == (200 if allowed else 403), path


def test_without_proxyfix_nobody_can_claim_to_be_a_proxy(client):
    headers = {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    response = client.post("/lean/launch", json={"flow": token_of(client)}, headers=headers)
    assert response.status_code == 403


def test_a_webhook_needs_no_origin_for_it_is_signed(client, fake_lean):
    body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU"))
    headers |= {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


def test_a_strangers_page_cannot_launch_in_chromium(app, serve, browser):
    """Both are 127.0.0.1, so the session cookie goes along, and helps nothing."""
    statuses = []

    @app.after_request
    def note(response):
        if request.path == "/lean/launch":
            statuses.append((response.status_code, "session" in request.cookies))
        return response

    site, elsewhere = serve(app), serve(app)  # two ports: one site, two origins
    page = browser.new_page()
    page.goto(f"{site}/link")
    flow = parse_qs(urlsplit(page.url).query)["flow"][0]
    page.goto(f"{elsewhere}/done")
    hidden = page.evaluate(
        """([url, flow]) => Promise.all(
          [JSON.stringify({ flow }), new URLSearchParams({ flow })].map((body) =>
            fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body })
              .then(() => false, () => true)))""",
        [f"{site}/lean/launch", flow],
    )
    assert hidden == [True, True]  # by Cross-Origin-Resource-Policy
    form = f"<form method=post action={site}/lean/launch><input name=flow value={flow}></form>"
    page.set_content(form)
    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")
    assert sorted(statuses) == [(403, True)] * 3
    page.close()
