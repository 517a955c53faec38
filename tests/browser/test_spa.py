"""examples/spa: a front end on an origin of its own, with a bearer token and no cookie."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, send_from_directory
from playwright.sync_api import expect
from spa.server import create_app

from lean_flask import flow_closed
from support.node import require_package, run
from support.paths import ROOT

SPA = ROOT / "examples" / "spa"
BANK = "RJHI_SAU"


def front_end(folder: Path) -> Flask:
    """Stands for the server of the built pages, which sends the policy that the README asks for."""
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    @app.get("/<path:path>")
    def page(path="index.html"):
        name = path if (folder / path).is_file() else "index.html"
        response = send_from_directory(folder, name)
        response.headers["Content-Security-Policy"] = app.config["POLICY"]
        return response

    return app


def test_from_the_list_to_success_and_back_from_the_bank(fake_lean, serve, open_page, tmp_path):
    require_package("vite")
    pages = front_end(tmp_path)
    origin = serve(pages).replace("127.0.0.1", "localhost")  # another site than the server's
    app = create_app(fake_lean, origin, store_url="memory:")
    api = serve(app)
    with app.app_context():
        policy = app.blueprints["lean"].csp()
    policy["connect-src"].append(api)
    pages.config["POLICY"] = "; ".join(f"{name} {' '.join(all)}" for name, all in policy.items())
    ends = []

    def note(_sender, data, **_):
        ends.append(data.status)

    flow_closed.connect(note, app)
    fake_lean.webhook_url = f"{api}/lean/webhooks"
    run("vite", "build", "--outDir", tmp_path, "--logLevel", "warn", cwd=SPA, VITE_API=api)

    page = open_page()
    rows, title, status = page.locator("li button"), page.locator("h1"), page.get_by_role("status")
    dialog = page.frame_locator("#lean-stand-in")

    def config(**expected):
        launch = fake_lean.launches[-1]
        given = dict(launch["config"])
        assert given.pop("access_token").count(".") == 2
        assert given.pop("customer_id") in fake_lean.customers
        common = {"app_token": fake_lean.app_token, "sandbox": True, "bank_identifier": BANK}
        assert given == common | expected
        return launch["method"]

    redirects = dict.fromkeys(["success_redirect_url", "fail_redirect_url"], f"{origin}/return")
    connect = {"permissions": ["identity", "accounts"], "account_type": "PERSONAL", **redirects}

    page.goto(origin)
    page.get_by_role("button", name="Sign in").click()
    expect(title).to_be_focused()
    expect(rows.nth(5)).to_be_visible()
    page.get_by_label("Search for your bank").fill("zzzz")
    expect(page.get_by_text("No bank of this name")).to_be_visible()
    page.get_by_label("Search for your bank").fill("rahji")  # as the server's search finds it
    expect(rows).to_have_text("Al Rajhi Bank")
    rows.click()
    dialog.locator("[data-lean-end=CANCELLED]").click()
    expect(status).to_have_text("Nothing was changed. Choose a bank whenever you like.")
    expect(rows).to_be_focused()
    rows.click()
    dialog.locator(".main[data-lean-end=SUCCESS]").click()
    expect(title).to_have_text("Your bank is linked")
    expect(title).to_be_focused()
    expect(status).to_have_text("Your bank has confirmed it.")
    assert config(**connect, language="en") == "connect"

    page.get_by_role("button", name="Link another bank").click()
    expect(title).to_be_focused()
    page.get_by_role("button", name="العربية").click()
    expect(page.get_by_role("button", name="English")).to_be_focused()
    expect(page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    page.get_by_label("ابحث عن بنكك").fill("الراجحى")
    expect(rows).to_have_text("مصرف الراجحي")
    for word, end in (("decline", "ERROR"), ("approve", "SUCCESS")):
        rows.first.click()
        redirect = dialog.locator("[data-lean-end=REDIRECT]")
        redirect.wait_for()
        if word == "decline":  # as if the bank had opened another browser
            page.evaluate("localStorage.clear(); sessionStorage.removeItem('lean-flask')")
        redirect.click()
        assert config(**connect, language="ar") == "connect"
        page.locator(f"[data-bank-end={word}]").click()
        dialog.locator(f".main[data-lean-end={end}]").click()
        if word == "decline":
            expect(title).to_have_text("لم تكتمل العملية. أعد المحاولة أو اختر بنكًا آخر.")
            page.get_by_role("button", name="اختر بنكًا").click()
            page.evaluate("sessionStorage['qahwa:token'] = 'run out'")
            rows.first.click()
            page.get_by_role("button", name="تسجيل الدخول").click()
            page.get_by_label("ابحث عن بنكك").fill("الراجحى")
            expect(rows).to_have_text("مصرف الراجحي")
    expect(title).to_have_text("تم ربط حسابك البنكي")
    expect(status).to_have_text("أكّد بنكك ربط الحساب.")
    attempt = fake_lean.launches[-1]["config"]["consent_attempt_id"]
    captured = {"granular_status_code": "SUCCESS", "consent_attempt_id": attempt}
    assert config(**captured, language="ar") == "captureRedirect"
    assert ends == ["CANCELLED", "SUCCESS", "REDIRECT", "ERROR", "REDIRECT", "SUCCESS"]
    assert page.context.cookies() == []
    assert page.url == f"{origin}/"
