"""The HTML table that the national application downloads as ``.xls``.

Nothing in it is run, fetched or styled: only the letters of its cells are kept.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from registry.imports.csv_file import encoding_of
from registry.imports.layouts import LOOK, known_labels
from registry.imports.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    NO_TABLE,
    TOO_MANY_ROWS,
    TOO_WIDE,
    UNUSUAL,
    Unreadable,
)
from registry.imports.tables import Table

_BEGINS = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|style|body|div|table|!--)", re.I)
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?\s*([\w-]{3,20})", re.I)
_SILENT = frozenset(("script", "style", "head", "noscript", "template"))
_BREAKS = frozenset(("br", "p", "div", "li"))
PIECE = 1 << 20
DEEPEST = 20  # tables in tables


def looks_so(head: bytes) -> bool:
    """Whether the file begins as an HTML page or table does."""
    plain = head.replace(b"\x00", b"") if head[:2] in codecs.BOM_UTF16 else head
    return bool(_BEGINS.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe")))


def read(path: Path, head: bytes) -> Table:
    """The table with a header, or the longest. Raises Unreadable: there is none."""
    parser = etree.HTMLParser(target=_Cells(), no_network=True, recover=True)
    for text in _decoded(path, head):
        parser.feed(text)
    tables: list[list[list[str]]] = [rows for rows in parser.close() if rows]
    if not tables:
        raise Unreadable(NO_TABLE)
    chosen = max(tables, key=lambda rows: (known_labels(rows[:LOOK]), len(rows)))
    return Table("html", iter(chosen))


def _decoded(path: Path, head: bytes) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(_encoding(path, head))(errors="replace")
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _encoding(path: Path, head: bytes) -> str:
    """What the page says of itself holds only where it is not plainly UTF-8."""
    guess = encoding_of(path, head)
    said = _CHARSET.search(head)
    if guess != "cp1252" or not said:
        return guess
    try:
        return codecs.lookup(said[1].decode()).name
    except LookupError:
        return guess


class _Cells:
    """Listens to the parser and keeps the cells of each table; a cell that spans stands once."""

    def __init__(self) -> None:
        self.tables: list[list[list[str]]] = []
        self.open: list[_Open] = []
        self.silent = 0

    def start(self, tag: str, given: Any) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            if len(self.open) >= DEEPEST:
                raise Unreadable(UNUSUAL)
            self.open.append(_Open())
            self.tables.append(self.open[-1].rows)
        elif self.open:
            self.open[-1].start(tag, given)

    def data(self, text: str) -> None:
        if self.open and not self.silent and self.open[-1].cell is not None:
            self.open[-1].cell.append(text)

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent -= 1
        elif tag == "table" and self.open:
            self.open.pop().finish()
        elif self.open and tag in ("td", "th"):
            self.open[-1].finish()

    def close(self) -> list[list[list[str]]]:
        return self.tables


class _Open:
    """One table while it is read."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.width = self.height = 1
        self.below: dict[int, int] = {}  # column -> the last row that a cell above covers

    def start(self, tag: str, given: Any) -> None:
        if tag == "tr":
            self.finish()
            if len(self.rows) > MAX_ROWS:
                raise Unreadable(TOO_MANY_ROWS)
            self.rows.append([])
            self._pass_over()
        elif tag in ("td", "th") and self.rows:
            self.finish()
            self.cell = []
            self.width = _span(given.get("colspan"), MAX_COLUMNS)
            self.height = _span(given.get("rowspan"), MAX_ROWS)
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append(" ")

    def finish(self) -> None:
        """The cell ends, or what was left open when a table, row or cell came to its end."""
        if self.cell is None:
            return
        row = self.rows[-1]
        if self.height > 1:
            for column in range(len(row), len(row) + self.width):
                self.below[column] = len(self.rows) - 1 + self.height - 1
        text = "".join(self.cell).strip()
        self.cell = None
        if len(row) > MAX_COLUMNS:
            if text:
                raise Unreadable(TOO_WIDE)
            return
        row.append(text)
        row.extend([""] * (self.width - 1))
        self._pass_over()

    def _pass_over(self) -> None:
        """Leave empty what a cell above still covers."""
        row = self.rows[-1]
        while self.below.get(len(row), -1) >= len(self.rows) - 1:
            row.append("")


def _span(said: str | None, most: int) -> int:
    """How many rows or columns a cell reaches over; nonsense is one."""
    text = (said or "").strip()[:18]
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() else 1
