"""A call to Lean that the host describes itself: checked before it leaves."""

from __future__ import annotations

import json as json_module
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NoReturn, TypeAlias
from uuid import UUID

from ..common.secret import Secret
from ..errors import FlowError
from .api_path import ApiPath, parse_path

HTTPMethod: TypeAlias = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
QueryValue: TypeAlias = str | int | Decimal | UUID | date | None

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)
_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class AnyRequest:
    """A call in the form in which it is sent.

    :param is_idempotent: whether it may be sent again after a failure.
    """

    method: str
    path: ApiPath
    params: Mapping[str, Sequence[str]] | None = field(repr=False)
    json: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    is_idempotent: bool


def check_request(
    method: object, path: object, params: object, json: object, idempotency_key: object
) -> AnyRequest:
    """Return the call.

    :raises FlowError: naming the argument that cannot be sent, without repeating it.
    """
    if method not in _METHODS:
        _refuse("method", "is none of Lean's", f"one of {', '.join(_METHODS)}")
    try:
        parsed = parse_path(path)
    except ValueError as error:
        _refuse("path", str(error), "a path of Lean's API such as '/customers/v1/'")
    if json is not None and method in _SAFE_METHODS:
        _refuse("json", f"is given for {method}, which has no body", "None")
    key = _checked_key(idempotency_key)
    return AnyRequest(
        method=str(method),
        path=parsed,
        params=_query(params),
        json=None if json is None else _body(json),
        headers={} if key is None else {"Idempotency-Key": Secret(key)},
        is_idempotent=method in _SAFE_METHODS or key is not None,
    )


def _refuse(name: str, problem: str, takes: str) -> NoReturn:
    words = f"{name} {problem}; it takes {takes}"
    raise FlowError(f"request: {words}", {name: words})


def _checked_key(key: object) -> str | None:
    text = str(key) if isinstance(key, UUID) else key
    if text is None:
        return None
    if isinstance(text, str) and _KEY.fullmatch(text):
        return text
    _refuse(
        "idempotency_key", "cannot be sent", "1 to 255 ASCII characters without spaces, or a UUID"
    )


def _query(params: object) -> Mapping[str, Sequence[str]] | None:
    if params is None:
        return None
    takes = "names with a text, a number, a date, a UUID or a list of them"
    if not isinstance(params, Mapping):
        _refuse("params", f"is of type {type(params).__name__}", takes)
    query: dict[str, list[str]] = {}
    for name, value in params.items():
        values = value if isinstance(value, list | tuple | set | frozenset) else [value]
        try:
            name.encode()
            texts = [_query_text(each) for each in values if each is not None]
        except (AttributeError, ValueError):
            _refuse("params", "has a value that a query cannot hold", takes)
        if texts:
            query[name] = texts
    return query


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return _time_text(value)
    if not isinstance(value, str | int | UUID | Decimal):
        raise ValueError("type")
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    text.encode()  # half of a surrogate pair cannot be sent
    return text


def _body(json: Any) -> Any:
    takes = "what JSON can hold; amounts as Decimal, and ids as UUID, are taken too"
    try:
        plain = _plain(json, _MAX_DEPTH)
        json_module.dumps(plain, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        problem = "cannot be written as JSON" if isinstance(error, UnicodeError) else str(error)
        _refuse("json", problem, takes)
    return plain


def _plain(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("is nested too deep")
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("has a name that is no text")
        return {name: _plain(each, depth - 1) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, depth - 1) for each in value]
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("has a number that is not finite")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return _time_text(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"has a value of type {type(value).__name__}")


def _number(amount: Decimal) -> int | float:
    """Return *amount* as a number that is written with the same digits."""
    if not amount.is_finite() or abs(amount.adjusted()) > 300:
        raise ValueError("has a number that JSON cannot hold")
    if Decimal(repr(float(amount))) != amount:
        raise ValueError("has a number of more digits than JSON readers keep")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _time_text(value: date) -> str:
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ValueError("has a time without an offset from UTC")
    return value.isoformat()
