"""A path of Lean's API as a host writes it: it cannot lead elsewhere, and messages tell no ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..common.fields import UNSAFE_CHARACTERS

_MAX_LENGTH = 2000  # characters
_MAX_LAYERS = 5  # of percent-encoding
#: Lean's own words in its paths. Nearly all else is an id.
_WORD = re.compile(r"v[0-9]{1,2}|[a-z]{2,20}(?:[-_][a-z]{2,20}){0,4}", re.ASCII)
_BEFORE_ANY_ID = frozenset({"app-user-id"})  # what follows it is the host's, whatever it looks like


@dataclass(frozen=True, slots=True)
class ApiPath:
    """A path of Lean's API.

    :param text: to be put behind the API's address.
    :param template: the same with ``{id}`` for each segment that may be an id.
    :param ids: those segments, as they are and decoded.
    """

    text: str = field(repr=False)
    template: str
    ids: tuple[str, ...] = field(repr=False)


def parse_path(text: object) -> ApiPath:
    """Return the path in *text*.

    :raises ValueError: saying what is wrong, without repeating it.
    """
    if not isinstance(text, str):
        raise ValueError(f"is of type {type(text).__name__}")
    if not text.startswith("/"):
        raise ValueError("does not begin with '/'")
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"has more than {_MAX_LENGTH} characters")
    if "?" in text or "#" in text:
        raise ValueError("has a '?' or '#'; a query goes into params")
    decoded = _decoded(text)
    if "\\" in decoded:
        raise ValueError("has a backslash")
    if UNSAFE_CHARACTERS.search(decoded.replace(" ", "")) or " " in text:
        raise ValueError("has a character that addresses cannot hold")
    if "//" in text:
        raise ValueError("has an empty segment; is an id missing?")
    if {".", ".."} & set(decoded.split("/")):
        raise ValueError("has a segment '.' or '..'")
    return _with_template(text)


def _decoded(text: str) -> str:
    for _ in range(_MAX_LAYERS):
        decoded = unquote(text)
        if decoded == text:
            return text
        text = decoded
    raise ValueError("is percent-encoded again and again")


def _with_template(text: str) -> ApiPath:
    template: list[str] = []
    ids: list[str] = []
    before = ""
    for segment in text.split("/"):
        if not segment or (_WORD.fullmatch(segment) and before not in _BEFORE_ANY_ID):
            template.append(segment)
        else:
            template.append("{id}")
            ids += {segment, unquote(segment)}
        before = segment
    return ApiPath(text, "/".join(template), tuple(ids))
