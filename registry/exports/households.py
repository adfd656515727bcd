"""The list of families as a file: each with its home and its risk of stunting."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from registry.exports.about import about
from registry.exports.cells import DAY, WHOLE, Column
from registry.exports.sheets import Export, Table
from registry.families import residents
from registry.families.family_list import HouseholdList

RISK = (
    "Risiko stunting menurut BKKBN: keluarga sasaran tanpa air minum layak, tanpa jamban layak, "
    "atau dengan 4 Terlalu. Yang belum diketahui tidak dianggap baik."
)


def export(chosen: HouseholdList) -> Export:
    """Exactly the rows of the list's pages."""
    chosen.whole, title = True, f"Daftar {chosen.noun}"
    return Export(
        file_name=f"daftar-keluarga-{chosen.user.programme.code}-{chosen.on}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.on, count, RISK),
        tables=(Table("Keluarga", columns(chosen), lambda: _rows(chosen)),),
        count=lambda: chosen.rows().count(),
    )


def _rows(chosen: HouseholdList) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each family with its line of the page."""
    return ((home, chosen.row(home)) for home in chosen.walk())


def _of(path: str) -> Any:
    """A column of the family itself."""
    read = attrgetter(path)
    return lambda row: read(row[0])


def _line(name: str) -> Any:
    """What the page says, too."""
    return lambda row: row[1][name]


def columns(chosen: HouseholdList) -> tuple[Column, ...]:
    """With the question whether they are of the kecamatan, where it is asked."""
    return (*COLUMNS, RESIDENT) if residents.asks(chosen.user.programme) else COLUMNS


RESIDENT = Column("Warga kecamatan", lambda row: residents.words(row[0]), width=18)
COLUMNS = (
    Column("Kode", _of("code"), width=18),
    Column("Kepala keluarga", _line("name"), width=28),
    Column("Nomor KK (disamarkan)", _of("kk_masked"), width=18),
    Column("Alamat", _of("address"), width=30),
    Column("RT", _of("rt"), width=5),
    Column("RW", _of("rw"), width=5),
    Column("Dasawisma", _of("dasawisma"), width=16),
    Column("Desa/kelurahan", _of("desa.name"), width=18),
    Column("Posyandu", _line("posyandu"), width=18),
    Column("Sumber air minum", lambda row: row[0].get_water_source_display(), width=24),
    Column("Air minum", lambda row: row[0].get_water_display(), width=16),
    Column("Jamban", lambda row: row[0].get_latrine_display(), width=16),
    Column("Rumah", lambda row: row[0].get_house_display(), width=16),
    Column("Jumlah penghuni", _of("residents"), WHOLE, 9),
    Column("Rumah dilihat", _line("seen_on"), DAY),
    Column("Risiko stunting", _line("label"), width=22),
    Column("Alasan", lambda row: "; ".join(row[1]["reasons"]), width=50),
)
