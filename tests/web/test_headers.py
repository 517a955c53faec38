"""Every route in every state, and the headers that its answer must have (docs/csp.md)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import request

from lean_flask.testing import faults
from lean_flask.web.assets import languages_stylesheet_url

SUCCESS = {"status": "SUCCESS", "lean_correlation_id": "abc123"}


class Visitor:
    """A browser session with a flow, and Lean behind it."""

    def __init__(self, app, lean):
        self.app, self.lean = app, lean
        self.client = app.test_client()
        app.blueprints["lean"].operator(lambda: request.args.get("operator"))
        self.flow = parse_qs(urlsplit(self.client.get("/link").location).query)["flow"][0]

    def get(self, path, **options):
        return self.client.get(f"/lean/{path}", **options)

    def post(self, path, **body):
        return self.client.post(f"/lean/{path}", json={"flow": self.flow} | body)

    def picker(self, client=None):
        return (client or self.client).get("/lean/picker", query_string={"flow": self.flow})

    def launched(self):
        assert self.post("launch", bank_identifier="RJHI_SAU").status_code == 200
        return self

    def completed(self):
        assert self.post("callback", data=SUCCESS).status_code == 200
        return self

    def cross_site(self, path):
        headers = {"Sec-Fetch-Site": "cross-site"}
        return self.client.post(f"/lean/{path}", json={"flow": self.flow}, headers=headers)

    def without_lean(self):
        self.lean.fault("banks", faults.Status(500))
        self.lean.rotate_secret()
        return self

    def webhook(self, **headers):
        body, signed = self.lean.signed(self.lean.set_availability("RJHI_SAU"))
        return self.client.post("/lean/webhooks", data=body, headers=signed | headers)

    def asset(self, kind):
        urls = re.findall(rf'(?:href|src)="(/lean/picker\.{kind}\?[^"]+)"', self.picker().text)
        return self.client.get(urls[0].replace("&amp;", "&"))

    def ending_stylesheet(self):
        html = self.get("screens?method=pay").text
        return self.client.get(re.search(r'href="([^"]+)"', html)[1])

    def languages_stylesheet(self):
        with self.app.test_request_context():
            url = languages_stylesheet_url("lean")
        return self.client.get(url)

    def operations_stylesheet(self):
        html = self.get("operations?operator=Noura").text
        return self.client.get(re.search(r'href="([^"]+operations.css[^"]+)"', html)[1])


PAGES = {
    "picker": (200, lambda v: v.picker()),
    "picker without a list": (200, lambda v: v.without_lean().picker()),
    "picker, no flow": (403, lambda v: v.get("picker")),
    "picker, forged flow": (403, lambda v: v.get("picker?flow=x.y.z")),
    "picker, another browser": (403, lambda v: v.picker(v.app.test_client())),
    "picker, completed": (410, lambda v: v.completed().picker()),
    "landed well": (200, lambda v: v.launched().get("return/success")),
    "landed badly": (200, lambda v: v.launched().get("return/fail")),
    "screens": (200, lambda v: v.get("screens?method=pay")),
    "landed, no flow": (200, lambda v: v.get("return/success")),
    "operations": (200, lambda v: v.get("operations?operator=Noura")),
    "operations, of nobody": (404, lambda v: v.get("operations")),
    "form of operations, of nobody": (404, lambda v: v.client.post("/lean/operations")),
    "form of operations, without a token": (
        403,
        lambda v: v.client.post("/lean/operations?operator=Noura"),
    ),
}
PRIVATE = {
    "launch": (200, lambda v: v.post("launch", bank_identifier="RJHI_SAU")),
    "launch, bad body": (400, lambda v: v.post("launch", evil=1)),
    "launch, cross-site": (403, lambda v: v.cross_site("launch")),
    "launch, no such bank": (409, lambda v: v.post("launch", bank_identifier="NOBODY")),
    "launch, completed": (410, lambda v: v.completed().post("launch")),
    "launch, no token": (502, lambda v: v.without_lean().post("launch")),
    "callback": (200, lambda v: v.post("callback", data=SUCCESS)),
    "callback, bad data": (400, lambda v: v.post("callback", data={})),
    "callback, cross-site": (403, lambda v: v.cross_site("callback")),
    "capture": (200, lambda v: v.launched().post("return")),
    "flow status, another flow": (404, lambda v: v.get(f"flows/x?flow={v.flow}")),
    "flow status, no flow": (403, lambda v: v.get("flows/x")),
    "code, of one browser": (404, lambda v: v.get(f"qr?flow={v.flow}")),
    "event, bad body": (400, lambda v: v.post("events", event="x")),
    "form of operations, cross-site": (403, lambda v: v.cross_site("operations?operator=N")),
    "event, cross-site": (403, lambda v: v.cross_site("events")),
    "capture, cross-site": (403, lambda v: v.cross_site("return")),
    "health": (503, lambda v: v.get("health")),
    "alive": (200, lambda v: v.get("health/live")),
    "ready": (200, lambda v: v.get("health/ready")),
    "no such bank": (404, lambda v: v.get("banks/NOBODY")),
    "bad filter": (400, lambda v: v.get("banks?purpose=x")),
    "banks, no list": (502, lambda v: v.without_lean().get("banks")),
    "webhook, bad signature": (401, lambda v: v.webhook(**{"lean-signature": "sha512=00"})),
    "no such theme": (404, lambda v: v.get("picker.css?theme=x")),
}
PUBLIC = {
    "openapi": (200, lambda v: v.get("openapi.json")),
    "banks": (200, lambda v: v.get("banks")),
    "bank": (200, lambda v: v.get("banks/RJHI_SAU")),
    "stylesheet": (200, lambda v: v.asset("css")),
    "script": (200, lambda v: v.asset("js")),
    "stylesheet of operations": (200, lambda v: v.operations_stylesheet()),
    "stylesheet of further languages": (200, lambda v: v.languages_stylesheet()),
    "stylesheet of the ending": (200, lambda v: v.ending_stylesheet()),
}
ELSEWHERE = {
    "webhook": (200, lambda v: v.webhook()),
    "event": (204, lambda v: v.post("events", event="loader_blocked")),
}


@pytest.fixture
def visitor(make_app, fake_lean):
    return Visitor(make_app(), fake_lean)


def responses(table):
    return pytest.mark.parametrize(
        ("status", "ask"), [pytest.param(*row, id=name) for name, row in table.items()]
    )


@responses(PAGES)
def test_a_page(visitor, status, ask):
    response = ask(visitor)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    headers = response.headers
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert "camera=()" in headers["Permissions-Policy"]


@responses(PRIVATE)
def test_a_private_answer(visitor, status, ask):
    response = ask(visitor)
    assert (response.status_code, response.is_json) == (status, True)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@responses(PUBLIC)
def test_a_public_answer(visitor, status, ask):
    response = ask(visitor)
    assert response.status_code == status
    assert response.headers["Cache-Control"].startswith("public, ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Resource-Policy" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert visitor.flow not in response.text


@responses(PAGES | PRIVATE | PUBLIC | ELSEWHERE)
def test_no_answer_lets_another_origin_read_it(visitor, status, ask):
    visitor.client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    assert not [name for name, _ in ask(visitor).headers if "Access-Control" in name]


def test_a_webhook_leaves_no_cookie(visitor):
    response = visitor.webhook()
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_a_customers_own_list_is_never_shared(make_app, fake_lean):
    visitor = Visitor(make_app(per_customer=True), fake_lean)
    response = visitor.get("banks", query_string={"flow": visitor.flow})
    assert response.headers["Cache-Control"].startswith("private, ")
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_route_is_in_the_tables(app, fake_lean):
    asked = set()
    app.before_request(lambda: asked.add(request.endpoint))
    for table in (PAGES, PRIVATE, PUBLIC, ELSEWHERE):
        for name, (_, ask) in table.items():
            if "no list" not in name and "no token" not in name and "without a list" not in name:
                ask(Visitor(app, fake_lean))
    ours = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint[:5] == "lean."}
    assert ours - asked == set()  # a new route needs a row in one of the tables


def test_a_host_keeps_the_headers_that_it_sets(app, fake_lean):
    own = {
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self)",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Opener-Policy": "same-origin",
    }

    @app.after_request
    def of_the_host(response):
        response.headers.update(own)
        return response

    page = Visitor(app, fake_lean).picker()
    for name, value in own.items():
        assert page.headers.getlist(name) == [value]


@pytest.mark.parametrize(
    ("ancestors", "options"),
    [("'self'", "SAMEORIGIN"), ("https://partner.example", None)],
)
def test_who_may_frame_the_pages(make_app, ancestors, options):
    page = make_app(frame_ancestors=ancestors).test_client().get("/lean/return/success")
    assert f"frame-ancestors {ancestors}" in page.headers["Content-Security-Policy"]
    assert page.headers.get("X-Frame-Options") == options


def test_without_a_policy_framing_is_refused_all_the_same(make_app):
    page = make_app(csp=None).test_client().get("/lean/return/success")
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "launch"),
        ("get", "callback"),
        ("get", "return"),
        ("get", "webhooks"),
        ("post", "picker"),
        ("post", "banks"),
        ("put", "launch"),
        ("delete", "banks"),
        ("post", "return/success"),
    ],
)
def test_a_wrong_method_is_a_405_that_names_the_right_one(client, method, path):
    response = getattr(client, method)(f"/lean/{path}")
    assert response.status_code == 405
    assert response.headers["Allow"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/lean", "/lean/", "/lean/nothing", "/lean/banks/a/b"])
def test_an_unknown_path_below_the_prefix_is_neither_sniffed_nor_framed(make_app, path):
    response = make_app(frame_ancestors="'self'").test_client().get(path)
    assert response.status_code == 404
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_the_hosts_own_errors_are_left_alone(client):
    for path in ("/nothing", "/leaning"):
        headers = client.get(path).headers
        assert not {"X-Content-Type-Options", "Content-Security-Policy"} & {*headers.keys()}
