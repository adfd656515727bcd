"""Statements with thousands of values, made and read cheaply.

``__in`` makes a place in the statement for each value. With thousands of them, making and reading
the statement costs more than finding the rows, and SQLite keeps its last 128 statements ready,
places and all: tens of megabytes in an import. So they are sent as one array.
"""

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Lookup


class _Among(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, self.rhs)
        found = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - ours
        return found, (*params, json.dumps(self.rhs))


def among(column: str, values: Collection[Any]) -> _Among:
    """The condition that a column is one of these texts, or of these keys."""
    return _Among(F(column), list(values))


def places(width: int, rows: int) -> str:
    """``(%s, %s), (%s, %s)``: where the values of so many rows of so many columns stand."""
    # SQLite's own sign saves Django from looking through the statement for every %s, every time;
    # its log of queries knows only the other one.
    sqlite = connection.vendor == "sqlite" and not connection.queries_logged
    return _places("?" if sqlite else "%s", width, rows)


@lru_cache(100)
def _places(one: str, width: int, rows: int) -> str:
    row = f"({', '.join([one] * width)})"
    return ", ".join([row] * rows)
