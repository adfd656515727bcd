"""Access rows of posyandu_day."""

from tests.access.row import Row

ROWS: list[Row] = []
