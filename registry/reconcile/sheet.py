"""The comparison as a file to work through: one sheet, the kind as a column to filter by."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any

from accounts.models import User
from registry.exports.about import about
from registry.exports.cells import DAY, ONE, TEXT, TWO, WHOLE, Column
from registry.exports.sheets import Export, Table
from registry.imports.places import Places
from registry.models import Child, Import, ImportRow
from registry.reconcile.lines import Line, lines_of
from registry.reconcile.pages import LABELS, ORDER, chosen_words

Outcome = ImportRow.Outcome
NOTES = (
    "Saring menurut kolom Jenis, kerjakan baris demi baris, dan tulis hasilnya di Tindak lanjut. "
    "Yang sama tidak ikut di lembar ini.",
    "Perbandingan ini tidak mengubah apa pun, di sini maupun di e-PPGBM.",
)


def export(user: User, source: Import) -> Export:
    """All lines of the comparison but those that are the same, kind by kind."""
    title = f"Beda daftar e-PPGBM “{source.file_name}” dengan portal ini"
    said = source.columns.get("compared", {})
    on = date.fromisoformat(said["on"]) if said else source.programme.today()
    counted = [(LABELS[kind], source.counts.get(kind, 0)) for kind in LABELS]
    figures = "; ".join(f"{label} {n}" for label, n in counted)
    notes = (figures, *([chosen_words(said)] if said else []), *NOTES)
    return Export(
        file_name=f"beda-eppgbm-{source.programme.code}-{on}",
        about=lambda count: about(user, title, [("Daftar", source.file_name)], on, count, *notes),
        tables=(Table("Perbedaan", _columns(Places(source.programme)), lambda: _lines(source)),),
        count=lambda: source.rows.exclude(outcome=Outcome.SAME).count(),
    )


def _lines(source: Import) -> Iterator[Line]:
    codes = {code for some in source.rows.filter(outcome=Outcome.ASK)
             .values_list("candidates", flat=True) for code in some}  # fmt: skip
    alike = _children(source, codes)
    for kind in ORDER:
        rows = source.rows.filter(outcome=kind).select_related("child__mother", "child__household")
        for row in rows.order_by("number").iterator(chunk_size=500):
            yield from lines_of(row, alike)


def _children(source: Import, codes: set[str]) -> dict[str, Child]:
    found: dict[str, Child] = {}
    every = sorted(codes)
    for start in range(0, len(every), 500):
        rows = Child.objects.of(source.programme).filter(code__in=every[start : start + 500])
        found |= {child.code: child for child in rows}
    return found


def _columns(places: Places) -> tuple[Column, ...]:
    desa = {key: one.name for key, one in places.by_key.items()}
    return (
        Column("Jenis", lambda line: LABELS[Outcome(line.kind)], TEXT, 20),
        Column("Baris di daftar", attrgetter("number"), WHOLE, 8),
        Column("Nama anak", attrgetter("name"), TEXT, 28),
        Column("Tanggal lahir", attrgetter("born"), DAY, 12),
        Column("JK", attrgetter("sex"), TEXT, 5),
        Column("Orang tua", attrgetter("parents"), TEXT, 28),
        Column("NIK", attrgetter("nik"), TEXT, 18),
        Column("Desa/kelurahan", lambda line: desa.get(line.desa, ""), TEXT, 18),
        Column("Posyandu", lambda line: places.names.get(line.posyandu, ""), TEXT, 18),
        *_of_side("e-PPGBM", "there"),
        *_of_side("portal", "here"),
        Column("Kelas di e-PPGBM", lambda line: _classes(line, "there"), TEXT, 36),
        Column("Kelas di portal", lambda line: _classes(line, "here"), TEXT, 36),
        Column("Sebab dan catatan", _reasons, TEXT, 60),
        Column("Tindak lanjut", lambda line: "", TEXT, 36),
    )  # fmt: skip


def _of_side(label: str, name: str) -> tuple[Column, ...]:
    def read(what: str) -> Any:
        return lambda line: getattr(getattr(line, name), what, None)

    return (
        Column(f"Tanggal ukur {label}", read("on"), DAY, 12),
        Column(f"Berat {label} (kg)", read("weight_kg"), TWO, 10),
        Column(f"Tinggi {label} (cm)", read("length_height_cm"), ONE, 10),
        Column(f"Cara ukur {label}", read("posture"), TEXT, 12),
    )


def _classes(line: Line, side: str) -> str:
    return "; ".join(f"{one.label}: {getattr(one, side)}" for one in line.classes)


def _reasons(line: Line) -> str:
    causes = [f"{one.label}: {' '.join(one.causes)}" for one in line.classes]
    alike = [f"Mungkin {child.name}." for child in line.alike]
    return " ".join([*line.reasons, *causes, *alike])
