"""Access rows of reports."""

from tests.access.row import Row

ROWS: list[Row] = []
