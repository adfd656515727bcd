"""Access rows of registry."""

from tests.access.row import Row

ROWS: list[Row] = []
