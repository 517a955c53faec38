"""The numbers of ``tests/performance/limits.toml``: what is counted may not be more."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

#: Has the tests write what they count into the file, in place of comparing.
RENEW = "RENEW_LIMITS"


class Limits:
    """The limits in the file at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tables = tomllib.loads(path.read_text())

    def names(self, table: str) -> set[str]:
        return {*self._tables[table]}

    def hold(
        self, table: str, name: str, counted: float, what: object = "", slack: float = 0
    ) -> None:
        """Fail where *counted* is more than the limit.

        :param what: was counted; shown then.
        :param slack: the share by which it may be more, where not every machine counts alike.
        """
        if RENEW in os.environ:
            self._renew(table, name, counted)
            return
        limit = self._tables[table][name]
        assert counted <= limit * (1 + slack), (
            f"[{table}] {name}: {counted:g}, and the limit is {limit:g} "
            f"({self._path.name} says what to do)\n{what}"
        )

    def _renew(self, table: str, name: str, counted: float) -> None:
        lines = self._path.read_text().splitlines()
        at = lines.index(f"[{table}]") + 1
        while at < len(lines) and lines[at].startswith('"'):
            if lines[at].startswith(f'"{name}" = '):
                del lines[at]
                break
            at += 1
        lines.insert(at, f'"{name}" = {counted:g}')
        self._path.write_text("\n".join(lines) + "\n")
