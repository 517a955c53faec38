"""An app without cookies, by a bearer token: from the list to the end, by routes and in Python."""

from __future__ import annotations

import pytest

from support.flow_page import NEEDED

PLATFORMS = ["web", "react-native", "flutter", "ios", "android"]
BACK = "com.example.app://bank"
REDIRECTS = {"success_redirect_url": f"{BACK}/success", "fail_redirect_url": f"{BACK}/fail"}
LEFT = {"status": "SUCCESS", "message": "Link closed after redirect"}
LANDED_WITH = {"consent_attempt_id": "attempt-1", "granular_status_code": "OK"}


@pytest.fixture(params=["/lean", "/api"], ids=["routes", "python"])
def api(request):
    """Where the calls are: our routes, or those of the host, which call Python."""
    return request.param


@pytest.fixture
def flow(app_host):
    given = NEEDED["connect"] | REDIRECTS | {"customer_id": app_host.customer_id}
    return app_host.start("connect", return_url="/done", **given)


def status(app_host, flow):
    query = {"flow": flow["flow"]}
    return app_host.client.get(f"/lean/flows/{flow['id']}", query_string=query).json


def set_up(app_host, platform):
    """Where the SDK of *platform* gets the app's token and its like: in each config, or once."""
    once = {"app_token": app_host.fake.app_token, "sandbox": True, "language": "en"}
    if platform == "web":
        return once, None
    return {}, once | {"country": "sa", "env": "production", "version": "latest"}


def open_at_a_bank(app_host, api, flow, platform):
    """Choose a bank of the list; return the exact call that opens the SDK."""
    banks = app_host.client.get("/lean/banks", query_string={"q": "rajhi", "purpose": "data"})
    bank = banks.json[0]["identifier"]
    body = {"flow": flow["flow"], "platform": platform, "bank_identifier": bank}
    call = app_host.post(f"{api}/launch", body).json
    assert call["config"].pop("access_token").count(".") == 2
    in_each, native = set_up(app_host, platform)
    assert (call["method"], call.get("native")) == ("connect", native)
    dates = {"access_from", "access_to"} if platform == "android" else set()
    account_type = {} if platform == "flutter" else {"account_type": "PERSONAL"}
    assert {name: of for name, of in call["config"].items() if name not in dates} == {
        "customer_id": app_host.customer_id,
        "bank_identifier": bank,
        **NEEDED["connect"],
        **REDIRECTS,
        **account_type,
        **in_each,
    }
    assert status(app_host, flow)["status"] == "launched"
    return bank


@pytest.mark.parametrize("platform", PLATFORMS)
def test_from_the_list_to_success(app_host, api, flow, platform):
    bank = open_at_a_bank(app_host, api, flow, platform)
    said = {"status": "SUCCESS", "bank": {"bank_identifier": bank, "is_supported": True}}
    report = {"flow": flow["flow"], "data": said, "platform": platform}
    for _ in "twice":  # an SDK may call back twice
        assert app_host.post(f"{api}/callback", report).status_code == 200
    known = status(app_host, flow)
    assert (known["status"], known["sdk_status"]) == ("reported", "SUCCESS")
    again = app_host.post("/lean/launch", {"flow": flow["flow"], "platform": platform})
    assert (again.status_code, again.json["reason"]) == (410, "completed")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_to_the_bank_and_back_to_the_app(app_host, api, flow, platform):
    open_at_a_bank(app_host, api, flow, platform)
    left = {"status": "REDIRECT"} if platform == "web" else LEFT
    app_host.post(f"{api}/callback", {"flow": flow["flow"], "data": left, "platform": platform})
    assert status(app_host, flow)["status"] == "at_bank"
    body = {"flow": flow["flow"], "platform": platform, "landed_with": LANDED_WITH}
    call = app_host.post(f"{api}/return", body).json
    assert call["config"].pop("access_token").count(".") == 2
    in_each, native = set_up(app_host, platform)
    assert (call["method"], call.get("native")) == ("captureRedirect", native)
    assert call["config"] == {"customer_id": app_host.customer_id, **LANDED_WITH, **in_each}
    said = {"status": "SUCCESS", "message": "Done"}
    app_host.post(f"{api}/callback", {"flow": flow["flow"], "data": said, "platform": platform})
    known = status(app_host, flow)
    assert (known["status"], known["sdk_status"]) == ("reported", "SUCCESS")


@pytest.mark.parametrize("call", ["launch", "callback", "return"])
@pytest.mark.parametrize(
    ("signed", "reason"),
    [("", "signed_out"), ("Bearer token of user-2", "other_user")],
    ids=["nobody", "somebody else"],
)
def test_nobody_else_gets_anywhere_with_it(app_host, flow, call, signed, reason):
    more = {
        "launch": {"bank_identifier": "RJHI_SAU"},
        "callback": {"data": {"status": "SUCCESS"}},
        "return": {"landed_with": LANDED_WITH},
    }
    stranger = app_host.app.test_client(use_cookies=False)
    headers = {"Authorization": signed} if signed else {}
    body = {"flow": flow["flow"], "platform": "flutter"} | more[call]
    response = stranger.post(f"/lean/{call}", json=body, headers=headers)
    assert (response.status_code, response.json["reason"]) == (403, reason)
    assert status(app_host, flow)["status"] == "open"
