"""Follows every link of the documents: ``python tools/links.py``.

Files and headings are looked up here. Addresses on the web are asked for; where none can be
reached at all, it says so and passes. Exit code 1 when a link leads nowhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag

import httpx
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent
DOCUMENTS = [path for folder in (".", "docs", "deploy") for path in (ROOT / folder).glob("*.md")]
_UNREACHED = (401, 403, 405, 429)  # there, but not for programs


@cache
def tokens_of(document: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(document.read_text("utf-8"))


def links_of(document: Path) -> Iterator[str]:
    for token in tokens_of(document):
        for part in token.children or ():
            address = part.attrGet("href") or part.attrGet("src")
            if address:
                yield str(address)


@cache
def anchors_of(document: Path) -> frozenset[str]:
    """Return the anchors of a document's headings, with a number behind repeated ones."""
    seen: dict[str, int] = {}
    anchors = set()
    tokens = tokens_of(document)
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            text = "".join(part.content for part in inline.children or ())
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            anchors.add(f"{slug}-{seen[slug]}" if slug in seen else slug)
            seen[slug] = seen.get(slug, 0) + 1
    return frozenset(anchors)


def broken_here() -> list[str]:
    """Links to files and headings that are not there."""
    broken = []
    for document in DOCUMENTS:
        for address in links_of(document):
            path, anchor = urldefrag(unquote(address))
            target = document.parent / path if path else document
            if re.match(r"[a-z]+:", address):
                continue
            if not target.exists() or (anchor and anchor not in anchors_of(target)):
                broken.append(f"{document.relative_to(ROOT)}: {address}")
    return broken


def main() -> int:
    broken = broken_here()
    outside = sorted({urldefrag(link)[0] for document in DOCUMENTS for link in links_of(document)})
    outside = [address for address in outside if re.match(r"https?://(?!127\.)", address)]
    unreached = []
    with httpx.Client(follow_redirects=True, timeout=10) as client:
        for address in outside:
            try:
                status = client.get(address).status_code
            except httpx.TransportError as error:
                unreached.append(f"{address} ({type(error).__name__})")
                continue
            if status >= 400 and status not in _UNREACHED:
                broken.append(f"{address}: {status}")
    print(*(f"BROKEN {link}" for link in broken), sep="\n", end="\n" if broken else "")
    if unreached:
        print(f"SKIPPED {len(unreached)} of {len(outside)} addresses: they cannot be reached")
        print(*(f"  {address}" for address in unreached), sep="\n")
    if not broken:
        print(f"{len(DOCUMENTS)} documents, no link that was followed is broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
