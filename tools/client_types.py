"""Writes ``clients/js/src/schema.ts``, the types of the JSON routes: ``make openapi``.

openapi-typescript would do it, but needs TypeScript's own programming interface, which version 7 no
longer has. It would also give names such as ``components["schemas"]["Bank"]``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "lean_flask" / "web" / "routes" / "openapi.json"
TARGET = ROOT / "clients" / "js" / "src" / "schema.ts"

#: Types of the client that are no schema of the document: the 200 of an operation.
CALLS = {"LaunchCall": ("/launch", "post"), "ReturnCall": ("/return", "post")}
#: Bodies, the answers that are named, and what the client reads of an error.
NAMED = (
    "Bank",
    "CallbackRequest",
    "CallbackResponse",
    "FlowStatus",
    "LaunchRequest",
    "Problem",
    "ReturnRequest",
)
HEAD = "// Types of lean-flask's JSON routes. Written by tools/client_types.py: make openapi"
_PRIMITIVES = {"string": "string", "integer": "number", "number": "number"}
_PRIMITIVES |= {"boolean": "boolean", "null": "null"}


def type_of(schema: dict[str, Any], indent: str = "") -> str:
    """Return the TypeScript of *schema*.

    :raises ValueError: for a schema of a kind that lean-flask has not used so far.
    """
    if "$ref" in schema:
        return _name_of(schema["$ref"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " | ".join(type_of(one, indent) for one in schema[several])
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " | ".join(_of_kind(kind, schema, indent) for kind in kinds) or "unknown"


def _of_kind(kind: str, schema: dict[str, Any], indent: str) -> str:
    if kind == "array":
        item = type_of(schema.get("items", {}), indent)
        return f"({item})[]" if "|" in item else f"{item}[]"
    if kind == "object":
        return _object(schema, indent)
    if kind not in _PRIMITIVES:
        raise ValueError(f"No type for {schema}")
    return _PRIMITIVES[kind]


def _object(schema: dict[str, Any], indent: str) -> str:
    if "properties" not in schema:
        return f"Record<string, {type_of(schema.get('additionalProperties') or {})}>"
    required = schema.get("required", [])
    lines = []
    for name, member in schema["properties"].items():
        inner = f"{indent}  "
        lines += _comment(member.get("description"), inner)
        optional = "" if name in required else "?"
        lines.append(f"{inner}{name}{optional}: {type_of(member, inner)};")
    return "\n".join(["{", *lines, f"{indent}}}"])


def _comment(text: str | None, indent: str = "") -> list[str]:
    return [f"{indent}/** {text} */"] if text else []


def _name_of(reference: str) -> str:
    return reference.rpartition("/")[2]


def _used_by(name: str, schemas: dict[str, Any], found: dict[str, None]) -> None:
    """Add *name* to *found*, and all that it refers to."""
    if name in found:
        return
    found[name] = None
    for other in _references(schemas[name]):
        _used_by(other, schemas, found)


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [_name_of(node["$ref"])] if "$ref" in node else []
    return own + [name for item in node.values() for name in _references(item)]


def written(document: dict[str, Any]) -> str:
    """Return the text of the file for *document*."""
    schemas, paths = document["components"]["schemas"], document["paths"]
    answers = {
        name: paths[path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        for name, (path, method) in CALLS.items()
    }
    asked = [item for item in paths["/banks"]["get"]["parameters"] if item["in"] == "query"]
    query = {
        "type": "object",
        "description": "What `GET /banks` takes.",
        "properties": {
            item["name"]: item["schema"] | {"description": item.get("description")}
            for item in asked
        },
    }
    found: dict[str, None] = {}
    for name in [*NAMED, *_references(query), *_references(answers)]:
        _used_by(name, schemas, found)
    parts = [HEAD]
    for name in [*sorted(found), "BanksQuery"]:
        schema = query if name == "BanksQuery" else schemas[name]
        text = type_of(schema)
        is_object = text.startswith("{")
        shape = f"interface {name} {text}" if is_object else f"type {name} = {text};"
        parts.append("\n".join([*_comment(schema.get("description")), f"export {shape}"]))
    parts += [f"export type {name} = {type_of(schema)};" for name, schema in answers.items()]
    return "\n\n".join(parts) + "\n"


def write() -> None:
    """Write the file for the document as it is now."""
    TARGET.write_text(written(json.loads(DOCUMENT.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    write()
