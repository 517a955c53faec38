"""What a request from elsewhere can do: not launch, not redirect, not choose whom we call."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import request
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.middleware.proxy_fix import ProxyFix

from lean_flask.errors import UpstreamError
from lean_flask.flows.urls import ReturnURL, with_query
from lean_flask.services import get_services

SUCCESS = {"status": "SUCCESS", "lean_correlation_id": "abc123"}
POSTS = {
    "launch": {"bank_identifier": "RJHI_SAU"},
    "callback": {"data": {"status": "CANCELLED"}},
    "return": {},
}


def token_of(client, **options):
    return parse_qs(urlsplit(client.get("/link", **options).location).query)["flow"][0]


# --- cross-site requests ------------------------------------------------------------------------


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
def test_who_may_post(client, allowed, headers):
    flow = token_of(client)
    for path, body in POSTS.items():
        answer = client.post(f"/lean/{path}", json={"flow": flow} | body, headers=headers)
        assert answer.status_code == (200 if allowed else 403), path


def test_a_refused_origin_is_logged_with_the_way_out(client, caplog):
    client.post("/lean/launch", json={}, headers={"Origin": "https://shop.example"})
    assert "'https://shop.example'" in caplog.text
    assert "ProxyFix" in caplog.text


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
def test_who_may_post_behind_a_proxy(app, allowed, origin):
    app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1)
    client = app.test_client()
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    flow = token_of(client, headers=proxied)
    for path, body in POSTS.items():
        answer = client.post(
            f"/lean/{path}", json={"flow": flow} | body, headers=proxied | {"Origin": origin}
        )
        assert answer.status_code == (200 if allowed else 403), path


def test_without_proxyfix_nobody_can_claim_to_be_a_proxy(client):
    headers = {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    answer = client.post("/lean/launch", json={"flow": token_of(client)}, headers=headers)
    assert answer.status_code == 403


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


# --- redirects ----------------------------------------------------------------------------------

BASE = "https://host.example/lean/picker"
PIECES = [
    *["/", "//", "///", "\\", "/\\", "\\\\", ".", "..", "?", "#", "@", ":", ";", "[", "]", "%"],
    *["http:", "https:", "HTTPS:", "javascript:", "data:", "vbscript:", "blob:", "file:", "ftp:"],
    *["evil.example", "host.example", "user", "443", "0", "::1", "127.1", "0x7f.1", "done", "a=b"],
    *["\t", "\n", "\r", " ", "\x00", "\x7f", "\x85", "\xa0", "\u200b", "\u2028", "\ufeff"],
    *["\u3002", "\uff0f", "\uff0e", "\u2044", "\u2100", "ß", "é", "مصرف", "\u202e", "\ud83d"],
    *["%2f", "%5c", "%2e", "%00", "%0a", "%40", "%"],
]
addresses = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join) | st.text()

TREACHEROUS = [
    *[
        "/\\evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "\\\\evil.example",
    ],
    *[
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "http:\\\\evil.example",
    ],
    *["/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil"],
    *[
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
    ],
    *["data:text/html,x", "vbscript:x", "blob:https://host.example/x", "file:///etc/passwd"],
    *[
        "https://host.example@evil.example/",
        "https://host.example:x@evil.example/",
        "https://@evil",
    ],
    *["https://host.example\\@evil.example", "https://evil.example\\.host.example"],
    *["https://host.example%2eevil.example/", "https://host.example%00.evil.example/"],
    *["https://[::1", "https://evil.example:99999/", "https://evil.example:x/", "https://"],
    *["evil.example", "./done", "?done", "#done", "", "/\x00/evil.example", "/\u2028/evil.example"],
]


@pytest.fixture(scope="module")
def chromium(browser):
    """Resolves addresses as the browser that will follow them: to its parts, or to nothing."""
    page = browser.new_page()

    def resolve(address):
        return page.evaluate(
            """([address, base]) => {
              try {
                const { protocol, hostname, origin, pathname, username } = new URL(address, base);
                return { protocol, hostname, origin, pathname, username };
              } catch { return null; }
            }""",
            [address, BASE],
        )

    yield resolve
    page.close()


def test_a_treacherous_return_url_is_refused():
    for address in TREACHEROUS:
        with pytest.raises(ValidationError):
            ReturnURL().deserialize(address)


@settings(deadline=None, max_examples=300)
@given(address=addresses)
def test_chromium_goes_where_we_think(chromium, address):
    """Each address that is let through leads to the host itself, or where its own host says."""
    try:
        taken = ReturnURL().deserialize(address)
    except ValidationError:
        return
    for followed in (taken, with_query(taken, lean_status="SUCCESS", lean_flow="x")):
        there = chromium(followed)
        assert there is not None
        assert there["username"] == ""
        if taken.startswith("/"):
            assert there["origin"] == "https://host.example"
        else:
            named = urlsplit(taken)
            assert there["protocol"] == f"{named.scheme}:"
            assert there["hostname"] == chromium(f"https://{named.netloc}/")["hostname"]
            assert named.hostname.isascii() is False or _same_host(there, named)


def _same_host(there, named):
    return there["hostname"].strip("[]") == named.hostname


hostile = st.text(max_size=60) | addresses
callback_data = st.fixed_dictionaries(
    {"status": st.sampled_from(["SUCCESS", "CANCELLED", "ERROR"]) | hostile},
    optional={
        "message": hostile,
        "secondary_status": hostile,
        "exit_point": hostile,
        "lean_correlation_id": hostile,
        "open_banking_redirect_url": hostile,
        "next": hostile,
        "return_url": hostile,
        "bank": st.fixed_dictionaries({"bank_identifier": hostile}),
    },
)


def test_nothing_in_a_request_changes_where_next_leads(app, client):
    app.config["CONNECT"]["return_url"] = "/done?order=7"
    flow = token_of(client)
    taken = []

    @settings(deadline=None, max_examples=100)
    @given(data=callback_data, query=hostile, referrer=st.sampled_from(TREACHEROUS))
    def ask(data, query, referrer):
        answer = client.post(
            "/lean/callback",
            query_string=dict.fromkeys(
                ("return_url", "next", "lang"), query.encode(errors="replace")
            ),
            data=json.dumps({"flow": flow, "data": data}),
            content_type="application/json",
            headers={"X-Forwarded-Host": "evil.example", "Referer": repr(referrer)},
        )
        assert answer.status_code in {200, 400}
        if answer.status_code == 200:
            leads_to = urlsplit(answer.json["next"])
            assert (leads_to.scheme, leads_to.netloc, leads_to.path) == ("", "", "/done")
            assert leads_to.query.startswith("order=7&lean_status=")
            assert not leads_to.fragment
            taken.append(data)

    ask()
    assert len(taken) > 5


def test_no_answer_redirects(client):
    """The pages link and the script follows; a Location header is never made of a request."""
    flow = token_of(client)
    for path in ("picker", "return/success", "return/fail", "banks", "health"):
        for address in TREACHEROUS:
            query = {"flow": flow, "next": address, "return_url": address, "url": address}
            answer = client.get(f"/lean/{path}", query_string=query)
            assert "Location" not in answer.headers
            assert "evil.example" not in answer.text


# --- requests that the server makes -------------------------------------------------------------

_hosts: set[str] | None = None


def _note(event, arguments):
    if _hosts is None:
        return
    if event == "socket.getaddrinfo":
        _hosts.add(arguments[0])
    elif event == "socket.connect":
        _hosts.add(arguments[1][0])


sys.addaudithook(_note)  # cannot be taken away again, so it is idle unless a test listens


@pytest.fixture
def called_hosts():
    """Every host that this process looks up or connects to meanwhile."""
    global _hosts
    _hosts = set()
    yield _hosts
    _hosts = None


HOSTILE_IDS = [
    *["http://169.254.169.254/latest/meta-data", "//169.254.169.254/", "https://evil.example"],
    *[
        "../../customers/v1",
        "..",
        ".",
        "..%2f..",
        "a/../../b",
        "@evil.example",
        ":80",
        "?x=1",
        "#x",
    ],
    *[
        "RJHI_SAU\r\nHost: evil.example",
        "RJHI_SAU\x00",
        "\\\\evil.example\\x",
        "file:///etc/passwd",
    ],
]


def test_no_request_chooses_whom_the_server_calls(app, client, fake_lean, called_hosts):
    flow = token_of(client)
    for evil in HOSTILE_IDS:
        headers = {"X-Forwarded-Host": "evil.example", "Referer": "http://169.254.169.254/"}
        for field in ("bank_identifier", "account_id", "customer_id", "api_url", "loader_url"):
            body = {"flow": flow, field: evil}
            client.post("/lean/launch", json=body, headers=headers)
        client.post("/lean/return", json={"flow": flow, "landed_with": {"consent_id": evil}})
        client.post("/lean/callback", json={"flow": evil, "data": {"message": evil}})
        query = {"flow": evil, "q": evil, "customer_id": evil, "account_type": evil, "lang": evil}
        for path in ("banks", "picker", "return/success", "picker.css", "health"):
            client.get(f"/lean/{path}", query_string=query | {"theme": evil})
            client.get(f"/lean/{path}", query_string={"flow": flow, "q": evil})
        client.get(f"/lean/banks/{evil!r}")
        client.get("/lean/banks", base_url="http://evil.example")
        event = fake_lean.set_availability("RJHI_SAU")
        event["payload"] |= {"identifier": evil, "logo": evil, "url": evil}
        signed, signature = fake_lean.signed(event)
        client.post("/lean/webhooks", data=signed, headers=signature)
    assert called_hosts == {"127.0.0.1"}
    assert {asked.endpoint for asked in fake_lean.requests} <= {"token", "banks"}


def test_logos_are_for_the_browser_alone(make_app, fake_lean, called_hosts):
    fake_lean.banks[0] |= {
        "logo": "https://169.254.169.254/x.png",
        "logo_alt": "https://evil/x.svg",
    }
    client = make_app().test_client()
    assert client.get("/lean/banks").status_code == 200
    assert client.get("/link", follow_redirects=True).status_code == 200
    assert called_hosts == {"127.0.0.1"}


@pytest.mark.parametrize("evil", HOSTILE_IDS)
def test_an_identifier_of_the_hosts_stays_one_segment_of_the_path(app, fake_lean, evil):
    """User names may come from anywhere, so even the host's own calls stay where they belong."""
    fake_lean.add_customer(app_user_id=evil)
    with app.app_context():
        client = get_services("lean").client
        with suppress(UpstreamError):  # the stand-in's server has no route for some of them
            client.create_customer(evil)
        with suppress(UpstreamError):
            client.payment_sources(evil)
    paths = {asked.path for asked in fake_lean.requests}
    assert "/customers/v1/" in paths
    assert paths <= {
        "/oauth2/token",
        "/customers/v1/",
        f"/customers/v1/app-user-id/{evil}",
        f"/customers/v1/{evil}/payment-sources",
    }


@pytest.mark.parametrize("name", [".", "..", "a.b", "ab/../c", "?x=1", "%2e%2e"])
def test_a_user_of_any_name_is_found_again(app, fake_lean, name):
    with app.app_context():
        client = get_services("lean").client
        assert client.create_customer(name) == client.create_customer(name)
