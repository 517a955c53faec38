"""Counts the Python functions that a request enters: the same number in each run."""

from __future__ import annotations

import gc
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import request_finished

import lean_flask
from support.clock import wait_until_idle
from support.counted_host import CountedHost, Environ, constant

_OURS = str(Path(lean_flask.__file__).parent)
#: Functions of their own until Python 3.11, and part of what is around them from 3.12 on.
_COMPREHENSIONS = {"<listcomp>", "<dictcomp>", "<setcomp>"}


class Calls(Counter[str]):
    """How often each Python function was entered, by its place."""

    @property
    def ours(self) -> Calls:
        """Those of lean-flask."""
        return Calls({name: number for name, number in self.items() if name.startswith("~")})

    def beside(self, fewer: Calls) -> Calls:
        """Those that *fewer* has not."""
        return Calls({name: self[name] - fewer[name] for name in self})

    def listed(self) -> str:
        return "\n".join(f"{number:7} {name}" for name, number in self.most_common(40))


def calls_of(host: CountedHost, environ: Environ, app: Any = None) -> Calls:
    """Count the functions that are entered while *host* answers, or another *app* does."""
    calls = Calls()

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_name not in _COMPREHENSIONS:
            file, name = frame.f_code.co_filename, frame.f_code.co_qualname
            ours = file.startswith(_OURS) and file.endswith(".py")
            calls[f"~{file.removeprefix(_OURS)}: {name}" if ours else f"{file}: {name}"] += 1

    wait_until_idle(host.app)
    with unwatched():
        gc.disable()  # what it clears away may be of a request before
        sys.setprofile(note)
        try:
            serve(app or host.app, environ)
        finally:
            sys.setprofile(None)
            gc.enable()
    return calls


@contextmanager
def unwatched() -> Iterator[None]:
    """Keep what the tests themselves do with each response and log line out of the count."""
    logging.disable()
    try:
        with request_finished.muted():
            yield
    finally:
        logging.disable(logging.NOTSET)


def serve(app: Any, environ: Environ) -> None:
    """Answer *environ* as a server does, and keep nothing of it."""
    answered = app(environ, _start_response)
    b"".join(answered)
    answered.close()


def _start_response(status: str, headers: Any, error: Any = None) -> Callable[[bytes], object]:
    assert status < "4", status
    return lambda data: None


def beside_constant(host: CountedHost, make: Callable[[], Environ]) -> tuple[Calls, float]:
    """The calls of a request, and how many they are beside those of the same constant answer."""
    host.ask(make())
    environ = make()
    plain = constant(host.app, environ, host.ask(make()))
    calls_of(host, make(), plain)
    least = calls_of(host, make(), plain)
    calls = calls_of(host, environ)
    return calls, calls.total() / least.total()
