"""Writes ``web/routes/openapi.json``, the description of the JSON routes, and the types of the
client for front ends (``client_types.py``): ``make openapi``.

``GET /openapi.json`` serves that file, so apispec is needed here alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import client_types
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields
from openapi_paths import describe_banks, describe_flows, describe_operations, describe_shared
from openapi_schemas import (
    NAMES,
)

from lean_flask.banks.query import BanksQuerySchema
from lean_flask.banks.schema import ModelSchema
from lean_flask.config.customization import _Checked
from lean_flask.flows.schema_fields import UUIDText

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "lean_flask" / "web" / "routes" / "openapi.json"

_JSON_TYPES = {str: "string", int: "number", float: "number"}


class _Converter(OpenAPIConverter):
    """Marshmallow's fields in the words of JSON Schema, where apispec's own would mislead."""

    def field2property(self, field: fields.Field[Any]) -> dict[str, Any]:
        if isinstance(field.parent, ModelSchema):  # dumped with every field
            field.allow_none = field.load_default is None
        elif isinstance(field.parent, BanksQuerySchema):  # a query cannot say null
            field.allow_none = False
            if field.name == "account_type":  # each server narrows it to the lists that it holds
                return {"$ref": "#/components/schemas/AccountType"}
        schema: dict[str, Any] = super().field2property(field)
        schema.pop("default", None)
        if "pattern" in schema:
            schema["pattern"] = _of_ecma(schema["pattern"])
        if isinstance(field, _Checked):
            types = list(dict.fromkeys(_JSON_TYPES[one] for one in field.types))
            schema["type"] = types if len(types) > 1 else types[0]
        return schema

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        converted: dict[str, Any] = super().schema2jsonschema(schema)
        if isinstance(schema, ModelSchema):
            converted["required"] = sorted(converted["properties"])
        if not NAMES[type(schema)].endswith("Request"):
            converted.pop("additionalProperties", None)  # a response may get new fields
        return converted


def _of_ecma(pattern: str) -> str:
    r"""A pattern as JavaScript writes it: ``match`` anchors its start, and ``\Z`` its end."""
    return "^" + re.sub(r"(\\Z|\$)\Z", "$", pattern.removeprefix("^"))


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


def build() -> dict[str, Any]:
    """The document, for a server that is not known yet."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    plugin = _Plugin(schema_name_resolver=lambda schema: NAMES[resolve_schema_cls(schema)])
    spec = APISpec(
        "lean-flask",
        project["version"],
        "3.1.0",
        info={
            "description": "The JSON routes of a lean-flask blueprint.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        plugins=[plugin],
        tags=[{"name": name} for name in ("Banks", "Flows", "Operations")],
        servers=[{"url": "/lean"}],
    )
    plugin.converter.map_to_openapi_type(UUIDText, "string", "uuid")
    describe_shared(spec)
    describe_banks(spec)
    describe_flows(spec)
    describe_operations(spec)
    return spec.to_dict()


def written() -> str:
    """The text of the file as it has to be now."""
    return json.dumps(build(), ensure_ascii=False, indent=1, default=int) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), "utf-8")
    client_types.write()
