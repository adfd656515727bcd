"""The first sheet: what the file is, of whom, by which filters, who took it and when."""

from datetime import date
from typing import Any

from django.utils import timezone

from growth.classify import SCREENING
from regions.words import date_and_clock, long_date

HIDDEN = (
    "NIK dan nomor KK disamarkan. Nomor lengkap dibuka satu per satu di kartu anak atau ibu, "
    "dan tiap pembukaan tercatat."
)
PRIVATE = "Memuat data pribadi. Simpan di tempat aman, jangan diteruskan kepada yang tidak berhak."
EVERYBODY = "Tidak ada: semua di wilayah tugas pengunduh"


def about(
    user: Any, title: str, chosen: list[tuple[str, str]], on: date, count: int, *notes: str
) -> list[tuple[str, Any]]:
    """The rows of the first sheet. ``chosen``: the filters in words; ``on``: the day the data are
    of; ``notes``: what else must be known to read the file."""
    programme = user.programme
    return [
        ("Isi", title),
        ("Program", f"{programme.name} ({programme.short_name})"),
        ("Kecamatan", programme.kecamatan_name),
        *([(f"Saringan: {label}", words) for label, words in chosen] or [("Saringan", EVERYBODY)]),
        ("Jumlah baris", count),
        ("Keadaan data", long_date(on)),
        ("Sumber", f"Data sasaran {programme.short_name} dari laporan kader, posyandu, dan bidan"),
        ("Diunduh oleh", f"{user} ({user.title})"),
        ("Waktu unduh", date_and_clock(timezone.now(), programme)),
        ("Penapisan", SCREENING),
        ("NIK dan KK", HIDDEN),
        ("Kerahasiaan", PRIVATE),
        *[("Catatan", note) for note in notes],
    ]
