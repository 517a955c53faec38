"""docs/troubleshooting.md quotes texts that the code has, and every log message."""

from __future__ import annotations

import ast
import re

from support.paths import ROOT

OF_OTHERS = {"Working outside of application context", "…: Unknown field."}  # Flask, marshmallow


def sentences_of_the_code():
    """Every text of the package, ``…`` where a value is put in."""
    texts = [path.read_text("utf-8") for path in (ROOT / "lean_flask").rglob("*.html")]
    for path in (ROOT / "lean_flask").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", None) for part in node.values]
                texts.append("".join(part if isinstance(part, str) else "…" for part in parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(re.sub(r"%(?:\(\w+\))?[-.\d]*[sdraf]", "…", node.value))
    return texts


def test_troubleshooting_starts_from_messages_that_there_are():
    """Each piece of each message, between what varies, stands in a text of the code."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    texts, unknown = sentences_of_the_code(), []
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    quoted = [text for row in rows for text in re.findall(r"`(.+?)`|\*(.+?)\*", " ".join(row[:2]))]
    messages = [text for text in (code or words for code, words in quoted) if " " in text]
    for message in messages:
        pieces = map(str.strip, re.split(r"…|; it takes |: | got |\(|\)", message))
        if message not in OF_OTHERS and not all(any(p in text for text in texts) for p in pieces):
            unknown.append(message)
    assert len(messages) > 60
    assert unknown == []


def log_messages():
    """The format string of every log call in the package, except for those of the stand-in."""
    for path in (ROOT / "lean_flask").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and "testing" not in path.parts:
                called, _, level = ast.unparse(node.func).partition(".")
                if called == "log" and level in {"info", "warning", "error", "exception"}:
                    yield node.args[0].value


def test_troubleshooting_lists_every_log_message():
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    lines = page.partition("\n## Log lines\n")[2].replace("…", "")
    pieces = {
        piece.strip(" :,;()")
        for message in log_messages()
        for piece in re.split(r"%[-.\d]*[sdraf]", message)
    }
    assert len(pieces) > 30
    assert [piece for piece in pieces if piece not in lines] == []
