"""The script and the stylesheet without what only their readers need: comments and white space."""

from __future__ import annotations

import re

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s*([{};,]|(?<=[a-z]):(?= ))\s*")

# A regular expression is told from a division by the space after the latter's sign.
_JS_PART = re.compile(
    r"""
    (?P<kept> "(?:\\.|[^"\\])*" | `[^`]*` | /(?![/*\s])(?:\\.|\[[^\]]*\]|[^/\\\n])+/[a-z]* )
    | //[^\n]* | /\*.*?\*/
    | \s*(?P<sign>[{}();,=?:<>|&+])\s*
    | (?P<line>\n\s*)
    """,
    re.VERBOSE | re.DOTALL,
)


def slim_stylesheet(source: str) -> str:
    return _CSS_SPACE.sub(r"\1", _CSS_COMMENT.sub("", source))


def slim_script(source: str) -> str:
    """*source* made smaller. It has to end its statements with semicolons."""
    return _JS_PART.sub(
        lambda part: part["kept"] or part["sign"] or ("\n" if part["line"] else ""), source
    )
