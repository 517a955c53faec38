"""Secrets: from files, with white space at their ends, empty, and of a wrong type."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask

from lean_flask import ConfigurationError, LeanBlueprint
from lean_flask.config.settings import load_settings

SECRETS = ["APP_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "WEBHOOK_SECRET", "STORE_URL"]


def refused(config: dict[str, object]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"LEAN_APP_TOKEN": "token"} | config)
    return str(caught.value)


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_its_file(tmp_path: Path, caplog, key: str, ending: str) -> None:
    path, value = tmp_path / "secret", "redis://:hidden@localhost"
    path.write_bytes(b"\xef\xbb\xbf" + (value + ending).encode())
    config = {"LEAN_APP_TOKEN": "token", f"LEAN_{key}_FILE": str(path)}
    if key == "APP_TOKEN":
        del config["LEAN_APP_TOKEN"]
    settings = load_settings(config)
    loaded = getattr(settings, key.lower())
    assert loaded == ((value,) if key == "WEBHOOK_SECRET" else value)
    assert "hidden" not in repr(settings)
    assert caplog.text == ""


def test_a_file_of_webhook_secrets_has_one_per_line(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("old\nnew\n\n")
    config = {"LEAN_APP_TOKEN": "token", "LEAN_WEBHOOK_SECRET_FILE": tmp_path / "secret"}
    assert load_settings(config).webhook_secret == ("old", "new")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"hidden-1\nhidden-2\n", "more than one line"),
        (b"hidden" * 20_000, "more than one line"),
        (b"\xff\xfehidden", "not text in UTF-8"),
    ],
)
def test_a_file_that_holds_no_secret_is_named(tmp_path: Path, content, words) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    message = refused({"LEAN_CLIENT_SECRET_FILE": str(path)})
    assert message.startswith(f"LEAN_CLIENT_SECRET_FILE got {str(path)!r} (")
    assert words in message
    assert "hidden" not in message


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", "/dev/zero", "a\0b", "", 7):
        assert refused({"LEAN_APP_TOKEN_FILE": path, "LEAN_APP_TOKEN": None}).startswith(
            "LEAN_APP_TOKEN_FILE got "
        )


def test_a_secret_and_its_file_are_one_too_many(tmp_path: Path) -> None:
    message = refused({"LEAN_CLIENT_SECRET": "a", "LEAN_CLIENT_SECRET_FILE": str(tmp_path / "x")})
    assert message == (
        "LEAN_CLIENT_SECRET and LEAN_CLIENT_SECRET_FILE are both set; set one of them"
    )


def test_a_keyword_wins_over_a_file_of_the_config_and_the_other_way_round(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the file")
    path = str(tmp_path / "secret")
    config = {"LEAN_APP_TOKEN": "token", "LEAN_CLIENT_SECRET_FILE": path}
    assert load_settings(config, overrides={"client_secret": "given"}).client_secret == "given"
    config = {"LEAN_APP_TOKEN": "token", "LEAN_CLIENT_SECRET": "given"}
    settings = load_settings(config, overrides={"client_secret_file": path})
    assert settings.client_secret == "of the file"


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize("ends", [(" ", "\n"), ("\ufeff", "\xa0\u200b\r\n"), ("\u200f", "")])
def test_white_space_at_the_ends_is_ignored_with_one_warning(caplog, key: str, ends) -> None:
    value = "redis://:hidden@localhost"
    given = value.join(ends)
    settings = load_settings({"LEAN_APP_TOKEN": "token"} | {f"LEAN_{key}": given})
    assert getattr(settings, key.lower()) in (value, (value,))
    assert caplog.messages == [f"LEAN_{key} has white space at its ends, which is ignored"]


def test_a_mounted_webhook_secret_with_a_newline_works(make_app, fake_lean) -> None:
    client = make_app(webhook_secret=[f"{fake_lean.webhook_secret}\n"]).test_client()
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    assert client.post("/lean/webhooks", data=body, headers=headers).status_code == 200


@pytest.mark.parametrize("key", [*SECRETS, "COUNTRY", "API_URL", "HOST_NAME", "SDK_VERSION"])
def test_an_empty_string_is_named_as_empty(key: str) -> None:
    assert f"LEAN_{key} is empty; it takes " in refused({f"LEAN_{key}": ""})


def test_white_space_alone_is_empty() -> None:
    assert "LEAN_CLIENT_SECRET is empty" in refused({"LEAN_CLIENT_SECRET": " \n"})


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize("value", ["12345678", "1.5", "true"])
def test_a_number_from_the_environment_is_told_how_to_quote(monkeypatch, key, value) -> None:
    monkeypatch.setenv("FLASK_LEAN_APP_TOKEN", "token")
    monkeypatch.setenv(f"FLASK_LEAN_{key}", value)
    app = Flask(__name__)
    app.config.from_prefixed_env()
    with pytest.raises(ConfigurationError, match=rf"LEAN_{key} .*quote digits as JSON") as caught:
        app.register_blueprint(LeanBlueprint())
    assert value not in str(caught.value)


@pytest.mark.parametrize("keyword", ["self", "none", "SELF"])
def test_keywords_of_frame_ancestors_need_quotes(keyword: str) -> None:
    message = refused({"LEAN_FRAME_ANCESTORS": f"https://a.example {keyword}"})
    assert f"needs quotes: \"'{keyword.lower()}'\"" in message


@pytest.mark.parametrize(
    "sources", ["'self'", "'none'", "*", "https://*.a.example:* http://localhost:3000 'self'"]
)
def test_frame_ancestors_take_origins(sources: str) -> None:
    settings = load_settings({"LEAN_APP_TOKEN": "a", "LEAN_FRAME_ANCESTORS": sources})
    assert settings.frame_ancestors == sources
