"""``LEAN_ORIGINS``: pages of other origins that call the JSON routes (CORS)."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, abort, request

from lean_flask import FlowError, LeanBlueprint
from support.launching import SUCCESS, token_of

APP = "https://app.example"
ORIGINS = [APP, "http://localhost:5173", "capacitor://localhost", "ionic://localhost"]
#: The JSON routes, each with a call that succeeds.
CALLS = {
    "banks": ("GET", {}),
    "banks/RJHI_SAU": ("GET", {}),
    "launch": ("POST", {"bank_identifier": "RJHI_SAU"}),
    "return": ("POST", {}),
    "events": ("POST", {"event": "search_empty"}),
    "callback": ("POST", {"data": SUCCESS}),
    "flows/x": ("GET", {}),
}
READABLE = {
    "Allow-Origin": APP,
    "Allow-Credentials": "true",
    "Expose-Headers": "ETag, Age, Retry-After, WWW-Authenticate",
}


@pytest.fixture
def app(make_app):
    return make_app(origins=ORIGINS)


def cors(response):
    """The CORS headers of *response*, by what follows ``Access-Control-``."""
    return {
        name.removeprefix("Access-Control-"): value
        for name, value in response.headers.items()
        if name.startswith("Access-Control-")
    }


def call(client, path, flow, **headers):
    method, body = CALLS[path]
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "GET":
        return client.get(f"/lean/{path}", query_string={"flow": flow}, headers=headers)
    return client.post(f"/lean/{path}", json={"flow": flow} | body, headers=headers)


def preflight(client, path, origin=APP, method=None, names="content-type"):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method or CALLS[path][0],
        "Access-Control-Request-Headers": names,
        "Sec-Fetch-Site": "cross-site",
    }
    return client.options(f"/lean/{path}", headers=headers)


@pytest.mark.parametrize("origin", ORIGINS)
def test_each_json_route_answers_the_preflight_of_each_origin(client, origin):
    for path, (method, _) in CALLS.items():
        response = preflight(client, path, origin)
        assert (response.status_code, response.data) == (204, b"")
        assert cors(response) == {
            "Allow-Origin": origin,
            "Allow-Credentials": "true",
            "Allow-Methods": method,
            "Allow-Headers": "content-type",
            "Max-Age": "7200",
        }
        assert response.vary.as_set() == {
            "origin",
            "access-control-request-method",
            "access-control-request-headers",
        }


def test_a_page_of_an_allowed_origin_reads_every_response(client):
    flow = token_of(client)
    statuses = []
    for path in CALLS:
        response = call(client, path, flow, Origin=APP, Sec_Fetch_Site="cross-site")
        statuses.append(response.status_code)
        assert cors(response) == READABLE, path
        assert "origin" in response.vary.as_set()
    assert statuses == [200, 200, 200, 200, 204, 200, 404]


def test_it_also_reads_why_something_was_refused(client):
    client.set_cookie("session", "of another browser")
    for path, (method, _) in CALLS.items():
        if not path.startswith("banks"):
            response = call(client, path, "no flow", Origin=APP, Sec_Fetch_Site="same-site")
            assert (response.status_code, response.json["reason"]) == (403, "invalid_flow")
            assert cors(response) == READABLE, method
    for response in (
        client.get("/lean/banks?purpose=x", headers={"Origin": APP}),
        client.get("/lean/banks/NONE", headers={"Origin": APP}),
        client.post("/lean/launch", data="x", headers={"Origin": APP}),
        client.put("/lean/launch", headers={"Origin": APP}),
    ):
        assert response.status_code in {400, 404, 415, 405}
        assert (cors(response) == READABLE) is (response.status_code != 405)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evilapp.example",
        "https://api.app.example",
        "https://app.example/",
        "https://app.example https://evil.example",
        "http://localhost:5174",
        "http://localhost:51730",
        "capacitor://evil",
        "null",
        "",
        "*",
    ],
)
def test_another_origin_reads_and_sends_nothing(client, origin):
    flow = token_of(client)
    for path, (method, _) in CALLS.items():
        assert cors(preflight(client, path, origin)) == {}
        response = call(client, path, flow, Origin=origin, Sec_Fetch_Site="cross-site")
        assert cors(response) == {}
        assert "origin" in response.vary.as_set(), "a cache may not give it to the next origin"
        assert method == "GET" or response.status_code == 403


@pytest.mark.parametrize(
    ("origin", "advice"),
    [
        ("https://evil.example", "if its pages are yours, add it to LEAN_ORIGINS"),
        ("capacitor://localhost", "if its pages are yours, add it to LEAN_ORIGINS"),
        ("null", "such a page has no origin that LEAN_ORIGINS could name"),
        ("forged words", "such a page has no origin that LEAN_ORIGINS could name"),
    ],
)
def test_a_refusal_says_what_to_set(make_app, caplog, origin, advice):
    client = make_app(origins=[APP]).test_client()
    named = origin if "://" in origin else "of no http(s) site"
    preflight(client, "launch", origin)
    client.post("/lean/launch", json={}, headers={"Origin": origin, "Sec-Fetch-Site": "same-site"})
    client.post("/lean/launch", json={}, headers={"Origin": origin})
    assert caplog.messages == [
        f"Refused a preflight of lean.launch from {named}; {advice}",
        f"Refused a POST to lean.launch: it comes from another origin, {named} "
        f"(Sec-Fetch-Site: same-site); {advice}",
        f"Refused a POST to lean.launch from {named} to http://localhost; behind a proxy, use "
        f"ProxyFix; {advice}",
    ]


def test_without_the_setting_nothing_changes(make_app, caplog):
    client = make_app().test_client()
    preflight(client, "launch")
    assert caplog.messages == [
        f"Refused a preflight of lean.launch from {APP}; if its pages are yours, add it to "
        "LEAN_ORIGINS"
    ]
    flow = token_of(client)
    for path, (method, _) in CALLS.items():
        response = call(client, path, flow, Origin=APP, Sec_Fetch_Site="cross-site")
        assert cors(response) == {}
        assert "origin" not in response.vary.as_set()
        assert method == "GET" or response.status_code == 403


def test_the_list_is_for_others_as_it_was(app, make_app):
    """A shared cache keeps one list for all who say no origin, and one for each that does."""
    here, before = app.test_client(), make_app().test_client()
    known = {"If-None-Match": here.get("/lean/banks").headers["ETag"]}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Accept-Language": "ar"}, known):
        mine, plain = (client.get("/lean/banks", headers=headers) for client in (here, before))
        assert mine.data == plain.data
        assert mine.headers.pop("Vary") == plain.headers.pop("Vary") + ", Origin"
        for response in (mine, plain):
            del response.headers["Cache-Status"], response.headers["Age"]
        assert list(mine.headers) == list(plain.headers)
    assert cors(here.get("/lean/banks", headers=known | {"Origin": APP})) == READABLE


def test_pages_and_other_routes_are_not_for_other_origins(client):
    flow = token_of(client)
    for path in (
        f"picker?flow={flow}",
        f"screens?flow={flow}",
        "return/success",
        "return/fail",
        "health",
        "openapi.json",
        "unknown",
    ):
        response = client.get(f"/lean/{path}", headers={"Origin": APP})
        asked = {"Origin": APP, "Access-Control-Request-Method": "GET"}
        assert cors(response) == cors(client.options(f"/lean/{path}", headers=asked)) == {}, path
    asked = {"Origin": APP, "Access-Control-Request-Method": "POST"}
    assert cors(client.options("/lean/webhooks", headers=asked)) == {}


def test_a_host_that_asks_for_a_login_first_refuses_no_preflight(app, client):
    @app.before_request
    def demand_login():
        if request.authorization is None:
            abort(401)

    asks = "authorization, content-type, sentry-trace"
    assert cors(preflight(client, "launch", names=asks))["Allow-Headers"] == asks
    response = call(client, "launch", "", Origin=APP)
    assert (response.status_code, cors(response)) == (401, READABLE)


@pytest.mark.parametrize("names", ["", "x\0y", "x; y", "a,,b", "é", "x" * 1_001])
def test_headers_that_are_none_are_not_sent_back(client, names):
    said = cors(preflight(client, "launch", names=names))
    assert said["Allow-Headers"] == "Authorization, Content-Type"


def test_a_form_of_an_allowed_origin_is_refused(client, caplog):
    form = {"flow": token_of(client), "bank_identifier": "RJHI_SAU"}
    for site in ("cross-site", "same-site"):
        headers = {"Origin": APP, "Sec-Fetch-Site": site}
        assert client.post("/lean/launch", data=form, headers=headers).status_code == 403
        assert caplog.messages.pop().endswith("; LEAN_ORIGINS is for JSON, not for forms")


def test_a_page_without_an_origin_cannot_pass_as_an_allowed_one(client):
    """A browser says that it comes from elsewhere, and not from where."""
    response = call(client, "launch", token_of(client), Sec_Fetch_Site="cross-site")
    assert response.status_code == 403


def test_a_session_cookie_that_did_not_come_is_named(app, client, caplog):
    open_flow = app.blueprints["lean"].open
    app.post("/own", endpoint="own")(lambda: open_flow(request.args["flow"]).id)
    flow, stranger = token_of(client), app.test_client()
    words = "the page of another origin sent no session cookie"
    assert words in call(stranger, "launch", flow, Origin=APP).json["detail"]
    assert words in caplog.text
    with pytest.raises(FlowError, match=words):  # in a view of the host
        stranger.post(f"/own?flow={flow}", headers={"Origin": APP})
    caplog.clear()
    stranger.get("/link")
    call(stranger, "launch", flow, Origin=APP)
    call(app.test_client(), "launch", flow)
    assert (
        caplog.messages == ["Refused lean.launch: The flow was made in another browser session"] * 2
    )


def test_each_blueprint_has_its_own_origins(app, fake_lean):
    settings = fake_lean.settings() | {"store_url": "memory:"}
    app.register_blueprint(
        LeanBlueprint("pay", url_prefix="/pay", origins=["https://pay.example"], **settings)
    )
    client = app.test_client()
    for prefix, origin in (("lean", APP), ("pay", "https://pay.example")):
        for asked in (APP, "https://pay.example"):
            response = client.get(f"/{prefix}/banks", headers={"Origin": asked})
            assert cors(response).get("Allow-Origin") == (asked if asked == origin else None)


def test_views_of_the_host_below_ours_have_the_hosts_own_rules(fake_lean):
    app = Flask(__name__)
    app.secret_key = "a test's secret key"
    lean = LeanBlueprint(**fake_lean.settings() | {"store_url": "memory:", "origins": [APP]})
    inner = Blueprint("inner", __name__, url_prefix="/inner")
    inner.post("/launch", endpoint="launch")(lambda: "the host's")
    lean.post("/mine", endpoint="mine")(lambda: "the host's")
    lean.register_blueprint(inner)
    outer = Blueprint("outer", __name__, url_prefix="/outer")
    outer.register_blueprint(lean)
    app.register_blueprint(outer)
    client = app.test_client()
    asked = {"Origin": APP, "Access-Control-Request-Method": "POST"}
    for path in ("inner/launch", "mine"):
        response = client.options(f"/outer/lean/{path}", headers=asked)
        assert (cors(response), "origin" in response.vary.as_set()) == ({}, False)
        assert cors(client.post(f"/outer/lean/{path}", headers=asked)) == {}
    assert cors(client.get("/outer/lean/banks", headers=asked)) == READABLE


def test_the_list_of_one_customer_is_readable_and_private(make_app):
    client = make_app(origins=[APP], per_customer=True).test_client()
    response = call(client, "banks", token_of(client), Origin=APP)
    assert cors(response) == READABLE
    assert response.cache_control.private
    stranger = call(client, "banks", token_of(client), Origin="https://evil.example")
    assert cors(stranger) == {}
    assert stranger.headers["Cross-Origin-Resource-Policy"] == "same-origin"
