"""Access rows of timelines and their papers."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.cast import a_child, a_household, a_mother


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


def _mother(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_mother(place).code}


def _household(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_household(place).code}


ROWS: list[Row] = [
    Row("registry:child-timeline", "see_children", _child, scoped=True),
    Row("registry:child-timeline-print", "see_children", _child, scoped=True),
    Row("registry:mother-timeline", "see_mothers", _mother, scoped=True),
    Row("registry:mother-timeline-print", "see_mothers", _mother, scoped=True),
    Row("registry:household-timeline", "see_children", _household, scoped=True),
    Row("registry:household-timeline-print", "see_children", _household, scoped=True),
]
