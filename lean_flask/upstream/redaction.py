"""Lean's words without what was sent to it: its errors repeat credentials and customers' data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ..common.secret import Secret
from .api_request import ApiRequest

#: What looks like a customer's, also where it was not sent: ids, IBANs, e-mail addresses, and
#: numbers of accounts, cards, phones and Emirates IDs.
_PERSONAL = re.compile(
    r"""
      [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
    | \b[a-z]{2}[0-9]{2}(?:[0-9a-z]{11,30}|(?:\ [0-9a-z]{4}){4,7}(?:\ [0-9a-z]{1,3})?)\b
    | (?<![^\s@<>"'])[^\s@<>"']+@[\w.-]+
    | \b784-?[0-9]{4}-?[0-9]{7}-?[0-9]\b
    | [0-9]{9,}
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_MIN_LENGTH = 4  # characters; what is shorter is left out where it stands as a word alone
_REPLACEMENT = "…"


def redact(text: str, call: ApiRequest, *, whole_words: bool = False) -> str:
    """Return Lean's *text* without credentials, values of the query and the body, and ids.

    What looks like an id or a number of a customer's is left out even if we did not send it.

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
    return _PERSONAL.sub(_REPLACEMENT, text)


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
