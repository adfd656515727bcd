"""The list of a posyandu day as a file: who is due, what was measured, what was known before."""

from operator import attrgetter
from typing import Any

from growth.words import long_date
from regions.posters import posyandu_title
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, TWO, WHOLE, Column
from registry.exports.people import POSTURES, SEXES, alert_words
from registry.exports.sheets import Export, Table
from registry.posyandu.day import Day, Row

STATES = {"measured": "Sudah diukur", "absent": "Tidak hadir", "waiting": "Belum diukur"}


def export(user: Any, day: Day) -> Export:
    """The children in the order of the printed list."""
    place = f"{posyandu_title(day.posyandu)}, {day.posyandu.desa.title}"
    chosen = [("Posyandu", place), ("Tanggal", long_date(day.on))]
    return Export(
        file_name=f"hari-posyandu-{day.posyandu.code}-{day.on}",
        about=lambda count: about(user, f"Hari posyandu {place}", chosen, day.on, count),
        tables=(Table("Hari posyandu", COLUMNS, lambda: day.rows),),
        count=lambda: len(day.rows),
    )


def _now(name: str) -> Any:
    """A number of this day's visit."""
    return lambda row: getattr(row.visit, name) if row.visit else None


def _posture(row: Row) -> str:
    return POSTURES.get(row.visit.measure, "") if row.visit else ""


COLUMNS = (
    Column("No.", attrgetter("number"), WHOLE, 5),
    Column("Nama anak", attrgetter("name"), width=28),
    Column("Jenis kelamin", lambda row: SEXES[row.child.sex]),
    Column("Tanggal lahir", attrgetter("child.birth_date"), DAY),
    Column("Umur (bulan)", attrgetter("months"), WHOLE, 8),
    Column("Nama ibu", attrgetter("mother"), width=28),
    Column("Keadaan", lambda row: STATES[row.state], width=14),
    Column("Berat (kg)", _now("weight_kg"), TWO, 8),
    Column("Panjang/tinggi (cm)", _now("length_height_cm"), TWO, 9),
    Column("Cara ukur", _posture),
    Column("LiLA (cm)", _now("lila_cm"), ONE, 8),
    Column("Naik berat badan (N/T/O/B)", _now("weight_gain"), width=9),
    Column("Tanda", lambda row: alert_words(row.visit.alert) if row.visit else "", width=18),
    Column("Ukuran sebelumnya", attrgetter("child.latest_measured_on"), DAY),
    Column("Berat sebelumnya (kg)", attrgetter("child.last_weight"), TWO, 10),
    Column("Panjang/tinggi sebelumnya (cm)", attrgetter("child.last_length"), TWO, 11),
    Column("Catatan", attrgetter("unweighed"), width=26),
)
