"""Access rows of quality."""

from tests.access.row import Row

ROWS: list[Row] = []
