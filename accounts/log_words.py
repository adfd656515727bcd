"""What the event log names, in the words its readers know: columns, filters, settings, sums.

A column is called as its form calls it (``verbose_name``). An event about a child also names the
columns of a visit, one about a mother those of a pregnancy: ``NEAR``. What no form shows stands
in ``NAMES``; what rooms above this one name, they add with ``call``.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from accounts.roles import Role
from regions.words import long_date

NEAR = {
    "child": ("measurement",),
    "mother": ("pregnancy", "pregnancycheck", "breastfeeding"),
}

NAMES = {
    # what a list was narrowed by
    "q": "nama yang dicari",
    "desa": "desa/kelurahan",
    "posyandu": "posyandu",
    "bulan": "bulan",
    "kelompok": "kelompok",
    "gizi": "status gizi",
    "tanda": "tanda",
    "siapa": "anak atau ibu hamil",
    "sebab": "sebab",
    "jawaban": "tindak lanjut",
    "pilar": "pilar",
    "menurut": "urutan",
    "pencatat": "pencatat",
    "sejak": "berubah sejak",
    "setelah": "halaman berikutnya",
    "pada": "tanggal",
    "nik": "NIK",
    "risiko": "risiko stunting",
    "rumah": "keadaan rumah",
    "dasawisma": "kelompok dasawisma",
    "warga": "warga kecamatan",
    "cetak": "cetak",
    "tab": "keadaan laporan",
    "jenis": "jenis kejadian",
    "kader": "pengirim",
    "lama": "lama menunggu",
    "dokumen": "dokumen",
    "ganda": "kemungkinan ganda",
    # an answer to an alert
    "done_on": "tanggal tindak lanjut",
    # columns no form shows
    "activity": "aktivitas",
    "answers": "isi laporan",
    "baseline": "ukuran awal",
    "birth_precision": "ketelitian tanggal lahir",
    "last_visit": "kunjungan terakhir",
    "child": "anak",
    "confirmed": "angka janggal dipastikan",
    "device": "HP",
    "figures": "angka laporan",
    "finalised_at": "waktu disahkan",
    "finalised_by": "yang mengesahkan",
    "form_id": "nomor formulir",
    "form_version": "versi formulir",
    "generation": "tautan baru",
    "household": "keluarga",
    "is_active": "akun aktif",
    "kk": "nomor KK",
    "kind": "jenis",
    "mother": "ibu",
    "level": "tingkat wilayah",
    "note": "catatan",
    "overlap_until": "batas tautan lama",
    "partner": "mitra",
    "password": "kata sandi",
    "pdf_name": "berkas PDF",
    "photo": "foto",
    "pin": "PIN",
    "enrolled_at": "waktu didaftarkan",
    "enrolled_by": "yang mendaftarkan",
    "last_seen_at": "terakhir dipakai",
    "locked_until": "terkunci sampai",
    "revoked_by": "yang mencabut",
    "photo_after": "foto sesudah",
    "photo_before": "foto sebelum",
    "pregnancy": "kehamilan",
    "programme": "program",
    "puskesmas": "puskesmas",
    "revoked_at": "waktu dicabut",
    "settled_at": "waktu ditangani",
    "settled_by": "yang menangani",
    "sha256": "sidik berkas",
    "status": "status",
    "submitted_at": "waktu diajukan",
    "submitted_by": "yang mengajukan",
    "stored_name": "berkas daftar",
    "header_row": "baris judul kolom",
    "job": "pekerjaan",
    "written_at": "waktu dimasukkan",
    "undone_at": "waktu dibatalkan",
    "why": "sebab",
    "written_by": "penulis",
}

SHADOWS = ("_key", "_index", "_tail")  # columns to search by, which follow another column
# How the answer to an alert, and the state of a monthly report, are kept under an act.
_CODES = {
    **{str(role.value): str(role.label) for role in Role},
    "dirujuk": "Dirujuk", "diukur_ulang": "Diukur ulang", "dikunjungi": "Dikunjungi",
    "datang": "Datang", "pindah": "Pindah ke luar kecamatan",
    "pindah_posyandu": "Pindah posyandu atau desa", "meninggal": "Meninggal",
    "draft": "Konsep", "submitted": "Diajukan", "returned": "Dikembalikan", "final": "Final",
}  # fmt: skip
_SUMS = (
    (re.compile(r"n=(\d+) of (\d+)"), "{} dari {} baris"),
    (re.compile(r"n=(\d+)"), "{} baris"),
    (re.compile(r"(csv|xlsx) n=(\d+)"), "{}, {} baris"),
    (re.compile(r"nik_tail n=(\d+) of (\d+)"), "dicari dengan 4 angka akhir NIK, {} dari {} baris"),
    (re.compile(r"nik n=(\d+)"), "dicari dengan NIK, {} baris"),
    (re.compile(r"alike n=(\d+)"), "{} yang mungkin orang yang sama"),
    (re.compile(r"(\d{4}-\d\d-\d\d) n=(\d+)"), "{}: {} anak"),
    (re.compile(r"(\d{4}-\d\d-\d\d)"), "{}"),
    (re.compile(r"new=(\d+) update=(\d+)"), "{} baru, {} diperbarui"),
    (re.compile(r"revision=(\d+)"), "revisi {}"),
)

_called: dict[str, Callable[[], Mapping[str, str]]] = {}


def call(kind: str, names: Callable[[], Mapping[str, str]]) -> None:
    """Let a room above say what the names of its events are called; asked once, when read."""
    _called[kind] = names
    _names_of.cache_clear()


def fields_of(kind: str, names: Iterable[str]) -> str:
    """The changed columns, used filters or settings of an event, in words."""
    shown = (name for name in names if not name.endswith(SHADOWS))
    return ", ".join(dict.fromkeys(_label(kind, name) for name in shown))


def why_of(kept: str) -> str:
    """What stands under an act, in words: ``n=15`` is for machines, and so is ``bidan``."""
    for pattern, words in _SUMS:
        if found := pattern.fullmatch(kept):
            return words.format(*map(_day, found.groups()))
    return _CODES.get(kept, kept)


def _label(kind: str, name: str) -> str:
    called = _names_of(kind)
    return called.get(name) or _column(kind, name) or NAMES.get(name) or name.replace("_", " ")


def _column(kind: str, name: str) -> str:
    """The label of a column of this kind or of the kinds near it; "" when it has none."""
    for near in (kind, *NEAR.get(kind, ())):
        model = _models().get(near)
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            continue
        # Without a label Django makes one of the column's English name.
        if label := getattr(field, "_verbose_name", None):
            return str(label)
    return ""


@functools.cache
def _names_of(kind: str) -> Mapping[str, str]:
    return _called[kind]() if kind in _called else {}


@functools.cache
def _models() -> dict[str, type[Model]]:
    return {str(model._meta.model_name): model for model in apps.get_models()}


def _day(text: str) -> str:
    """A date of a machine as people write it; anything else as it is."""
    return long_date(date.fromisoformat(text)) if text.count("-") == 2 else text
