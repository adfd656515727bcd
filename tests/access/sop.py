"""Access rows of sop."""

from tests.access.row import Row

ROWS: list[Row] = []
