"""Where a list begins, what its columns are, and which national or own list it is.

The header is searched in the first rows: lists come with a title, a date, a puskesmas above it.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.imports.dates import read_date
from registry.imports.labels import (
    BETWEEN,
    FIELDS,
    TOLD_FIELDS,
    VISIT_FIELDS,
    field_of,
    is_key,
    key_of,
    month_of,
)
from registry.imports.sheet import Row, Sheet, Unreadable
from registry.names import clean_text

__all__ = ["FIELDS", "LAYOUTS", "Header", "find_header", "fingerprint",
           "known_labels", "layout_of", "refused", "suggest", "visit_groups"]  # fmt: skip

LOOK = 20  # rows from the top in which a header is searched
NO_HEADER = (
    "Baris judul kolom tidak ditemukan. Di 15 baris teratas harus ada judul seperti Nama dan "
    "Tanggal Lahir (atau Umur). Tambahkan, lalu unggah lagi."
)
NO_CHILDREN = "Daftar ini hanya berisi judul kolom. Isi dahulu, lalu unggah lagi."
NEVER_READ = (
    "Kolom “{}” tidak dibaca: anak dikenali dari NIK, atau dari nama, tanggal lahir, dan desanya."
)
# A header names the child, and one thing more that tells children apart.
AGES = ("age_months", "age_in_months")
_TELLING = frozenset(("birth_date", *AGES, "nik", "measured_on"))

LAYOUTS = {
    "gasken": "Google Form GASKEN",
    "eppgbm": "e-PPGBM",
    "eppgbm_2025": "e-PPGBM 2025–2026",
    "operasi_timbang": "e-PPGBM Operasi Timbang",
    "tahunan": "Pengukuran 12 bulan",
    "data_dasar": "e-PPGBM data dasar",
    "pemantauan": "e-PPGBM pemantauan",
    "": "Daftar lain",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The labels of a list, one for each column. Rows count from 1, as the sheet shows them.

    ``row_number`` is the row of the labels, the lower one where they stand in two;
    ``data_date`` the day the list says its data are of.
    """

    row_number: int
    labels: list[str]
    data_date: date | None = None


# --- The header --------------------------------------------------------------------------------


def find_header(sheet: Sheet, row_number: int | None = None) -> Header:
    """The header, searched for, or the one that a person pointed at.

    Raises Unreadable: there is none, or nothing below it.
    """
    if row_number and row_number <= len(sheet.rows):
        at, labels = row_number - 1, _labels_at(sheet.rows, row_number - 1)
    else:
        _, at, labels = _best(sheet.rows[:LOOK])
        if not labels:
            raise Unreadable(NO_HEADER)
    if not any(any(map(_filled, row)) for row in sheet.rows[at + 1 :]):
        raise Unreadable(NO_CHILDREN)
    return Header(at + 1, labels, _data_date(sheet.rows[:at]))


def known_labels(rows: Sequence[Sequence[Any]]) -> int:
    """How many labels of the best header among these rows we know; 0 when none is a header."""
    return _best(rows)[0]


def _best(rows: Sequence[Sequence[Any]]) -> tuple[int, int, list[str]]:
    """(known labels, index of the row, labels); (0, 0, []) when no row is a header."""
    best: tuple[int, int, list[str]] = (0, 0, [])
    single = [(at, _labels_at(rows, at)) for at in range(len(rows))]
    double = [(at + 1, _two_rows(rows, at)) for at in range(len(rows) - 1)]
    for at, labels in single + double:  # two rows only where they say more
        fields = [name for name in map(field_of, labels) if name]
        if "child_name" in fields and _TELLING & set(fields) and len(fields) > best[0]:
            best = (len(fields), at, labels)
    return best


def _text(cell: Any) -> str:
    return clean_text(cell) if isinstance(cell, str) else ""


def _filled(cell: Any) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _labels_at(rows: Sequence[Sequence[Any]], at: int) -> list[str]:
    """The texts of a row; under a row of months each with its month."""
    labels = _trimmed([_text(cell) for cell in rows[at]])
    above = [_text(cell) for cell in rows[at - 1]] if at else []
    if sum(bool(month_of(text)) for text in above) < 2:
        return labels
    return _joined(above, labels)


def _two_rows(rows: Sequence[Sequence[Any]], at: int) -> list[str]:
    """The labels of two rows of which the upper one groups some columns of the lower."""
    upper, lower = ([_text(cell) for cell in row] for row in rows[at : at + 2])
    return _joined(upper, lower) if any(upper) and any(lower) else []


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """A text of the upper row also stands over the empty cells right of it (merged cells)."""
    labels, group = [], ""
    for column in range(max(len(upper), len(lower))):
        top = upper[column] if column < len(upper) else ""
        own = lower[column] if column < len(lower) else ""
        group = top or group
        labels.append(f"{group}{BETWEEN}{own}" if group and own else own or top)
    return _trimmed(labels)


def _trimmed(labels: list[str]) -> list[str]:
    while labels and not labels[-1]:
        labels.pop()
    return labels


def _data_date(preamble: Iterable[Row]) -> date | None:
    """The day of ``data tanggal: 2026-06-30``, in one cell or in the next."""
    for row in preamble:
        text = " ".join(filter(None, map(_text, row)))
        found = re.search(r"data (?:per )?tanggal\s*:?\s*([\w./ -]{6,20})", text, re.IGNORECASE)
        if found:
            return read_date(found[1].strip()).value
    return None


# --- The columns -------------------------------------------------------------------------------


def suggest(labels: Sequence[str]) -> dict[int, str]:
    """Column index → our column. What is not known is left out, and so is a second of a kind.

    Only where several columns are dates of visits may the columns of a visit come again.
    """
    columns: dict[int, str] = {}
    fields = [field_of(label) for label in labels]
    many = fields.count("measured_on") > 1
    for index, name in enumerate(fields):
        if name in AGES and "birth_date" in fields:
            name = "told_age"  # worked out anew from the birth date, never trusted
        if name and (many and _of_visit(name) or name not in columns.values()):
            columns[index] = name
    undated = {
        index for group in visit_groups(columns) if many and "measured_on" not in group
        for index in group.values()
    }  # fmt: skip
    return {index: name for index, name in columns.items() if index not in undated}


def _of_visit(name: str) -> bool:
    return name in VISIT_FIELDS or name in TOLD_FIELDS


def visit_groups(columns: dict[int, str]) -> list[dict[str, int]]:
    """The columns of each visit, our column → index, from left to right: a column that comes
    again begins the next."""
    groups: list[dict[str, int]] = [{}]
    for index, name in sorted(columns.items()):
        if _of_visit(name):
            if name in groups[-1]:
                groups.append({})
            groups[-1][name] = index
    return groups if groups[0] else []


def refused(labels: Iterable[str]) -> list[str]:
    """A sentence for each column that looks like a key: no row is ever found by it."""
    return [NEVER_READ.format(label) for label in labels if is_key(label)]


def fingerprint(labels: Iterable[str]) -> str:
    """Equal for lists of the same columns, whatever their case and blanks (SHA-256)."""
    return hashlib.sha256("\n".join(map(key_of, labels)).encode()).hexdigest()


def layout_of(labels: Sequence[str]) -> str:
    """Which of ``LAYOUTS`` the list is, "" for another."""
    keys = {key_of(label) for label in labels}
    columns = suggest(labels)
    names = set(columns.values())
    if len(visit_groups(columns)) > 1:
        return "tahunan"
    if "beratlahirsasarankg" in keys:
        return "operasi_timbang"
    if {"usiasaatukur", "naikberatbadan"} <= keys:
        return "eppgbm_2025" if {"kelasibubalita", "mbg"} & keys else "eppgbm"
    if {"idposyandu", "nikanak"} <= keys:
        return "data_dasar"
    if {"tanggalpenimbangan", "statusbbu"} <= keys:
        return "pemantauan"
    return "gasken" if "reported_at" in names and names & set(AGES) else ""
