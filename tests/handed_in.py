"""Lists handed in for a test: made as CSV, mapped as suggested, carried without a worker."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import jobs
from registry.imports import files, layouts, mapping, workflow
from registry.imports.sheet import open_sheet
from registry.models import Import, ImportRow

HEADER = (
    "NIK", "Nama", "JK", "Tgl Lahir", "Nama Ibu", "Nama Ayah", "Kec", "Desa/Kel", "Posyandu",
    "RT", "RW", "Alamat", "No HP", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur", "LiLA",
)  # fmt: skip
ORDINARY = {
    "NIK": "", "Nama": "Contoh Satu", "JK": "L", "Tgl Lahir": "2024-03-05", "Nama Ibu": "Ibu Satu",
    "Nama Ayah": "Ayah Satu", "Kec": "", "Desa/Kel": "Ledug", "Posyandu": "", "RT": "01",
    "RW": "02", "Alamat": "Jalan Contoh 5", "No HP": "081200000001",
    "Tanggal Pengukuran": "2026-06-09", "Berat": "10,6", "Tinggi": "81,5",
    "Cara Ukur": "Berdiri", "LiLA": "-",
}  # fmt: skip
DECREE = "400/12/2026"
GASKEN = ("Timestamp", "Nama Kader", "Kelurahan/Desa", "Nama Anak", "Umur Anak", "Nama Orang Tua",
          "Pekerjaan", "Alamat", "Link Foto KK/Akta")  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    """An ordinary row; names with ``_`` for blanks and dots: ``Tgl_Lahir``."""
    named = {name.replace("_", " "): value for name, value in changes.items()}
    aliases = {"Desa": "Desa/Kel", "Tanggal": "Tanggal Pengukuran"}
    return ORDINARY | {aliases.get(name, name): value for name, value in named.items()}


def content(rows: Sequence[dict[str, Any]], header: Sequence[str] = HEADER) -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=";", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def handed_in(
    place: SimpleNamespace, raw: bytes, name: str = "daftar.csv", purpose: str = "impor"
) -> Import:
    """A list as a petugas hands it in, with the mapping that is suggested."""
    stored, digest = files.keep(SimpleUploadedFile(name, raw))
    sheet = open_sheet(files.folder() / stored, name)
    header = layouts.find_header(sheet)
    columns = mapping.read_columns(place.programme, sheet, header)
    return workflow.hand_in(
        place.petugas, purpose=purpose, file_name=name, stored_name=stored, sha256=digest,
        columns=columns, header_row=header.row_number,
    )  # fmt: skip


def carried() -> None:
    """Do what waits for the worker. A job that fails makes the test fail."""
    while job := jobs.take():
        jobs.carry(job)
        assert job.state == "done", job.message


def analysed(place: SimpleNamespace, rows: Sequence[dict[str, Any]], **given: Any) -> Import:
    """A list of children that was analysed."""
    source = handed_in(place, content(rows), **given)
    return analyse(place, source)


def analyse(place: SimpleNamespace, source: Import) -> Import:
    reports = mapping.is_of_reports(mapping.columns_of(source))
    layout = mapping.REPORTS if reports else "daftar"
    workflow.map_columns(place.petugas, source, source.columns, layout)
    carried()
    source.refresh_from_db()
    return source


def written(place: SimpleNamespace, rows: Sequence[dict[str, Any]]) -> Import:
    """A list that was analysed and written."""
    return write(place, analysed(place, rows))


def write(place: SimpleNamespace, source: Import) -> Import:
    workflow.begin_write(place.petugas, source, DECREE)
    carried()
    source.refresh_from_db()
    return source


def undone(place: SimpleNamespace, source: Import) -> Import:
    workflow.begin_undo(place.petugas, source)
    carried()
    source.refresh_from_db()
    return source


def outcomes(source: Import) -> list[str]:
    """The outcomes of the rows, in their order."""
    return [row.outcome for row in source.rows.order_by("number")]


def only(source: Import) -> ImportRow:
    return source.rows.get()


DAY = date(2026, 6, 9)


def a_list(place: Any, **changes: Any) -> Import:
    """A list that waits for its columns, without a file: for pages that need none."""
    columns = {"labels": ["Nama", "Tgl Lahir"], "map": {"0": "child_name", "1": "birth_date"},
               "samples": [["Contoh Satu"], ["2024-03-05"]], "notes": [], "place": {}}  # fmt: skip
    values = {"programme": place.programme, "file_name": "daftar.csv", "sha256": "0" * 64,
              "header_row": 1, "columns": columns, "created_by": place.petugas}  # fmt: skip
    return Import.objects.create(**(values | changes))
