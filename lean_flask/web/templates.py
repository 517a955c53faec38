"""Our templates, compiled once for all apps of a process: a page's take a tenth of a second."""

from __future__ import annotations

from types import CodeType

from flask import current_app
from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket

_EXTENSION = "lean_flask_templates"  # in app.extensions
MAX_COMPILED = 512  # templates
#: What the compiled code depends on, beside what :func:`_key` adds.
_OPTIONS = (
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "trim_blocks",
    "lstrip_blocks",
    "newline_sequence",
    "keep_trailing_newline",
    "optimized",
    "is_async",
    "finalize",
    "code_generator_class",
)


class _Compiled(BytecodeCache):
    """The code of templates, by their source and by how an app has them compiled."""

    def __init__(self) -> None:
        self._codes: dict[object, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._codes) >= MAX_COMPILED:  # somebody writes at a template
            self._codes.clear()
        if bucket.code is not None:
            self._codes[_key(bucket)] = bucket.code


_compiled = _Compiled()


def our_template(name: str) -> Template:
    """Return the template ``lean_flask/`` *name*, or the one that the host has in its place."""
    environment: Environment = current_app.jinja_env
    if environment.bytecode_cache is None:  # else the host has one, perhaps for all its processes
        environment = _with_cache(environment)
    return environment.get_template(f"lean_flask/{name}")


def _with_cache(environment: Environment) -> Environment:
    """Return *environment* with our cache, which the host's own templates do not use."""
    known: Environment | None = current_app.extensions.get(_EXTENSION)
    if known is None or known.linked_to is not environment:
        known = environment.overlay(bytecode_cache=_compiled)
        current_app.extensions[_EXTENSION] = known
    return known


def _key(bucket: Bucket) -> object:
    environment = bucket.environment
    escaping = environment.autoescape
    return (
        bucket.key,
        bucket.checksum,
        *(getattr(environment, option) for option in _OPTIONS),
        escaping("any.html") if callable(escaping) else escaping,
        frozenset(environment.extensions),
        # Filters and tests of constants are called while compiling.
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
    )
