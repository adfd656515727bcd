"""Access rows of accounts."""

from tests.access.row import Row

ROWS: list[Row] = []
