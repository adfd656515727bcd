"""A child's weighings for the KMS: from stored rows to growth.kms, and the gain in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from growth.age import age_in_days
from growth.gain import GAIN_WORDS
from growth.kbm import in_force
from growth.kms import HEIGHT, Kms, kms
from growth.weighed import Weighed
from registry.models import Child, Measurement

TONES = {"N": "hijau", "T": "oranye", "O": "kuning", "B": "netral"}


@dataclass(frozen=True)
class GainLine:
    """Whether the child gained weight at its latest visit, as the card's status says it."""

    letter: str
    words: str
    tone: str


def weighed(child: Child, counted: Sequence[Measurement]) -> list[Weighed]:
    """The counted visits with a weight, as the KMS takes them; nothing is fetched."""
    versions = child.programme.settings.get("kbm")
    return [
        Weighed(
            on=row.measured_on,
            age_days=age_in_days(child.birth_date, row.measured_on),
            months=(months := child.months(row.measured_on)),
            weight_kg=row.weight_kg,
            waz=row.waz,
            letter=row.weight_gain,
            t_run=row.t_run,
            kbm_g=in_force(versions, row.measured_on).grams(child.sex, months),
            flagged=row.is_weight_doubtful,
            approximate=child.is_approximate,
        )
        for row in counted
        if row.weight_kg is not None
    ]


def card_of(
    child: Child, counted: Sequence[Measurement], half: str = "", *, height: int = HEIGHT
) -> Kms:
    """The child's KMS: "0" or "24" for one half of it, else the half of the last weighing."""
    return kms(child.sex, weighed(child, counted), half, height=height)


def gain_line(row: Measurement) -> GainLine | None:
    """``Berat tidak naik (T), 2 kali berturut-turut``; None where no weight was taken."""
    if row.weight_kg is None:
        return None
    words = GAIN_WORDS[row.weight_gain]
    if row.t_run > 1:
        words += f", {row.t_run} kali berturut-turut"
    return GainLine(row.weight_gain, words, TONES.get(row.weight_gain, "netral"))


def gain_mark(row: Measurement) -> str:
    """``N``, ``T``, ``T (2T)``, ``O``, ``B`` or nothing, for the table of visits."""
    return f"{row.weight_gain} ({row.t_run}T)" if row.t_run > 1 else row.weight_gain
