"""The priority list as a file: who, how many points, why, what to do, what was done."""

from operator import attrgetter

from registry.alerts.priority_list import PriorityList, Row
from registry.exports.about import about
from registry.exports.cells import DAY, WHOLE, Column
from registry.exports.sheets import Export, Table

POINTS = "Angka prioritas adalah usulan program untuk mengurutkan pekerjaan, bukan ukuran medis."


def export(chosen: PriorityList) -> Export:
    """Exactly the rows of the list's pages, the most points first."""
    title = f"Daftar prioritas: {chosen.noun} {chosen.state}"
    return Export(
        file_name=f"prioritas-{chosen.user.programme.code}-{chosen.today}",
        about=lambda count: about(chosen.user, title, chosen.said, chosen.today, count, POINTS),
        tables=(Table("Prioritas", COLUMNS, lambda: map(chosen.row, chosen.walk())),),
        count=lambda: chosen.page().count or 0,
    )


def _answered(row: Row) -> str:
    return row.answer.what if row.answer else ""


COLUMNS = (
    Column("Angka", attrgetter("points"), WHOLE, 7),
    Column("Nama", attrgetter("name"), width=28),
    Column("Umur atau kehamilan", attrgetter("about"), width=24),
    Column("Nama ibu", attrgetter("mother"), width=28),
    Column("Desa/kelurahan", attrgetter("desa"), width=18),
    Column("Posyandu", attrgetter("posyandu"), width=18),
    Column("Tanda", attrgetter("label"), width=18),
    Column("Mengapa", lambda row: ". ".join(row.reasons), width=50),
    Column("Sebab", lambda row: "; ".join(f.words for f in row.factors), width=50),
    Column("Langkah berikutnya", lambda row: " ".join(row.steps), width=50),
    Column("Tindak lanjut", _answered, width=16),
    Column("Tanggal tindak lanjut", lambda row: row.answer.on if row.answer else None, DAY),
    Column("Oleh", lambda row: row.answer.who if row.answer else "", width=24),
    Column("Catatan tindak lanjut", lambda row: row.answer.note if row.answer else "", width=30),
)
