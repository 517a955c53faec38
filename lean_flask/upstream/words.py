"""Lean's own words for reasons and statuses. The sets are open: Lean adds to them."""

from __future__ import annotations

import re

from ..errors import FlowError

_WORD = re.compile(r"[A-Z][A-Z_]{0,63}", re.ASCII)


def lean_word(name: str, word: object, example: str) -> str:
    """Return *word*, the argument *name*.

    :raises FlowError: for what is no such word.
    """
    if isinstance(word, str) and _WORD.fullmatch(word):
        return word
    words = f"{name} got what is none; it takes one of Lean's words, such as {example!r}"
    raise FlowError(words, {name: words})
