"""The server of the examples of apps, as each platform's app and a web view use it."""

from __future__ import annotations

import re

import pytest
from mobile_host import create_app
from playwright.sync_api import expect

from support.native_addresses import flutter_address, react_native_address, read_address
from support.redis_server import until

LEFT = {"status": "SUCCESS", "message": "Link closed after redirect"}
LANDED_WITH = {"consent_attempt_id": "attempt-1", "granular_status_code": "OK"}
#: What the SDK of each platform says of a success, and the model of the address that it opens.
PLATFORMS = {
    "react-native": (
        {"bank": {"bank_identifier": None, "is_supported": False}, "exit_point": None},
        react_native_address,
    ),
    "flutter": ({"bankId": None, "bankIsSupported": False, "exitPoint": None}, flutter_address),
    "ios": ({"bankDetails": None, "method": "CONNECT", "exitPoint": None}, None),
    "android": ({"bank": {"bankIdentifier": "RJHI_SAU", "isSupported": True}}, None),
}


class Phone:
    """An app's calls: a bearer token, no cookies, one platform."""

    def __init__(self, app, platform="react-native"):
        self.client, self.platform = app.test_client(use_cookies=False), platform
        token = self.post("/api/sign-in").json["token"]
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def post(self, path, **body):
        return self.client.post(path, json=body)

    def start(self):
        self.flow = self.post("/api/flows").json

    def lean(self, route, **body):
        given = {"flow": self.flow["token"], "platform": self.platform} | body
        return self.post(f"/lean/{route}", **given)

    def launch(self):
        banks = self.client.get("/lean/banks", query_string={"q": "الراجحى", "lang": "ar"})
        assert banks.json[0]["display_name"] == "مصرف الراجحي"
        return self.lean("launch", bank_identifier=banks.json[0]["identifier"]).json

    def report(self, data):
        return self.lean("callback", data=data).json

    def status(self):
        query = {"flow": self.flow["token"]}
        known = self.client.get(f"/lean/flows/{self.flow['id']}", query_string=query).json
        return known["status"], known["sdk_status"]


@pytest.fixture
def host(fake_lean, serve):
    """The app, and where it is; the stand-in sends its webhooks there."""
    app = create_app(fake_lean, store_url="memory:")
    app.testing = True
    app.config["HERE"] = serve(app)
    fake_lean.webhook_url = f"{app.config['HERE']}/lean/webhooks"
    return app


@pytest.fixture(params=PLATFORMS)
def phone(host, request):
    phone = Phone(host, request.param)
    phone.start()
    return phone


def read_of(phone, call):
    """What Lean's page reads of the address that the SDK opens; the config where no model is."""
    address_of = PLATFORMS[phone.platform][1]
    if address_of is None:
        return {name: call["config"].get(name) for name in call["config"]}
    return read_address(address_of(call))


def test_from_the_list_to_the_banks_word(phone, fake_lean):
    call = phone.launch()
    found = read_of(phone, call)
    assert found["bank_identifier"] == "RJHI_SAU"
    assert found["permissions"] == ["identity", "accounts"]
    assert found["success_redirect_url"] == "http://localhost/lean/return/success"
    assert found["fail_redirect_url"] == "http://localhost/lean/return/fail"
    assert call["native"]["app_token"] == fake_lean.app_token
    fake_lean.finish(call)
    said = {"status": "SUCCESS", "message": None} | PLATFORMS[phone.platform][0]
    assert phone.report(said)["can_retry"] is False
    until(lambda: phone.status() == ("confirmed", "SUCCESS"), 5)
    assert phone.lean("launch").json["reason"] == "completed"


def test_to_the_bank_and_back_into_the_app(phone, fake_lean):
    fake_lean.finish(phone.launch(), "REDIRECT")
    assert phone.report(LEFT)["status"] == "at_bank"
    call = phone.lean("return", landed_with=LANDED_WITH).json
    assert call["method"] == "captureRedirect"
    found = read_of(phone, call)
    assert {name: found[name] for name in LANDED_WITH} == LANDED_WITH
    fake_lean.finish(call)
    phone.report({"status": "SUCCESS"} | PLATFORMS[phone.platform][0])
    until(lambda: phone.status() == ("confirmed", "SUCCESS"), 5)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("launch", {"bank_identifier": "RJHI_SAU"}),
        ("callback", {"data": {"status": "SUCCESS"}}),
        ("return", {"landed_with": LANDED_WITH}),
    ],
)
def test_another_user_and_nobody_get_nowhere(host, route, body):
    holder, other, nobody = Phone(host), Phone(host), Phone(host)
    holder.start()
    del nobody.client.environ_base["HTTP_AUTHORIZATION"]
    other.flow = nobody.flow = holder.flow
    theirs = other.lean(route, **body)
    assert (theirs.status_code, theirs.json["reason"]) == (403, "other_user")
    assert "somebody else" in theirs.json["advice"]
    unsigned = nobody.lean(route, **body)
    assert (unsigned.status_code, unsigned.json["reason"]) == (403, "signed_out")
    assert "sign in" in unsigned.json["advice"].lower()
    assert nobody.post("/api/flows").status_code == 401
    assert nobody.post("/api/web-view").status_code == 401
    assert holder.status() == ("open", None)


def test_the_phone_opens_the_links_in_the_app(host):
    client = host.test_client()
    [details] = client.get("/.well-known/apple-app-site-association").json["applinks"]["details"]
    assert {"/": "/lean/return/*"} in details["components"]
    [statement] = client.get("/.well-known/assetlinks.json").json
    assert statement["target"]["package_name"] == "com.example.qahwa"


#: Android's, of an app.
WEB_VIEW = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36"
)


class WebView:
    """The app's web view, which has no session of the host until it is opened with a code."""

    def __init__(self, host, page):
        self.here, self.page = host.config["HERE"], page
        self.phone = Phone(host)
        page.route("**/app/picker", self._add_code)
        self.code = ""

    def _add_code(self, route):
        own = {"app-code": self.code, "accept-language": "ar"} if self.code else {}
        self.code = ""
        route.continue_(headers=route.request.headers | own)

    def open(self):
        """Open the picker as the app does; return how the host answered."""
        self.code = self.phone.post("/api/web-view").json["code"]
        return self.page.goto(f"{self.here}/app/picker").status

    def choose(self, end):
        self.page.locator("#all [value=RJHI_SAU]").click()
        self.end(end)

    def end(self, end):
        self.page.frame_locator("#lean-stand-in").locator(f"[data-lean-end={end}]").first.click()


def test_the_picker_in_a_web_view(host, fake_lean, open_page):
    view = WebView(host, open_page(user_agent=WEB_VIEW, has_touch=True, is_mobile=True))
    page, heading = view.page, view.page.locator("#screen h1")
    assert view.open() == 200
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    view.choose("SUCCESS")
    expect(heading).to_have_text("تم ربط حسابك البنكي")
    back = re.compile("^com.example.qahwa://bank-connected[?]lean_status=SUCCESS&")
    expect(page.locator("#screen [data-href]")).to_have_attribute("href", back)

    page.goto(view.here)  # the page that stands for the app, for a developer's browser
    page.get_by_role("button", name="ربط حساب بنكي").click()
    view.choose("REDIRECT")
    page.locator("[data-bank-end=approve]").click()
    view.end("SUCCESS")
    expect(heading).to_have_text("تم ربط حسابك البنكي")
    expect(page.locator("#screen [data-href]")).to_have_attribute("href", back)
    first, second, captured = fake_lean.launches
    assert first["method"] == second["method"] == "connect"
    landing = f"{view.here}/lean/return"
    for call in (first, second):
        config = {name: call["config"][name] for name in call["config"] if name != "access_token"}
        assert config.pop("customer_id")
        assert config == {
            "app_token": fake_lean.app_token,
            "permissions": ["identity", "accounts"],
            "bank_identifier": "RJHI_SAU",
            "account_type": "PERSONAL",
            "language": "ar",
            "sandbox": True,
            "success_redirect_url": f"{landing}/success",
            "fail_redirect_url": f"{landing}/fail",
        }
    assert captured["method"] == "captureRedirect"
    assert captured["config"]["customer_id"] == second["config"]["customer_id"]
    assert captured["config"]["consent_attempt_id"]


def test_a_code_is_good_once_and_in_a_header_alone(host):
    phone, view = Phone(host), host.test_client()
    code = phone.post("/api/web-view").json["code"]
    assert view.get("/app/picker", query_string={"App-Code": code}).status_code == 403
    headers = {"App-Code": code}
    opened = view.get("/app/picker", headers=headers)
    assert view.get(opened.location).status_code == 200
    other = host.test_client()
    theirs = Phone(host).post("/api/web-view").json
    other.get("/app/picker", headers={"App-Code": theirs["code"]})
    refused = other.get(opened.location)
    assert refused.status_code == 403
    assert "somebody else" in refused.text
    stranger = host.test_client()
    assert stranger.get("/app/picker", headers=headers).status_code == 403
    refused = stranger.get(opened.location)
    assert refused.status_code == 403
    assert "sign in" in refused.text.lower()
