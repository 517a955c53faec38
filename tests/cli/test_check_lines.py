"""What ``flask lean check`` finds: each trap has a line, and the exit code says what works."""

from __future__ import annotations

import json
import re
import secrets
import time

import pytest
import redis

from lean_flask.services import get_services
from support.clock import MovableClock, use_clock

SAFE = {
    "SECRET_KEY": secrets.token_hex(),
    "TRUSTED_HOSTS": [".shop.example"],
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
}


@pytest.fixture
def check(make_app):
    """Runs the check of a host that is safe but for what the test says; its lines and code."""

    def run(config=None, **settings):
        app = make_app(**settings)
        app.config.update(SAFE | (config or {}))
        result = app.test_cli_runner().invoke(args=["lean", "check", "--json"])
        found = [
            (line["check"], line["state"], line["detail"]) for line in json.loads(result.output)
        ]
        return found, result.exit_code

    return run


def test_a_safe_host_gets_no_warning(check, tmp_path):
    lines, code = check(sandbox=False, store_url=f"sqlite:///{tmp_path}/store")
    assert [line for line in lines if line[1] != "ok"] == []
    urls = [detail for name, _, detail in lines if name == "register"]
    assert [url.startswith("https://shop.example/lean/return/") for url in urls] == [True, True]
    assert code == 0


def test_it_says_whether_there_is_a_page_for_operators(make_app):
    app = make_app()
    runner = app.test_cli_runner()
    assert "operations no page for operators: @lean.operator turns it on" in words_of(runner)
    app.blueprints["lean"].operator(lambda: None)
    assert "your-host.example/lean/operations, for those whom @lean.operator" in words_of(runner)


def words_of(runner):
    return " ".join(runner.invoke(args=["lean", "check"]).output.split())


@pytest.mark.parametrize(
    ("config", "settings", "name", "words"),
    [
        ({"SECRET_KEY": "dev"}, {}, "secret key", "SECRET_KEY has fewer than 32 bytes"),
        (
            {"SECRET_KEY_FALLBACKS": ["dev"]},
            {},
            "secret key",
            "SECRET_KEY_FALLBACKS has fewer than 32 bytes",
        ),
        ({"TRUSTED_HOSTS": None}, {}, "hosts", "TRUSTED_HOSTS is not set"),
        ({}, {"bind_flow": False}, "session", "LEAN_BIND_FLOW is off"),
        ({}, {"frame_ancestors": "*"}, "frames", "any site may frame"),
        ({}, {"frame_ancestors": "https:"}, "frames", "any site may frame"),
        ({}, {"frame_ancestors": "'self' https://*"}, "frames", "any site may frame"),
        (
            {},
            {"frame_ancestors": "'self' https://partner.example"},
            "frames",
            "SESSION_COOKIE_SAMESITE='None', SESSION_COOKIE_PARTITIONED=True",
        ),
        (
            {},
            {"origins": ["https://app.example", "capacitor://localhost"]},
            "origins",
            "pages of capacitor://localhost send no session cookie here; make flows with bound_to,"
            " or set SESSION_COOKIE_SAMESITE='None', SESSION_COOKIE_PARTITIONED=True",
        ),
        ({}, {"origins": ["https://localhost"]}, "origins", "send no session cookie here"),
        ({}, {"sandbox": False, "webhook_secret": None}, "webhooks", "LEAN_WEBHOOK_SECRET"),
        ({}, {"sandbox": False, "store_url": "memory:"}, "store", "each process has its own"),
        ({}, {"popular_banks": ["RJHI_SAU", "NO_SUCH_BANK"]}, "popular", "NO_SUCH_BANK"),
    ],
)
def test_each_trap_has_a_warning(check, config, settings, name, words):
    lines, code = check(config, **settings)
    warnings = [line for line in lines if line[:2] == (name, "warn")]
    assert [words in detail for _, _, detail in warnings].count(True) == 1
    assert "RJHI_SAU" not in warnings[0][2]
    assert code == 0


def test_a_framed_host_with_a_cookie_that_reaches_it_is_fine(check):
    cookie = {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_PARTITIONED": True}
    lines, _ = check(cookie, frame_ancestors="https://partner.example")
    assert [line for line in lines if line[0] == "frames"] == []


def test_origins_whose_pages_can_be_known_are_fine(check, app):
    named = {"origins": ["https://app.example", "http://localhost:5173"]}
    (line,) = [line for line in check(**named)[0] if line[0] == "origins"]
    assert line[1] == "ok"
    assert "https://app.example, http://localhost:5173" in line[2]


def test_mock_banks_that_are_hidden_are_not_counted(check, fake_lean):
    for bank in fake_lean.banks:
        bank["mock"] = True
    lines, code = check(show_mock=False)
    (detail,) = [detail for name, state, detail in lines if (name, state) == ("personal", "FAIL")]
    assert "customers see none" in detail
    assert code == 1


@pytest.mark.parametrize("key", [None, 12345])
def test_a_missing_key_is_a_failure(check, key):
    lines, code = check({"SECRET_KEY": key})
    assert ("secret key", "FAIL") in [line[:2] for line in lines]
    assert code == 1


def test_a_store_that_is_down_is_a_failure(check):
    lines, code = check(store_url="redis://:hidden-password@127.0.0.1:1/0")
    failed = [detail for name, state, detail in lines if (name, state) == ("store", "FAIL")]
    assert [detail.startswith("Redis at 127.0.0.1:1: ") for detail in failed] == [True]
    assert code == 1
    assert "hidden-password" not in str(lines)


def test_a_store_that_works_is_written_and_read(check, redis_server):
    lines, code = check(store_url=redis_server.url)
    assert [line for line in lines if line[0] == "store"] == [("store", "ok", "written and read")]
    assert ("events", "warn", "a restart of Redis may lose events; set appendonly yes") in lines
    assert code == 0


def test_redis_on_another_host_needs_tls_and_a_password(check):
    lines, _ = check(store_url="redis://redis.invalid/0")
    warnings = [detail for name, state, detail in lines if (name, state) == ("store", "warn")]
    assert len(warnings) == 2
    assert "rediss://" in warnings[0]
    assert "password" in warnings[1]
    lines, _ = check(store_url="rediss://:secret@redis.invalid/0")
    assert [line for line in lines if line[:2] == ("store", "warn")] == []


def test_each_kind_of_redis_on_another_host_needs_tls_and_a_password(check):
    for url in ("redis+sentinel://redis.invalid/shop", "redis+cluster://localhost,redis.invalid"):
        lines, _ = check(store_url=url)
        assert len([line for line in lines if line[:2] == ("store", "warn")]) == 2
    for url in ("redis+sentinel://127.0.0.1:1/shop", "rediss+cluster://:secret@redis.invalid"):
        lines, _ = check(store_url=url)
        assert [line for line in lines if line[:2] == ("store", "warn")] == []


def test_a_client_of_the_host_is_checked_by_the_name_of_its_setting(check):
    lines, code = check(store=redis.Redis("redis.invalid", password="hidden"), store_url=None)
    warnings = [detail for name, state, detail in lines if (name, state) == ("store", "warn")]
    assert warnings == ["LEAN_STORE has no TLS to another host; use ssl=True"]
    assert "hidden" not in str(lines)
    assert code == 1  # nobody is there


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("postgresql://shop@db.invalid/shop", True),
        ("postgresql://shop@localhost,db.invalid/shop?sslmode=require", True),
        ("postgresql://shop@db.invalid/shop?sslmode=verify-full&sslrootcert=system", False),
        ("postgresql://shop@127.0.0.1:1/shop", False),
        ("postgresql:///shop?host=/nowhere", False),
    ],
)
def test_postgres_on_another_host_needs_a_certificate_that_is_checked(check, url, warns):
    lines, code = check(store_url=url)
    warnings = [detail for name, state, detail in lines if (name, state) == ("store", "warn")]
    assert ["sslmode=verify-full" in detail for detail in warnings] == [True] * warns
    assert code == 1  # nobody is there


@pytest.mark.parametrize(
    ("mode", "warns"), [(0o700, False), (0o755, False), (0o770, True), (0o777, True)]
)
def test_a_folder_that_others_may_write_to_is_warned_of(check, tmp_path, mode, warns):
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    lines, code = check(store_url=f"sqlite:///{folder}/store")
    warnings = [detail for name, state, detail in lines if (name, state) == ("store", "warn")]
    assert ["write to the folder" in detail for detail in warnings] == [True] * warns
    assert code == 0


def test_no_bank_that_customers_see_is_a_failure(check, fake_lean):
    for bank in fake_lean.banks:
        bank["availability"]["enabled"] = {"data": False, "payments": False}
    lines, code = check()
    failed = [detail for name, state, detail in lines if (name, state) == ("personal", "FAIL")]
    assert "enable banks for this application in Lean's dashboard" in failed[0]
    assert code == 1


def test_the_banks_of_each_purpose_are_counted(check, fake_lean):
    lines, _ = check()
    personal = next(detail for name, _, detail in lines if name == "personal")
    assert "for data" in personal
    assert "for payments" in personal


def test_a_clock_that_is_off_is_told(check, monkeypatch):
    from lean_flask.upstream import http

    lines, _ = check()
    assert [line for line in lines if line[0] == "clock"] == []
    monkeypatch.setattr(http, "parsedate_to_datetime", lambda date: Past())
    lines, code = check()
    warnings = [detail for name, state, detail in lines if (name, state) == ("clock", "warn")]
    assert [detail.startswith("this machine is 90 s ahead of") for detail in warnings] == [True]
    assert code == 0


class Past:
    """Stands for a date of Lean's clock, 90 seconds ago."""

    def timestamp(self):
        return time.time() - 90


def test_events_that_wait_or_are_dead_are_counted(make_app, fake_lean, tmp_path):
    clock = MovableClock()
    app = make_app(store_url=f"sqlite:///{tmp_path}/store", webhook_delivery="worker")
    use_clock(app, clock)
    client = app.test_client()

    def line():
        output = app.test_cli_runner().invoke(args=["lean", "check", "--json"]).output
        return next(item for item in json.loads(output) if item["check"] == "events")

    assert (line()["state"], line()["detail"]) == ("ok", "worker; 0 waiting, 0 dead")
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    client.post("/lean/webhooks", data=body, headers=headers)
    waiting = r"worker; 1 waiting, 0 dead, the oldest waits for (\d+) s"
    assert re.fullmatch(waiting, line()["detail"])
    clock.ahead += 301
    assert line()["state"] == "warn"
    seconds = re.fullmatch(f"{waiting}: does flask lean work run\\?", line()["detail"])[1]
    assert int(seconds) >= 301
    with app.app_context():
        inbox = get_services("lean").events.inbox
    inbox.bury(inbox.claim(clock.wall(), 60), clock.wall(), (), "failed")
    assert line()["state"] == "warn"
    assert "1 dead: correct the receiver, then flask lean events retry --dead" in line()["detail"]
