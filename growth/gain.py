"""Did the child gain weight? The letters of the KMS (N, T, O, B), and class changes in words.

Rules: zscore.md §5, domain.md §1.7. The growth line comes first; KBM decides only where the
line's direction is in doubt (KBM alone calls half of the healthy months 3–6 "T").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from growth.age import completed_months
from growth.classes import CLASSES, INDEX_LABELS, GrowthClass, classify
from growth.kbm import DEFAULT, MONTHS, Table

GAP_DAYS = 45  # KBM is for about one month; beyond this nothing is compared
BGM_BELOW = -3  # bawah garis merah: BB/U below −3 SD
GAIN_WORDS = {
    "N": "Berat naik (N)",
    "T": "Berat tidak naik (T)",
    "O": "Sebulan lalu tidak ditimbang (O)",
    "B": "Baru pertama kali ditimbang (B)",
    "": "Kenaikan berat belum dapat dinilai",
}


@dataclass(frozen=True, slots=True)
class Weighing:
    """One weighing. waz: BB/U as stored (2 decimals), None if none; sound: may be compared.

    Not sound is a weight that is flagged, doubted, or taken with oedema (water weighs too).
    """

    on: date
    weight_kg: Any
    waz: Any = None
    sound: bool = True


class Gain(NamedTuple):
    """N, T, O, B or "" (cannot be told), and the T's in a row up to this visit (2 = 2T)."""

    letter: str
    t_run: int


def weight_gain(
    this: Weighing,
    earlier: Iterable[Weighing],
    *,
    sex: str,
    born: date,
    table: Table = DEFAULT,
) -> str:
    """Give "B", "O", "N", "T", or "" where nothing can be told, for one weighing.

    B: never weighed before this calendar month. O: not weighed in the previous calendar month,
    or then more than 45 days ago (1 January to 28 February is no "month"). Otherwise it is
    compared with the last sound weighing of the previous calendar month: gain ≤ 0 → T;
    ΔBB/U ≥ 0 → N; else KBM of the age reached: gain ≥ KBM → N, below → T.

    Two weighings in one month are both compared with the month before, as the kader's book has
    one box a month: the last of a month counts. A doubtful weight is never N, and T only when
    it did not rise at all, since doubt must not silence an alarm; it is nothing's base. "" is for
    the rest: a doubtful rise, a month before in which all weights were in doubt, 60 months.
    """
    return _told(this, list(earlier), sex, born, table)[0]


def gains(
    weighings: Sequence[Weighing],
    *,
    sex: str,
    born: date,
    table_on: Callable[[date], Table] = lambda on: DEFAULT,
) -> list[Gain]:
    """The letters of a child's weighings, given and answered oldest first.

    ``t_run`` counts months, not visits: a T goes one on from the weighing it is compared with.
    N and B end the run; so does O: after a gap nobody knows whether the child gained in
    between, and two T's around it are not "dua kali berturut-turut". Who stays away is found
    by "lama tidak ditimbang", not by 2T.
    """
    found: list[Gain] = []
    runs: dict[date, int] = {}
    for place, this in enumerate(weighings):
        letter, before = _told(this, weighings[:place], sex, born, table_on(this.on))
        run = runs[before.on] + 1 if letter == "T" and before else 0
        runs[this.on] = run
        found.append(Gain(letter, run))
    return found


def is_bgm(waz: Any, flagged: bool = False) -> bool:
    """Whether the weight lies below the red line of the KMS: a sound BB/U below −3 SD."""
    return waz is not None and not flagged and waz < BGM_BELOW


def _told(
    this: Weighing, earlier: Sequence[Weighing], sex: str, born: date, table: Table
) -> tuple[str, Weighing | None]:
    """The letter, and the weighing it was compared with."""
    months = completed_months(born, this.on)
    if not 0 <= months < MONTHS:
        return "", None
    past = [w for w in earlier if _month(w.on) < _month(this.on)]
    if not past:
        return "B", None
    near = [w for w in past if _month(w.on) == _month(this.on) - 1]
    near = [w for w in near if (this.on - w.on).days <= GAP_DAYS]
    if not near:
        return "O", None
    before = max((w for w in near if w.sound), key=lambda w: w.on, default=None)
    if before is None:
        return "", None
    gain = _grams(this) - _grams(before)
    if gain <= 0:
        return "T", before
    if not this.sound:
        return "", before
    return ("N" if _grew(before, this, gain, table.grams(sex, months)) else "T"), before


def _grams(weighing: Weighing) -> int:
    # Whole numbers: 8.15 − 7.8 kg must be 350 g, not 349.99…
    return round(float(weighing.weight_kg) * 1000)


def _grew(before: Weighing, this: Weighing, gain: int, kbm_g: int | None) -> bool:
    if before.waz is not None and this.waz is not None and this.waz >= before.waz:
        return True
    return kbm_g is not None and gain >= kbm_g


def _month(day: date) -> int:
    return day.year * 12 + day.month


# --- From one class to another -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transition:
    """How the class of one index changed. course: "membaik", "memburuk", "tetap", "berubah"."""

    index: str
    before: GrowthClass
    after: GrowthClass
    course: str

    @property
    def words(self) -> str:
        """``Tinggi menurut umur membaik: dari pendek ke normal``."""
        name = INDEX_LABELS[self.index]
        if self.course == "tetap":
            return f"{name} tetap {self.after.label.lower()}"
        change = f"dari {self.before.label.lower()} ke {self.after.label.lower()}"
        return f"{name} {self.course}: {change}"


def transition(index: str, z_before: Any, z_after: Any) -> Transition | None:
    """The change of class of one index between two visits; None where either is not known.

    Give None for a flagged z, or one made in an unknown posture. Better is nearer to the normal
    class; from one side of it to the other (gizi kurang to gizi lebih) is only "berubah".
    """
    before, after = classify(index, z_before), classify(index, z_after)
    if before is None or after is None:
        return None
    return Transition(index, before, after, _course(index, before, after))


def transitions(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Transition]:
    """Every index that both visits know, with its change; z by index name, flagged ones None."""
    found = (transition(index, before.get(index), after.get(index)) for index in CLASSES)
    return [change for change in found if change]


def _course(index: str, before: GrowthClass, after: GrowthClass) -> str:
    steps = [_side(index, one) for one in (before, after)]
    if steps[0] == steps[1]:
        return "tetap"
    if steps[0] * steps[1] < 0:
        return "berubah"
    return "membaik" if abs(steps[1]) < abs(steps[0]) else "memburuk"


def _side(index: str, found: GrowthClass) -> int:
    """How many classes below (−) or above (+) the normal one."""
    classes = CLASSES[index]
    normal = next(place for place, one in enumerate(classes) if one.colour == "hijau")
    return classes.index(found) - normal
