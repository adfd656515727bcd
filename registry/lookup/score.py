"""How likely two records are of one person, with the reasons in words.

What agrees or differs is weighed in bits, log2 of how much likelier it is when they are one
person than when they are two (Fellegi and Sunter 1969). A child's record has two rivals, and the
likelier of them counts: a *stranger* who happens to agree, and a *brother, sister or twin*, who
shares mother, desa and the family's taste in names. The numbers are estimates, tuned on the first
seed of tests/noisy_people.py and reported on others (tests/test_find_duplicates.py).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from rapidfuzz.distance import OSA

from registry.lookup import alike
from registry.lookup.alike import Alike
from registry.lookup.dates import How, how_dates_agree

SAME = 0.95  # one person, unless somebody says no
PERHAPS = 0.1  # a person decides
PRIOR = -13.0  # one in eight thousand: as many children as a kecamatan has
HOPELESS = -28.0  # whatever parents, sex and desa add


@dataclass(frozen=True)
class Person:
    """What is known of one record; an empty value means not known."""

    name: str
    birth_date: date | None = None
    approximate: bool = False
    sex: str = ""
    desa: int | None = None
    mother_name: str = ""
    father_name: str = ""
    nik: str = ""
    nik_index: str = ""
    nik_tail: str = ""
    birth_order: int | None = None
    mother_nik: str = ""  # these two by their keyed index
    kk: str = ""


class Score(NamedTuple):
    """``value`` between 0 and 1; ``reasons`` in Indonesian, what speaks for it and against it."""

    value: float
    reasons: list[str]


@dataclass
class Bits:
    """What speaks for one person: against a stranger, and against one of the same family."""

    stranger: float = 0.0
    family: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, stranger: float, family: float, reason: str = "") -> None:
        self.stranger += stranger
        self.family += family
        if reason:
            self.reasons.append(reason)


def score(a: Person, b: Person) -> Score:
    """How likely two children are one."""
    bits = Bits(stranger=PRIOR)
    names = alike.compare(a.name, b.name)
    dates = how_dates_agree(a.birth_date, b.birth_date, approximate=a.approximate or b.approximate)
    number = _nik(a, b, bits)
    _name(names, bits)
    bits.add(*_DATE[dates])
    if bits.stranger < HOPELESS:
        return Score(0.0, bits.reasons)
    mothers = _parents(a, b, bits)
    _sex_and_order(a, b, bits)
    _desa(a, b, bits)
    if number == _EQUAL:
        return _of_one_nik(names, dates, a.sex != b.sex and bool(a.sex and b.sex), bits)
    if mothers.is_same and names.clashing:
        bits.reasons.append(_RELATED.get(dates, "mungkin kakak adik"))
    value = _likely(min(bits.stranger, bits.family))
    return Score(min(value, 0.9) if number == _OTHER else value, bits.reasons)


def score_mothers(a: Person, b: Person) -> Score:
    """How likely two mothers are one; ``father_name`` is the husband."""
    bits = Bits(stranger=PRIOR)
    number = _nik(a, b, bits)
    names = alike.compare(a.name, b.name)
    _name(names, bits)
    husbands = alike.compare(a.father_name, b.father_name)
    if husbands.is_known:
        bits.add(_within(husbands.bits * 0.7, -4, 8), 0, _told(husbands, "nama suami"))
    if a.birth_date and b.birth_date:
        bits.add(*_DATE[how_dates_agree(a.birth_date, b.birth_date)])
    _desa(a, b, bits)
    if number == _EQUAL:
        return Score(0.99 if not names.clashing else 0.8, bits.reasons)
    namesake = names.is_same and not names.lacking and a.desa == b.desa and number != _OTHER
    least = PERHAPS if namesake else 0.0  # a common name in one desa is worth a look
    return Score(max(_likely(bits.stranger), least), bits.reasons)


def _likely(bits: float) -> float:
    return round(1 / (1 + 2 ** -_within(bits, -30, 30)), 4)


def _within(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


# --- What is compared --------------------------------------------------------------------------

_DATE: dict[How, tuple[float, float, str]] = {
    How.SAME: (10.5, 6, "tanggal lahir sama"),
    How.SWAPPED: (5.5, 6, "hari dan bulan lahir mungkin tertukar"),
    How.NEXT_DAY: (5, 6, "tanggal lahir beda satu hari"),
    How.ONE_DIGIT: (1, 3, "tanggal lahir beda satu angka"),
    How.SAME_MONTH: (4.5, 5, "tanggal lahir perkiraan, cocok"),
    How.NEAR_MONTH: (1, 2, "tanggal lahir perkiraan, hampir cocok"),
    How.WEEKS: (-2, 0, "tanggal lahir beda kurang dari sebulan"),
    How.MONTHS: (-8, -5, "tanggal lahir berbeda"),
    How.YEARS: (-8, -10, "tanggal lahir berbeda"),
    How.UNKNOWN: (0, 0, ""),
}
_RELATED = {How.SAME: "mungkin kembar", How.NEXT_DAY: "mungkin kembar"}


def _name(names: Alike, bits: Bits) -> None:
    bits.add(min(names.bits, 13), _name_in_family(names), _told(names, "nama"))


def _name_in_family(names: Alike) -> float:
    """Brothers and sisters have other names, and twins names that rhyme."""
    if not names.is_known:
        return 0
    if names.clashing:
        return -8
    if names.worst == alike.ENDING:
        return -3  # with date and sex alike still a case for a person
    if names.worst == alike.SLIP:
        return 2
    return 3 if names.lacking else 8


def _told(names: Alike, what: str) -> str:
    if not names.is_known:
        return ""
    if names.clashing:
        return f"{what} berbeda" if not names.agreeing else f"{what} sebagian sama"
    if names.lacking or names.worst == alike.INITIAL:
        return f"{what} lebih singkat"
    return f"{what} sama" if names.worst == alike.SAME else f"{what} mirip"


def _parents(a: Person, b: Person, bits: Bits) -> Alike:
    """Mother and father: without one in common there is no brother or sister to think of."""
    mothers = alike.compare(a.mother_name, b.mother_name)
    fathers = alike.compare(a.father_name, b.father_name)
    bits.add(_within(fathers.bits * 0.6, -6, 6), 0, _told(fathers, "nama ayah"))
    if a.kk and b.kk:
        bits.add(*((4, 0, "nomor KK sama") if a.kk == b.kk else (-1, 0)))
    if a.mother_nik and b.mother_nik:
        same = a.mother_nik == b.mother_nik
        bits.add(*((12, 0, "NIK ibu sama") if same else (-8, 30, "NIK ibu berbeda")))
        return mothers
    bits.add(_within(mothers.bits, -8, 11), 0, _told(mothers, "nama ibu"))
    if mothers.clashing and not fathers.is_same:
        bits.family += 30
    elif not mothers.is_known:
        bits.family += 3
    return mothers


def _sex_and_order(a: Person, b: Person, bits: Bits) -> None:
    if a.sex and b.sex:
        bits.add(*((1, 1) if a.sex == b.sex else (-5, -6, "jenis kelamin berbeda")))
    if a.birth_order and b.birth_order:
        alike_order = a.birth_order == b.birth_order
        bits.add(*((1, 2) if alike_order else (-2, -4, "urutan anak berbeda")))


def _desa(a: Person, b: Person, bits: Bits) -> None:
    if a.desa and b.desa:
        bits.add(*((3.5, 0, "desa sama") if a.desa == b.desa else (-3, 0, "desa lain")))


# --- NIK ---------------------------------------------------------------------------------------

_EQUAL, _NEAR, _SERIAL, _OTHER, _NOT_KNOWN = "equal", "near", "serial", "other", ""


def _nik(a: Person, b: Person, bits: Bits) -> str:
    """One wrong figure of place or date is a slip. The last four digits count those who share
    the others, so another number there is another child born that day, a twin above all; and
    alone they say little: most begin anew at 0001 (domain.md §7.1)."""
    found = _how_nik(a, b)
    if found == _EQUAL:
        bits.add(25, 12, "NIK sama")
    elif found == _NEAR:
        bits.add(6, 4, "NIK beda satu angka")
    elif found == _SERIAL:
        bits.add(-5, -5, "NIK beda nomor urut")
    elif found == _OTHER:
        bits.add(-9, -9, "NIK berbeda")
    elif a.nik_tail and b.nik_tail:
        same = a.nik_tail == b.nik_tail
        bits.add(*((3, 1, "akhir NIK sama") if same else (-4, -4, "akhir NIK berbeda")))
    return found


def _how_nik(a: Person, b: Person) -> str:
    if a.nik_index and a.nik_index == b.nik_index:
        return _EQUAL
    if a.nik and b.nik:
        if a.nik[:12] == b.nik[:12]:
            return _SERIAL
        return _NEAR if OSA.distance(a.nik, b.nik) == 1 else _OTHER
    return _NOT_KNOWN


def _of_one_nik(names: Alike, dates: How, other_sex: bool, bits: Bits) -> Score:
    """One NIK is one person, unless birth date or sex say that it was typed for another."""
    doubtful = other_sex or dates in (How.MONTHS, How.YEARS)
    value = 0.6 if doubtful else 0.97 if names.clashing else 0.99
    return Score(value, bits.reasons)
