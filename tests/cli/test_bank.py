"""``flask lean bank``: take a bank out of use by hand, and put it back."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from lean_flask.banks.stores.base import StoreError
from lean_flask.banks.stores.sqlite import SqliteStore

BANK = "RJHI_SAU"


@pytest.fixture
def app(make_app, tmp_path):
    return make_app(store_url=f"sqlite:///{tmp_path}/store.sqlite3")


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["lean", "bank", *arguments])


def listed(run):
    return json.loads(run("--json").stdout)


def test_a_bank_is_taken_out_listed_and_put_back(run, client):
    until = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%MZ")
    words = ("--message-en", "Back soon", "--message-ar", "يعود قريباً", "--why", "ticket 4711")
    done = run(BANK, "--unavailable", "--until", until, *words)
    assert done.exit_code == 0, done.output
    assert f"In force: {BANK} unavailable until {until[:-1]}:00Z by " in done.output
    (override,) = listed(run)
    assert re.fullmatch(r".+@.+", override.pop("by"))
    assert override.pop("since")
    assert override == {
        "identifier": BANK,
        "action": "unavailable",
        "purpose": None,
        "until": f"{until[:-1]}:00Z",
        "message": {"en": "Back soon", "ar": "يعود قريباً"},
        "why": "ticket 4711",
    }
    assert client.get(f"/lean/banks/{BANK}").json["notice"]["en"] == "Back soon"
    assert BANK in run().output
    assert "ticket 4711" in run(BANK).output
    assert run("RIYAD_SAU").output == "RIYAD_SAU is not overridden.\n"
    cleared = run(BANK, "--clear", "--json")
    assert [one["identifier"] for one in json.loads(cleared.stdout)] == [BANK]
    assert listed(run) == []
    assert client.get(f"/lean/banks/{BANK}").json["notice"] is None


def test_it_is_logged_who_did_it_and_why(run, caplog, monkeypatch):
    monkeypatch.setenv("LOGNAME", "noura")
    monkeypatch.setenv("SUDO_USER", "")
    monkeypatch.setattr("socket.gethostname", lambda: "ops-1")
    run(BANK, "--hide", "--purpose", "payments", "--why", "their wish")
    assert f"{BANK} hide for payments by noura@ops-1 (their wish)" in caplog.text
    caplog.clear()
    run(BANK, "--clear", "--why", "they are back")
    assert "cleared by noura@ops-1 (they are back)" in caplog.text


def test_a_user_without_a_name_and_sudo_are_named(run, monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 4711)
    monkeypatch.setenv("SUDO_USER", "noura")
    run(BANK, "--hide")
    assert listed(run)[0]["by"].startswith("noura as uid 4711@")


def test_check_reminds_of_it(app, run):
    run(BANK, "--hide", "--purpose", "data")
    checked = app.test_cli_runner().invoke(args=["lean", "check"])
    assert f"out of use: {BANK}; see flask lean bank" in checked.output
    assert checked.exit_code == 0


def test_clearing_what_is_not_overridden_says_so(run, client):
    client.get("/lean/banks")
    done = run(BANK, "--clear")
    assert (done.exit_code, done.output) == (0, f"{BANK} was not overridden.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["RJHI_SAO", "--hide"], "did you mean RJHI_SAU?"),
        (["RJHI_SAO", "--clear"], "did you mean RJHI_SAU?"),
        (["al rajhi", "--hide"], "not an identifier such as"),
        (["--hide"], "Name the bank"),
        ([BANK, "--hide", "--clear"], "--hide and --clear exclude each other"),
        ([BANK, "--clear", "--until", "2099-01-01"], "--clear takes no --until"),
        ([BANK, "--hide", "--message-en", "x"], "--hide takes no --message-en"),
        ([BANK, "--why", "x"], "Say what to do"),
        ([BANK, "--unavailable", "--message-ar", "م" * 201], "200 are the most"),
        ([BANK, "--hide", "--until", "2020-01-01T12:00Z"], "is in the past; it is"),
        ([BANK, "--hide", "--until", "tomorrow"], "not a date and time of ISO 8601"),
        ([BANK, "--hide", "--until", "18:00"], "Without a zone, that of this machine counts"),
        ([BANK, "--hide", "--until", "0001-01-01T00:00"], "not a date and time"),
    ],
)
def test_a_wrong_argument_is_named(run, client, arguments, said):
    client.get("/lean/banks")
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.output.split())
    assert listed(run) == []


def test_a_time_without_a_zone_is_in_that_of_this_machine(run, monkeypatch):
    moment = (datetime.now() + timedelta(days=1)).replace(microsecond=0)  # noqa: DTZ005
    done = run(BANK, "--hide", "--until", moment.isoformat(), "--json")
    assert "--until has no zone, so this machine's counts" in done.stderr
    until = datetime.fromisoformat(listed(run)[0]["until"])
    assert until == moment.astimezone()


def test_a_bank_cannot_be_checked_before_a_list_is_held(run, caplog):
    done = run("BANK_WITHOUT_LIST", "--hide")
    assert done.exit_code == 0, done.output
    assert "so it was not checked" in caplog.text


def test_it_says_that_a_store_in_memory_is_out_of_reach(make_app):
    runner = make_app(store_url="memory:").test_cli_runner()
    for arguments in ([], [BANK, "--hide"]):
        done = runner.invoke(args=["lean", "bank", *arguments])
        assert done.exit_code == 1
        assert "lean.override()" in done.output


def test_it_fails_when_the_store_is_out_of_reach(make_app):
    app = make_app(store_url="redis://127.0.0.1:1/0")
    done = app.test_cli_runner().invoke(args=["lean", "bank", BANK, "--hide"])
    assert done.exit_code == 1
    assert "Nothing was changed" in done.output


def test_it_says_that_the_store_failed_meanwhile(run, client, monkeypatch):
    client.get("/lean/banks")

    def fail(*_):
        raise StoreError("disk full")

    monkeypatch.setattr(SqliteStore, "update", fail)
    done = run(BANK, "--hide")
    assert done.exit_code == 1
    assert "The store failed meanwhile (disk full)" in done.output
