"""The page "Mengapa berbeda dengan e-PPGBM?" in words, from growth.compare."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from growth.age import age_text
from growth.compare import Answer, Comparison, Variant, compare, explain
from registry.children import cards
from registry.children.changes import reading_of
from registry.forms.compare import Asked
from registry.models import Child, Measurement

SAME = "Sama dengan hasil portal ini."
UNEXPLAINED = (
    "Tidak satu pun cara hitung di bawah ini memberi hasil itu. Periksa tanggal lahir, jenis "
    "kelamin, berat, tinggi, dan tanggal ukur di e-PPGBM."
)


@dataclass(frozen=True)
class Told:
    """What the other screen's result means: tone, a sentence, and the ways that explain it."""

    tone: str
    sentence: str
    reasons: tuple[Variant, ...]


def page(child: Child, asked: Asked) -> dict[str, Any]:
    """What the page shows of one visit and one index; ``asked.visit`` is there."""
    row, index = asked.visit, asked.index
    assert row is not None  # noqa: S101 - the view asks only for a visit
    months = child.months(row.measured_on)
    found = compare(index, reading_of(child, row), months)
    return {
        "visit": cards.visit_words(row),
        "letters": cards.letters(child, row.measured_on, index),
        "tabs": _tabs(child, asked, row),
        "found": found,
        "absent": "" if found.ours.z is not None else cards.line(child, row, index).words,
        "sentences": _sentences(child, row, found, months),
        "told": _told(found, asked),
        "flagged": getattr(row, f"{cards.INDICES[index][0]}_flag"),
    }


def _sentences(child: Child, row: Measurement, found: Comparison, months: int) -> list[str]:
    """``Menurut umur dalam hari (6 bulan 28 hari): −2,59 SD, pendek.`` and the table's way."""
    about = "≈ " if child.is_approximate else ""
    age = age_text(child.birth_date, row.measured_on)
    ours = f"Menurut umur dalam hari ({about}{age}): {found.ours.words}."
    if found.index == "bb_tb":
        ours = f"Menurut tinggi yang tepat, tanpa dibulatkan: {found.ours.words}."
    rows = "tiap 0,5 cm" if found.index == "bb_tb" else f"{months} bulan"
    table = f"Menurut {found.by_month.name.lower()} ({rows}): {found.by_month.words}"
    return [ours, f"{table}; {found.limits}." if found.limits else f"{table}."]


def _told(found: Comparison, asked: Asked) -> Told | None:
    if asked.z is None and not asked.code or found.ours.z is None:
        return None
    z = None if asked.z is None else float(asked.z)
    answer: Answer = explain(found, z, asked.code)
    if answer.kind == "same":
        return Told("hijau", SAME, ())
    if answer.kind == "unexplained":
        return Told("kuning", UNEXPLAINED, ())
    return Told("biru", "Hasil itu keluar dengan cara hitung ini:", answer.reasons)


def _tabs(child: Child, asked: Asked, row: Measurement) -> list[dict[str, Any]]:
    return [
        {
            "url": "?" + urlencode({"indeks": index, "kunjungan": row.code}),
            "label": cards.letters(child, row.measured_on, index),
            "active": index == asked.index,
        }
        for index in cards.INDICES
    ]
