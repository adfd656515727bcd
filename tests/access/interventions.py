"""Access rows of interventions."""

from tests.access.row import Row

ROWS: list[Row] = []
