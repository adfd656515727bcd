"""The list of mothers as a file, as they stand on its day."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from growth.age import completed_months
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, WHOLE, Column
from registry.exports.sheets import Export, Table
from registry.mothers.alert import carried_by
from registry.mothers.lists import MotherList


def export(chosen: MotherList) -> Export:
    """Exactly the rows of the list's pages."""
    chosen.whole, title = True, f"Daftar {chosen.noun}"
    return Export(
        file_name=f"daftar-ibu-{chosen.user.programme.code}-{chosen.on}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.on, count),
        tables=(Table("Ibu", columns(chosen), lambda: _rows(chosen)),),
        count=lambda: _count(chosen.rows()),
    )


def _count(rows: Any) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def _rows(chosen: MotherList) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each mother with her line of the page."""
    found: Any = chosen.rows()
    if isinstance(found, QuerySet):
        found = chosen.order.sorted(chosen.shown(found)).iterator(chunk_size=500)
    else:
        found = chosen.order.arranged(found)
    return ((mother, chosen.row(mother)) for mother in found)


def columns(chosen: MotherList) -> tuple[Column, ...]:
    return (
        Column("Kode", _of("code"), width=18),
        Column("Nama ibu", _of("name"), width=28),
        Column("NIK (disamarkan)", _of("nik_masked"), width=18),
        Column("Tanggal lahir", _of("birth_date"), DAY),
        Column("Umur (tahun)", lambda row: _years(row[0], chosen.on), WHOLE, 8),
        Column("Nomor HP", _of("phone"), width=16),
        Column("Desa/kelurahan", _of("desa.name"), width=18),
        Column("Posyandu", lambda row: row[1]["posyandu"], width=18),
        Column("Alamat", _of("household.address"), width=30),
        Column("RT", _of("household.rt"), width=5),
        Column("RW", _of("household.rw"), width=5),
        Column("Keadaan", lambda row: row[1]["state"], width=24),
        Column("HPHT", _of("carried_hpht"), DAY),
        Column("HPL", lambda row: carried_by(row[0]).hpl if row[0].carried_hpht else None, DAY),
        Column("Hamil ke", _of("carried_gravida"), WHOLE, 7),
        Column("LiLA terakhir (cm)", _of("lila"), ONE, 9),
        Column("Hb terakhir (g/dL)", _of("hb"), ONE, 9),
        Column("Terakhir diperiksa", _of("checked_on"), DAY),
        Column("Tanda", lambda row: "; ".join(s.label for s in row[1]["signs"]), width=40),
    )


def _of(path: str) -> Any:
    """A column of the mother herself."""
    read = attrgetter(path)
    return lambda row: read(row[0])


def _years(mother: Any, on: Any) -> int | None:
    return completed_months(mother.birth_date, on) // 12 if mother.birth_date else None
