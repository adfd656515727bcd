"""Access rows of the posyandu day."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.cast import a_child


def _day(place: SimpleNamespace) -> dict[str, Any]:
    return {"posyandu": place.melati.code, "on": place.programme.today()}


def _child(place: SimpleNamespace) -> dict[str, Any]:
    return {**_day(place), "child": a_child(place).code}


def _baby(place: SimpleNamespace) -> dict[str, Any]:
    return {**_day(place), "child": a_child(place, 3).code}


ROWS: list[Row] = [
    Row("registry:posyandu-days", "hold_posyandu"),
    Row("registry:posyandu-day", "hold_posyandu", _day, scoped=True),
    Row("registry:posyandu-offline", "public"),
    Row("registry:posyandu-data", "hold_posyandu", _day, scoped=True),
    Row("registry:posyandu-paper", "hold_posyandu", _day, scoped=True),
    Row("registry:posyandu-table", "hold_posyandu", _day, scoped=True),
    Row("registry:posyandu-child", "hold_posyandu", _child, scoped=True),
    Row("registry:posyandu-correct", "hold_posyandu", _child, scoped=True),
    Row("registry:posyandu-absent", "hold_posyandu", _child, "post", True),
    Row("registry:posyandu-asi", "hold_posyandu", _baby, "post", True, {"exclusive": "ya"}),
]
