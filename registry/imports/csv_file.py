"""CSV from Excel, Google Sheets or anywhere: its encoding, its separator, its rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from registry.imports.layouts import LOOK, known_labels
from registry.imports.sheet import BROKEN, WRONG_KIND, Unreadable
from registry.imports.tables import Table

SEPARATORS = ",;\t|"
LONGEST = 1_000_000  # letters in one cell; more is a quotation mark that nobody closed
NOT_CLOSED = (
    'Ada tanda kutip (") yang dibuka tetapi tidak ditutup, di sekitar baris {}. Perbaiki baris '
    "itu, atau simpan ulang daftarnya sebagai .xlsx."
)
NOT_UTF8 = (
    "Huruf dalam berkas ini ditulis cara lama (bukan UTF-8). Periksa nama yang memakai huruf "
    "khusus."
)
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NEVER_TYPED = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def read(path: Path, head: bytes) -> Table:
    """The table, whose first bytes are ``head``. Raises Unreadable: not a text, broken."""
    encoding = encoding_of(path, head)
    start = head.decode(encoding, errors="ignore")
    if _NEVER_TYPED.search(start):
        raise Unreadable(WRONG_KIND)
    separator = separator_of(start)
    notes = [NOT_UTF8] if encoding == "cp1252" else []
    return Table("csv", _rows(path, encoding, separator), notes=notes)


def without_bom(head: bytes) -> bytes:
    return head.removeprefix(codecs.BOM_UTF8)


def encoding_of(path: Path, head: bytes) -> str:
    """The encoding by its mark; without one UTF-8 if all of it is, else what old Excel writes."""
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return encoding
    if b"\x00" in head:
        return _utf16(head)
    return "utf-8" if _is_utf8(path) else "cp1252"


def _utf16(head: bytes) -> str:
    """Latin letters in UTF-16 have a zero beside each of them; elsewhere zeros are no text."""
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[::2]),
                                     ("utf-16-be", head[::2], head[1::2])):  # fmt: skip
        if zeros.count(0) > 0.8 * len(zeros) and not letters.count(0):
            return encoding
    raise Unreadable(WRONG_KIND)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(start: str) -> str:
    """What the cells stand apart by: where most labels are known, then where most cells are."""
    said = re.match(r"sep=([,;|\t])\r?\n", start, re.IGNORECASE)
    if said:
        return said[1]
    return max(SEPARATORS, key=lambda separator: _looks(start, separator))


def _looks(start: str, separator: str) -> tuple[int, int]:
    try:
        rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=separator), LOOK))
    except csv.Error:
        return 0, 0
    return known_labels(rows), sum(map(len, rows))


def _rows(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    limit = csv.field_size_limit(LONGEST)  # of the whole process: put back at the end
    with path.open(encoding=encoding, newline="") as file:
        reader, read_to = csv.reader(file, delimiter=separator), 0
        try:
            for number, row in enumerate(reader):
                read_to = reader.line_num
                # Excel shows a line "sep=;" to nobody, so nobody counts it.
                if number or not row or not row[0].lower().startswith("sep="):
                    yield row
        except csv.Error as error:
            raise Unreadable(NOT_CLOSED.format(read_to + 1)) from error
        except UnicodeError as error:
            raise Unreadable(BROKEN) from error
        finally:
            csv.field_size_limit(limit)
