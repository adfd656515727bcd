"""Access rows of growth."""

from tests.access.row import Row

ROWS: list[Row] = []
