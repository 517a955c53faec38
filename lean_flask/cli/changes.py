"""``--set KEY=VALUE``: a change of an object that a command sends."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import click


def apply_change(change: str, content: dict[str, Any]) -> None:
    """Set the field of *content* that *change* names, such as ``amount=5`` or ``bank.name=x``.

    A value that is JSON is taken as that; but a text stays a text, also where it looks like a
    number.

    :raises click.BadParameter: when it names none.
    """
    key, separator, given = change.partition("=")
    *path, name = key.split(".")
    if not separator or not all([*path, name]):
        raise click.BadParameter(f"{change!r} is not KEY=VALUE.", param_hint="--set")
    for part in path:
        content = content.setdefault(part, {})
        if not isinstance(content, dict):
            raise click.BadParameter(f"{part!r} of {key!r} is no object.", param_hint="--set")
    value: Any = given
    if not isinstance(content.get(name), str):
        with suppress(ValueError):
            value = json.loads(given)
    content[name] = value
