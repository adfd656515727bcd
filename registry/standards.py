"""The limits that sources dispute: what this programme goes by, and where each default comes from.

One table; a programme's own value stands in ``Programme.settings`` under the same key and is
changed on the portal's settings page. Limits nobody disputes stand beside their rule.
"""

from dataclasses import fields
from typing import Any, NamedTuple

from regions.models import Programme
from registry.mothers.pregnancy import Limits


class Limit(NamedTuple):
    """One number: its key in the settings, label, default, unit, bounds, and sources."""

    key: str
    group: str
    label: str
    default: float
    unit: str
    low: float
    high: float
    source: str
    places: int = 0  # decimals that are kept


GROWTH, PREGNANCY, RISK = "Pertumbuhan anak", "Kehamilan", "4 Terlalu (4T)"
HOUSE = "Rumah layak huni"
LIMITS = (
    Limit("refer_after_t", GROWTH, "Rujuk setelah berat tidak naik", 1, "kali berturut-turut", 1, 2,
          "Buku KIA 2023: satu kali (1T). Pedoman SKDN lama: dua kali (2T)."),
    Limit("corrected_age_until", GROWTH, "Umur koreksi anak prematur ditampilkan sampai", 24,
          "bulan", 12, 36, "Kebiasaan klinis; e-PPGBM tidak mengoreksi."),
    Limit("unweighed_months", GROWTH, "Tandai anak yang tidak ditimbang selama", 2, "bulan", 1, 6,
          "Pedoman SKDN: dua bulan."),
    Limit("trimester_1_ends", PREGNANCY, "Trimester I sampai dengan minggu", 12, "minggu", 11, 14,
          "Kebiasaan klinis dan analisis PMT: 12."),
    Limit("trimester_2_ends", PREGNANCY, "Trimester II sampai dengan minggu", 27, "minggu", 24, 28,
          "Kebiasaan klinis: 27. Analisis PMT: 24."),
    Limit("hb_trimester_2", PREGNANCY, "Anemia trimester II: Hb di bawah", 10.5, "g/dL", 10, 12,
          "Naskah klinis menurut trimester: 10,5. Register sederhana: 11 untuk semua.", 1),
    Limit("hb_severe", PREGNANCY, "Anemia berat: Hb di bawah", 7, "g/dL", 6, 9,
          "Kebiasaan klinis: 7 sampai 8.", 1),
    Limit("short_mother_cm", PREGNANCY, "Ibu pendek: tinggi di bawah", 145, "cm", 140, 155,
          "Kartu skor Poedji Rochjati: 145.", 1),
    Limit("ttd_tablets", PREGNANCY, "TTD selama hamil paling sedikit", 90, "butir", 30, 270,
          "Juknis PMT 2019: 90."),
    Limit("anc_visits", PREGNANCY, "Kunjungan ANC paling sedikit", 6, "kali", 4, 12,
          "Permenkes 21/2021: 6."),
    Limit("too_young", RISK, "Terlalu muda: umur ibu di bawah", 20, "tahun", 16, 21,
          "BKKBN: 20."),
    Limit("too_old", RISK, "Terlalu tua: umur ibu di atas", 35, "tahun", 34, 40,
          "BKKBN: 35–40; bahan lain: di atas 35."),
    Limit("too_close_months", RISK, "Terlalu dekat: jarak kelahiran di bawah", 24, "bulan", 12, 60,
          "BKKBN: 2 tahun."),
    Limit("too_many", RISK, "Terlalu banyak: hamil ke", 4, "atau lebih", 3, 6,
          "BKKBN: lebih dari tiga anak; bahan lain: tiga atau lebih."),
    Limit("floor_area_m2", HOUSE, "Luas lantai paling sedikit", 7.2, "m² per orang", 5, 15,
          "Kriteria rumah layak huni yang lazim: 7,2; pastikan dengan dinas perumahan.", 1),
)  # fmt: skip
BY_KEY = {limit.key: limit for limit in LIMITS}


def limit(programme: Programme | None, key: str) -> float:
    """The programme's number for the key, else the default; KeyError for an unknown key."""
    known: Any = programme.settings.get(key) if programme else None
    return float(BY_KEY[key].default if known is None else known)


def pregnancy_limits(programme: Programme | None) -> Limits:
    """The programme's numbers about pregnancy together, for the pure rules."""
    return Limits(**{field.name: limit(programme, field.name) for field in fields(Limits)})
