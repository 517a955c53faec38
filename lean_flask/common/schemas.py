"""One instance of each schema: to make one takes longer than to load a small object with it."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from marshmallow import Schema

SchemaT = TypeVar("SchemaT", bound=Schema)


@cache
def instance_of(schema: type[SchemaT]) -> SchemaT:
    """Return the instance of *schema* that all threads use; no load or dump changes it."""
    return schema()
