"""Who may send a form of the operations page, and what of a form is refused."""

from __future__ import annotations

import pytest

from support.operations import RIGHT, Operations, overrides_of, result_in, text_of


@pytest.fixture
def page(make_app):
    page = Operations(make_app())
    page.services.catalog.refresh()
    return page


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://app.example"},
        {"Origin": "https://app.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_no_other_page_can_send_one(make_app, headers, caplog):
    """Not even with the token, nor a page that may call the JSON routes."""
    page = Operations(make_app(origins=["https://app.example"]))
    response = page.post("set", headers=headers, **RIGHT)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    assert overrides_of(page) == ()
    assert caplog.messages[0].startswith("Refused a POST to lean.operations_action")


def test_no_other_origin_can_read_the_page(make_app):
    page = Operations(make_app(origins=["https://app.example"]))
    for response in (
        page.get(headers={"Origin": "https://app.example"}),
        page.client.options("/lean/operations", headers={"Origin": "https://app.example"}),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers


def refused(page, token, caplog):
    response = page.client.post("/lean/operations", data={"token": token, "do": "set"} | RIGHT)
    assert response.status_code == 403
    assert "this page was open for too long" in result_in(response)
    assert overrides_of(page) == ()
    assert "Refused lean.operations_action: the form is too old, or of another session" in (
        caplog.messages
    )


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "x" * 5_000])
def test_a_form_needs_a_token_of_the_page(page, token, caplog):
    refused(page, token, caplog)


def test_the_token_of_another_browser_is_worth_nothing(page, caplog):
    other = Operations(page.app)
    refused(page, other.token(), caplog)


def test_the_token_of_another_operator_is_worth_nothing(page, caplog):
    token, page.operator = page.token(), "Omar"
    refused(page, token, caplog)


def test_a_token_ends_with_the_session_and_by_itself(page, caplog, monkeypatch):
    token = page.token()
    with page.client.session_transaction() as session:
        session.clear()
    refused(page, token, caplog)
    token = page.token()
    monkeypatch.setattr("lean_flask.web.operations.form_token.MAX_AGE", -1)
    refused(page, token, caplog)


def test_a_token_survives_a_change_of_the_secret_key(page):
    token = page.token()
    page.app.config.update(
        SECRET_KEY_FALLBACKS=[page.app.config["SECRET_KEY"]], SECRET_KEY="a newer secret key"
    )
    response = page.client.post("/lean/operations", data={"token": token, "do": "refresh"})
    assert response.status_code == 303


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("", {}),
        ("drop", {}),
        ("set", {"action": "delete"}),
        ("set", {"purpose": "all"}),
        ("set", {"minutes": "-5"}),
        ("set", {"minutes": "1e9"}),
    ],
    ids=str,
)
def test_a_form_that_asks_for_what_the_page_does_not_offer_is_refused(page, caplog, do, fields):
    assert page.post(do, **RIGHT | fields).status_code == 400
    assert overrides_of(page) == ()
    assert "Refused lean.operations_action: the form asks for nothing that there is" in (
        caplog.messages
    )


def test_a_body_that_is_too_large_is_refused(page):
    assert page.post("set", **RIGHT | {"why": "x" * 70_000}).status_code == 413


def test_the_result_is_in_the_language_of_the_page(page):
    data = {"token": page.token(), "do": "refresh"}
    response = page.client.post("/lean/operations?lang=ar", data=data)
    assert response.location.endswith("/lean/operations?lang=ar")
    assert "وصلت القوائم من Lean" in text_of(page.client.get(response.location))


@pytest.mark.parametrize("kept", ["x", ["x"], [1, 2, 3], ["x", True, []], {"a": 1}], ids=str)
def test_what_else_the_session_may_hold_breaks_nothing(page, kept):
    with page.client.session_transaction() as session:
        session["lean_flask"] = {"kept": kept}
    assert result_in(page.get()) == ""
