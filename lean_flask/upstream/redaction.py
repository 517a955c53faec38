"""Lean's words without what was sent to it: its errors repeat credentials and customers' data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ..common.secret import Secret
from .api_request import ApiRequest

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MIN_LENGTH = 4  # characters; what is shorter is left out where it stands as a word alone
_REPLACEMENT = "…"


def redact(text: str, call: ApiRequest, *, whole_words: bool = False) -> str:
    """Return Lean's *text* without credentials, ids, and values of the query and the body.

    :param whole_words: keep a value that is part of a longer word, as in ``CONSENT_NOT_FOUND``;
        for Lean's codes.
    """
    for credential in _credentials(call):
        text = text.replace(credential, _REPLACEMENT)
    values = {form for value in _values(call) for form in (value, quote(value, safe=""))}
    for value in sorted(values - {""}, key=len, reverse=True):
        if len(value) >= _MIN_LENGTH and not whole_words:
            text = text.replace(value, _REPLACEMENT)
        elif value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", _REPLACEMENT, text)
    return _UUID.sub(_REPLACEMENT, text)


def _credentials(call: ApiRequest) -> Iterator[str]:
    for value in (*call.headers.values(), *(call.form or {}).values()):
        if isinstance(value, Secret) and (plain := value.removeprefix("Bearer ")):
            yield plain


def _values(call: ApiRequest) -> Iterator[str]:
    waiting: list[Any] = [call.private, call.params, call.json]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str | int | float | Decimal) and not isinstance(value, bool):
            yield str(value).strip()
