"""How well was measured? Signs in a month's visits that the numbers want a second look.

Two kinds: a visit can be odd by itself or against the child's visits before (``CHECKS``); and the
visits of one person can show a pattern no single visit shows (``patterns``). Zscore.md §4.4,
domain.md §1.6. Nothing here is a verdict on a person: kader are volunteers, most patterns come
from a scale or a board that is hard to read.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from growth.age import MONTH_DAYS
from growth.neighbours import SAME_AGAIN_DAYS, SHRINKS_SILENTLY_CM
from growth.plausible import PLAUSIBLE
from growth.reading import STANDS_FROM_MONTH
from growth.words import long_date, measured

LATE_DAYS = 31  # domain.md §1.6
# A pattern needs this many readings. Honest readings to 0.1 end in ,0 or ,5 in 20 %: of 20 of
# them more than half do so once in 1,800 months (binomial, P(X > 10) = 0.00056), later rarer.
LEAST_N = 20
ROUND_SHARE = 0.5
# Honest numbers repeat exactly in 1–4 % of visits: of 20 more than a fifth do so at most once in
# 1,000 months (binomial at 4 %, P(X > 4) = 0.0010; at 2 % 0.00004).
SAME_SHARE = 0.2


class Visit(NamedTuple):
    """One counted visit: kg and cm as Decimal or float, None if not measured.

    flagged: a z outside WHO's limits; confirmed: an unlikely number somebody confirmed;
    entered_on: the day it came into the portal, None for a correction (nobody was late).
    """

    child: Any
    on: date
    born: date
    weight_kg: Any
    height_cm: Any
    measure: str = ""
    flagged: bool = False
    confirmed: bool = False
    entered_on: date | None = None


Earlier = Sequence[Visit]  # a child's visits before, newest first


@dataclass(frozen=True)
class Check:
    """One question to a visit: is it odd? None where the question does not arise.

    ``said`` names what is odd about an odd visit; ``tip`` what to do, without blame.
    """

    key: str
    label: str
    tip: str
    odd: Callable[[Visit, Earlier], bool | None]
    said: Callable[[Visit, Earlier], str]


# --- Digits ------------------------------------------------------------------------------------


def is_round(value: Any) -> bool:
    """Whether a reading ends in exactly ,0 or ,5."""
    return bool(value * 2 % 1 == 0)


def tenth(value: Any) -> int:
    """The digit behind the comma: 8.25 → 2."""
    hundredths = round(float(value) * 100)
    return hundredths // 10 % 10


# --- One visit ---------------------------------------------------------------------------------


def _round_height(visit: Visit, earlier: Earlier) -> bool | None:
    return None if visit.height_cm is None else is_round(visit.height_cm)


def _round_weight(visit: Visit, earlier: Earlier) -> bool | None:
    return None if visit.weight_kg is None else is_round(visit.weight_kg)


def _same(visit: Visit, earlier: Earlier) -> bool | None:
    """Weight and height both as at the visit before."""
    before = earlier[0] if earlier else None
    if before is None or (visit.on - before.on).days < SAME_AGAIN_DAYS:
        return None
    if None in (*_both(visit), *_both(before)):
        return None
    return _both(visit) == _both(before)


def _still(visit: Visit, earlier: Earlier) -> bool | None:
    """The same height three visits running."""
    if visit.height_cm is None:
        return None
    heights = [v.height_cm for v in earlier if v.height_cm is not None][:2]
    return None if len(heights) < 2 else {visit.height_cm} == set(heights)


def _fallen(visit: Visit, earlier: Earlier) -> bool | None:
    before = _last_height(visit, earlier)
    return None if before is None else _fall(visit, before) > SHRINKS_SILENTLY_CM


def _swapped(visit: Visit, earlier: Earlier) -> bool | None:
    """Heavier than tall, or each number fits only the other's box."""
    weight, height = _both(visit)
    if weight is None or height is None:
        return None
    lowest_cm, heaviest_kg = PLAUSIBLE["length_height_cm"][0], PLAUSIBLE["weight_kg"][1]
    return bool(weight >= height or (weight >= lowest_cm and height <= heaviest_kg))


def _wrong_posture(visit: Visit, earlier: Earlier) -> bool | None:
    if visit.height_cm is None:
        return None
    young = (visit.on - visit.born).days / MONTH_DAYS < STANDS_FROM_MONTH
    return visit.measure not in ("l", "h") or (visit.measure == "h" and young)


def _late(visit: Visit, earlier: Earlier) -> bool | None:
    if visit.entered_on is None:
        return None
    return (visit.entered_on - visit.on).days > LATE_DAYS


def _both(visit: Visit) -> tuple[Any, Any]:
    return visit.weight_kg, visit.height_cm


def _last_height(visit: Visit, earlier: Earlier) -> Visit | None:
    if visit.height_cm is None:
        return None
    return next((v for v in earlier if v.height_cm is not None), None)


def _fall(visit: Visit, before: Visit) -> float:
    # Rounded: 85.0 − 84.3 must be 0.7, not 0.7000000000000028.
    return round(float(before.height_cm) - float(visit.height_cm), 2)


# --- What is odd, in words ---------------------------------------------------------------------


def _said_height(visit: Visit, earlier: Earlier) -> str:
    return f"Tinggi {measured(float(visit.height_cm))} cm berakhir {_end(visit.height_cm)}"


def _said_weight(visit: Visit, earlier: Earlier) -> str:
    return f"Berat {measured(float(visit.weight_kg))} kg berakhir {_end(visit.weight_kg)}"


def _said_same(visit: Visit, earlier: Earlier) -> str:
    return f"Berat dan tinggi sama persis dengan {long_date(earlier[0].on)}"


def _said_still(visit: Visit, earlier: Earlier) -> str:
    days = [v.on for v in earlier if v.height_cm is not None][:2]
    return f"Tinggi sama dengan {long_date(days[1])} dan {long_date(days[0])}"


def _said_fallen(visit: Visit, earlier: Earlier) -> str:
    before = _last_height(visit, earlier)
    if before is None:
        return ""
    fall, was = measured(_fall(visit, before)), measured(float(before.height_cm))
    return f"Turun {fall} cm dari {was} cm pada {long_date(before.on)}"


def _said_swapped(visit: Visit, earlier: Earlier) -> str:
    return "Angka berat cocok untuk tinggi, dan sebaliknya"


def _said_posture(visit: Visit, earlier: Earlier) -> str:
    return "Berdiri sebelum umur 9 bulan" if visit.measure == "h" else "Cara ukur belum diisi"


def _said_late(visit: Visit, earlier: Earlier) -> str:
    if visit.entered_on is None:
        return ""
    days = (visit.entered_on - visit.on).days
    return f"Dicatat {long_date(visit.entered_on)}, {days} hari kemudian"


def _end(value: Any) -> str:
    return f",{tenth(value)}"


CHECKS = {
    check.key: check
    for check in (
        Check("tinggi-bulat", "Tinggi berakhir ,0 atau ,5",
              "Baca alat ukur setinggi mata, sampai satu angka di belakang koma.",
              _round_height, _said_height),
        Check("berat-bulat", "Berat berakhir ,0 atau ,5",
              "Baca timbangan sampai satu angka di belakang koma.",
              _round_weight, _said_weight),
        Check("angka-sama", "Berat dan tinggi sama persis dengan kunjungan sebelumnya",
              "Cocokkan dengan buku KIA; ukur lagi bila ragu.", _same, _said_same),
        Check("tinggi-sama", "Tinggi sama tiga kunjungan berturut-turut",
              "Ukur ulang tingginya bersama bidan.", _still, _said_still),
        Check("tertukar", "Berat dan tinggi mungkin tertukar",
              "Cocokkan dengan buku KIA, lalu perbaiki.", _swapped, _said_swapped),
        Check("luar-batas", "Hasil di luar batas wajar",
              "Ukur ulang. Sebelum itu angkanya tidak ikut dihitung.",
              lambda visit, earlier: visit.flagged,
              lambda visit, earlier: "Hasil di luar batas wajar WHO atau diragukan"),
        Check("dipastikan", "Angka tidak biasa yang sudah dipastikan",
              "Ukur sekali lagi bersama bidan bulan ini.",
              lambda visit, earlier: visit.confirmed,
              lambda visit, earlier: "Pencatat memastikan angka yang tidak biasa"),
        Check("cara-ukur", "Cara ukur belum diisi, atau berdiri sebelum 9 bulan",
              "Ukur terlentang di bawah 2 tahun, dan isi cara ukurnya.",
              _wrong_posture, _said_posture),
        Check("tinggi-turun", "Tinggi turun lebih dari 0,7 cm",
              "Ukur ulang; salah satu dari dua kunjungan keliru.", _fallen, _said_fallen),
        Check("terlambat", "Dicatat lebih dari 31 hari sesudah diukur",
              "Bantu mencatat pada hari posyandu.", _late, _said_late),
    )
}  # fmt: skip
ROUNDED = ("tinggi-bulat", "berat-bulat")  # usual one by one; only their share says something


def judge(visit: Visit, earlier: Earlier) -> dict[str, bool]:
    """Each check that applies to the visit, and whether it finds it odd."""
    asked = ((key, check.odd(visit, earlier)) for key, check in CHECKS.items())
    return {key: odd for key, odd in asked if odd is not None}


# --- Many visits -------------------------------------------------------------------------------


@dataclass
class Tally:
    """The visits of one person, posyandu or area, added up.

    odd[key] of asked[key] visits; to_see: visits with a sign besides round digits; the digit
    behind the comma of each height and weight.
    """

    n: int = 0
    to_see: int = 0
    odd: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHECKS, 0))
    asked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHECKS, 0))
    height_digits: list[int] = field(default_factory=lambda: [0] * 10)
    weight_digits: list[int] = field(default_factory=lambda: [0] * 10)

    def add(self, visit: Visit, judged: dict[str, bool]) -> None:
        self.n += 1
        for key, odd in judged.items():
            self.asked[key] += 1
            self.odd[key] += odd
        self.to_see += any(odd for key, odd in judged.items() if key not in ROUNDED)
        if visit.height_cm is not None:
            self.height_digits[tenth(visit.height_cm)] += 1
        if visit.weight_kg is not None:
            self.weight_digits[tenth(visit.weight_kg)] += 1

    def often(self, key: str, share: float) -> bool:
        """More than the share, of enough visits to tell."""
        return self.asked[key] >= LEAST_N and self.odd[key] > share * self.asked[key]


def tally(visits: Iterable[tuple[Visit, dict[str, bool]]]) -> Tally:
    """Add up judged visits."""
    total = Tally()
    for visit, judged in visits:
        total.add(visit, judged)
    return total


def patterns(total: Tally) -> list[str]:
    """What the visits show together, in words; [] when nothing, or too few to tell."""
    found = [
        f"{word}: banyak angka bulat, mungkin dibulatkan"
        for word, key in (("Tinggi", "tinggi-bulat"), ("Berat", "berat-bulat"))
        if total.often(key, ROUND_SHARE)
    ]
    if total.often("angka-sama", SAME_SHARE):
        found.append("Angka sering sama dengan kunjungan sebelumnya")
    elif total.often("tinggi-sama", SAME_SHARE):
        found.append("Tinggi sering tidak berubah")
    return found
