"""Access rows of alerts."""

from tests.access.row import Row

ROWS: list[Row] = []
