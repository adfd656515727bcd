"""Access rows of catatan ganda."""

from types import SimpleNamespace
from typing import Any

from registry.merging.workflow import merge
from tests.access.row import Row
from tests.cast import a_child


def _one(place: SimpleNamespace) -> dict[str, Any]:
    return {"kind": "anak", "code": a_child(place).code}


def _two(place: SimpleNamespace) -> dict[str, Any]:
    return _one(place) | {"other": a_child(place).code}


def _merge(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": merge(place.petugas, a_child(place), a_child(place)).code}


MERGE = "merge_people"
ROWS: list[Row] = [
    Row("registry:pairs", MERGE),
    Row("registry:pick-twin", MERGE, _one, scoped=True),
    Row("registry:review-pair", MERGE, _two, scoped=True),
    Row("registry:tell-apart", MERGE, _two, "post", True),
    Row("registry:merges", MERGE),
    Row("registry:merge", MERGE, _merge, scoped=True, whole=True),
    Row("registry:undo-merge", MERGE, _merge, "post", True, whole=True),
]
