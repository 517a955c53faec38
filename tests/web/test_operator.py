"""Who gets the operations page: whom the host's function of ``@lean.operator`` names."""

from __future__ import annotations

import logging

import pytest
from flask import abort, redirect
from werkzeug.local import LocalProxy

from support.operations import Operations


class User:
    """As of Flask-Login: true, whoever it is."""

    is_authenticated = False


def ask_both(page):
    """Both routes of the page; the form is one of nobody."""
    return [page.get(), page.client.post("/lean/operations", data={"do": "refresh"})]


def raises(error):
    def function():
        raise error

    return function


@pytest.fixture
def page(app):
    return Operations(app)


@pytest.mark.parametrize("answer", ["Noura", True, LocalProxy(lambda: "Noura")], ids=str)
def test_a_name_or_true_opens_it(page, answer):
    page.operator = answer
    assert page.get().status_code == 200
    assert ("you are Noura" in page.text()) is (answer is not True)
    assert "you are operations" not in page.text()


@pytest.mark.parametrize(
    "answer",
    [None, False, "", " ", "\u200b", LocalProxy(lambda: None), LocalProxy(lambda: False)],
    ids=ascii,
)
def test_anybody_else_gets_a_404(page, answer, caplog):
    caplog.set_level(logging.INFO)
    page.operator = answer
    for response in ask_both(page):
        assert response.status_code == 404
        assert "Set-Cookie" not in response.headers
    assert "Refused lean.operations: @lean.operator does not say yes" in caplog.messages


def test_without_a_function_nobody_gets_it(client):
    assert client.get("/lean/operations").status_code == 404
    assert client.post("/lean/operations").status_code == 404


def test_the_404_is_that_of_a_page_which_does_not_exist(app, client):
    @app.errorhandler(404)
    def not_found(_):
        return "<!doctype html><title>Nothing here</title>", 404

    refused, unknown = client.get("/lean/operations"), client.get("/lean/nothing")
    assert refused.data == unknown.data
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"):
        assert refused.headers[name] == unknown.headers[name]
    assert refused.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "answer", [User(), 1, ["Noura"], LocalProxy(User)], ids=lambda it: type(it).__name__
)
def test_what_is_neither_a_name_nor_true_opens_nothing(page, answer, caplog):
    page.operator = answer
    for response in ask_both(page):
        assert response.status_code == 404
    assert "it takes True, a name, or None" in caplog.messages[0]
    assert caplog.records[0].levelname == "ERROR"


def test_an_error_opens_nothing_and_stands_in_the_log(page, caplog):
    page.lean.operator(raises(RuntimeError("no directory")))
    for response in ask_both(page):
        assert response.status_code == 404
    assert caplog.messages[0].startswith("Cannot tell who asks for lean.operations: ")
    assert caplog.messages[0].endswith("raised RuntimeError")


@pytest.mark.parametrize(("answered", "status"), [(401, 401), (500, 404)])
def test_an_error_that_the_host_has_a_handler_for_is_the_hosts_to_answer(page, answered, status):
    class TokenExpired(Exception):
        pass

    page.lean.operator(raises(TokenExpired()))
    page.app.errorhandler(TokenExpired)(lambda _: ("sign in", answered))
    assert {response.status_code for response in ask_both(page)} == {status}


def test_it_may_lead_to_a_login_page(page, caplog):
    caplog.set_level(logging.INFO)
    page.lean.operator(lambda: abort(redirect("/login?next=/lean/operations")))
    response = page.get()
    assert (response.status_code, response.location[:6]) == (302, "/login")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Refused lean.operations: @lean.operator aborts with 302" in caplog.messages


def test_a_form_of_somebody_signed_out_gets_a_page_with_a_link(page, caplog):
    """Chromium would not follow a redirect to a login of another origin, and do nothing."""
    page.lean.operator(lambda: abort(redirect("https://login.example/")))
    data = {"token": "x", "do": "refresh"}
    for language, said in (("en", "Nothing was done: you are signed out."), ("ar", "لم يُنفَّذ شيء")):
        response = page.client.post(f"/lean/operations?lang={language}", data=data)
        assert (response.status_code, response.location) == (403, None)
        assert said in response.text
        assert f'href="/lean/operations?lang={language}"' in response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Frame-Options"] == "DENY"


def test_a_name_is_shown_and_logged_on_one_line_and_cut_off(page):
    page.operator = "Noura\r\nERROR forged <b>" + "x" * 200
    shown = page.get().text
    assert "you are <bdi>Noura ERROR forged &lt;b&gt;xx" in shown
    assert "x" * 100 not in shown


def test_an_async_function_is_refused(page):
    async def operator():
        return True

    with pytest.raises(TypeError, match="is async, and would never run"):
        page.lean.operator(operator)


def test_the_decorator_gives_the_function_back(page):
    assert page.lean.operator(len) is len
