"""What the host's function of ``@lean.identify`` does, and what the routes and pages make of it."""

from __future__ import annotations

import hmac
import logging
import re
from uuid import UUID

import pytest
from flask import Flask, Response, abort, redirect
from werkzeug.exceptions import TooManyRequests, Unauthorized
from werkzeug.local import LocalProxy

from lean_flask import ConfigurationError, FlowError, LeanBlueprint
from lean_flask.flows import identity
from lean_flask.web.problems import problem
from support.launching import CONNECT
from support.user_host import CALLS, JSON_CALLS, USER, UserHost

UUID_ID = UUID("6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01")


@pytest.fixture
def users(fake_lean):
    return UserHost(fake_lean, per_customer=True)


def lines(caplog, level):
    return [record.getMessage() for record in caplog.records if record.levelno == level]


# --- it aborts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aborted", "status", "reason"),
    [
        (lambda: abort(redirect("/login?next=/x")), 403, "signed_out"),
        (lambda: abort(401), 401, "signed_out"),
        (lambda: abort(403), 403, None),
        (lambda: abort(404), 404, None),
        (lambda: abort(429), 429, "identify_failed"),
        (lambda: abort(502), 502, "identify_failed"),
        (lambda: abort(Response("no", 499)), 403, None),
        (lambda: abort(Response("all is well", 200)), 403, "signed_out"),
    ],
)
def test_what_it_aborts_with_becomes_a_problem(users, caplog, aborted, status, reason):
    users.identify = aborted
    flow, client = users.flow(), users.client()
    caplog.set_level(logging.INFO)
    for name, call in JSON_CALLS.items():
        response = call(client, flow)
        assert response.status_code == status, name
        assert response.mimetype == "application/problem+json"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.json.get("reason") == reason
        assert response.json["advice"]
    [line] = {line.split(": ", 1)[1] for line in lines(caplog, logging.INFO) if "Refused" in line}
    assert line.startswith("@lean.identify aborts with ")


def test_the_problem_is_in_the_language_of_the_flow(users):
    users.identify = lambda: abort(401)
    flow, client = users.flow(language="ar"), users.client()
    for name, call in JSON_CALLS.items():
        assert re.search("[ء-ي]{3}", call(client, flow).json["advice"]), name


def test_how_to_sign_in_and_when_to_come_back_are_kept(users):
    flow, client = users.flow(), users.client()

    def unauthorized():
        raise Unauthorized(www_authenticate=[])

    def with_challenge():
        response = Unauthorized().get_response()
        response.headers.add("WWW-Authenticate", 'Bearer realm="qahwa"')
        response.headers.add("WWW-Authenticate", "DPoP")
        abort(response)

    def too_many():
        raise TooManyRequests(retry_after=30)

    users.identify = with_challenge
    headers = CALLS["launch"](client, flow).headers
    assert headers.getlist("WWW-Authenticate") == ['Bearer realm="qahwa"', "DPoP"]
    users.identify = too_many
    assert CALLS["launch"](client, flow).headers["Retry-After"] == "30"
    users.identify = unauthorized
    assert "WWW-Authenticate" not in CALLS["launch"](client, flow).headers


def test_a_problem_of_the_host_stays_as_it_is(users):
    users.identify = lambda: abort(problem(451, "Not from there.", reason="sanctions"))
    response = CALLS["launch"](users.client(), users.flow())
    assert (response.status_code, response.json["reason"]) == (451, "sanctions")


def test_a_page_passes_it_on(users):
    users.identify = users.user_or_login
    url = users.flow().url
    browser = users.app.test_client()
    response = browser.get(url)
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "no-store"
    back = browser.post(response.location, data={"user": USER}).location
    assert browser.get(back).status_code == 200
    assert "Al Rajhi" in browser.get(back).text
    users.identify = lambda: abort(451)
    assert browser.get(url).status_code == 451


def test_an_error_that_the_host_has_a_handler_for_is_the_hosts_to_answer(users):
    """As of Flask-JWT-Extended, for a token that has expired."""

    class TokenExpired(Exception):
        pass

    def expired():
        raise TokenExpired

    users.identify = expired
    flow, client, says = users.flow(), users.client(), [({"msg": "Token has expired"}, 401)]
    users.app.errorhandler(TokenExpired)(lambda _: says[0])
    response = CALLS["launch"](client, flow)
    assert (response.status_code, response.json["reason"]) == (401, "signed_out")
    assert CALLS["picker"](client, flow).json == {"msg": "Token has expired"}
    assert client.get("/lean/return/success").status_code == 401
    says[0] = "Oh no", 500
    assert CALLS["launch"](client, flow).json["reason"] == "identify_failed"
    says.clear()  # and the handler fails
    assert CALLS["launch"](client, flow).json["reason"] == "identify_failed"


# --- it fails -------------------------------------------------------------------------------


def broken():
    raise LookupError("no such table, for user 4711")


@pytest.mark.parametrize(
    "identify",
    [
        broken,
        lambda: True,
        lambda: 1.5,
        lambda: "",
        lambda: b"user-1",
        lambda: "u" * 256,
        lambda: "\ud800",
        lambda: {"id": USER},
        lambda: redirect("/login"),
        lambda: 10**5000,
    ],
)
def test_nonsense_opens_nothing_and_is_logged_without_the_user(users, caplog, identify):
    users.identify = identify
    flow, client = users.flow(), users.client()
    for name, call in CALLS.items():
        response = call(client, flow)
        assert response.status_code == 503, name
        assert response.headers.get("Retry-After") == ("5" if name in JSON_CALLS else None), name
    response = CALLS["launch"](client, flow)
    assert response.json["reason"] == "identify_failed"
    assert "moment" in response.json["advice"]
    assert "cannot tell who you are" in CALLS["picker"](client, flow).text
    assert len(caplog.messages) == len(CALLS) + 2
    for line in caplog.messages:
        assert line.startswith("Cannot tell whose request ")
        assert "4711" not in line
        assert USER not in line


def test_without_a_function_no_flow_is_bound(host):
    lean = host.blueprints["lean"]
    with host.test_request_context(), pytest.raises(ConfigurationError, match=r"@lean\.identify"):
        lean.connect(**CONNECT, bound_to="user-1")


def test_a_process_without_the_function_opens_no_bound_flow(users, fake_lean, caplog):
    """Such as an older release that serves beside the one that made the flow."""
    other = Flask(__name__)
    other.config["SECRET_KEY"] = users.app.config["SECRET_KEY"]
    other.register_blueprint(LeanBlueprint(**fake_lean.settings() | {"store_url": "memory:"}))
    response = CALLS["launch"](other.test_client(), users.flow())
    assert (response.status_code, response.json["reason"]) == (503, "identify_failed")
    assert "@lean.identify" in caplog.text


@pytest.mark.parametrize("function", [None, "user-1", 5])
def test_only_a_function_is_registered(function):
    with pytest.raises(TypeError, match="identify registers functions"):
        LeanBlueprint().identify(function)


def test_a_function_that_would_never_run_is_refused():
    async def later():
        return USER

    def each():
        yield USER

    for function, word in ((later, "async"), (each, "yield")):
        with pytest.raises(TypeError, match=word):
            LeanBlueprint().identify(function)


# --- ids, apps and blueprints ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound_to", "said", "is_same"),
    [
        (7, 7, True),
        (7, "7", True),
        (0, 0, True),
        (UUID_ID, UUID_ID, True),
        (UUID_ID, str(UUID_ID), True),
        ("عميل ١", "عميل ١", True),
        (7, 77, False),
        ("user-1", "USER-1", False),
        ("user-1", "user-1 ", False),
        ("é", "e\u0301", False),
    ],
)
def test_ids_are_texts_numbers_and_uuids(users, bound_to, said, is_same):
    users.identify = lambda: said
    flow = users.flow(bound_to)
    assert CALLS["status"](users.client(), flow).status_code == (200 if is_same else 403)


def test_a_proxy_is_what_it_stands_for(users):
    for user, status in ((USER, 200), (None, 403)):
        users.identify = lambda user=user: LocalProxy(lambda: user)
        assert CALLS["status"](users.client(), users.flow()).status_code == status


@pytest.mark.parametrize("bound_to", [True, 1.5, "", "u" * 256, b"user", ["user"], "\ud800"])
def test_no_flow_is_bound_to_what_is_no_id(users, bound_to):
    with pytest.raises(FlowError, match="bound_to") as caught:
        users.flow(bound_to)
    assert set(caught.value.fields) == {"bound_to"}
    assert "uuuu" not in str(caught.value)


def test_the_comparison_takes_constant_time(users, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(identity.secrets, "compare_digest", compare)
    CALLS["status"](users.client("user-2"), users.flow())
    assert (b"user-2", USER.encode()) in compared


def test_each_blueprint_asks_its_own_function(fake_lean):
    users = UserHost(fake_lean)
    shops = LeanBlueprint("shops", url_prefix="/shops", **fake_lean.settings())
    shops.identify(lambda: "shop-1")
    users.app.register_blueprint(shops)
    with users.app.test_request_context(headers={"Authorization": f"Bearer {USER}"}):
        of_shop = shops.connect(**CONNECT, bound_to="shop-1")
        of_user = users.lean.connect(**CONNECT, bound_to=USER)
        assert shops.open(of_shop.token).id == of_shop.id
        assert users.lean.open(of_user.token).id == of_user.id
    client = users.client(USER)
    assert client.get(of_user.url).status_code == client.get(of_shop.url).status_code == 200
    assert client.get("/shops/picker", query_string={"flow": of_user.token}).status_code == 403
    assert users.client("shop-1").get(of_user.url).status_code == 403


def test_one_blueprint_asks_on_each_of_its_apps(fake_lean):
    users = UserHost(fake_lean)
    second = Flask("second")
    second.config["SECRET_KEY"] = users.app.config["SECRET_KEY"]
    second.register_blueprint(users.lean)
    flow = users.flow()
    for user, status in ((USER, 200), ("user-2", 403)):
        headers = {"Authorization": f"Bearer {user}"}
        assert second.test_client().get(flow.url, headers=headers).status_code == status
