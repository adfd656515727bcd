"""Access rows of alerts."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.cast import a_child, a_pregnancy


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_child(place).code}


def _pregnant(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_pregnancy(place).mother.code}


ROWS: list[Row] = [
    Row("registry:priority", "see_children"),
    Row("registry:alert-answer", "answer_alert", _child, scoped=True),
    Row("registry:mother-alert-answer", "answer_alert", _pregnant, scoped=True),
]
