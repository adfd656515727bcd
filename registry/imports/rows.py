"""Which rows of a list are children: not blank, no total, no signature, no second header."""

import re
from dataclasses import dataclass, field

from registry.imports.cells import filled
from registry.imports.labels import BETWEEN, key_of
from registry.imports.layouts import AGES, Header
from registry.imports.sheet import Row, Sheet

_NO_CHILD = re.compile(
    r"(?:jumlah|(?:sub|grand)?\s?total|rata-?\s?rata|rekap\w*|mengetahui|keterangan|ket|catatan|"
    r"sumber|dicetak|petugas|kepala|nip)\b",
    re.IGNORECASE,
)
_TELLING = frozenset(("child_name", "birth_date", *AGES, "nik", "mother_name", "parents"))


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of children with their row numbers, and what was passed over."""

    rows: list[tuple[int, Row]]
    notes: list[str] = field(default_factory=list)


_NOTES = {
    "blank": "Baris kosong dilewati: {}.",
    "total": "Baris jumlah atau keterangan dilewati: {}.",
    "header": "Judul kolom yang terulang dilewati: baris {}.",
    "numbers": "Nomor kolom di bawah judul dilewati: baris {}.",
}


def body(sheet: Sheet, header: Header, columns: dict[int, str]) -> Body:
    """The rows below the header. Rows count from 1, as the sheet shows them."""
    finder = _Finder(header, columns)
    rows: list[tuple[int, Row]] = []
    passed: dict[str, list[int]] = {why: [] for why in _NOTES}
    for number, row in enumerate(sheet.rows[header.row_number :], header.row_number + 1):
        why = finder.passes_over(row)
        if why:
            passed[why].append(number)
        else:
            rows.append((number, row))
    seen = [number for why, them in passed.items() if why != "blank" for number in them]
    last = max([*seen, *(number for number, _ in rows[-1:])], default=0)
    passed["blank"] = [number for number in passed["blank"] if number < last]
    return Body(rows, [_NOTES[why].format(_listed(them)) for why, them in passed.items() if them])


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:8]))
    return f"{shown}, dan {len(numbers) - 8} lagi" if len(numbers) > 8 else shown


class _Finder:
    """Tells a row of a child from what else stands in a list."""

    def __init__(self, header: Header, columns: dict[int, str]) -> None:
        self.telling = [index for index, name in columns.items() if name in _TELLING]
        self.dated = {i for i, name in columns.items() if name in ("birth_date", *AGES)}
        self.name = next((i for i, name in columns.items() if name == "child_name"), -1)
        label = header.labels[self.name] if 0 <= self.name < len(header.labels) else ""
        self.label = key_of(label.rpartition(BETWEEN)[2])

    def passes_over(self, row: Row) -> str:
        """Why the row is no child: a key of ``_NOTES``; "" when it is one."""
        width = len(row)
        said = [index for index in self.telling if index < width and row[index] not in ("", "-")]
        if len(said) > 1 and not self._odd(row):
            return ""
        texts = [text for text in map(filled, row) if text]
        if not texts:
            return "blank"
        if self.label and key_of(self._name_in(row)) == self.label:
            return "header"
        if _counts(texts):
            return "numbers"
        told = {index for index in said if filled(row[index])}
        dated = told & self.dated
        return "total" if not told or not dated and _says_total(texts) else ""

    def _odd(self, row: Row) -> bool:
        """Whether the name could be a label, a number, or blank."""
        name = self._name_in(row).strip()
        return not name or not name[0].isalpha() or key_of(name) == self.label

    def _name_in(self, row: Row) -> str:
        cell = row[self.name] if 0 <= self.name < len(row) else ""
        return cell if isinstance(cell, str) else ""


def _counts(texts: list[str]) -> bool:
    """``1 2 3 4 …`` or ``(1) (2) (3)``: the numbers of the columns."""
    bare = [text.strip("()") for text in texts]
    if len(bare) < 3 or not all(text.isascii() and text.isdigit() for text in bare):
        return False
    numbers = [int(text) for text in bare]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _says_total(texts: list[str]) -> bool:
    return any(_NO_CHILD.match(text) for text in texts[:2])
