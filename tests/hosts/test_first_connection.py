"""docs/first-connection.md as a reader follows it: an empty folder, ``flask run``, a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from support.documents import blocks_of
from support.paths import ROOT
from support.redis_server import free_port, until

DOCUMENT = "docs/first-connection.md"
PORT = "5000"  # of the document


@pytest.fixture
def site(tmp_path):
    """The document's files in an empty folder, served by its command at a port that is free."""
    port = str(free_port())
    for block in blocks_of(DOCUMENT):
        if block.file:
            path = tmp_path / block.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.code.replace(f":{PORT}/", f":{port}/"))
    assert "flask run" in {block.code.strip() for block in blocks_of(DOCUMENT)}
    command = [sys.executable, "-m", "flask", "run", "--port", port]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}/"
            until(lambda: server.poll() is not None or is_answered(url), 30)
            assert server.poll() is None, (tmp_path / "log").read_text()
            yield url
        finally:
            server.kill()
            server.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()


def is_answered(url):
    try:
        return urlopen(url, timeout=10).status == 200
    except URLError:
        return False


def test_from_an_empty_folder_to_a_connection_that_is_renewed(site, open_page):
    page = open_page()
    account = page.locator("li")
    dialog = page.frame_locator("#lean-stand-in")

    def press(name):
        page.get_by_role("button", name=name, exact=True).click()

    def approve():
        dialog.get_by_role("button", name="Approve", exact=True).click()
        expect(page.locator("#word[data-word=confirmed]")).to_be_visible()
        page.get_by_role("link", name="Continue").click()  # before the page does so by itself
        expect(page).to_have_title("My banks")

    page.goto(site)
    expect(page.locator("body")).to_contain_text("No bank is linked")
    press("Link a bank")
    page.locator("#all [value=RJHI_SAU]").click()
    approve()
    expect(account.first).to_contain_text("SAR")
    expect(page.locator("h2")).to_have_text("Al Rajhi Bank")
    accounts = account.all_text_contents()

    press("Try it: let the connections end")
    expect(page.locator("section p")).to_contain_text("has ended")
    expect(account).to_have_count(0)

    press("Renew")
    approve()
    expect(account).to_have_text(accounts)
    expect(page.locator("h2")).to_have_count(1)
