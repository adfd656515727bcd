"""Writing rows as CSV or XLSX, one after the other: memory does not grow with their number."""

import csv
import io
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from xlsxwriter import Workbook

from registry.exports.cells import DAY, ONE, TEXT, TWO, WHOLE, Column, safe

BATCH = 500  # rows handed to the network at once
FORMATS = {DAY: "dd/mm/yyyy", WHOLE: "0", ONE: "0.0", TWO: "0.00"}
HEADING = {"bold": True, "bg_color": "#E8EFEB", "bottom": 1, "text_wrap": True, "valign": "top"}
A4 = 9


@dataclass(frozen=True)
class Table:
    """One sheet of rows: what it is called, its columns, and where the rows come from."""

    title: str
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Any]]


@dataclass(frozen=True)
class Export:
    """A file: its name without an ending, its first sheet (given the number of rows of the first
    table), its tables. ``count`` asks how many rows there are before any is read."""

    file_name: str
    about: Callable[[int], list[tuple[str, Any]]]
    tables: tuple[Table, ...]
    count: Callable[[], int]


@contextmanager
def _reading(table: Table) -> Iterator[Iterator[Any]]:
    """The rows; what breaks off leaves no cursor open in the database."""
    rows = iter(table.rows())
    try:
        yield rows
    finally:
        if isinstance(rows, Generator):
            rows.close()


# --- CSV -----------------------------------------------------------------------------------------


def csv_lines(table: Table) -> Iterator[str]:
    """The table as CSV in pieces: ISO dates, decimal points, UTF-8 with Excel's mark before it."""
    yield "\ufeff" + _csv([[column.label for column in table.columns]])
    cells = [(column.read, column.kind == TEXT) for column in table.columns]
    with _reading(table) as rows:
        lines = ([_csv_cell(read(row), is_text) for read, is_text in cells] for row in rows)
        while batch := list(itertools.islice(lines, BATCH)):
            yield _csv(batch)


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _csv_cell(value: Any, is_text: bool) -> Any:
    if is_text:
        return safe(value) if value else ""
    return "" if value is None else value  # str of a date is ISO, of a decimal itself


# --- XLSX ----------------------------------------------------------------------------------------


def write_xlsx(export: Export, target: IO[bytes]) -> int:
    """Write the whole file; how many rows its first table has.

    The first sheet is written last, so that it can say how many rows there are.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False}
        with Workbook(target, options) as book:
            cover = book.add_worksheet("Keterangan")
            counts = [_write(book, table) for table in export.tables]
            _write_cover(book, cover, export.about(counts[0]))
    return counts[0]


def _write(book: Any, table: Table) -> int:
    """One sheet: frozen heading, filter, widths; how many rows it has."""
    sheet = book.add_worksheet(table.title)
    heading = book.add_format(HEADING)
    formats = {kind: book.add_format({"num_format": shape}) for kind, shape in FORMATS.items()}
    writers = [_writer(sheet, column.kind, formats) for column in table.columns]
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.label, heading)
    reads = [column.read for column in table.columns]
    cells = list(zip(itertools.count(), reads, writers, strict=False))
    number = 0
    with _reading(table) as rows:
        for number, row in enumerate(rows, 1):
            for at, read, put in cells:
                value = read(row)
                if value is not None and value != "":
                    put(number, at, value)
    _dress(sheet, number, len(table.columns))
    return number


def _writer(sheet: Any, kind: str, formats: dict[str, Any]) -> Callable[[int, int, Any], Any]:
    """How a cell of this kind is written."""
    if kind == TEXT:
        return lambda row, at, text: sheet.write_string(row, at, safe(text))
    put, shape = sheet.write_datetime if kind == DAY else sheet.write_number, formats[kind]
    return lambda row, at, value: put(row, at, value, shape)


def _dress(sheet: Any, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cover(book: Any, sheet: Any, rows: list[tuple[str, Any]]) -> None:
    label = book.add_format({"bold": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    for at, (name, value) in enumerate(rows):
        sheet.write_string(at, 0, name, label)
        if isinstance(value, int):
            sheet.write_number(at, 1, value, words)
        else:
            sheet.write_string(at, 1, safe(value), words)
