"""Access rows of lists from elsewhere."""

from types import SimpleNamespace
from typing import Any

from tests.access.row import Row
from tests.handed_in import a_list


def _one(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_list(place).code}


def _compared(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": a_list(place, purpose="cocokkan").code}


IMPORT = "import_lists"
ROWS: list[Row] = [
    Row("registry:imports", IMPORT),
    Row("registry:hand-in-list", IMPORT),
    Row("registry:import", IMPORT, _one, scoped=True, whole=True),
    Row("registry:map-list", IMPORT, _one, scoped=True, whole=True),
    Row("registry:read-list-again", IMPORT, _one, "post", True, whole=True),
    Row("registry:decide-rows", IMPORT, _one, "post", True, whole=True),
    Row("registry:write-import", IMPORT, _one, "post", True, whole=True),
    Row("registry:stop-import", IMPORT, _one, "post", True, whole=True),
    Row("registry:begin-import-again", IMPORT, _one, "post", True, whole=True),
    Row("registry:undo-import", IMPORT, _one, "post", True, whole=True),
    Row("registry:drop-list", IMPORT, _one, "post", True, whole=True),
    Row("registry:left-out-rows", IMPORT, _one, scoped=True, whole=True),
    Row("registry:reconciled", IMPORT, _compared, scoped=True, whole=True),
    Row("registry:reconciled-file", IMPORT, _compared, scoped=True, whole=True),
]
