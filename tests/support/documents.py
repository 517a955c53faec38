"""The fenced blocks of README.md and docs/*.md, with what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from support.paths import ROOT

DOCUMENTS = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]

#: What the pieces of code take from the host around them, for running and for mypy alike. Views
#: stay bare for readers.
HOST = """\
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# mypy: disable-error-code="no-redef"
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from flask import Flask, redirect, render_template
from lean_flask import LeanBlueprint, UpstreamError, webhook_received
from lean_flask import broken_connection, connection_broken
app: Flask
lean: LeanBlueprint
lean_ae: LeanBlueprint
current_user: Any
order: Any
intent: str
customer_id: str
entity_id: str
destination_id: str
reconnect_id: str
connections: dict[str, str]
mark_as_paid: Callable[[str], None]
user_id: Callable[[], str | None]
"""

# A comment in the first line names the file that a block is.
_FILE = re.compile(r"(?:#|//|\{#) ?([\w./-]+\.(?:py|html|js|css))(?: #\})?$")
_NOT_RUN = re.compile(r"<!-- not run: (\S.{9,}) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    :param chapter: the heading over it.
    :param line: of its fence, in the document.
    :param not_run: why it cannot be run, if a comment before it says so.
    """

    document: str
    chapter: str
    line: int
    language: str
    code: str
    not_run: str

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def file(self) -> str | None:
        """The file of the reader's project that the block is."""
        found = _FILE.match(self.code.partition("\n")[0])
        return found[1] if found else None


@cache
def tokens_of(document: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / document).read_text("utf-8"))


@cache
def blocks_of(document: str) -> list[Block]:
    return list(_blocks(document))


def _blocks(document: str) -> Iterator[Block]:
    chapter, before = "", ""
    tokens = tokens_of(document)
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            chapter = tokens[position + 1].content
        if token.type in {"fence", "code_block"}:
            reason = _NOT_RUN.fullmatch(before)
            line = (token.map or [0])[0] + 1
            language = token.info.strip() or token.type
            code = token.content
            yield Block(document, chapter, line, language, code, reason[1] if reason else "")
        before = token.content.strip() if token.type == "html_block" else ""


def block_under(document: str, chapter: str) -> Block:
    """The one block of Python in a chapter."""
    (block,) = (
        block
        for block in blocks_of(document)
        if block.chapter == chapter and block.language == "python"
    )
    return block


def run(block: Block, names: dict[str, object]) -> None:
    """Execute with the lines and the file name that a traceback should show."""
    exec(compile("\n" * block.line + block.code, ROOT / block.document, "exec"), names)
