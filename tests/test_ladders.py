"""The ladders of water, latrine and house, from the definitions of domain.md §4."""

import itertools

import pytest

from registry.families.ladders import (
    FIT_LATRINE,
    FIT_WATER,
    Rung,
    area_of_one,
    house_criteria,
    house_rung,
    latrine_rung,
    waits_for_setting,
    water_rung,
)
from registry.models import HomeCheck, Household

URBAN, RURAL, UNSET = "perkotaan", "perdesaan", ""
SWAN, TANK, PIT, SEWER = "leher_angsa", "tangki", "lubang", "spal"

# --- Water -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "reach", "safe", "rung"),
    [
        ("ledeng", "rumah", True, "aman"),
        ("ledeng", "rumah", False, "dasar"),
        ("ledeng", "rumah", None, "dasar"),
        ("sumur", "dekat", True, "dasar"),
        ("mata_air", "dekat", None, "dasar"),
        ("hujan", "jauh", True, "terbatas"),
        ("kemasan", "dekat", None, "dasar"),
        ("sumur_terbuka", "rumah", True, "tidak_layak"),
        ("mata_air_terbuka", "", None, "tidak_layak"),
        ("permukaan", "rumah", None, "tidak_ada"),
        ("ledeng", "", True, ""),
        ("", "rumah", True, ""),
    ],
)
def test_water(source: str, reach: str, safe: bool | None, rung: str) -> None:
    assert water_rung(source, reach, safe).code == rung


def test_every_source_and_reach_has_a_known_rung() -> None:
    for source, reach in itertools.product(Household.Source.values, HomeCheck.Reach.values):
        assert water_rung(source, reach).code in Household.Water.values
    assert set(Household.Water.values) > FIT_WATER
    assert set(Household.Latrine.values) > FIT_LATRINE


# --- Latrine -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "bowl", "drain", "emptied", "setting", "rung"),
    [
        # aman: own, leher angsa, tank emptied or sewer
        ("sendiri", SWAN, TANK, True, URBAN, "aman"),
        ("sendiri", SWAN, SEWER, None, URBAN, "aman"),
        # layak sendiri: a tank nobody knows to be emptied; in a perdesaan desa also a pit
        ("sendiri", SWAN, TANK, False, URBAN, "layak"),
        ("sendiri", SWAN, TANK, None, RURAL, "layak"),
        ("sendiri", SWAN, PIT, None, RURAL, "layak"),
        # layak bersama: the same, shared
        ("bersama", SWAN, TANK, True, URBAN, "bersama"),
        ("bersama", SWAN, PIT, None, RURAL, "bersama"),
        ("bersama", SWAN, SEWER, None, UNSET, "bersama"),
        # belum layak
        ("sendiri", SWAN, PIT, None, URBAN, "belum_layak"),
        ("bersama", SWAN, PIT, None, URBAN, "belum_layak"),
        ("sendiri", "plengsengan", TANK, True, RURAL, "belum_layak"),
        ("sendiri", "cubluk", "", None, RURAL, "belum_layak"),
        ("sendiri", SWAN, "air", None, RURAL, "belum_layak"),
        ("umum", SWAN, TANK, True, URBAN, "belum_layak"),
        # BABS terbuka
        ("tidak_ada", "", "", None, URBAN, "terbuka"),
    ],
)
def test_latrine(
    use: str, bowl: str, drain: str, emptied: bool | None, setting: str, rung: str
) -> None:
    assert latrine_rung(use, bowl, drain, emptied, setting) == Rung(rung)


@pytest.mark.parametrize("use", ["sendiri", "bersama"])
def test_only_a_pit_needs_the_setting_and_says_so(use: str) -> None:
    missing = "desa ini perkotaan atau perdesaan"
    assert latrine_rung(use, SWAN, PIT, None, UNSET) == Rung("", missing)
    assert waits_for_setting(use, SWAN, PIT)
    for bowl, drain, emptied in itertools.product(
        Household.LatrineBowl.values, Household.LatrineDrain.values, (True, False, None)
    ):
        rungs = {latrine_rung(use, bowl, drain, emptied, one) for one in (URBAN, RURAL, UNSET)}
        assert (len(rungs) > 1) == waits_for_setting(use, bowl, drain)


def test_what_is_not_known_is_named() -> None:
    assert latrine_rung("", "", "", None, URBAN) == Rung("", "jamban yang dipakai")
    missing = "bentuk kloset dan tempat akhir tinja"
    assert latrine_rung("sendiri", "", "", None, URBAN) == Rung("", missing)
    assert latrine_rung("sendiri", SWAN, "", None, URBAN) == Rung("", "tempat akhir tinja")


# --- House -------------------------------------------------------------------------------------


def rung(sound: bool | None, area: float | None, water: str, latrine: str) -> Rung:
    return house_rung(house_criteria(sound, area, water, latrine, 7.2))


def test_a_house_is_fit_with_all_four() -> None:
    assert rung(True, 7.2, "dasar", "bersama") == Rung("layak")
    for bad in ((False, 9.0, "dasar", "aman"), (True, 7.19, "dasar", "aman"),
                (True, 9.0, "tidak_layak", "aman"), (True, 9.0, "aman", "terbuka")):  # fmt: skip
        assert rung(*bad) == Rung("tidak_layak")


def test_one_failing_criterion_is_enough_and_a_missing_one_is_named() -> None:
    assert rung(None, None, "", "terbuka") == Rung("tidak_layak")
    assert rung(None, 9.0, "aman", "aman") == Rung("", "bangunan")
    assert rung(True, None, "aman", "") == Rung("", "luas lantai, jamban")


def test_floor_area_of_one_person() -> None:
    assert area_of_one(36, 5) == 7.2
    assert area_of_one(36, None) is None and area_of_one(None, 5) is None
    assert area_of_one(36, 0) is None
    (_, roomy, *_) = house_criteria(True, 7.16, "aman", "aman", 7.2)
    assert roomy.holds is False and roomy.words == "7,16 m² per orang, paling sedikit 7,2 m²"
