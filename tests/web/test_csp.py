"""The two policies, word by word, and who gets to see them."""

from __future__ import annotations

import json

import pytest

from lean_flask.services import get_services
from lean_flask.web import csp

SELF, CDN, WILD = "'self'", "https://cdn.leantech.me", "https://*.leantech.me"
ANALYTICS = "https://cdn.segment.com http://cdn.mxpnl.com"
SERVICES = (
    "https://graphql.contentful.com https://api.segment.io https://cdn.segment.com "
    "https://api-js.mixpanel.com https://cdn.growthbook.io"
)
PICTURES = (
    "https://images.ctfassets.net http://images.contentful.com https://graphql.contentful.com"
)
FONTS = "'self' https://fonts.gstatic.com"

# As Lean documents them, written out once more.
POLICIES = {
    "wildcard": {
        "default-src": f"{SELF} {WILD} data: blob:",
        "script-src": f"{SELF} {WILD} {ANALYTICS}",
        "style-src": f"{SELF} {WILD} https://fonts.googleapis.com https://cdn.segment.com",
        "connect-src": f"{SELF} blob: {WILD} {SERVICES}",
        "img-src": f"{SELF} data: {WILD} {PICTURES}",
        "font-src": FONTS,
        "frame-src": f"{SELF} {WILD} data: blob:",
    },
    "strict": {
        "default-src": f"{SELF} {CDN} data: blob:",
        "script-src": f"{SELF} {CDN} {ANALYTICS}",
        "style-src": f"{SELF} {CDN} https://fonts.googleapis.com https://cdn.segment.com",
        "connect-src": (
            f"{SELF} blob: https://apm.ae01.leantech.me https://apm.sa01.leantech.me "
            "https://link.sandbox.leantech.me https://link.leantech.me "
            f"https://link.sandbox.sa.leantech.me https://link.sa.leantech.me {SERVICES}"
        ),
        "img-src": (
            f"{SELF} data: {CDN} https://images.leantech.me https://images.sandbox.leantech.me "
            f"https://images.sa.leantech.me https://images.sandbox.sa.leantech.me {PICTURES}"
        ),
        "font-src": FONTS,
        "frame-src": f"{SELF} {CDN} data: blob:",
    },
}
OURS = {"object-src": "'none'", "base-uri": "'none'"}
PAGES = OURS | {"form-action": "'self'", "frame-ancestors": "'none'"}


def words(policy):
    """A header, or directives as text, as sets: their order means nothing."""
    if isinstance(policy, str):
        policy = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    return {name: set(sources.split()) for name, sources in policy.items()}


@pytest.fixture
def on_lean(make_app):
    """A host of Lean's real loader; nothing here calls it."""

    def make(**settings):
        return make_app(loader_url=None, **settings)

    return make


@pytest.fixture(params=["wildcard", "strict"])
def policy(request):
    return request.param


def test_the_hosted_pages_send_it(on_lean, policy):
    page = on_lean(csp=policy).test_client().get("/lean/return/success")
    assert words(page.headers["Content-Security-Policy"]) == words(POLICIES[policy] | PAGES)


def test_wildcard_is_the_default(on_lean):
    page = on_lean().test_client().get("/lean/return/success")
    assert words(page.headers["Content-Security-Policy"])["script-src"] >= {WILD}


def test_none_sends_none(on_lean):
    page = on_lean(csp=None).test_client().get("/lean/return/success")
    assert "Content-Security-Policy" not in page.headers


def test_nothing_inline_and_no_eval_is_allowed(on_lean, policy):
    header = (
        on_lean(csp=policy)
        .test_client()
        .get("/lean/return/success")
        .headers["Content-Security-Policy"]
    )
    assert "unsafe" not in header
    assert "nonce" not in header


def test_the_host_gets_it_as_directives(on_lean, policy):
    app = on_lean(csp=policy)
    with app.app_context():
        found = app.blueprints["lean"].csp()
    assert {name: set(sources) for name, sources in found.items()} == words(POLICIES[policy] | OURS)


def test_a_nonce_of_the_hosts_is_for_scripts_alone(on_lean):
    app = on_lean()
    with app.app_context():
        plain, nonced = (app.blueprints["lean"].csp(nonce) for nonce in (None, "abc"))
    assert nonced.pop("script-src") == ["'self'", "'nonce-abc'", *plain.pop("script-src")[1:]]
    assert nonced == plain


def test_another_loader_is_let_in_by_its_origin(make_app, fake_lean):
    header = make_app().test_client().get("/lean/return/success").headers["Content-Security-Policy"]
    let_in = {name for name, sources in words(header).items() if fake_lean.url in sources}
    assert let_in == set(POLICIES["wildcard"]) - {"font-src"}


@pytest.mark.parametrize("sent", [{}, {"csp": "strict"}, {"csp": None}])
def test_the_command_prints_what_the_pages_send(on_lean, sent):
    app = on_lean(**sent)
    page = app.test_client().get("/lean/return/success")
    result = app.test_cli_runner().invoke(args=["lean", "csp"])
    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    if sent.get("csp", "") is None:
        assert words(result.output.strip()) == words(POLICIES["wildcard"] | PAGES)
    else:
        assert result.output.strip() == page.headers["Content-Security-Policy"]


def test_the_command_prints_either(on_lean, policy):
    run = on_lean(frame_ancestors="https://a.example https://b.example").test_cli_runner()
    result = run.invoke(args=["lean", "csp", "--policy", policy])
    expected = POLICIES[policy] | PAGES | {"frame-ancestors": "https://a.example https://b.example"}
    assert words(result.output.strip()) == words(expected)
    directives = json.loads(run.invoke(args=["lean", "csp", "--policy", policy, "--json"]).output)
    assert {name: set(sources) for name, sources in directives.items()} == words(expected)


# --- a policy of the host's, in the place of ours -----------------------------------------------


def test_a_policy_of_the_hosts_stays(on_lean):
    app = on_lean()

    @app.after_request
    def of_the_host(response):
        response.headers["Content-Security-Policy"] = "default-src 'none'"
        return response

    page = app.test_client().get("/lean/return/success")
    assert page.headers.getlist("Content-Security-Policy") == ["default-src 'none'"]


@pytest.mark.parametrize(
    ("sent", "gaps"),
    [
        (lambda own: own, ""),
        (lambda own: own.replace(CDN, "https:"), ""),
        (lambda own: "default-src *", "connect-src blob:, img-src data:, frame-src data: blob:"),
        (lambda own: "object-src 'none'", ""),
        (lambda own: own.replace("frame-src 'self' https://*.leantech.me", "frame-src 'self'"),
         f"frame-src {WILD}"),
    ],
    ids=["ours", "all https", "all hosts", "about something else", "a host is missing"],
)  # fmt: skip
def test_what_a_policy_lacks_is_found(on_lean, sent, gaps):
    app = on_lean()
    with app.app_context():
        settings = get_services("lean").settings
    found = csp.lacking(sent(csp.header(settings, "wildcard")), settings)
    assert found.startswith(gaps)
    assert bool(found) is bool(gaps)


@pytest.mark.parametrize(
    ("of_the_host", "state", "says"),
    [
        (None, "ok", "lets Lean's SDK in"),
        ("default-src 'self'", "warn", "script-src https://*.leantech.me"),
    ],
)
def test_check_sees_the_policy_that_the_app_really_sends(make_app, of_the_host, state, says):
    app = make_app()

    @app.after_request
    def set_policy(response):
        if of_the_host:
            response.headers["Content-Security-Policy"] = of_the_host
        return response

    assert (state, True) == checked(app, "csp", says)


def test_check_says_when_the_app_answers_in_our_place(make_app):
    app = make_app()
    app.before_request(lambda: ("Log in first", 401))
    assert checked(app, "csp", "401 UNAUTHORIZED") == ("warn", True)


# --- the session cookie -------------------------------------------------------------------------

SAFE = {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax"}


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (SAFE | {"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE is off"),
        (SAFE | {"SESSION_COOKIE_HTTPONLY": False}, "SESSION_COOKIE_HTTPONLY is off"),
        (SAFE | {"SESSION_COOKIE_SAMESITE": "Strict"}, "SESSION_COOKIE_SAMESITE is 'Strict'"),
        (SAFE | {"SESSION_COOKIE_SAMESITE": None}, "SESSION_COOKIE_SAMESITE is not set"),
    ],
)
def test_check_warns_of_an_unsafe_session_cookie(make_app, config, says):
    app = make_app(sandbox=False)
    app.config.update(config)
    assert checked(app, "cookie", says) == ("warn", True)


def test_check_is_content_with_a_safe_session_cookie(make_app):
    app = make_app(sandbox=False)
    app.config.update(SAFE)
    assert checked(app, "cookie", "'session'") == ("ok", True)
    sandbox = make_app()
    assert checked(sandbox, "cookie", "'session'") == ("ok", True)


def checked(app, name, says):
    """The state of the check called *name* and whether it says so; warnings fail nothing."""
    runner = app.test_cli_runner()
    result = runner.invoke(args=["lean", "check", "--json"])
    assert result.exit_code == 0, result.output
    assert "FAIL" not in runner.invoke(args=["lean", "check"]).output
    (check,) = [check for check in json.loads(result.output) if check["check"] == name]
    assert check["ok"]
    return check["state"], says in check["detail"]
