"""What became of the child since the visit before, and a preterm child at its corrected age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from growth.classes import classify
from growth.gain import transitions
from growth.preterm import corrected, is_preterm
from growth.reading import Reading
from growth.words import long_date, measured, sd
from regions.words import number
from registry.models import Child, Measurement
from registry.standards import limit

COLUMNS = {"tb_u": "haz", "bb_u": "waz", "bb_tb": "whz"}
_CORRECTED = (("TB/U", "tb_u", "zlen"), ("BB/U", "bb_u", "zwei"), ("BB/TB", "bb_tb", "zwfl"))


@dataclass(frozen=True)
class Change:
    """One index that went from one class to another, in a sentence with its tone."""

    words: str
    tone: str


@dataclass(frozen=True)
class CorrectedAge:
    """A preterm child at both ages: ``rows`` of (index, at the real age, at the corrected age)."""

    weeks: int
    age: str
    corrected_age: str
    rows: tuple[tuple[str, str, str], ...]


def changes(counted: Sequence[Measurement]) -> list[Change]:
    """The indices whose class differs from the visit before; ``counted`` is newest first."""
    if len(counted) < 2:
        return []
    this, before = counted[:2]
    tones = {"membaik": "hijau", "memburuk": "oranye", "berubah": "kuning"}
    return [
        Change(f"{found.words} (dibanding {long_date(before.measured_on)})", tones[found.course])
        for found in transitions(_z(before), _z(this))
        if found.course in tones
    ]


def corrected_age(child: Child, row: Measurement) -> CorrectedAge | None:
    """The visit at the corrected age beside the real one; None unless preterm and young."""
    found = corrected(
        reading_of(child, row),
        child.birth_date,
        row.measured_on,
        child.gestation_weeks,
        limit(child.programme, "corrected_age_until"),
    )
    if found is None or child.is_approximate:
        return None
    return CorrectedAge(
        weeks=child.gestation_weeks or 0,
        age=found.age_text,
        corrected_age=found.corrected_age_text,
        rows=tuple(
            (label, _said(index, found.scores, z), _said(index, found.corrected_scores, z))
            for label, index, z in _CORRECTED
            if getattr(found.scores, z) is not None
        ),
    )


def birth_words(child: Child) -> str:
    """``anak ke-2, 2.300 g, 46,0 cm, 34 minggu (prematur)``; what is not known is left out."""
    said = [f"anak ke-{child.birth_order}"] if child.birth_order else []
    if child.birth_weight_g:
        said.append(f"{number(child.birth_weight_g)} g")
    if child.birth_length_cm:
        said.append(f"{measured(float(child.birth_length_cm))} cm")
    if child.gestation_weeks:
        early = " (prematur)" if is_preterm(child.gestation_weeks) else ""
        said.append(f"{child.gestation_weeks} minggu{early}")
    return ", ".join(said)


def reading_of(child: Child, row: Measurement) -> Reading:
    """A stored visit as ``growth`` reads it."""
    return Reading(
        sex=child.sex,
        age_days=(row.measured_on - child.birth_date).days,
        weight_kg=row.weight_kg,
        length_height_cm=row.length_height_cm,
        measure=row.measure or None,
        oedema=row.oedema,
        muac=row.lila_cm,
    )


def _z(row: Measurement) -> dict[str, Any]:
    return {
        index: None
        if getattr(row, f"{column}_flag") or row.is_unsure(column)
        else getattr(row, column)
        for index, column in COLUMNS.items()
    }


def _said(index: str, scores: Any, name: str) -> str:
    z = getattr(scores, name)
    found = classify(index, z)
    return f"{sd(z)}, {found.label.lower()}" if found else "belum dapat dihitung"
