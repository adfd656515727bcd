"""A process of its own that reads one list and writes its rows to stdout, or the refusal.

A sheet may claim a cell in its last row and column, a table a span of a billion; no reader can be
trusted with that. So files are opened where memory and time have an end. Started by ``sheet.py``;
knows no Django. Each line it writes is JSON: a list of rows, and last of all an object.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registry.imports import csv_file, html_table, workbook, zip_check
from registry.imports.sheet import (
    BROKEN,
    EMPTY,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    OTHER_PROGRAM,
    TOO_LARGE,
    TOO_MANY_ROWS,
    TOO_WIDE,
    WRONG_KIND,
    Unreadable,
)
from registry.imports.tables import Table

MEMORY, SECONDS = 300 * 1024 * 1024, 15
TOGETHER = 200  # rows in a line
HEAD = 64 * 1024  # bytes that tell what a file is

_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
_NO_LIST = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK", b"Rar!", b"7z", _GZIP)


def read(path: Path, sheet_name: str = "") -> Table:
    """The table in the file, its rows still to come. Raises Unreadable with the sentence."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unreadable(EMPTY)
    if head.startswith(_ZIP):
        zip_check.check(path)
        return workbook.read(path, "xlsx", sheet_name)
    if head.startswith(_OLE):
        return workbook.read(path, "xls", sheet_name)
    if head.startswith(_NO_LIST):
        raise Unreadable(WRONG_KIND)
    if html_table.looks_so(head):
        return html_table.read(path, head)
    if csv_file.without_bom(head).lstrip().startswith(b"<"):
        raise Unreadable(OTHER_PROGRAM)
    return csv_file.read(path, head)


def bounded(rows: Iterator[list[Any]], long: list[tuple[int, int, int]]) -> Iterator[list[Any]]:
    """The rows as plain cells; a cell that is too long is emptied and put down in ``long``.

    Raises Unreadable where there are too many of them, or too wide ones.
    """
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            raise Unreadable(TOO_MANY_ROWS)
        if len(row) > MAX_COLUMNS:
            row = _narrow(row)
        yield [
            cell if cell.__class__ is float or cell.__class__ is str and len(cell) <= MAX_CELL
            else _plain(cell, number, column, long)
            for column, cell in enumerate(row)
        ]  # fmt: skip


def _narrow(row: list[Any]) -> list[Any]:
    if any(cell not in ("", None) for cell in row[MAX_COLUMNS:]):
        raise Unreadable(TOO_WIDE)
    return row[:MAX_COLUMNS]


def _plain(cell: Any, row: int, column: int, long: list[tuple[int, int, int]]) -> str | float:
    """What JSON can carry: a date or a moment as ISO text, a yes or no as Excel writes it."""
    if isinstance(cell, str):
        long.append((row, column, len(cell)))
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int):
        return float(cell)
    return "" if cell is None else str(cell)


def told(
    path: Path, sheet_name: str, first: int | None = None
) -> Iterator[list[Any] | dict[str, Any]]:
    """The rows, some at a time, and then what there is to say of them. ``first``: behind so many
    with something in them the others are only looked at."""
    long: list[tuple[int, int, int]] = []
    table = read(path, sheet_name)
    together: list[Any] = []
    filled = 0
    for row in bounded(table.rows, long):
        if first is not None:
            if filled == first:
                continue
            filled += any(row)
        together.append(row)
        if len(together) == TOGETHER:
            yield together
            together = []
    yield together
    said = {"kind": table.kind, "name": table.name, "others": table.others, "notes": table.notes}
    yield said | {"long": long}


def main(path: str, sheet_name: str, first: str = "") -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        for part in told(Path(path), sheet_name, int(first) if first else None):
            _write(part)
    except Unreadable as refusal:
        _write({"refused": str(refusal), "sheets": refusal.sheets})
    except MemoryError:
        _write({"refused": TOO_LARGE, "sheets": []})
    except BaseException:  # broken bytes make a reader raise anything at all
        _write({"refused": BROKEN, "sheets": []})
    return 0


def _write(part: Any) -> None:
    sys.stdout.write(json.dumps(part))
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
