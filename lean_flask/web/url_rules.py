"""URL rules that learn to build their URLs when one is asked for, and once for all apps.

Werkzeug compiles two functions for each rule that is added. That takes most of the time of a
registration, and with many apps in a process most of the memory; most of them are never called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from flask.sansio.app import App
from werkzeug.routing import Rule

_Build = Callable[..., tuple[str, str]]


@contextmanager
def urls_built_later(app: App) -> Iterator[None]:
    """Give *app* such rules for as long as this lasts."""
    usual = app.url_rule_class
    app.url_rule_class = _built_later(usual)
    try:
        yield
    finally:
        app.url_rule_class = usual


@cache
def _built_later(usual: type[Rule]) -> type[Rule]:
    @lru_cache(maxsize=1024)
    def builder(trace: tuple[tuple[bool, str], ...], append_unknown: bool) -> _Build:
        """Return what builds the URLs of rules that consist of *trace*."""
        compiled: _Build | None = None

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            nonlocal compiled
            compiled = compiled or usual._compile_builder(rule, append_unknown)
            return compiled(rule, **values)

        return build

    class BuiltLater(usual):  # type: ignore[misc,valid-type]
        # Private: under a Werkzeug that does not call it, rules are as usual.
        def _compile_builder(self, append_unknown: bool = True) -> _Build:
            if self.defaults:  # they become part of the function
                return usual._compile_builder(self, append_unknown)
            return builder(tuple(self._trace), append_unknown)

    return BuiltLater
