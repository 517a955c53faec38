"""A front end on an origin of its own, in Chromium, over TLS: which ways to the host there are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lean_flask.testing import FakeLean
from support.front_end import FrontEnd

BANK = "RJHI_SAU"
ANYWHERE = {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True}
#: Each way: the host's name, how it is made, and the front end's bearer token.
WAYS = {
    "a subdomain": ("api.shop.test", {"SESSION_COOKIE_SAMESITE": "Lax"}, None),
    "another site": ("lean.bank.test", ANYWHERE, None),
    "no cookie": ("bearer.bank.test", {"bound": True}, "token-1"),
    "a partitioned cookie": (
        "chips.bank.test",
        ANYWHERE | {"SESSION_COOKIE_PARTITIONED": True},
        None,
    ),
}


@pytest.fixture(scope="module")
def front_end(tmp_path_factory):
    with FakeLean() as fake_lean:
        fake_lean.banks = [bank for bank in fake_lean.banks if bank["identifier"] == BANK]
        served = FrontEnd(fake_lean, tmp_path_factory.mktemp("front_end"))
        yield served
        served.close()


@pytest.fixture(scope="module")
def page(browser, front_end):
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(front_end.url)
    yield page
    context.close()


@pytest.fixture
def begin(front_end, page):
    """Shows the list of one way's host in the front end, and returns what the ways are told by."""

    def show(way, bearer=None, **sent):
        name, options, own_bearer = WAYS[way]
        api = front_end.add_host(name, **options)
        page.evaluate("(given) => begin(...given)", [api, bearer or own_bearer, sent])
        return api, page.get_by_role("button", name="Al Rajhi Bank"), page.get_by_role("status")

    return show


def expected(front_end):
    """The configs of a linking and of a return, without what differs from run to run."""
    always = {
        "app_token": front_end.fake_lean.app_token,
        "customer_id": front_end.customer_id,
        "bank_identifier": BANK,
        "sandbox": True,
        "language": "en",
    }
    connect = always | {
        "permissions": ["identity", "accounts"],
        "account_type": "PERSONAL",
        "success_redirect_url": f"{front_end.url}/",
        "fail_redirect_url": f"{front_end.url}/",
    }
    return {"connect": connect, "captureRedirect": always | {"granular_status_code": "SUCCESS"}}


def go_through(front_end, page, begin, way):
    """From the list to a success, then to the bank's page and back; the host's origin."""
    launches = front_end.fake_lean.launches
    launches.clear()
    dialog = page.frame_locator("#lean-stand-in")
    api, bank, status = begin(way)
    bank.click()
    dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(status).to_contain_text(f"SUCCESS at {front_end.url}/done?lean_status=SUCCESS")

    bank.click()
    dialog.locator("[data-lean-end=REDIRECT]").click()
    page.locator("[data-bank-end=approve]").click()
    dialog.locator("[data-lean-end=SUCCESS]").click()
    expect(status).to_contain_text(f"SUCCESS at {front_end.url}/done?lean_status=SUCCESS")

    for launch in launches:
        assert launch["config"].pop("access_token").count(".") == 2
    assert len(launches[-1]["config"].pop("consent_attempt_id")) == 36
    configs = expected(front_end)
    assert launches == [
        {"method": method, "config": configs[method]}
        for method in ("connect", "connect", "captureRedirect")
    ]
    return api


@pytest.mark.parametrize("way", ["a subdomain", "another site", "no cookie"])
def test_a_list_a_success_and_a_return_from_the_bank(front_end, page, begin, way):
    api = go_through(front_end, page, begin, way)
    assert bool(page.context.cookies(api)) is (way != "no cookie")


def test_without_landings_of_the_front_end_the_hosts_page_finds_the_flow(front_end, page, begin):
    launches = front_end.fake_lean.launches
    launches.clear()
    api, bank, _ = begin("a subdomain", hosted_landing=True)
    bank.click()
    dialog = page.frame_locator("#lean-stand-in")
    dialog.locator("[data-lean-end=REDIRECT]").click()
    page.locator("[data-bank-end=approve]").click()
    page.wait_for_url(f"{api}/lean/return/success?**")
    dialog.locator("[data-lean-end=SUCCESS]").click()
    page.locator("#screen [data-href]").click()
    page.wait_for_url(f"{front_end.url}/done?lean_status=SUCCESS**")
    assert [launch["method"] for launch in launches] == ["connect", "captureRedirect"]
    assert launches[0]["config"]["success_redirect_url"] == f"{api}/lean/return/success"


@pytest.mark.parametrize(
    ("bearer", "said"),
    [
        ("token-2", "403 other_user: You are signed in as somebody else"),
        ("of nobody", "403 signed_out: You are signed out. Sign in, then try again."),
    ],
)
def test_another_user_and_nobody_are_told_so(begin, bearer, said):
    _, bank, status = begin("no cookie", bearer)
    bank.click()
    expect(status).to_contain_text(said)


def test_a_page_of_another_origin_gets_nothing(front_end, page, begin, caplog):
    """The customer's cookies come along: they are for other sites, too."""
    api, _, _ = begin("another site")
    flow = page.evaluate(
        """api => fetch(`${api}/begin`, { method: "POST", credentials: "include" })
          .then((response) => response.json())""",
        api,
    )["flow"]
    page.goto(front_end.origin("app.evil.test"))
    front_end.answered.clear()
    calls = [
        ["/banks", {}],
        [f"/flows/x?flow={flow}", {}],
        ["/launch", {"headers": {"Content-Type": "application/json"}}],
        ["/launch", {"mode": "no-cors"}],
    ]
    read = page.evaluate(
        """([api, flow, calls]) => Promise.all(calls.map(([path, options]) => fetch(
          `${api}/lean${path}`,
          path === "/launch"
            ? { method: "POST", body: JSON.stringify({ flow }), credentials: "include", ...options }
            : { credentials: "include" },
        ).then(() => true, () => false)))""",
        [api, flow, calls],
    )
    assert read == [False] * 4
    assert sorted(front_end.answered) == [
        ("GET", "/lean/banks", 200, True),
        ("GET", "/lean/flows/x", 404, True),
        ("OPTIONS", "/lean/launch", 200, False),
        ("POST", "/lean/launch", 403, True),
    ]
    evil = front_end.origin("app.evil.test")
    advice = "if its pages are yours, add it to LEAN_ORIGINS"
    assert sorted(caplog.messages) == [
        f"Refused a POST to lean.launch: it comes from another origin, {evil} "
        f"(Sec-Fetch-Site: cross-site); {advice}",
        f"Refused a preflight of lean.launch from {evil}; {advice}",
    ]


def test_where_third_party_cookies_have_ended_partitioned_ones_work(front_end, page, begin, caplog):
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )
    page.goto(front_end.url)  # the pages from now on
    _, bank, status = begin("another site")
    bank.click()
    expect(status).to_contain_text("403 invalid_flow: The flow was made in another browser session")
    expect(status).to_contain_text("SESSION_COOKIE_PARTITIONED")
    assert "SESSION_COOKIE_PARTITIONED" in caplog.messages[0]
    go_through(front_end, page, begin, "a partitioned cookie")
