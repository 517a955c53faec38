"""The options of ``python -m lean_flask.testing``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from marshmallow import ValidationError

from .control import DEFAULT_PATH
from .control.bodies import is_http_url

PORT = 8765
#: The same each time, so that apps need not be told anew. They open nothing but a stand-in.
APP_TOKEN = "fa4e1ea0-0000-4000-8000-00000000f1a5"
CLIENT_SECRET = "client-secret-of-the-stand-in"
WEBHOOK_SECRET = "webhook-secret-of-the-stand-in"

#: Paths of the stand-in itself.
_TAKEN = re.compile(
    r"/(oauth2|banks|customers|consents|payments|entities|data|link|img|stand-in)(/|\Z)"
)


@dataclass(frozen=True)
class Options:
    """How the process is run. Each field is the option of the same name."""

    host: str
    port: int
    base_url: str | None
    country: str
    app_token: str
    client_secret: str
    webhook_urls: list[str]
    webhook_secret: str
    env_file: Path | None
    faults_url: str


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read *arguments*, by default those of the process; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m lean_flask.testing",
        description="Run a stand-in for Lean until Ctrl-C or SIGTERM.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on; %(default)s by default")
    add("--port", type=_port, default=PORT, help="%(default)s by default; 0 picks a free one")
    add("--base-url", type=_url, help="where apps and browsers reach it, if behind a proxy")
    add("--country", choices=["sa", "ae"], default="sa")
    for name, default in (
        ("--app-token", APP_TOKEN),
        ("--client-secret", CLIENT_SECRET),
        ("--webhook-secret", WEBHOOK_SECRET),
    ):
        add(name, type=_word, default=default, metavar="TEXT")
    add(
        "--webhook-url",
        dest="webhook_urls",
        action="append",
        type=_url,
        default=[],
        metavar="URL",
        help="where each event goes, such as http://127.0.0.1:5000/lean/webhooks; repeatable",
    )
    add("--env-file", type=Path, metavar="PATH", help="file to write the settings for apps to")
    add(
        "--faults-url",
        type=_path,
        default=DEFAULT_PATH,
        metavar="PATH",
        help="path below which it is controlled over HTTP; %(default)s by default",
    )
    return Options(**vars(parser.parse_args(arguments)))


def _word(text: str) -> str:
    """Return a text that needs no quotes in a file of settings, whoever reads it."""
    if not re.fullmatch(
        r"[A-Za-z][A-Za-z0-9._~-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text
    ):
        raise argparse.ArgumentTypeError(
            f"{text!r}: it takes a letter, and then letters, digits and . _ ~ - (or a UUID)"
        )
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r}: it takes a number from 0 to 65535")
    return int(text)


def _url(text: str) -> str:
    try:
        is_http_url(text)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error.messages[0]}") from None
    return text.rstrip("/") if text.count("/") == 3 else text


def _path(text: str) -> str:
    path = text.rstrip("/")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path) or _TAKEN.match(path):
        raise argparse.ArgumentTypeError(
            f"{text!r}: it takes a path such as {DEFAULT_PATH}, which Lean's API does not have"
        )
    return path
