"""Access rows of lists as files."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row

ACTION = "export_lists"


def _csv(place: SimpleNamespace) -> dict[str, Any]:
    return {"kind": "csv"}


def _day(place: SimpleNamespace) -> dict[str, Any]:
    return {"posyandu": place.melati.code, "on": place.programme.today(), "kind": "xlsx"}


ROWS: list[Row] = [
    Row("registry:children-export", ACTION, _csv),
    Row("registry:children-eppgbm", ACTION),
    Row("registry:mothers-export", ACTION, _csv),
    Row("registry:households-export", ACTION, _csv),
    Row("registry:priority-export", ACTION, _csv),
    Row("registry:posyandu-day-export", ACTION, _day, scoped=True),
]
