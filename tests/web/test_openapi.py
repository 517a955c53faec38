"""GET /openapi.json: it says what the routes do, no less and no more."""

import json

import openapi
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from lean_flask.common.types import PLATFORMS
from lean_flask.flows.flow import SCHEMAS
from support.launching import SUCCESS
from support.native_values import CALLS, everything_for

PAGES = {
    "/picker",
    "/return/success",
    "/return/fail",
    "/picker.css",
    "/screens",
    "/qr",
    "/ending.css",
    "/languages.css",
    "/operations",
    "/operations.css",
}


@pytest.fixture
def document(client):
    return client.get("/lean/openapi.json").json


@pytest.fixture
def fits(document):
    """Checks an answer against what the document says of its operation."""
    components = json.loads(json.dumps(document["components"]))
    for schema in components["schemas"].values():
        schema.setdefault("additionalProperties", False)  # here, an undocumented field is a fault

    def check(response, path, method="get"):
        said = document["paths"][path][method]["responses"][str(response.status_code)]
        for name, header in said.get("headers", {}).items():
            named = header["$ref"].rpartition("/")[2]
            kind = document["components"]["headers"][named]["schema"]["type"]
            assert kind == "string" or response.headers[name].isdigit(), name
            assert name in response.headers
        if "content" not in said:
            assert response.data == b""
            return
        [(mimetype, content)] = said["content"].items()
        assert response.mimetype == mimetype
        schema = content["schema"] | {"components": components}
        Draft202012Validator(schema).validate(response.json)

    return check


def test_the_written_document_is_what_the_schemas_give():
    assert openapi.TARGET.read_text("utf-8") == openapi.written(), "Run `make openapi`."


def test_it_is_openapi(document):
    validate(document)


def test_every_json_route_is_in_it_and_no_other(app, document):
    routed = {
        (rule.rule.removeprefix("/lean").replace("<identifier>", "{identifier}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/lean")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    others = {path for path, _ in routed - described}
    assert described <= routed
    assert {path for path in others if not path.endswith(".js")} == PAGES


def test_it_says_where_it_is_served_and_which_lists_there_are(make_app):
    app = make_app(account_types=["BUSINESS"])
    client = app.test_client()
    here = client.get("/lean/openapi.json")
    moved = client.get("/lean/openapi.json", environ_overrides={"SCRIPT_NAME": "/app"})
    assert here.json["servers"] == [{"url": "/lean"}]
    assert moved.json["servers"] == [{"url": "/app/lean"}]
    assert here.json["components"]["schemas"]["AccountType"]["enum"] == ["BUSINESS"]


def test_it_revalidates_and_needs_no_cookie(client):
    first = client.get("/lean/openapi.json")
    again = client.get("/lean/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize("query", ["", "?lang=ar", "?purpose=fun"])
def test_the_lists_answers_fit(client, fits, query):
    fits(client.get(f"/lean/banks{query}"), "/banks")


def test_one_banks_answers_fit(client, fits):
    found = client.get("/lean/banks/RJHI_SAU")
    fits(found, "/banks/{identifier}")
    fits(client.get("/lean/banks/NOBODY"), "/banks/{identifier}")
    known = {"If-None-Match": found.headers["ETag"]}
    fits(client.get("/lean/banks/RJHI_SAU", headers=known), "/banks/{identifier}")


def test_answers_without_lean_fit(make_app, fake_lean, fits):
    fake_lean.stop()
    client = make_app().test_client()
    fits(client.get("/lean/banks"), "/banks")
    fits(client.get("/lean/health"), "/health")


@pytest.mark.parametrize("method", ["link", "pay", "checkout"])
def test_every_methods_launch_fits(client, fits, method):
    token = client.get(f"/{method}").location.partition("flow=")[2]
    body = {"flow": token, "bank_identifier": "RJHI_SAU"}
    response = client.post("/lean/launch", json=body)
    assert response.status_code == 200
    fits(response, "/launch", "post")
    fits(client.post("/lean/launch", json=body | {"bank_identifier": "X"}), "/launch", "post")


@pytest.mark.parametrize("method", SCHEMAS)
def test_the_launches_of_apps_fit(app_host, fits, method):
    given = everything_for(app_host, method)
    if method == "verifyAddress":
        del given["permissions"]
    flow = app_host.start(CALLS[method], **given)
    for platform in PLATFORMS:
        body = {"flow": flow["flow"], "platform": platform}
        fits(app_host.post("/lean/launch", body), "/launch", "post")
    if method != "reconnect":
        fits(app_host.post("/lean/return", body | {"landed_with": {}}), "/return", "post")


def test_the_answers_of_the_way_back_fit(client, flow, fits):
    landed = {"flow": flow, "landed_with": {"consent_id": "c"}}
    fits(client.post("/lean/return", json=landed), "/return", "post")
    body = {"flow": flow, "data": SUCCESS}
    fits(client.post("/lean/callback", json=body), "/callback", "post")
    event = {"flow": flow, "event": "loader_blocked"}
    fits(client.post("/lean/events", json=event), "/events", "post")
    fits(client.post("/lean/launch", json={"flow": flow}), "/launch", "post")


@pytest.mark.parametrize("path", ["/launch", "/callback", "/return", "/events"])
def test_refusals_fit(client, fits, path):
    url, json_type = f"/lean{path}", "application/json"
    for response, status in (
        (client.post(url, json={}), 400),
        (client.post(url, data=b"[" * 60_000, content_type=json_type), 400),
        (client.post(url, data=b'{"flow": 1e999}', content_type=json_type), 400),
        (client.post(url, json={"flow": "x", "data": {"status": "SUCCESS"}}), None),
        (client.post(url, json={}, headers={"Sec-Fetch-Site": "cross-site"}), 403),
        (client.post(url, json={"flow": "x" * 64_000}), 413),
        (client.post(url, data="{}", content_type="text/plain"), 415),
    ):
        assert status in {response.status_code, None}
        fits(response, path, "post")


def test_webhook_answers_fit(client, fake_lean, fits):
    event = {"type": "some.thing", "payload": {}, "event_id": "e"}
    body, signed = fake_lean.signed(event)
    fits(client.post("/lean/webhooks", data=body, headers=signed), "/webhooks", "post")
    fits(client.post("/lean/webhooks", data=body), "/webhooks", "post")
    fits(client.post("/lean/webhooks", data=b"x" * 1_000_001), "/webhooks", "post")
    body, signed = fake_lean.signed([])
    fits(client.post("/lean/webhooks", data=body, headers=signed), "/webhooks", "post")


def test_webhooks_that_are_off_fit(make_app, fits):
    client = make_app(webhook_secret=None).test_client()
    fits(client.post("/lean/webhooks", data=b"{}"), "/webhooks", "post")
