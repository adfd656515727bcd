"""From one child's z-scores to the class, the alert and the next step.

Levels and triggers: the alert table of the project's facts (§1.8). What is missing, implausible
or measured in an unknown posture is never called normal. Print SCREENING under every result.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from growth.classes import (
    CLASSES,
    INDEX_LABELS,
    LILA_CLASSES,
    LILA_NOT_APPLICABLE,
    LYING_LABELS,
    GrowthClass,
    classify,
    classify_lila,
)
from growth.gain import is_bgm
from growth.plausible import PLAUSIBLE, implausible, impossible
from growth.reading import AGE_LIMIT_MONTHS
from growth.words import long_date, number, sd
from growth.zscore import Scores

__all__ = [
    "ALERT_ICONS",
    "ALERT_LABELS",
    "ALERT_RANK",
    "CLASSES",
    "INDEX_LABELS",
    "LILA_CLASSES",
    "LILA_NOT_APPLICABLE",
    "PLAUSIBLE",
    "SCREENING",
    "Alert",
    "GrowthClass",
    "Known",
    "alert",
    "classify",
    "classify_lila",
    "implausible",
    "impossible",
]

SCREENING = "Ini hasil penapisan, bukan diagnosis. Perlu dipastikan bidan atau puskesmas."

ALERT_RANK = {"merah": 0, "oranye": 1, "kuning": 2, "biru": 3, "hijau": 4}
ALERT_ICONS = {"merah": "▲", "oranye": "◆", "kuning": "●", "biru": "■", "hijau": "✓"}
ALERT_LABELS = {
    "merah": "Rujuk hari ini",
    "oranye": "Rujuk minggu ini",
    "kuning": "Ukur ulang",
    "biru": "Pantau",
    "hijau": "Baik",
}
_NEXT_STEPS = {
    "merah": "Rujuk ke puskesmas hari ini. Gizi buruk ditangani tenaga kesehatan, "
    "bukan dengan PMT penyuluhan.",
    "oranye": "Minta bidan atau puskesmas memastikan minggu ini, lalu usulkan sasaran PMT.",
    "oranye_bayi": "Minta bidan atau puskesmas memastikan minggu ini. Bayi di bawah 6 bulan cukup "
    "ASI, bukan sasaran PMT.",
    "oranye_lulus": "Minta bidan atau puskesmas memastikan minggu ini.",
    "kuning": "Ukur ulang atau lengkapi data, lalu lihat lagi hasilnya.",
    "biru": "Pantau bulan depan.",
    "biru_berat": "Pantau bulan depan. Pastikan dengan BB/TB atau IMT/U.",
    "biru_t": "Bicarakan makan dan sakitnya dengan ibu, lalu timbang lagi bulan depan.",
    "hijau": "Timbang dan ukur lagi bulan depan.",
    "lulus": "Catat sebagai lulus balita.",
}

_PMT_FROM_MONTH = 6  # before: ASI eksklusif

# The indices that raise an alert, with their z, their flag, and whether they need the posture.
# IMT/U confirms them but raises none of its own.
_ALARMING = (
    ("bb_tb", "zwfl", "fwfl", True),
    ("tb_u", "zlen", "flen", True),
    ("bb_u", "zwei", "fwei", False),
)
_UNKNOWN = "belum dapat dihitung"
_WHY_ABSENT = {
    "no_sex": f"Jenis kelamin belum diisi: status gizi {_UNKNOWN}",
    "no_age": f"Tanggal lahir atau tanggal ukur belum diisi: status gizi {_UNKNOWN}",
    "before_birth": f"Tanggal ukur sebelum tanggal lahir: status gizi {_UNKNOWN}",
    "no_weight": f"Berat belum diukur: status gizi {_UNKNOWN}",
    "no_length": f"Tinggi belum diukur: status tinggi badan {_UNKNOWN}",
    "out_of_table": f"Tinggi di luar tabel WHO: berat menurut tinggi {_UNKNOWN}",
    "not_positive": f"Berat atau tinggi 0 tidak mungkin: status gizi {_UNKNOWN}",
    "unreadable": f"Angka tidak terbaca: status gizi {_UNKNOWN}",
}
_NOT_MEASURED = f"Belum diukur: status gizi {_UNKNOWN}"
_POSTURE_MISSING = f"Cara ukur (terlentang atau berdiri) belum diisi: tinggi {_UNKNOWN} pasti"
_POSTURE_WRONG = f"Anak di bawah 9 bulan tercatat berdiri, ukur terlentang: tinggi {_UNKNOWN} pasti"
_DOUBTED = {
    "weight_kg": "Angka berat diragukan: ukur ulang",
    "length_height_cm": "Angka tinggi diragukan: ukur ulang",
    "lila_cm": "Angka LiLA diragukan: ukur ulang",
}
_MADE_WITH = {
    "tb_u": {"length_height_cm"},
    "bb_u": {"weight_kg"},
    "bb_tb": {"weight_kg", "length_height_cm"},
    "imt_u": {"weight_kg", "length_height_cm"},
}
_OVER_FIVE = "Umur 60 bulan atau lebih (lulus balita): di luar rentang standar WHO 0–59 bulan"


class Known(NamedTuple):
    """An index of an earlier visit, for a visit at which no height was taken."""

    z: float
    on: date


_NOTHING_KNOWN: Mapping[str, Known] = MappingProxyType({})


class _Sign(NamedTuple):
    level: str
    reason: str
    about: str = ""  # an index, or "gain"


@dataclass(frozen=True, slots=True)
class Alert:
    """The worst level found, the reasons (worst first, Bahasa) and what to do next."""

    level: str
    reasons: tuple[str, ...]
    next_step: str

    @property
    def label(self) -> str:
        return ALERT_LABELS[self.level]

    @property
    def icon(self) -> str:
        return ALERT_ICONS[self.level]

    @property
    def rank(self) -> int:
        return ALERT_RANK[self.level]


def alert(
    scores: Scores,
    lila_cm: Any = None,
    age_months: int | None = None,
    oedema: bool = False,
    *,
    danger_sign: bool = False,
    weight_gain: str | None = None,
    t_run: int = 0,
    refer_after_t: float = 1,
    doubted: Collection[str] = (),
    approximate: bool = False,
    lying: bool = False,
    known: Mapping[str, Known] = _NOTHING_KNOWN,
) -> Alert:
    """Weigh all signs of one visit.

    weight_gain: N, T, O, B; t_run: the T's in a row with this one; refer_after_t: from which of
    them on the child is referred. doubted: the numbers (weight_kg, length_height_cm, lila_cm)
    that somebody confirmed although they are unlikely. approximate: the birth date is a guess.
    lying: below day 731, where height is called length. known: by index (tb_u, bb_tb), what the
    last visit with a height said: a child who was short or thin does not stop being so because
    this time it was only weighed.
    """
    labels = LYING_LABELS if lying else INDEX_LABELS
    signs = _clinical_signs(scores, oedema, danger_sign)
    if scores.why.get("zlen") == "too_old" and not signs:
        return Alert("biru", (_OVER_FIVE,), _NEXT_STEPS["lulus"])
    signs += _lila_signs(lila_cm, age_months)
    signs += _index_signs(scores, approximate, doubted, labels)
    signs += _known_signs(scores, approximate, known, labels)
    signs += _posture_signs(scores)
    signs += [_Sign("kuning", words) for name, words in _DOUBTED.items() if name in doubted]
    if weight_gain == "T":
        signs.append(_gain_sign(max(t_run, 1), refer_after_t))
    signs.sort(key=lambda sign: ALERT_RANK[sign.level])
    level = signs[0].level if signs else "hijau"
    reasons = tuple(dict.fromkeys(sign.reason for sign in signs))
    step = _next_step(level, {sign.about for sign in signs}, age_months)
    return Alert(level, reasons or ("Tinggi dan berat sesuai standar WHO",), step)


def _next_step(level: str, about: set[str], age_months: int | None) -> str:
    """What is asked for follows from the sign and the age: no PMT for a baby, no next month for
    who is 60 months old today (day 1826 still has its z-scores)."""
    months = _PMT_FROM_MONTH if age_months is None else age_months
    leaves = months >= AGE_LIMIT_MONTHS
    if level == "oranye" and (months < _PMT_FROM_MONTH or leaves):
        return _NEXT_STEPS["oranye_lulus" if leaves else "oranye_bayi"]
    if level in ("biru", "hijau") and leaves:
        return _NEXT_STEPS["lulus"]
    if level == "biru" and "gain" in about:
        return _NEXT_STEPS["biru_t"]
    if level == "biru" and not about.isdisjoint(("bb_u", "bb_tb")):
        return _NEXT_STEPS["biru_berat"]
    return _NEXT_STEPS[level]


def _clinical_signs(scores: Scores, oedema: bool, danger_sign: bool) -> list[_Sign]:
    signs = []
    if oedema or "oedema" in scores.why.values():
        signs.append(_Sign("merah", "Gizi buruk (edema)"))
    if danger_sign:
        signs.append(_Sign("merah", "Ada tanda bahaya"))
    return signs


def _lila_signs(lila_cm: Any, age_months: int | None) -> list[_Sign]:
    lila = None if lila_cm is None else float(lila_cm)
    found = classify_lila(lila, age_months)
    if lila is None or found is None or found.colour in ("", "hijau"):
        return []
    return [_Sign(found.colour, f"LiLA {number(lila, 1)} cm: {found.label.lower()}")]


def _gain_sign(t_run: int, refer_after_t: float) -> _Sign:
    """Before the T on which this programme refers, a T is watched, not called well."""
    words = "Berat tidak naik (T)"
    if t_run > 1:
        words = f"Berat tidak naik {t_run} bulan berturut-turut ({t_run}T)"
    return _Sign("oranye" if t_run >= refer_after_t else "biru", words, "gain")


def _index_signs(
    scores: Scores, approximate: bool, doubted: Collection[str], labels: dict[str, str]
) -> list[_Sign]:
    """One sign for each index that is not plainly normal.

    In an unknown posture a z is up to 0,3 SD wrong, and a doubted number may be wrong by more:
    both may still alarm (with ≈), since silence would be worse, but they never reassure.
    """
    signs = []
    for index, z_name, flag, needs_posture in _ALARMING:
        z = getattr(scores, z_name)
        if z is None:
            signs += _absence(scores.why.get(z_name, ""))
            continue
        unsure = needs_posture and scores.cmeasure is None
        unsure = unsure or not _MADE_WITH[index].isdisjoint(doubted)
        found = classify(index, z)
        said = f"{labels[index]} {'≈ ' if approximate or unsure else ''}{sd(z)}"
        if getattr(scores, flag):
            signs.append(_Sign("kuning", f"{said}: di luar batas wajar"))
        elif found and found.colour != "hijau" and not (unsure and z > 0):
            signs.append(_Sign(found.colour, f"{said}: {found.label.lower()}", index))
    if is_bgm(scores.zwei, bool(scores.fwei) or "weight_kg" in doubted):
        signs.append(_Sign("oranye", "Di bawah garis merah (BGM)"))
    return signs


def _known_signs(
    scores: Scores, approximate: bool, known: Mapping[str, Known], labels: dict[str, str]
) -> list[_Sign]:
    """What the last height said, where none was taken now. Only what alarms: it never reassures."""
    signs = []
    for index, z_name, _, needs_length in _ALARMING:
        last = known.get(index) if needs_length and scores.why.get(z_name) == "no_length" else None
        found = classify(index, last.z) if last else None
        if last and found and last.z < 0 and found.colour != "hijau":
            said = f"{labels[index]} {'≈ ' if approximate else ''}{sd(last.z)}"
            words = f"{said} pada {long_date(last.on)}, belum diukur lagi: {found.label.lower()}"
            signs.append(_Sign(found.colour, words, index))
    return signs


def _absence(why: str) -> list[_Sign]:
    if why == "oedema":
        return []  # already red
    return [_Sign("kuning", _WHY_ABSENT.get(why, _NOT_MEASURED))]


def _posture_signs(scores: Scores) -> list[_Sign]:
    if scores.c9mo_flag:
        return [_Sign("kuning", _POSTURE_WRONG)]
    if scores.clenhei is not None and scores.cmeasure is None:
        return [_Sign("kuning", _POSTURE_MISSING)]
    return []
