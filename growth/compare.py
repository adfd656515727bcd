""" "Mengapa berbeda dengan e-PPGBM?": one visit judged in other ways, in plain words and numbers.

Ours is the WHO's way: age in days, posture, L M S of that day. A printed month table (Permenkes
2/2020) takes the completed month and limits rounded to one decimal; other programs leave the
0.7 cm of posture out, or hold another birth date or sex. Each way is a Variant; explain() says
which of them gives what the other screen shows. Effect sizes: zscore.md §3, domain.md §10 5–6.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from growth.age import MONTH_DAYS, round_half_up
from growth.classes import CLASSES, GrowthClass, classify
from growth.lms import value_at, z_linear_beyond_3, z_of
from growth.reading import (
    POSTURE_CM,
    SEXES,
    STANDS_FROM_MONTH,
    PlainReading,
    Reading,
)
from growth.tables import BOY, Row, table
from growth.words import measured, number, sd, signed
from growth.zscore import TABLE_RANGE_CM, score

STANDING_FROM_MONTH = 24  # the printed tables: PB under 24 completed months, TB from then on
LAST_MONTH = 60
SAME_Z, NEAR_Z = 0.011, 0.051  # z typed from another screen: the same, and close enough
_Z = {"tb_u": "zlen", "bb_u": "zwei", "bb_tb": "zwfl", "imt_u": "zbmi"}
_TABLES = {"tb_u": "lfa", "bb_u": "wfa", "imt_u": "bmifa"}
_UNITS = {"tb_u": "cm", "bb_u": "kg", "bb_tb": "kg", "imt_u": "kg/m²"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to judge the visit: its short name, the reason in a sentence, z (SD) and class."""

    code: str
    name: str
    reason: str
    z: float | None
    found: GrowthClass | None

    @property
    def words(self) -> str:
        """``−2,59 SD, pendek``."""
        return f"{self.z_words}, {self.label.lower()}" if self.z_words else self.label.lower()

    @property
    def z_words(self) -> str:
        return "" if self.z is None else sd(self.z)

    @property
    def label(self) -> str:
        return self.found.label if self.found else "Tidak dapat dihitung"

    @property
    def tone(self) -> str:
        return self.found.colour if self.found else "netral"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One index of one visit: ours, the printed month table, and the other ways that differ."""

    index: str
    ours: Variant
    by_month: Variant
    limits: str
    others: tuple[Variant, ...]

    @property
    def same_class(self) -> bool:
        return self.ours.found == self.by_month.found

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every way that gives another number than ours, the likeliest first."""
        ways = (self.by_month, *self.others)
        return tuple(v for v in ways if v.z is not None and _differs(v, self.ours))


@dataclass(frozen=True, slots=True)
class Answer:
    """What explains another screen's result. kind: "same", "explained", "unexplained"."""

    kind: str
    reasons: tuple[Variant, ...]


def compare(index: str, reading: Reading, months: int) -> Comparison:
    """Judge a visit in every way for "tb_u", "bb_u", "bb_tb" or "imt_u".

    months: completed months of age on the day; reading.age_days the days. Ways that the visit
    does not allow have no z; KeyError for another index.
    """
    ours = _scored(index, reading, "hari", "Umur dalam hari (WHO)", "")
    by_month = _by_month(index, reading, months, "bulan", *_table_words(index, months))
    others = tuple(_others(index, reading, months))
    return Comparison(index, ours, by_month, limit_words(index, reading, months), others)


def explain(found: Comparison, z: float | None = None, code: str = "") -> Answer:
    """Say which ways give the z or the class (by its code) that another screen shows.

    A z decides where both are given. Nothing given, or the same as ours, is "same".
    """
    if z is not None:
        fits = [v for v in found.variants if v.z is not None and abs(v.z - z) <= NEAR_Z]
        if found.ours.z is not None and abs(found.ours.z - z) <= SAME_Z:
            return Answer("same", ())
        fits.sort(key=lambda v: abs((v.z or 0) - z) > SAME_Z)  # exact before near
    else:
        if not code or (found.ours.found and found.ours.found.code == code):
            return Answer("same", ())
        fits = [v for v in found.variants if v.found and v.found.code == code]
    return Answer("explained" if fits else "unexplained", tuple(fits))


def limit_words(index: str, reading: Reading, months: int) -> str:
    """Give the printed limit nearest to the child: "batas −2 SD di tabel 63,4 cm, anak 63,5 cm"."""
    value, row = _value(index, reading, months), _printed_row(index, reading, months)
    if value is None or row is None:
        return ""
    borders = [found.lower for found in CLASSES[index][1:]]
    z = min(borders, key=lambda border: abs(_printed(border, row) - value))
    unit = _UNITS[index]
    shown = number(value, 1) if index == "imt_u" else measured(value)
    return (
        f"batas {signed(z)} SD di tabel {number(_printed(z, row), 1)} {unit}, anak {shown} {unit}"
    )


# --- The printed table -------------------------------------------------------------------------


def _by_month(
    index: str, reading: Reading, months: int, code: str, name: str, reason: str
) -> Variant:
    value, row = _value(index, reading, months), _printed_row(index, reading, months)
    if value is None or row is None or score(reading).why.get(_Z[index]):
        return Variant(code, name, reason, None, None)
    z = round((z_of if index == "tb_u" else z_linear_beyond_3)(value, row), 2) + 0.0
    return Variant(code, name, reason, z, _class_by_limits(index, value, row))


def _printed_row(index: str, reading: Reading, months: int) -> Row | None:
    """Give L, M, S of the table's row: the completed month, or the nearest half centimetre."""
    sex = SEXES.get(str(reading.sex).strip().lower())
    if sex is None or not 0 <= months <= LAST_MONTH:
        return None
    if index != "bb_tb":
        return table(_TABLES[index]).row(sex, round_half_up(months * MONTH_DAYS))
    name = "wfl" if months < STANDING_FROM_MONTH else "wfh"
    length = _length(reading, months)
    low, high = TABLE_RANGE_CM[name]
    if length is None or not low <= length <= high:
        return None
    return table(name).row(sex, round_half_up(length * 2) * 5)


def _value(index: str, reading: Reading, months: int) -> float | None:
    """Give what the table judges; the posture is changed by the completed month."""
    if index == "bb_u":
        return _float(reading.weight_kg)
    length, weight = _length(reading, months), _float(reading.weight_kg)
    if index == "tb_u" or length is None or weight is None:
        return length if index == "tb_u" else None
    return weight if index == "bb_tb" else weight / (length / 100) ** 2


def _length(reading: Reading, months: int) -> float | None:
    length, posture = _float(reading.length_height_cm), (reading.measure or "").lower()
    if length is None:
        return None
    if posture == "h" and STANDS_FROM_MONTH <= months < STANDING_FROM_MONTH:
        return round(length + POSTURE_CM, 2)
    if posture == "l" and months >= STANDING_FROM_MONTH:
        return round(length - POSTURE_CM, 2)
    return length


def _printed(z: float, row: Row) -> float:
    """Give the limit as the table prints it: to one decimal."""
    return round(value_at(z, row), 1)


def _class_by_limits(index: str, value: float, row: Row) -> GrowthClass:
    """Read the class off the printed limits; a limit belongs to the class nearer the median."""
    value = round(value, 2)  # 81.0 − 0.7 must be 80.3
    for found in CLASSES[index][:-1]:
        limit = _printed(found.upper, row)
        if value < limit or (found.upper >= 0 and value == limit):
            return found
    return CLASSES[index][-1]


def _table_words(index: str, months: int) -> tuple[str, str]:
    """Give the name of the printed table, and what it does not look at."""
    if index == "bb_tb":
        return "Tabel cetak", "Tabel cetak hanya punya baris tiap 0,5 cm."
    reason = f"Tabel bulan menganggap anak tepat berumur {months} bulan; harinya tidak dihitung."
    return "Tabel bulan", reason


# --- The other ways ----------------------------------------------------------------------------


def _others(index: str, reading: Reading, months: int) -> Iterator[Variant]:
    if index != "bb_u":
        yield from _by_posture(index, reading, months)
    if index != "bb_tb":
        yield from _by_birth(index, reading)
    other = replace(reading, sex="P" if SEXES.get(str(reading.sex).lower()) == BOY else "L")
    yield _scored(index, other, "kelamin", "Jenis kelamin lain",
                  "Jenis kelaminnya tercatat lain.")  # fmt: skip


def _by_posture(index: str, reading: Reading, months: int) -> Iterator[Variant]:
    """Without the 0.7 cm, by day and by the table; else as if measured in the other posture."""
    posture, plain = PlainReading(reading).posture, replace(reading, measure=None)
    if posture and _length(reading, months) != _length(plain, months):
        name, reason = _table_words(index, months)
        yield _scored(index, plain, "tanpa_koreksi", "Tanpa koreksi 0,7 cm", _NO_CORRECTION)
        yield _by_month(index, plain, months, "tabel_tanpa_koreksi",
                        f"{name}, tanpa koreksi 0,7 cm", f"{reason} {_NO_CORRECTION}")  # fmt: skip
    elif posture and months >= STANDS_FROM_MONTH:
        words = "berdiri" if posture == "l" else "terlentang"
        other = replace(reading, measure="h" if posture == "l" else "l")
        yield _scored(index, other, "cara_ukur", f"Tercatat diukur {words}",
                      f"Cara ukurnya tercatat {words}; bedanya 0,7 cm.")  # fmt: skip


_NO_CORRECTION = "Beda 0,7 cm antara terlentang dan berdiri tidak diperhitungkan."


def _by_birth(index: str, reading: Reading) -> Iterator[Variant]:
    """A birth date one month off either way: a slip of the pen in the middle box of a date."""
    for days, code, words in ((30, "lebih_tua", "awal"), (-30, "lebih_muda", "akhir")):
        age = float(reading.age_days) + days
        if 0 <= age < LAST_MONTH * MONTH_DAYS:
            yield _scored(index, replace(reading, age_days=age), code,
                          f"Lahir sebulan lebih {words}",
                          f"Tanggal lahirnya tercatat sekitar sebulan lebih {words}.")  # fmt: skip


def _scored(index: str, reading: Reading, code: str, name: str, reason: str) -> Variant:
    z = getattr(score(reading), _Z[index])
    return Variant(code, name, reason, z, classify(index, z))


def _differs(one: Variant, other: Variant) -> bool:
    return one.z != other.z or one.found != other.found


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
