"""``lean.open`` and the calls of a flow do what the JSON routes do, errors included."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from lean_flask import BankUnavailable, FlowError
from lean_flask.common.types import PLATFORMS
from lean_flask.flows.flow import SCHEMAS
from support.flow_page import NEEDED
from support.native_values import CALLS, everything_for

BANK = "RJHI_SAU"


def launched_by_route(app_host, token, **body):
    """Return the launch, or how it was refused."""
    response = app_host.post("/lean/launch", {"flow": token} | body)
    if response.status_code == 200:
        call = response.json
        return call["method"], call["config"], call.get("native")
    return response.json.get("reason", "arguments"), {*response.json.get("errors", ())}


def launched_in_python(app_host, token, **arguments):
    with app_host.signed_in():
        try:
            launch = app_host.lean.open(token).launch(**arguments)
        except FlowError as error:
            return error.reason, {*error.fields}
        except BankUnavailable as error:
            return error.reason, set()
    return launch.method, launch.config, launch.native


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("method", SCHEMAS)
def test_a_launch_is_the_same(app_host, method, platform):
    flow = app_host.start(CALLS[method], **everything_for(app_host, method))["flow"]
    by_route = launched_by_route(app_host, flow, platform=platform)
    assert launched_in_python(app_host, flow, platform=platform) == by_route


@pytest.mark.parametrize("method", ["connect", "pay", "reconnect", "manageConsents"])
@pytest.mark.parametrize(
    "chosen",
    [
        {"bank_identifier": BANK},
        {"bank_identifier": "NONE_SAU"},
        {"bank_identifier": 5},
        {"account_id": "x"},
        {"entity_id": "c1d2e3f4-5f0c-4a8e-9f8a-1c2d3e4f5a01"},
        {"account_type": "x", "bank_identifer": BANK},
        {"platform": "symbian"},
    ],
    ids=str,
)
def test_a_refused_launch_is_refused_for_the_same_reason(app_host, method, chosen):
    given = {"customer_id": app_host.customer_id, **NEEDED[CALLS[method]]}
    flow = app_host.start(CALLS[method], **given)["flow"]
    by_route = launched_by_route(app_host, flow, **chosen)
    assert launched_in_python(app_host, flow, **chosen) == by_route


@pytest.fixture
def flow(app_host):
    given = {"customer_id": app_host.customer_id, **NEEDED["connect"]}
    flow = app_host.start("connect", **given)["flow"]
    launched_by_route(app_host, flow, bank_identifier=BANK)
    return flow


@pytest.mark.parametrize("sent", [None, "status=SUCCESS", ["status"], [["status", "SUCCESS"]], 5])
@pytest.mark.parametrize(("call", "name"), [("closed", "data"), ("returned", "query")])
def test_what_is_no_object_is_refused(app_host, flow, call, name, sent):
    """A front end may send anything; an error of another type would be a 500 of the host."""
    with app_host.signed_in(), pytest.raises(FlowError) as caught:
        getattr(app_host.lean.open(flow), call)(sent)
    assert (caught.value.reason, {*caught.value.fields}) == ("arguments", {name})
    route, member = ("callback", "data") if call == "closed" else ("return", "landed_with")
    assert app_host.post(f"/lean/{route}", {"flow": flow, member: sent}).status_code == 400


def test_the_query_of_a_request_is_taken_as_it_is(app_host, flow):
    query = ImmutableMultiDict([("consent_attempt_id", "a"), ("other", "b"), ("other", "c")])
    with app_host.signed_in():
        launch = app_host.lean.open(flow).returned(query)
    assert launch.config["consent_attempt_id"] == "a"
