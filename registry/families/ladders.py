"""The ladders of drinking water, latrine and house, as pure functions (domain.md §4).

Codes are those of ``registry.models.homes.Home``. What cannot be told from the answers is an
empty rung with the reason why; nothing is guessed.
"""

from typing import NamedTuple

from growth.words import number

# Water sources that are built to keep dirt out (layak), and those that are not.
PROTECTED = frozenset({"kemasan", "ledeng", "bor", "sumur", "mata_air", "hujan"})
SURFACE = "permukaan"
PRIVATE_USE = frozenset({"sendiri", "bersama"})
WITH_TANK = frozenset({"tangki", "spal"})

FIT_WATER = frozenset({"aman", "dasar", "terbatas"})
FIT_LATRINE = frozenset({"aman", "layak", "bersama"})


class Rung(NamedTuple):
    """One rung of a ladder; "" with ``missing`` = what has to be known to tell it."""

    code: str
    missing: str = ""


class Criterion(NamedTuple):
    """One of the four criteria of a house fit to live in; ``holds`` None = not known."""

    label: str
    holds: bool | None
    words: str


# --- Water -------------------------------------------------------------------------------------


def water_rung(source: str, reach: str = "", safe: bool | None = None) -> Rung:
    """Where drinking water comes from, how far it is, and whether it was tested and never fails.

    Aman: protected, at home, tested safe and always there. Layak dasar: protected, at most 30
    minutes there and back. Layak terbatas: protected, farther. Tidak layak: not protected. Tidak
    ada akses: surface water.
    """
    if not source:
        return Rung("", "sumber air minum")
    if source == SURFACE:
        return Rung("tidak_ada")
    if source not in PROTECTED:
        return Rung("tidak_layak")
    if not reach:
        return Rung("", "jauhnya mengambil air")
    if reach == "jauh":
        return Rung("terbatas")
    return Rung("aman" if reach == "rumah" and safe else "dasar")


# --- Latrine -----------------------------------------------------------------------------------


def latrine_rung(use: str, bowl: str, drain: str, emptied: bool | None, setting: str) -> Rung:
    """Who uses it, bowl, drain, tank emptied within 5 years, and the desa's ``Region.setting``.

    Aman: own, leher angsa, and a sewer or a tank that is emptied. Layak sendiri: own, leher angsa
    and tank; in a perdesaan desa also a pit. Layak bersama: the same, shared with known families.
    Belum layak: everything else there is. BABS terbuka: none.
    """
    if not use:
        return Rung("", "jamban yang dipakai")
    if use == "tidak_ada":
        return Rung("terbuka")
    if use == "umum" or bowl in ("plengsengan", "cubluk") or drain == "air":
        return Rung("belum_layak")
    missing = [word for word, said in (("bentuk kloset", bowl), ("tempat akhir tinja", drain))
               if not said]  # fmt: skip
    if missing:
        return Rung("", " dan ".join(missing))
    if drain == "lubang" and setting != "perdesaan":
        return Rung("belum_layak") if setting else Rung("", "desa ini perkotaan atau perdesaan")
    if use == "bersama":
        return Rung("bersama")
    is_safe = drain == "spal" or (drain == "tangki" and bool(emptied))
    return Rung("aman" if is_safe else "layak")


def waits_for_setting(use: str, bowl: str, drain: str) -> bool:
    """Whether the rung of this latrine hangs on the desa being perkotaan or perdesaan."""
    return use in PRIVATE_USE and bowl == "leher_angsa" and drain == "lubang"


# --- House -------------------------------------------------------------------------------------


def area_of_one(floor_area_m2: int | None, residents: int | None) -> float | None:
    """Floor area per person in m²; None when one of the numbers is missing."""
    return floor_area_m2 / residents if floor_area_m2 is not None and residents else None


def house_criteria(
    sound: bool | None, area: float | None, water: str, latrine: str, least_area: float
) -> list[Criterion]:
    """The four criteria of a rumah layak huni; ``area`` and ``least_area`` in m² per person."""
    roomy = None if area is None else area >= least_area
    said = "" if area is None else f"{number(round(area, 2))} m² per orang, "
    return [
        Criterion("Bangunan", sound, "atap, lantai, dan dinding kokoh"),
        Criterion("Luas lantai", roomy, f"{said}paling sedikit {number(least_area)} m²"),
        Criterion("Air minum", water in FIT_WATER if water else None, "layak"),
        Criterion("Jamban", latrine in FIT_LATRINE if latrine else None, "layak"),
    ]


def house_rung(criteria: list[Criterion]) -> Rung:
    """Layak huni with all four; one that fails is enough for tidak layak huni."""
    held = [criterion.holds for criterion in criteria]
    if False in held:
        return Rung("tidak_layak")
    missing = [c.label.lower() for c in criteria if c.holds is None]
    return Rung("", ", ".join(missing)) if missing else Rung("layak")
