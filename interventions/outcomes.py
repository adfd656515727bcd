"""Before and after: what a PMT changed, as pure functions of dated numbers (domain.md §3.2, §10).

z-scores are SD rounded to two decimals, weights kg, gains kg a week. "Received" is not "eaten"
and "Selesai" is not "pulih": without a dated, plausible end measurement nothing is said.
The limit −2,00 belongs to the better class here as on the child's card (−2,01 is not recovered).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

LIMIT = Decimal("-2")  # z; from here on the class is the normal one (Permenkes 2/2020)
LEAST_WAZ_GAIN = Decimal("0.1")  # ΔWAZ of a child whose weight did not rise
TARGET_GAIN = Decimal("0.5")  # kg a week, pregnant women at risk of KEK
# An end measurement may follow the last day of feeding by this much: the next posyandu day.
WINDOW = timedelta(days=31)

# indication -> the z that decides, and its name on the page
DECIDES = {
    "stunting": ("haz", "TB/U"),
    "gizi_kurang": ("whz", "BB/TB"),
    "bb_kurang": ("waz", "BB/U"),
    "tidak_naik": ("waz", "BB/U"),
}
# Read off an age: with a birth date known by month only they prove nothing.
BY_AGE = {"haz", "waz"}


@dataclass(frozen=True)
class Point:
    """One dated measurement: a z-score with its flag (child), or a weight in kg (mother)."""

    on: date
    value: Decimal | None
    flagged: bool = False


@dataclass(frozen=True)
class Outcome:
    """``reached`` True, False, or None = belum dapat dinilai, with the reason in ``why``."""

    reached: bool | None
    label: str
    why: str = ""
    measure: str = ""
    before: Point | None = None
    after: Point | None = None
    change: Decimal | None = None

    @property
    def tone(self) -> str:
        return {True: "hijau", False: "oranye", None: "netral"}[self.reached]


def unknown(why: str, measure: str = "", before: Point | None = None) -> Outcome:
    return Outcome(None, "Belum dapat dinilai", why, measure, before)


def of_child(
    indication: str, points: Iterable[Point], begun: date, ended: date, *, approximate: bool = False
) -> Outcome:
    """Judge a child's episode by the z its indication is about.

    ``points``: every current measurement of the child; the last one up to ``begun`` is the
    before, the last one after it and within ``WINDOW`` of ``ended`` the after.
    """
    z_name, measure = DECIDES[indication]
    if approximate and z_name in BY_AGE:
        return unknown("Tanggal lahir masih perkiraan", measure)
    before, after, missing = _pair(points, begun, ended)
    if missing or before is None or after is None:
        return unknown(missing, measure, before)
    assert before.value is not None and after.value is not None  # noqa: S101  (_pair saw to it)
    change = after.value - before.value
    if indication == "tidak_naik":
        reached = change > LEAST_WAZ_GAIN
    else:
        reached = after.value >= LIMIT
    return Outcome(
        reached, "Pulih" if reached else "Belum pulih", "", measure, before, after, change
    )


def of_mother(points: Iterable[Point], begun: date, ended: date) -> Outcome:
    """Judge a pregnant woman's episode by her mean gain in kg a week between two weighings."""
    before, after, missing = _pair(points, begun, ended)
    if missing or before is None or after is None:
        return unknown(missing, "Berat badan", before)
    gain = weekly_gain(before, after)
    reached = gain >= TARGET_GAIN
    label = "Sesuai target" if reached else "Di bawah target"
    return Outcome(reached, label, "", "Berat badan", before, after, gain)


def weekly_gain(before: Point, after: Point) -> Decimal:
    """Mean gain in kg a week; 45,0 → 47,0 kg over four weeks is 0,5."""
    assert before.value is not None and after.value is not None  # noqa: S101
    return (after.value - before.value) * 7 / (after.on - before.on).days


def _pair(
    points: Iterable[Point], begun: date, ended: date
) -> tuple[Point | None, Point | None, str]:
    """The before, the after, and why there is no such pair ("" when there is)."""
    dated = sorted(points, key=lambda point: point.on)
    before = next((p for p in reversed(dated) if p.on <= begun), None)
    if before is None or before.value is None:
        return None, None, "Belum ada ukuran sebelum PMT dimulai"
    if before.flagged:
        return before, None, "Ukuran awal janggal, perlu ukur ulang"
    later = [p for p in dated if p.on > before.on and p.on > begun and p.on <= ended + WINDOW]
    if not later or later[-1].value is None:
        return before, None, "Belum ada ukuran akhir"
    if later[-1].flagged:
        return before, None, "Ukuran akhir janggal, perlu ukur ulang"
    return before, later[-1], ""
