"""The list of children as a file: each child with the visit that counts."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from django.db.models import F

from growth.age import completed_months
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, TWO, WHOLE, Column
from registry.exports.people import POSTURES, SEXES, alert_words, status
from registry.exports.sheets import Export, Table
from registry.families.life import away_words
from registry.identity import masked
from registry.lists import ChildList

# What a row carries: of the child and its family, and of the visit.
CHILD = (
    "code", "name", "nik", "sex", "birth_date", "birth_precision", "birth_order", "father_name",
    "birth_weight_g", "birth_length_cm", "left_on", "left_reason", "mother__name",
    "mother__nik", "desa__name", "posyandu__name", "posyandu__puskesmas__name", "household__kk",
    "household__address", "household__rt", "household__rw",
)  # fmt: skip
VISIT = (
    "measured_on", "weight_kg", "length_height_cm", "measure", "lila_cm", "oedema", "haz", "waz",
    "whz", "haz_flag", "waz_flag", "whz_flag", "doubted", "weight_gain", "alert",
)  # fmt: skip


def rows(chosen: ChildList, *columns: str) -> Iterator[Any]:
    """The children of a list in its order, plain rows with the columns asked for; the database
    hands them over as they are written."""
    found = chosen.with_visit(chosen.rows())
    visit = {name: F(f"visit__{name}") for name in VISIT if name in columns}
    found = chosen.order.sorted(found.annotate(**visit))
    return found.values_list(*columns, named=True).iterator(chunk_size=2000)


def export(chosen: ChildList) -> Export:
    """Exactly the rows of the list's pages."""
    title = f"Daftar {chosen.noun}"
    return Export(
        file_name=f"daftar-anak-{chosen.user.programme.code}-{chosen.on}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.on, count, *NOTES),
        tables=(Table("Anak", columns(chosen), lambda: rows(chosen, *CHILD, *VISIT)),),
        count=lambda: chosen.rows().count(),
    )


NOTES = (
    "Status gizi menurut standar WHO 2006 dan Permenkes 2/2020. Angka Z yang janggal tetap "
    "ditulis, tetapi statusnya ukur ulang.",
)


def columns(chosen: ChildList) -> tuple[Column, ...]:
    on = chosen.on
    return (
        Column("Kode", attrgetter("code"), width=18),
        Column("Nama anak", attrgetter("name"), width=28),
        Column("NIK (disamarkan)", lambda row: masked(row.nik), width=18),
        Column("Jenis kelamin", lambda row: SEXES[row.sex]),
        Column("Tanggal lahir", attrgetter("birth_date"), DAY),
        Column("Tanggal lahir pasti", lambda row: _yes(row.birth_precision == "day")),
        Column("Umur (bulan)", lambda row: completed_months(row.birth_date, on), WHOLE, 8),
        Column("Nama ibu", attrgetter("mother__name"), width=28),
        Column("Nama ayah", attrgetter("father_name"), width=28),
        Column("Desa/kelurahan", attrgetter("desa__name"), width=18),
        Column("Posyandu", attrgetter("posyandu__name"), width=18),
        Column("Alamat", attrgetter("household__address"), width=30),
        Column("RT", attrgetter("household__rt"), width=5),
        Column("RW", attrgetter("household__rw"), width=5),
        Column("Berat lahir (gram)", attrgetter("birth_weight_g"), WHOLE, 9),
        Column("Panjang lahir (cm)", attrgetter("birth_length_cm"), ONE, 9),
        Column("Tanggal ukur", attrgetter("measured_on"), DAY),
        Column("Berat (kg)", attrgetter("weight_kg"), TWO, 8),
        Column("Panjang/tinggi (cm)", attrgetter("length_height_cm"), TWO, 9),
        Column("Cara ukur", lambda row: POSTURES.get(row.measure, "")),
        Column("LiLA (cm)", attrgetter("lila_cm"), ONE, 8),
        Column("Edema", lambda row: _yes(row.oedema) if row.measured_on else "", width=8),
        Column("Z BB/U", attrgetter("waz"), TWO, 8),
        Column("Status BB/U", lambda row: status("bb_u", row, row.birth_date), width=22),
        Column("Z TB/U", attrgetter("haz"), TWO, 8),
        Column("Status TB/U", lambda row: status("tb_u", row, row.birth_date), width=22),
        Column("Z BB/TB", attrgetter("whz"), TWO, 8),
        Column("Status BB/TB", lambda row: status("bb_tb", row, row.birth_date), width=22),
        Column("Naik berat badan (N/T/O/B)", attrgetter("weight_gain"), width=9),
        Column("Tanda", lambda row: alert_words(row.alert), width=18),
        Column("Catatan", lambda row: away_words(row, on), width=24),
    )


def _yes(value: bool) -> str:
    return "Ya" if value else "Tidak"
