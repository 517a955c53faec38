"""No request and no return URL leads a customer to another site."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from lean_flask.common.fields import HostURL
from lean_flask.flows.urls import with_query
from support.launching import token_of

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
            HostURL().deserialize(address)


@settings(deadline=None, max_examples=300)
@given(address=addresses)
def test_chromium_goes_where_we_think(chromium, address):
    """Each address that is let through leads to the host itself, or where its own host says."""
    try:
        taken = HostURL().deserialize(address)
    except ValidationError:
        return
    for followed in (taken, with_query(taken, lean_status="SUCCESS", lean_flow="x")):
        there = chromium(followed)
        if there is None:  # it leads nowhere, as a host name that mixes two directions does
            assert not taken.startswith("/")
            continue
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
    @example(data={"status": "CANCELLED"}, query="//evil.example", referrer=TREACHEROUS[0])
    def ask(data, query, referrer):
        response = client.post(
            "/lean/callback",
            query_string=dict.fromkeys(
                ("return_url", "next", "lang"), query.encode(errors="replace")
            ),
            data=json.dumps({"flow": flow, "data": data}),
            content_type="application/json",
            headers={"X-Forwarded-Host": "evil.example", "Referer": repr(referrer)},
        )
        assert response.status_code in {200, 400}
        if response.status_code == 200:
            leads_to = urlsplit(response.json["next"])
            assert (leads_to.scheme, leads_to.netloc, leads_to.path) == ("", "", "/done")
            assert leads_to.query.startswith("order=7&lean_status=")
            assert not leads_to.fragment
            taken.append(data)

    ask()
    assert taken


def test_no_answer_redirects(client):
    """The pages link and the script follows; a Location header is never made of a request."""
    flow = token_of(client)
    for path in ("picker", "return/success", "return/fail", "banks", "health"):
        for address in TREACHEROUS:
            query = {"flow": flow, "next": address, "return_url": address, "url": address}
            response = client.get(f"/lean/{path}", query_string=query)
            assert "Location" not in response.headers
            assert "evil.example" not in response.text
