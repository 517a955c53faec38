"""Every link of the documents leads somewhere, and the tool that follows those on the web."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from links import broken_here

from support.paths import ROOT


def test_every_link_leads_somewhere():
    assert broken_here() == []


def test_no_page_links_to_a_document_outside_of_docs():
    """Sphinx builds these alone; it warns of the others, and ``make docs`` fails."""
    pages = {page.name: page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md")}
    outside = {name: re.findall(r"\]\((\.\./[^)#]*\.md)", text) for name, text in pages.items()}
    assert {name: links for name, links in outside.items() if links} == {}


def test_addresses_that_cannot_be_reached_are_skipped_and_named():
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, ROOT / "tools" / "links.py"]
    ran = subprocess.run(
        command, env=os.environ | nowhere, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert re.match(r"SKIPPED (\d+) of \1 addresses", ran.stdout)
    assert "https://docs.leantech.me (ConnectError)" in ran.stdout
