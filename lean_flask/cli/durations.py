"""``3d``, ``1d12h``, ``90``: how long something lasts, on the command line."""

from __future__ import annotations

import re

import click

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART = r"(\d{1,9}(?:\.\d{1,6})?)([smhdw])"


def read_duration(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
    """Return the seconds of an option: a number, or numbers with s, m, h, d or w.

    :raises click.BadParameter: when it is neither.
    """
    if text is None:
        return None
    if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
        return float(text)
    if not re.fullmatch(f"({_PART})+", text, re.ASCII):
        raise click.BadParameter(f"{text!r}: it takes 3d, 1d12h, 90s, or a number of seconds.")
    return sum(float(number) * _SECONDS[unit] for number, unit in re.findall(_PART, text, re.ASCII))
