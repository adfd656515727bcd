"""What an answer is made of: a field says its name, its schema, and how its value is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
YES_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
MONTH: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d$"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "number"}


@dataclass(frozen=True)
class Field:
    name: str
    schema: Schema
    read: Callable[[Any], Any]
    says: str = ""


def told(fields: tuple[Field, ...], thing: Any) -> dict[str, Any]:
    """The thing as an answer tells it."""
    return {field.name: field.read(thing) for field in fields}


def shape(fields: tuple[Field, ...]) -> Schema:
    """The schema of what ``told`` gives: every field is there, and no other."""
    return {
        "type": "object",
        "properties": {
            f.name: f.schema | ({"description": f.says} if f.says else {}) for f in fields
        },
        "required": [field.name for field in fields],
        "additionalProperties": False,
    }


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def or_none(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def plain(number: Any) -> float | None:
    """A decimal as JSON has numbers."""
    return None if number is None else float(number)
