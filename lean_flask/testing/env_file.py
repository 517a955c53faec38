"""The settings of a stand-in for other processes, as lines of ``NAME=value``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def env_lines(settings: Mapping[str, Any], control: str) -> Iterator[str]:
    """Return a line for each of *settings*, then one for ``flask lean fake``.

    No value needs quotes, so a shell, systemd and Docker read them alike.

    :param control: the address under which the stand-in is controlled.
    """
    for name, value in settings.items():
        yield f"LEAN_{name.upper()}={_text(value)}"
    yield f"LEAN_FAKE_URL={control}"


def write_env_file(path: Path, settings: Mapping[str, Any], control: str) -> None:
    """Write the lines to *path*, whole or not at all. Only the owner may read it.

    Each setting is there a second time as ``FLASK_LEAN_…``, for ``app.config.from_prefixed_env()``.

    :raises OSError: when it cannot be written.
    """
    lines = list(env_lines(settings, control))
    lines += [f"FLASK_LEAN_{name.upper()}={_text(value)}" for name, value in settings.items()]
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
