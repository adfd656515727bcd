"""The list of children in the columns of e-PPGBM; headings and order stand in eppgbm.toml."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from growth.classes import CLASSES
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, TEXT, TWO, WHOLE, Column
from registry.exports.children import CHILD, VISIT, rows
from registry.exports.people import POSTURES, status
from registry.exports.sheets import Export, Table
from registry.identity import masked
from registry.lists import ChildList

LAYOUT: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SHORT = {
    found.label: LAYOUT["status"].get(found.code, found.label)
    for classes in CLASSES.values() for found in classes
}  # fmt: skip
NOTES = (
    "Judul kolom menurut susunan yang dikenal dari aplikasi lain, belum dicocokkan dengan "
    "Kemenkes. Kolom Cara Ukur ditambahkan, karena status gizi bergantung padanya.",
    "ID Posyandu dan ID Puskesmas diisi nama: nomornya hanya ada di e-PPGBM. NIK Ayah dan "
    "Lingkar Kepala tidak dicatat di sini.",
)


def export(chosen: ChildList) -> Export:
    """Data Dasar of every child of the list, Pemantauan of those with a visit."""
    title = f"Kolom e-PPGBM: {chosen.noun}"
    return Export(
        file_name=f"eppgbm-{chosen.user.programme.code}-{chosen.on}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.on, count, *NOTES),
        tables=tuple(_table(chosen, sheet) for sheet in LAYOUT["sheet"]),
        count=lambda: chosen.rows().count(),
    )


def _table(chosen: ChildList, sheet: dict[str, Any]) -> Table:
    columns = tuple(_column(column["heading"], column["from"]) for column in sheet["columns"])
    measured = sheet.get("measured", False)

    def found() -> Iterator[Any]:
        every = rows(chosen, *CHILD, *VISIT)
        return (row for row in every if row.measured_on) if measured else every

    return Table(sheet["title"], columns, found)


def _column(heading: str, word: str) -> Column:
    read, kind, width = SOURCES[word]
    return Column(heading, read, kind, width)


def _status(index: str) -> Any:
    def read(row: Any) -> str:
        said = status(index, row, row.birth_date)
        return SHORT.get(said, said)

    return read


# word -> how it is read from a row, what it holds, width
SOURCES: dict[str, tuple[Any, str, int]] = {
    "kk": (lambda row: masked(row.household__kk), TEXT, 18),
    "nik": (lambda row: masked(row.nik), TEXT, 18),
    "name": (attrgetter("name"), TEXT, 28),
    "birth_date": (attrgetter("birth_date"), DAY, 12),
    "sex": (attrgetter("sex"), TEXT, 8),
    "birth_order": (attrgetter("birth_order"), WHOLE, 8),
    "birth_weight_kg": (
        lambda row: None if row.birth_weight_g is None else Decimal(row.birth_weight_g) / 1000,
        TWO, 9,
    ),
    "birth_length_cm": (attrgetter("birth_length_cm"), ONE, 9),
    "mother_nik": (lambda row: masked(row.mother__nik or ""), TEXT, 18),
    "mother_name": (attrgetter("mother__name"), TEXT, 28),
    "address": (attrgetter("household__address"), TEXT, 30),
    "posyandu": (attrgetter("posyandu__name"), TEXT, 18),
    "puskesmas": (attrgetter("posyandu__puskesmas__name"), TEXT, 22),
    "month": (lambda row: f"{row.measured_on:%Y-%m}", TEXT, 9),
    "measured_on": (attrgetter("measured_on"), DAY, 12),
    "weight_kg": (attrgetter("weight_kg"), TWO, 9),
    "length_height_cm": (attrgetter("length_height_cm"), TWO, 9),
    "measure": (lambda row: POSTURES.get(row.measure, ""), TEXT, 11),
    "lila_cm": (attrgetter("lila_cm"), ONE, 8),
    "bb_u": (_status("bb_u"), TEXT, 18),
    "tb_u": (_status("tb_u"), TEXT, 18),
    "bb_tb": (_status("bb_tb"), TEXT, 18),
    "unknown": (lambda row: "", TEXT, 10),
}  # fmt: skip
