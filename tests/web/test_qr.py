"""The QR code of a flow: what it says, where it is, and for whom."""

from __future__ import annotations

import random
from urllib.parse import urlsplit

import pytest

from lean_flask import ConfigurationError, FlowError
from lean_flask.web import qr
from support.launching import CONNECT
from support.qr import read_svg
from support.user_host import USER, UserHost


@pytest.fixture
def host(fake_lean):
    return UserHost(fake_lean)


@pytest.fixture
def lean(host):
    return host.lean


@pytest.fixture
def client(host):
    return host.browser(USER)


def code_of(client, token, **query):
    return client.get("/lean/qr", query_string={"flow": token, **query})


def is_offered(client, token, **query):
    """Whether the page has the button, and whether there is a code to show: always both."""
    page = client.get("/lean/picker", query_string={"flow": token, **query}).text
    code = code_of(client, token)
    assert (code.status_code == 200) == ("data-phone" in page)
    return "data-phone" in page


def test_the_code_is_the_absolute_url(host, lean):
    with host.app.test_request_context(base_url="https://app.qahwa.example"):
        flow = lean.connect(**CONNECT, bound_to=USER)
        assert flow.absolute_url.startswith("https://app.qahwa.example/lean/picker?flow=")
        assert read_svg(flow.qr()) == flow.absolute_url


def test_it_has_a_name_in_the_language_of_the_flow_outside_of_a_request_too(host, lean):
    host.app.config.update(SERVER_NAME="app.qahwa.example", PREFERRED_URL_SCHEME="https")
    with host.app.app_context():
        flow = lean.connect(**CONNECT, bound_to=USER, language="ar")
        code = flow.qr()
        assert read_svg(code) == flow.absolute_url
        assert ' role="img"' in code
        assert "<title>رمز QR يفتح هذه الصفحة على هاتفك</title>" in code


def test_without_segno_the_error_names_the_extra_and_no_page_offers_it(
    host, lean, client, monkeypatch
):
    monkeypatch.setattr(qr, "is_installed", lambda: False)
    with (
        host.app.test_request_context(),
        pytest.raises(ConfigurationError, match=r"pip install 'lean-flask\[qr\]'"),
    ):
        lean.connect(**CONNECT, bound_to=USER).qr()
    assert not is_offered(client, host.flow().token)


def test_a_flow_of_one_browser_has_no_code(host, lean, client):
    with (
        host.app.test_request_context(),
        pytest.raises(FlowError, match="give the user's id as bound_to"),
    ):
        lean.connect(**CONNECT).qr()
    assert not is_offered(client, client.get("/start").text)


def test_an_address_that_no_phone_could_read_is_not_offered(host, lean, client):
    long = random.Random(15).randbytes(2_200).hex()  # which no compression makes short
    with host.app.test_request_context():
        longest = lean.connect(**CONNECT, bound_to=USER, return_url=f"/done?{long}")
        with pytest.raises(FlowError, match="characters, and a QR code holds 2953"):
            longest.qr()
        dense = lean.connect(**CONNECT, bound_to=USER, return_url=f"/done?{long[:1600]}")
        assert read_svg(dense.qr()) == dense.absolute_url
    assert not is_offered(client, dense.token)


@pytest.mark.parametrize("bank", [None, "RJHI_SAU"])
def test_the_page_of_a_users_flow_offers_the_phone(host, client, bank):
    assert is_offered(client, host.flow(bank_identifier=bank).token)


def test_a_method_without_an_end_does_not(host, lean, client):
    with host.app.test_request_context():
        flow = lean.manage_consents(customer_id=host.customer, bound_to=USER)
    assert not is_offered(client, flow.token)


def test_the_route_gives_the_code_and_no_cache_keeps_it(host, client):
    flow = host.flow()
    response = code_of(client, flow.token, lang="ar")
    assert response.mimetype == "image/svg+xml"
    assert 'xmlns="http://www.w3.org/2000/svg"' in response.text
    assert "رمز QR" in response.text
    assert read_svg(response.text) == f"http://localhost{flow.url}"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_code_is_for_the_holder_alone(host, client):
    """Who photographs it from the screen gets no further than who has the link."""
    token = host.flow().token
    assert code_of(host.browser(), token).json["reason"] == "signed_out"
    stranger = host.browser("user-2")
    assert code_of(stranger, token).json["reason"] == "other_user"
    scanned = urlsplit(read_svg(code_of(client, token).text))
    response = stranger.get(f"{scanned.path}?{scanned.query}")
    assert response.status_code == 403
    assert "This link is for another user" in response.text
    assert stranger.post("/lean/launch", json={"flow": token}).json["reason"] == "other_user"


def test_the_screen_comes_only_where_it_is_asked_for(client):
    assert "screen-phone" not in client.get("/lean/screens?method=connect").text
    asked = client.get("/lean/screens?method=connect&phone=1&lang=ar").text
    assert "screen-phone" in asked
    assert "المتابعة على هاتفك" in asked
