"""Excel files, XLSX and the old BIFF .xls, read by calamine. Formulas are never worked out."""

import re
import struct
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registry.imports.layouts import LOOK, known_labels
from registry.imports.sheet import BROKEN, EMPTY, LOCKED, WHICH_SHEET, WRONG_KIND, Unreadable
from registry.imports.tables import Table, shown

# Streams of an OLE file, as its directory names them.
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")
_BEGINS = re.compile(rb"\x09\x08(?:\x10\x00\x00\x06|\x08\x00\x00\x05)\x05\x00")  # BIFF 8, BIFF 5
_FILEPASS = 0x2F
_BOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def read(path: Path, kind: str, wanted: str = "") -> Table:
    """The sheet ``wanted``, or the first visible one with a header. Raises Unreadable."""
    if kind == "xls":
        _check_streams(path.read_bytes())
    try:
        # By content: given a path, calamine would believe the file's name.
        with path.open("rb") as file:
            return _choose(CalamineWorkbook.from_filelike(file), kind, wanted)
    except PasswordError as error:
        raise Unreadable(LOCKED) from error
    except CalamineError as error:
        raise Unreadable(BROKEN) from error


def _check_streams(raw: bytes) -> None:
    if _LOCKED_STREAM in raw:
        raise Unreadable(LOCKED)
    if not any(stream in raw for stream in _BOOK_STREAMS):
        raise Unreadable(WRONG_KIND)  # Word and others keep their files in the same wrapping
    begins = _BEGINS.search(raw)
    if begins and _FILEPASS in _first_records(raw, begins.start()):
        raise Unreadable(LOCKED)


def _first_records(raw: bytes, at: int) -> list[int]:
    """The kinds of the first records of a BIFF stream: a password is told right at its start."""
    kinds: list[int] = []
    while len(kinds) < 4 and at + 4 <= len(raw):
        kind, size = struct.unpack_from("<HH", raw, at)
        kinds.append(kind)
        at += 4 + size
    return kinds


def _choose(book: CalamineWorkbook, kind: str, wanted: str) -> Table:
    names = [
        sheet.name for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]  # fmt: skip
    filled: list[tuple[str, Any]] = []
    asked = [name for name in names if wanted and shown(name) == wanted]
    for name in asked or names:
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            continue
        if asked or known_labels(sheet.to_python(nrows=LOOK)):
            return _table(kind, name, names, sheet)
        filled.append((name, sheet if not filled else None))  # one in memory is enough
    if not filled:
        raise Unreadable(EMPTY)
    if len(filled) > 1:
        choice = [shown(name) for name, _ in filled]
        raise Unreadable(WHICH_SHEET.format(", ".join(choice[:8])), choice)
    return _table(kind, *filled[0][:1], names, filled[0][1])


def _table(kind: str, name: str, names: list[str], sheet: Any) -> Table:
    others = [shown(other) for other in names if other != name]
    return Table(kind, sheet.iter_rows(), shown(name), others)
