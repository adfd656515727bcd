"""Access rows of quality."""

from tests.access.row import Row

ROWS: list[Row] = [
    Row("registry:quality", "see_quality"),
    Row("registry:quality-print", "see_quality"),
    Row("registry:quality-list", "see_quality", lambda place: {"which": "tinggi-turun"}),
]
