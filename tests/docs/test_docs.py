"""Every block of README.md and docs/*.md does what the reader is told that it does.

A document is a small project of its own: blocks that begin with the name of a file are that file,
pieces of Python run one after the other in an app on FakeLean, every view that they add is asked,
shell commands run beside it, and a block of text after a command is what the command prints.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask, redirect
from jinja2 import Environment

from lean_flask import LeanBlueprint
from lean_flask.flows.methods import TRAITS
from lean_flask.testing import FakeLean
from support.documents import DOCUMENTS, HOST, blocks_of, run
from support.paths import ROOT

PLAIN_APP = """\
from flask import Flask
from lean_flask import LeanBlueprint

app = Flask(__name__)
app.config.from_prefixed_env()
app.register_blueprint(LeanBlueprint())
"""
#: Commands that the shell finds instead of the real ones: none may install, serve or wait.
STAND_INS = {
    "pip": """case "$*" in
        "install /path/to/lean-flask"|"install /path/to/lean-flask[redis]"|\\
        "install /path/to/lean-flask[postgres]"|"install /path/to/lean-flask[otel]"|\\
        "install /path/to/lean-flask[prometheus]"|\\
        "install babel"|"install gunicorn"|"install --upgrade lean-flask") ;;
        *) echo "nobody knows pip $*" >&2; exit 1 ;; esac""",
    "make": 'exec /usr/bin/env -i PATH=/usr/bin:/bin make -C "{root}" --dry-run "$@" > /dev/null',
    "gunicorn": 'exec "{bin}/gunicorn" --check-config "$@"',
    "flask": """for argument in "$@"; do
        [ "$argument" = run ] && exec "{bin}/flask" --app app routes
        done; exec "{bin}/flask" "$@\"""",
    "curl": 'exec "{bin}/python" "{root}/tests/support/docs_curl.py" "$@"',
}
#: Plugins of pytest that are installed for the tests of lean-flask, and slow to import.
NO_READER_HAS = ["schemathesis", "hypothesispytest", "xdist", "anyio", "cacheprovider"]
#: Of what the customer of each document has linked.
PERMISSIONS = ["identity", "accounts", "balance", "transactions"]
LANGUAGES = {"python", "sh", "text", "json", "jinja", "mermaid", "javascript"}
DIRECTIVES = {"{eval-rst}", "{toctree}", "{include}"}  # Sphinx's, which make docs builds


# --- every block is one that is run -------------------------------------------------------------


def test_no_block_is_left_out_in_silence():
    for document in DOCUMENTS:
        for block in blocks_of(document):
            language = block.language.split()[0]
            known = language in LANGUAGES | DIRECTIVES
            assert known or block.not_run, f"{block.place}: nothing runs {language}"
            assert language != "javascript" or block.file, f"{block.place} is in no file"
        kept = [block.file for block in blocks_of(document) if block.file]
        assert len(kept) == len(set(kept)), f"{document} writes a file twice"


# --- the project of a document ------------------------------------------------------------------


class Project:
    """A document's files in a folder, and an app there for its pieces of code."""

    def __init__(self, document, folder, fake, monkeypatch):
        self.fake, self.folder, self.monkeypatch = fake, folder, monkeypatch
        self.customer_id = fake.add_customer("user-1")
        self.entity_id = fake.add_entity(self.customer_id, "SNB_SAU", PERMISSIONS)[0]["id"]
        self.blocks = [block for block in blocks_of(document) if not block.not_run]
        (folder / "app.py").write_text(PLAIN_APP)
        for block in self.blocks:
            if block.file:
                path = folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.code)
        monkeypatch.setenv("FLASK_SECRET_KEY", "a reader's secret key")
        for name, value in fake.settings().items():
            monkeypatch.setenv(f"FLASK_LEAN_{name.upper()}", json.dumps(value))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.chdir(folder)
        monkeypatch.syspath_prepend(folder)

    def pieces(self):
        return [block for block in self.blocks if block.language == "python" and not block.file]

    def has(self, name):
        return any((block.file or "").startswith(name) for block in self.blocks)

    @contextmanager
    def own_app(self):
        """The app of the document's app.py."""
        spec = importlib.util.spec_from_file_location("app", self.folder / "app.py")
        module = importlib.util.module_from_spec(spec)
        self.monkeypatch.setitem(sys.modules, "app", module)
        spec.loader.exec_module(module)
        yield module.app
        for value in vars(module).values():
            if isinstance(value, FakeLean):
                value.stop()

    def app_of_pieces(self):
        """An app in which the pieces of code were run, one after the other."""
        app = Flask("host", root_path=str(self.folder))
        app.config.from_prefixed_env()
        app.config["WTF_CSRF_ENABLED"] = False  # no form of a host's is asked for here
        for name, value in self.fake.settings().items():  # a second country, under its own prefix
            app.config[f"LEAN_AE_{name.upper()}"] = value
        app.config["LEAN_STORE_URL"] = app.config["LEAN_AE_STORE_URL"] = "memory:"
        app.config["LEAN_RETURN_SCHEMES"] = ["com.example.app"]
        lean = LeanBlueprint()
        app.register_blueprint(lean)
        names = {**self.surroundings(app), "app": app, "lean": lean, "__name__": "host"}
        for block in self.pieces():
            self.run(block, names)
        if hasattr(app, "login_manager"):
            app.login_manager.user_loader(lambda _: None)  # every host with logins has one
        return app

    def surroundings(self, app):
        app.config["CONNECT"] = {"customer_id": self.customer_id, "permissions": PERMISSIONS}
        names = {}
        exec(HOST, names)
        return names | {
            "current_user": SimpleNamespace(id=7, name="Sara Ali", emirates_id="784199012345671"),
            "order": SimpleNamespace(id=12, total=Decimal("120.50"), flow_id="x"),
            "intent": "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
            "customer_id": self.customer_id,
            "entity_id": self.entity_id,
            "destination_id": "0b1fd1b1-5a8a-4f7e-9d0c-3a0f5c1f7a02",
            "reconnect_id": "fae0ff1b-b0b7-481d-9c0a-533e0abfc798",
            "mark_as_paid": lambda intent: None,
        }

    def run(self, block, names):
        before = set(map(id, names.values()))
        run(block, names)
        for value in list(names.values()):
            if isinstance(value, LeanBlueprint) and id(value) not in before:
                self.check_settings(value)

    def check_settings(self, blueprint):
        """A blueprint that a piece of code makes takes its settings, registered there or not."""
        app = Flask("another host")
        for name, value in self.fake.settings().items():
            app.config[f"{blueprint._config_prefix}{name.upper()}"] = value
        app.register_blueprint(blueprint)


def ask_every_view(app):
    """Each view that is the host's own, and the picker that it leads to."""
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "." in rule.endpoint:
            continue
        method = "POST" if "POST" in rule.methods else "GET"
        path = re.sub(r"<[^>]*>", "1", rule.rule)
        query = "lean_status=SUCCESS"
        response = client.open(f"{path}?{query}", method=method, base_url="https://localhost")
        needs_more = response.status_code in {400, 401, 415}  # a login, a flow or a body of JSON
        assert response.status_code < 400 or needs_more, f"{path}: {response.text}"
        if "picker?flow=" in (response.location or ""):
            page = client.get(response.location, base_url="https://localhost")
            assert page.status_code == 200, page.text
            method = re.search(r'data-method="(\w+)"', page.text)[1]
            asks_for_bank = "bank" in TRAITS[method].choices and "data-preset" not in page.text
            assert "RJHI_SAU" in page.text or not asks_for_bank, path


@pytest.fixture
def project(request, tmp_path, fake_lean, monkeypatch):
    """The project of the document that the test is given."""
    return Project(request.param, tmp_path, fake_lean, monkeypatch)


def having(language):
    """The documents with such blocks to run, so that no test runs on nothing."""
    found = [
        document
        for document in DOCUMENTS
        if any(block.language == language and not block.not_run for block in blocks_of(document))
    ]
    return pytest.mark.parametrize("project", found, indirect=True)


@having("python")
def test_python(project):
    if project.pieces():
        app = project.app_of_pieces()
        app.register_blueprint(LeanBlueprint("settings", url_prefix="/settings"))
        ask_every_view(app)
    if project.has("app.py"):
        with project.own_app() as app:
            ask_every_view(app)
    if project.has("test_"):
        without = chain.from_iterable(("-p", f"no:{plugin}") for plugin in NO_READER_HAS)
        pytest_run = [sys.executable, "-m", "pytest", "-q", *without, "."]
        ran = subprocess.run(pytest_run, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout


@having("sh")
def test_shell(project):
    """Each block in one shell; the text after it is what it prints, ``…`` for what varies."""
    commands = project.folder / "stand-ins"
    commands.mkdir()
    python = Path(sys.executable).parent
    for name, script in STAND_INS.items():
        text = script.replace("{bin}", str(python)).replace("{root}", str(ROOT))
        (commands / name).write_text(f"#!/bin/sh\n{text}\n")
        (commands / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{commands}:{python}:/usr/bin:/bin", "COLUMNS": "200"}
    said = ""
    for block in project.blocks:
        if block.language == "sh":
            ran = subprocess.run(
                ["sh", "-eu", "-c", block.code],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, f"{block.place}\n{ran.stdout}{ran.stderr}"
            said = ran.stdout
        elif block.language == "text":
            pattern = ".*".join(re.escape(part) for part in block.code.strip().split("…"))
            assert re.fullmatch(pattern, said.strip()), f"{block.place}: it prints\n{said}"


def test_data_and_markup():
    for block in chain.from_iterable(map(blocks_of, DOCUMENTS)):
        if block.language == "json":
            json.loads(block.code)
        elif block.language == "jinja":
            Environment(autoescape=True).parse(block.code)
        elif block.language == "mermaid":
            assert block.code.split()[0] in {"sequenceDiagram", "flowchart"}, block.place


@having("javascript")
def test_javascript(project, serve, open_page):
    """The page of the document, with its script and templates, tells what happens on it."""
    app = project.app_of_pieces()
    page = open_page()
    page.goto(f"{serve(app)}/account")
    with page.expect_request(lambda sent: "bank_selected" in (sent.post_data or "")) as measured:
        page.locator("#all [value=RJHI_SAU]").click()
    assert urlsplit(measured.value.url).path == "/measured"
    assert json.loads(measured.value.post_data)["bank_identifier"] == "RJHI_SAU"


# --- what the documents say beside their blocks -------------------------------------------------


@pytest.mark.parametrize("project", ["README.md", "docs/quickstart.md"], indirect=True)
def test_the_first_app_has_a_themed_arabic_picker(project):
    with project.own_app() as app:
        client = app.test_client()
        page = client.get("/", follow_redirects=True).text
        assert '<html lang="ar" dir="rtl">' in page
        assert "مصرف الراجحي" in page
        assert "قهوة" in page
        (stylesheet,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
        assert "--accent:#0a6847" in client.get(stylesheet.replace("&amp;", "&")).text


@pytest.mark.parametrize("project", ["docs/picker.md"], indirect=True)
def test_the_pickers_page_changes_templates(project):
    app = project.app_of_pieces()
    app.get("/link")(lambda: redirect(app.blueprints["lean"].connect(**app.config["CONNECT"]).url))
    client = app.test_client()
    page = client.get("/link", follow_redirects=True).text
    assert '<img src="/static/logo.svg"' in page
    assert "Customer care" in page
    assert "Lean’s secure window" in page  # the parent's footer
    assert '<svg viewBox="0 0 44 44"' not in page  # the parent's tile
