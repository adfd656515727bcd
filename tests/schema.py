"""Does a value fulfil its JSON schema? The few words our OpenAPI file uses, and no others."""

import re
from typing import Any

KINDS = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    "boolean": bool, "null": type(None),
}  # fmt: skip
KNOWN = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "pattern",
    "minimum", "description", "format",
}  # fmt: skip


def faults(schema: dict[str, Any], value: Any, at: str = "$") -> list[str]:
    """Where the value is not what the schema says; [] when it fulfils it."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "anyOf" in schema:
        tried = [faults(one, value, at) for one in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    kind = schema["type"]
    is_number = kind in ("integer", "number")
    if not isinstance(value, KINDS[kind]) or (is_number and isinstance(value, bool)):
        return [f"{at}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{at}: {value!r} is not like {schema['pattern']}"]
    if value.__class__ is int and value < schema.get("minimum", value):
        return [f"{at}: {value} is too small"]
    if kind == "array":
        items = schema.get("items", {})
        return [f for n, one in enumerate(value) for f in faults(items, one, f"{at}[{n}]")]
    return _faults_of_object(schema, value, at) if kind == "object" else []


def _faults_of_object(schema: dict[str, Any], value: dict[str, Any], at: str) -> list[str]:
    parts = schema.get("properties", {})
    found = [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    if schema.get("additionalProperties") is False:
        found += [f"{at}.{name} is not known" for name in value if name not in parts]
    for name in parts.keys() & value.keys():
        found += faults(parts[name], value[name], f"{at}.{name}")
    return found
