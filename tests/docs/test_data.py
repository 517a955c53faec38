"""docs/data.md lists every place where lean-flask stores something, and no other."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from lean_flask.banks.stores import open_store
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.postgres_schema import STORE
from lean_flask.events import redis_inbox_scripts, store_inbox
from lean_flask.events.open_inbox import open_inbox
from lean_flask.events.postgres_inbox_schema import INBOX
from support.paths import ROOT
from support.user_host import USER, UserHost, post, succeed

PAGE = (ROOT / "docs" / "data.md").read_text("utf-8")
STORES = dict(re.findall(r"^\| (SQLite|Postgres|Redis|a store of yours) \| (.+?) \|", PAGE, re.M))

#: Of the picker, that keep something in the browser.
SCRIPTS = {"storage.js", "kept-query.js"}


class Recording(MemoryStore):
    """Notes each key that is written, and each value."""

    def __init__(self):
        super().__init__()
        self.written = {}

    def update(self, key, updater, ttl):
        new = super().update(key, updater, ttl)
        if new is not None:
            self.written.setdefault(key, []).append(new)
        return new


def code_in(text):
    return re.findall(r"`([^`]+)`", text)


def as_pattern(key):
    return re.compile(re.sub(r"[A-Z]+", r"[^:]+", re.escape(key)))


@pytest.fixture
def store(fake_lean, monkeypatch):
    """A store after all that a host, its customers, Lean and an operator do."""
    monkeypatch.setattr(store_inbox, "MAX_ENDED", 0)
    store = Recording()
    settings = {"store": store, "store_url": None, "webhook_delivery": "inline"}
    refused = UserHost(fake_lean, **settings, client_id="another")
    assert refused.client(USER).get("/lean/banks").status_code == 502
    for per_customer in (False, True):
        users = UserHost(fake_lean, **settings, per_customer=per_customer)
        for user in (None, USER):
            client = users.browser(USER)
            users.given["bound_to"] = user
            flow = SimpleNamespace(token=client.get("/start").text)
            client.get("/lean/banks", query_string={"flow": flow.token})
            launch = post(client, "launch", flow, bank_identifier="RJHI_SAU")
            assert launch.status_code == 200, launch.text
            assert succeed(client, flow).status_code == 200
    switched = fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    linked = {"customer_id": users.customer, "id": "e"}
    others = [fake_lean.webhook_event("entity.created", linked) for _ in range(3)]
    for event in (switched, *others):
        body, headers = fake_lean.signed(event)
        assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200
    with users.app.app_context():
        users.lean.override("SNB_SAU", "hide", by="an operator")
    users.app.test_cli_runner().invoke(args=["lean", "check"])
    return store


def test_the_page_lists_every_key_and_no_other(store):
    section = PAGE.partition("## In the store")[2].partition("### Webhook events")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.M)
    listed = {key: as_pattern(key) for row in rows for key in code_in(row)}
    ours = r"\{lean-flask\}:1:[0-9a-f]{32}:"
    names = {re.sub(ours, "", key) for key in store.written if re.match(ours, key)}
    unknown = [name for name in names if not any(p.fullmatch(name) for p in listed.values())]
    assert unknown == []
    # A lease and a failure of one customer come and go by the same code as those of all.
    unseen = [key for key, p in listed.items() if not any(map(p.fullmatch, names))]
    assert set(unseen) <= {"failure:TYPE:CUSTOMER"}
    others = {key for key in store.written if not re.match(ours, key)}
    patterns = [
        as_pattern(key) for key in code_in(STORES["a store of yours"]) if ":inbox" not in key
    ]
    for key in others:
        end = re.sub(r"\{lean-flask\}:inbox:1:[0-9a-f]{32}:", "", key)
        assert any(pattern.fullmatch(end) for pattern in patterns), key
    assert {key.split(":")[4] for key in others} == {"shard", "page", "event"}


def test_no_value_in_the_store_names_a_customer_in_plain_text(store, fake_lean):
    (customer,) = {each["customer_id"] for each in fake_lean.customers.values()}
    for key, values in store.written.items():
        for value in values:
            assert customer.encode() not in value, key
            assert USER.encode() not in value, key


def test_the_page_lists_every_table(tmp_path):
    url = f"sqlite:///{tmp_path}/store"
    open_store(url, "/nowhere").update("a", lambda old, version: b"1", 100)
    open_inbox(url, "/nowhere", "app").counts()
    with closing(sqlite3.connect(tmp_path / "store")) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for (name,) in rows} == set(code_in(STORES["SQLite"]))
    scripts = STORE.script + INBOX.script
    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS \{s\}\.(\w+)", scripts))
    assert tables == set(code_in(STORES["Postgres"]))
    assert tables <= {*STORE.names, *INBOX.names}
    functions = set(re.findall(r"CREATE OR REPLACE FUNCTION \{s\}\.(\w+)", scripts))
    assert tables | functions == {*STORE.names, *INBOX.names}


def test_the_page_lists_every_key_of_events_in_redis():
    scripts = "".join(
        value for value in vars(redis_inbox_scripts).values() if isinstance(value, str)
    )
    used = {name.rstrip(":") for name in re.findall(r'key\("([a-z]+:?)"', scripts)}
    used |= set(re.findall(r'KEYS\[1\] \.\. ":([a-z]+)', scripts))
    listed = {key.partition(":")[0] for key in code_in(STORES["Redis"]) if ":inbox" not in key}
    assert listed == used | {"delivered"}  # ``key(state)``


def test_the_page_lists_what_is_in_the_browser():
    section = PAGE.partition("## In the browser")[2].partition("\n## ")[0]
    listed = {
        key for row in re.findall(r"^\| .+? \| (`.+?) \|", section, re.M) for key in code_in(row)
    }
    picker = "".join(
        (ROOT / "lean_flask" / "static" / "src" / name).read_text("utf-8") for name in SCRIPTS
    )
    client = (ROOT / "clients" / "js" / "src" / "storage.ts").read_text("utf-8")
    session = (ROOT / "lean_flask" / "web" / "browser_session.py").read_text("utf-8")
    keys = {
        *re.findall(r'^const (?:\w+_)?KEY = "(.+?)"', picker, re.M),
        *re.findall(r'^const KEY = "(.+?)"', client, re.M),
        *re.findall(r'^_KEY = "(.+?)"', session, re.M),
        *(f"{name}DIGEST" for name in re.findall(r'^_COOKIE_PREFIX = "(.+?)"', session, re.M)),
    }
    assert len(keys) == 8
    assert listed == keys


def test_nothing_else_of_the_package_uses_storage_or_cookies():
    scripts = (ROOT / "lean_flask" / "static" / "src").rglob("*.js")
    found = {
        path.name
        for path in scripts
        if re.search(r"(local|session)Storage\b", path.read_text("utf-8"))
    }
    assert found == SCRIPTS
    cookies = {
        path.name
        for path in (ROOT / "lean_flask").rglob("*.py")
        if re.search(r"\bset_cookie\(|\bsession\[", path.read_text("utf-8"))
    }
    assert cookies == {"browser_session.py"}
