"""Access rows of a child's papers."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.cast import a_child


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


ROWS: list[Row] = [
    Row("registry:child-print", "see_children", _child, scoped=True),
    Row("registry:child-compare", "see_children", _child, scoped=True),
]
