"""The rows of a list that stay outside, as a CSV to put right and hand in again.

What Excel could take for a formula begins with an apostrophe, which reading takes off again.
"""

import csv
import json
from collections.abc import Iterator
from typing import Any

from registry.identity import opened
from registry.models import Import

MARK = "\ufeff"  # tells Excel that the text is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


class _Line:
    """What csv writes into: each line is handed on as it is."""

    def write(self, text: str) -> str:
        return text


def lines(source: Import) -> Iterator[str]:
    """The lines of the CSV: row number, reason, and the columns as the list had them."""
    writer = csv.writer(_Line(), delimiter=";")
    yield MARK + writer.writerow(["Baris", "Sebab", *map(_safe, source.columns["labels"])])
    for row in source.rows.left_out().iterator(chunk_size=500):
        yield writer.writerow([row.number, row.reason, *map(_safe, cells_of(row.values))])


def cells_of(values: dict[str, Any]) -> list[Any]:
    """The cells of a row that was kept as it stood in the list."""
    cells: list[Any] = json.loads(opened(values.get("cells", "")) or "[]")
    return cells


def _safe(cell: Any) -> str:
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if text == "-":  # how lists write: nothing
        return ""
    return f"'{text}" if text.startswith(FORMULA) else text
