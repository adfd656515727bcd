"""Keluarga berisiko stunting (KRS), as a pure function of what is known (domain.md §2.3).

A family is a target when it has a balita, a pregnant woman or a woman of childbearing age (PUS).
A target is at risk with one of: no proper main drinking water, no proper latrine, or 4T. Reasons
are words; what is not known is named, and never makes a family "tidak berisiko".

``registry/models/risk_words.py`` says the same in SQL; ``tests/test_family_risk.py`` holds both
together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from growth.age import completed_months
from registry.families.ladders import FIT_LATRINE, FIT_WATER, PRIVATE_USE, WITH_TANK
from registry.mothers.pregnancy import Limits, four_t, unknown_of_four_t

AT_RISK, NOT_AT_RISK, UNKNOWN, NO_TARGET = "berisiko", "tidak", "belum", "bukan"
LABELS = {
    AT_RISK: "Berisiko stunting",
    NOT_AT_RISK: "Tidak berisiko",
    UNKNOWN: "Belum dapat ditentukan",
    NO_TARGET: "Bukan keluarga sasaran",
}
TONES = {AT_RISK: "oranye", NOT_AT_RISK: "hijau", UNKNOWN: "kuning", NO_TARGET: "netral"}
WATER, LATRINE, FOUR_T = "air", "jamban", "4t"
CAUSES = {WATER: "Air minum tidak layak", LATRINE: "Jamban tidak layak", FOUR_T: "4 Terlalu (4T)"}

# BKKBN's list of proper main drinking water; springs and rain are not on it (domain.md §2.3).
PROPER_SOURCES = frozenset({"kemasan", "ledeng", "bor", "sumur"})
CHILDBEARING = (15, 49)  # years of age of a wife in a PUS
TWINS_WITHIN = 3  # completed months: nobody gives birth again so soon
BALITA_MONTHS = 60


@dataclass(frozen=True)
class Carrying:
    """The pregnancy a woman carries on the day."""

    hpht: date
    hpl: date
    gravida: int | None = None
    last_birth_on: date | None = None


@dataclass(frozen=True)
class Woman:
    """A woman of the family who lives here; ``children``: exact birth dates of those of hers that
    are registered; ``births``: how often she has given birth."""

    name: str = ""
    born: date | None = None
    births: int | None = None
    pregnancy: Carrying | None = None
    children: tuple[date, ...] = ()


@dataclass(frozen=True)
class Family:
    """What is known of a family. ``mother_known``: a mother was ever registered in it."""

    water_source: str = ""
    water: str = ""
    latrine_use: str = ""
    latrine_drain: str = ""
    latrine: str = ""
    has_balita: bool = False
    mother_known: bool = True
    women: tuple[Woman, ...] = ()


class Reason(NamedTuple):
    """Why a family is at risk: its cause (a key of ``CAUSES``) and the words."""

    cause: str
    words: str


@dataclass(frozen=True)
class Verdict:
    """One of AT_RISK, NOT_AT_RISK, UNKNOWN, NO_TARGET, with the reasons and what is not known."""

    state: str
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]


def risk_of(family: Family, on: date, limits: Limits) -> Verdict:
    """How the family stands on the day."""
    target = is_target(family, on)
    if target is False:
        return Verdict(NO_TARGET)
    reasons, unknown = of_home(family)
    for woman in family.women:
        held, missing = woman_4t(woman, on, limits)
        reasons += [Reason(FOUR_T, _said(woman, *one)) for one in held]
        unknown += [_of(woman, word) for word in missing]
    if not family.mother_known:
        unknown.append("ibu belum tercatat")
    state = state_of(target, at_risk=bool(reasons), unknown=bool(unknown))
    return Verdict(state, tuple(reasons), tuple(unknown))


def state_of(target: bool | None, *, at_risk: bool, unknown: bool) -> str:
    """The state of a family; ``target`` None = it may be one."""
    if target is False:
        return NO_TARGET
    if target is None:
        return UNKNOWN
    return AT_RISK if at_risk else UNKNOWN if unknown else NOT_AT_RISK


def is_target(family: Family, on: date) -> bool | None:
    """Has a balita, a pregnant woman or a PUS; None when a woman's age is not known."""
    women = family.women
    if family.has_balita or any(w.pregnancy or is_childbearing(w, on) for w in women):
        return True
    return None if any(woman.born is None for woman in women) else False


def is_childbearing(woman: Woman, on: date) -> bool:
    """Of the age of a PUS on the day."""
    if woman.born is None:
        return False
    low, high = CHILDBEARING
    return low <= completed_months(woman.born, on) // 12 <= high


# --- Water and latrine -------------------------------------------------------------------------


def has_proper_water(source: str, rung: str) -> bool | None:
    """By the source where it is known, else by the rung of the ladder; None = not known."""
    if source:
        return source in PROPER_SOURCES
    return rung in FIT_WATER if rung else None


def has_proper_latrine(use: str, drain: str, rung: str) -> bool | None:
    """A latrine with septic tank or sewer that is the family's own or shared with known families;
    by the rung where drain or use are not known; None = not known."""
    if use in ("tidak_ada", "umum"):
        return False
    if use in PRIVATE_USE and drain:
        return drain in WITH_TANK
    return rung in FIT_LATRINE if rung else None


SOURCES = {
    "mata_air": "mata air (tidak masuk daftar BKKBN)",
    "hujan": "air hujan (tidak masuk daftar BKKBN)",
    "sumur_terbuka": "sumur tidak terlindung",
    "mata_air_terbuka": "mata air tidak terlindung",
    "permukaan": "sungai, kolam, atau air permukaan lain",
}
USES = {"tidak_ada": "tidak punya jamban", "umum": "memakai fasilitas umum"}
DRAINS = {"lubang": "lubang tanah", "air": "langsung ke sungai, kolam, atau sawah"}
RUNGS = {"tidak_layak": "tidak layak", "tidak_ada": "tidak ada akses",
         "belum_layak": "belum layak", "terbuka": "buang air besar di tempat terbuka"}  # fmt: skip


def of_home(family: Family) -> tuple[list[Reason], list[str]]:
    """What water and latrine say: reasons, and what is not known of them."""
    reasons, unknown = [], []
    water = has_proper_water(family.water_source, family.water)
    if water is False:
        said = SOURCES.get(family.water_source) or RUNGS[family.water]
        reasons.append(Reason(WATER, f"sumber air minum tidak layak: {said}"))
    latrine = has_proper_latrine(family.latrine_use, family.latrine_drain, family.latrine)
    if latrine is False:
        reasons.append(Reason(LATRINE, f"jamban tidak layak: {_latrine_words(family)}"))
    unknown += ["sumber air minum"] if water is None else []
    unknown += ["jamban"] if latrine is None else []
    return reasons, unknown


def _latrine_words(family: Family) -> str:
    if family.latrine_use in USES:
        return USES[family.latrine_use]
    if family.latrine_use in PRIVATE_USE and family.latrine_drain:
        return f"tanpa tangki septik, {DRAINS[family.latrine_drain]}"
    return RUNGS[family.latrine]


# --- 4T ----------------------------------------------------------------------------------------


def woman_4t(woman: Woman, on: date, limits: Limits) -> tuple[list[tuple[str, str]], list[str]]:
    """Which of 4T hold as (label, why), and what is missing to say that the others do not.

    A pregnant woman is judged by her pregnancy, as on her own card; another one of the age of a
    PUS by her age on the day, how often she gave birth, and how far apart her last two were.
    """
    carried = woman.pregnancy
    if carried:
        held = four_t(
            hpht=carried.hpht, hpl=carried.hpl, born=woman.born, gravida=carried.gravida,
            last_birth_on=carried.last_birth_on, limits=limits,
        )  # fmt: skip
        return held, unknown_of_four_t(woman.born, carried.gravida, carried.last_birth_on)
    if woman.born is None:
        return [], ["tanggal lahir ibu"]
    if not is_childbearing(woman, on):
        return [], []
    return _resting_4t(woman, on, limits)


def _resting_4t(woman: Woman, on: date, limits: Limits) -> tuple[list[tuple[str, str]], list[str]]:
    """Of a woman who is not pregnant; an interval counts while its younger child is a balita."""
    years = completed_months(woman.born, on) // 12 if woman.born else 0
    held, missing = [], []
    if years < limits.too_young:
        held.append(("Terlalu muda", f"{years} tahun"))
    if years > limits.too_old:
        held.append(("Terlalu tua", f"{years} tahun"))
    youngest = youngest_balita(woman.children, on)
    months = gap_before(youngest, woman.children) if youngest else None
    if months is not None and months < limits.too_close_months:
        held.append(("Terlalu dekat", f"jarak kelahiran {months} bulan"))
    if woman.births is None:
        missing.append("pernah melahirkan berapa kali")
    elif woman.births >= limits.too_many:
        held.append(("Terlalu banyak", f"sudah {woman.births} kali melahirkan"))
    if youngest and months is None and woman.births is not None and woman.births > 1:
        missing.append("tanggal lahir kakaknya")
    return held, missing


def youngest_balita(children: Iterable[date], on: date) -> date | None:
    """The last birth up to the day, while that child is a balita."""
    last = max((born for born in children if born <= on), default=None)
    return last if last and completed_months(last, on) < BALITA_MONTHS else None


def gap_before(youngest: date, children: Iterable[date]) -> int | None:
    """Completed months between the youngest and the birth before it; twins are one birth."""
    apart = (completed_months(born, youngest) for born in children)
    return min((months for months in apart if months >= TWINS_WITHIN), default=None)


def _said(woman: Woman, label: str, why: str) -> str:
    return f"{label[0].lower()}{label[1:]}: {_of(woman, why)}"


def _of(woman: Woman, words: str) -> str:
    return f"{words} ({woman.name})" if woman.name else words
