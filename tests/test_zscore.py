"""z-scores equal WHO's own package, and the facts a nutritionist would check by hand."""

import csv
import math
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth import tables
from growth.csvtool import OUTPUT
from growth.zscore import (
    RULE_VERSION,
    Reading,
    Scores,
    age_days_from_months,
    age_in_days,
    age_text,
    approximate_birth_date,
    completed_months,
    converted_length,
    months_from_text,
    score,
    score_many,
)

GOLDEN = Path(__file__).parent / "golden" / "who_anthro_650.csv"
EXACT = (*OUTPUT[:12], "c9mo_flag")
NEAR = ("clenhei", "cbmi")


def golden_rows() -> list[dict[str, str]]:
    with GOLDEN.open(newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return float(text) if text else None


def reading_of(row: dict[str, str]) -> Reading:
    return Reading(
        sex=row["sex"] or None,
        age_days=number(row["age_days"]),
        weight_kg=number(row["weight_kg"]),
        length_height_cm=number(row["length_height_cm"]),
        measure=row["measure"],
        oedema=row["oedema"],
        head_circ=number(row["head_circ"]),
        muac=number(row["muac"]),
    )


def child(sex: str, born: str, on: str, kg: float | None, cm: float, measure: str) -> Scores:
    days = age_in_days(date.fromisoformat(born), date.fromisoformat(on))
    return score(Reading(sex, days, kg, cm, measure))


def test_all_650_golden_children_equal_anthro():
    rows = golden_rows()
    assert len(rows) == 650
    wrong = []
    for row, found in zip(rows, score_many(map(reading_of, rows)), strict=True):
        for name in EXACT:
            if getattr(found, name) != number(row[name]):
                wrong.append((row["id"], name, getattr(found, name), row[name]))
        if (found.cmeasure or "") != row["cmeasure"]:
            wrong.append((row["id"], "cmeasure", found.cmeasure, row["cmeasure"]))
        for name in NEAR:
            value, wanted = getattr(found, name), number(row[name])
            if (value is None) != (wanted is None) or abs((value or 0) - (wanted or 0)) > 1e-9:
                wrong.append((row["id"], name, value, wanted))
    assert wrong == []


# name, rows, first and last x (days, tenths of a centimetre), SHA-256 of the canonical text
WHO_TABLES = """
lfa   3714   0 1856 0db8019ac6d81e4ddf5087b92a4caf0e17921f3203cd0a7638a19c954b061fb1
wfa   3714   0 1856 a106772559e578d819e84078d4649625bba39bc80661d45dd8139fc0f157dc58
bmifa 3714   0 1856 97794d1cf2673f91e2c14c356877004d04b44efd82e8378bb4b07748b0d8550e
hcfa  3714   0 1856 6d3432dc37f981a61ff0c4f7b5e7b92662776d731249692a0a719388646b281a
acfa  3532  91 1856 6e9900aa93cb65182009bf695d14dcd08e718dbe595650789ecc865b4ab393bc
wfl   1302 450 1100 bec6bd316ad4a75bca09f51ebd6c5624165795681270e93042919307f4662a4e
wfh   1102 650 1200 b186fe68f0a9a647748b8b76886d6becda1fc56b2e51ebe5bfd757e1f9e67805
"""


@pytest.mark.parametrize("pinned", WHO_TABLES.split("\n")[1:-1])
def test_tables_are_the_whos(pinned):
    name, lines, first, last, sha256 = pinned.split()
    table = tables.table(name)
    assert (table.first, table.last) == (int(first), int(last))
    assert sum(len(rows) for rows in table.rows.values()) == int(lines)
    assert tables.digest(name) == sha256


def test_tables_are_read_once_and_only_by_name():
    assert tables.table("lfa") is tables.table("lfa")
    with pytest.raises(KeyError):
        tables.table("../secrets")


# --- The acceptance facts, by their numbers ------------------------------------------------------


def test_fact_01_stunted_girl_of_18_months():
    found = child("P", "2022-01-15", "2023-07-20", 8.2, 74.0, "l")
    assert (found.zlen, found.zwei, found.zwfl, found.zbmi) == (-2.34, -1.87, -1.00, -0.57)


def test_fact_02_who_examples_at_and_after_731_days():
    assert score(Reading("P", 731, None, 77.5, "h")).zlen == -2.55
    found = score(Reading("L", 987, None, 72.86, "l"))
    assert found.clenhei == pytest.approx(72.16)
    assert (found.zlen, found.flen) == (-6.09, 1)


def test_fact_03_standing_before_nine_months_is_a_mistake():
    after = score(Reading("L", 274, None, 60.0, "h"))
    assert (after.clenhei, after.zlen, after.c9mo_flag) == (60.7, -5.02, 0)
    before = score(Reading("L", 244, None, 60.0, "h"))
    assert (before.clenhei, before.zlen) == (60.0, -4.81)
    assert (before.c9mo_flag, before.cmeasure) == (1, None)


def test_fact_04_lying_and_standing_at_547_days():
    lying = child("P", "2023-01-05", "2024-07-05", 8.8, 76.0, "l")
    assert (lying.zlen, lying.zwfl) == (-1.61, -0.66)
    standing = child("P", "2023-01-05", "2024-07-05", 8.8, 76.0, "h")
    assert (standing.clenhei, standing.zlen, standing.zwfl) == (76.7, -1.37, -0.82)


def test_fact_05_second_birthday_can_be_730_days():
    day_730 = child("L", "2022-03-10", "2024-03-09", 9.8, 81.0, "l")
    day_731 = child("L", "2022-03-10", "2024-03-10", 9.8, 81.0, "l")
    assert (day_730.clenhei, day_730.zlen) == (81.0, -2.23)
    assert (day_731.clenhei, day_731.zlen) == (80.3, -2.23)
    day_732 = child("L", "2022-03-10", "2024-03-11", 9.8, 81.0, "h")
    assert (day_732.zlen, day_732.zwfl) == (-2.01, -1.16)


@pytest.mark.parametrize(("day", "z"), [(183, -1.94), (198, -2.28), (212, -2.59)])
def test_fact_06_age_in_days_decides_within_a_month(day, z):
    assert score(Reading("L", day, None, 63.5, "l")).zlen == z


@pytest.mark.parametrize(
    ("cm", "z"), [(75.0, -1.97), (74.9, -2.00), (74.8, -2.04), (72.0, -3.00), (71.9, -3.03)]
)
def test_fact_07_z_is_rounded_before_it_is_classed(cm, z):
    assert child("P", "2022-09-01", "2024-03-02", None, cm, "l").zlen == z


@pytest.mark.parametrize(("cm", "z"), [(68.7, -2.96), (68.6, -3.00), (68.5, -3.05)])
def test_fact_08_boy_of_365_days_around_minus_three(cm, z):
    assert score(Reading("L", 365, None, cm, "l")).zlen == z


def test_fact_09_wasted_though_not_stunted():
    found = child("L", "2023-05-20", "2024-05-20", 7.0, 72.5, "l")
    assert (found.zlen, found.zwei, found.zwfl) == (-1.38, -2.91, -3.14)


def test_fact_10_stunted_though_not_wasted():
    found = child("P", "2021-06-01", "2024-06-01", 10.2, 84.0, "h")
    assert (found.zlen, found.zwei, found.zwfl) == (-2.90, -2.49, -1.01)


def test_fact_11_underweight_only():
    found = child("P", "2023-02-10", "2024-08-10", 8.0, 76.0, "l")
    assert (found.zlen, found.zwei, found.zwfl) == (-1.61, -2.06, -1.77)


def test_fact_12_tall_boy():
    found = child("L", "2022-02-01", "2024-05-01", 14.0, 99.5, "h")
    assert (found.zlen, found.zwfl) == (3.07, -1.03)


def test_fact_13_heavy_children():
    risk = child("L", "2023-08-08", "2024-08-08", 10.9, 77.0, "l")
    assert (risk.zwei, risk.zwfl) == (1.12, 1.14)
    assert score(Reading("L", 1216, 18.0, 98.0, "h")).zwfl == 2.31
    assert score(Reading("P", 1216, 21.0, 98.0, "h")).zwfl == 3.80


def test_fact_14_day_of_birth_is_a_valid_age():
    found = score(Reading("P", 0, 3.0, 48.0, "l"))
    assert (found.zlen, found.zwei) == (-0.62, -0.52)


def test_fact_15_implausible_values_are_kept_and_flagged():
    found = score(Reading("L", 365, 9.0, 55.0, "l"))
    assert (found.zlen, found.flen, found.zwfl, found.fwfl) == (-8.73, 1, 8.75, 1)


def test_fact_16_outside_the_height_table():
    found = score(Reading("P", 761, 7.0, 64.0, "h"))
    assert (found.zwfl, found.fwfl, found.why["zwfl"]) == (None, None, "out_of_table")
    assert (found.zlen, found.flen) == (-6.89, 1)


def test_fact_17_last_day_is_1826():
    last = child("P", "2019-05-02", "2024-05-01", 14.0, 100.0, "h")
    assert last.zlen == -1.98
    after = child("P", "2019-05-02", "2024-05-02", 14.0, 100.0, "h")
    assert (after.zlen, after.zwei, after.zwfl, after.zbmi) == (None, None, None, None)
    assert set(after.why.values()) == {"too_old"}


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        ("2023-01-31", "2023-02-28", 0),
        ("2023-01-31", "2023-03-01", 1),
        ("2022-02-10", "2024-02-09", 23),
        ("2022-02-10", "2024-02-10", 24),
        ("2026-07-28", "2026-08-01", 0),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2021-03-01", "2026-03-01", 60),
    ],
)
def test_fact_18_completed_months(born, on, months):
    assert completed_months(date.fromisoformat(born), date.fromisoformat(on)) == months


def test_fact_18_second_birthday_still_uses_the_length_table():
    assert age_in_days(date(2022, 2, 10), date(2024, 2, 10)) == 730
    assert converted_length(80.0, 730, "l") == 80.0


def test_fact_18_age_as_e_ppgbm_writes_it():
    assert months_from_text("2 Tahun - 3 Bulan - 13 Hari") == 27
    assert months_from_text("5 bln") == 5
    assert months_from_text("belum tahu") is None


def test_fact_21_oedema_empties_what_weighs_and_leaves_the_rest():
    found = score(Reading("P", 551, 10.0, 80.0, "l", oedema=True, head_circ=46, muac=14))
    assert (found.zwei, found.zwfl, found.zbmi) == (None, None, None)
    assert [found.why[z] for z in ("zwei", "zwfl", "zbmi")] == ["oedema"] * 3
    assert None not in (found.zlen, found.zhc, found.zac)


# --- The traps -----------------------------------------------------------------------------------


def test_float_noise_after_the_posture_change_is_harmless():
    noisy = score(Reading("L", 800, 12.0, 86.3, "l"))  # 86.3 - 0.7 = 85.6 with noise
    plain = score(Reading("L", 800, 12.0, 85.6, "h"))
    assert (noisy.zwfl, noisy.zlen, noisy.zbmi) == (plain.zwfl, plain.zlen, plain.zbmi)


def test_both_ends_of_the_length_tables_belong_to_them():
    for days, cm, measure, exists in [
        (100, 45.0, "l", True),
        (100, 44.9, "l", False),
        (400, 109.3, "h", True),
        (400, 109.4, "h", False),
        (800, 65.0, "h", True),
        (800, 65.7, "l", True),
        (800, 65.6, "l", False),
        (800, 120.7, "l", True),
        (800, 120.8, "l", False),
    ]:
        found = score(Reading("P", days, 9.0, cm, measure))
        assert (found.zwfl is not None) is exists, (days, cm, measure)


def test_weight_for_length_interpolates_between_rows():
    z = [score(Reading("L", 400, 9.0, cm, "l")).zwfl for cm in (73.40, 73.46, 73.50)]
    raw = tables.table("wfl").rows[1]
    low, high = raw[734 - 450], raw[735 - 450]
    l, m, s = (a + 0.6 * (b - a) for a, b in zip(low, high, strict=True))  # noqa: E741
    assert z[1] == round(((9.0 / m) ** l - 1) / (s * l), 2)
    assert z[0] >= z[1] >= z[2]


def test_height_has_no_linear_part_beyond_three_but_weight_has():
    assert score(Reading("L", 365, None, 100.0, "l")).zlen == round(
        (100 / 75.7488 - 1) / 0.03137, 2
    )
    l, m, s = tables.table("wfa").rows[1][365]  # noqa: E741
    heavy = score(Reading("L", 365, 17.0)).zwei
    assert heavy != round(((17 / m) ** l - 1) / (s * l), 2)
    third, second = (m * (1 + l * s * z) ** (1 / l) for z in (3, 2))
    assert heavy == round(3 + (17 - third) / (third - second), 2)


def test_without_age_the_posture_chooses_the_table_then_87_cm():
    lying, standing, unknown = (
        score(Reading("L", None, 12.0, 86.9, measure)).zwfl for measure in ("l", "h", None)
    )
    assert lying != standing
    assert unknown == lying
    at_87 = [score(Reading("L", None, 12.0, 87.0, measure)).zwfl for measure in ("h", None)]
    assert at_87[0] == at_87[1]
    found = score(Reading("L", None, 12.0, 87.0, "h"))
    assert (found.zlen, found.why["zlen"], found.clenhei) == (None, "no_age", 87.0)


def test_arm_circumference_begins_on_day_91():
    assert score(Reading("P", 91, muac=13.0)).zac is not None
    before = score(Reading("P", 90, muac=13.0))
    assert (before.zac, before.why["zac"]) == (None, "too_young")


def test_fractions_of_a_day_are_rounded_half_up():
    assert score(Reading("L", 730.5, None, 80.0, "l")).clenhei == pytest.approx(79.3)
    assert score(Reading("L", 730.49, None, 80.0, "l")).clenhei == 80.0
    assert age_days_from_months(24) == 730.5
    assert score(Reading("P", age_days_from_months(24), None, 77.5)).zlen == -2.55


def test_sixty_months_of_thirty_days_and_a_bit_is_the_end():
    assert score(Reading("L", age_days_from_months(59.99), 15)).zwei is not None
    assert score(Reading("L", age_days_from_months(60), 15)).why["zwei"] == "too_old"


def test_unknown_sex_or_a_visit_before_birth_gives_nothing():
    for sex in (None, "", "x", 3):
        assert score(Reading(sex, 400, 9.0, 75.0, "l")).why["zlen"] == "no_sex"
    before = score(Reading("L", -1, 3.0, 50.0, "l"))
    assert before.zwfl is None
    assert set(before.why.values()) == {"before_birth"}


@pytest.mark.parametrize(("kg", "cm"), [(0, 75), (-3, 75), (9, 0), (9, -75)])
def test_nothing_is_computed_from_zero_or_less(kg, cm):
    found = score(Reading("L", 400, kg, cm, "l", muac=14))
    assert {getattr(found, name) for name in EXACT[:-1]} == {None}
    assert (found.cbmi, set(found.why.values())) == (None, {"not_positive"})


@pytest.mark.parametrize("sex", [1, "1", "m", "M", "L", "l"])
def test_words_for_a_boy(sex):
    assert score(Reading(sex, 365, 9.0)).zwei == score(Reading("L", 365, 9.0)).zwei


@pytest.mark.parametrize("sex", [2, "2", "f", "F", "P", "p"])
def test_words_for_a_girl(sex):
    assert score(Reading(sex, 365, 9.0)).zwei == score(Reading("P", 365, 9.0)).zwei
    assert score(Reading(sex, 365, 9.0)).zwei != score(Reading("L", 365, 9.0)).zwei


def test_decimals_of_the_database_are_welcome():
    plain = score(Reading("P", 551, 8.2, 74.0, "l"))
    assert score(Reading("P", 551, Decimal("8.20"), Decimal("74.0"), "l")) == plain


def test_a_z_of_zero_has_no_sign():
    z = score(Reading("P", 0, None, 49.147, "l")).zlen
    assert z == 0
    assert math.copysign(1, z) == 1


def test_rule_version_names_the_standard():
    assert RULE_VERSION.startswith("WHO2006-anthro1.1/")


def test_age_in_words():
    assert age_text(date(2022, 1, 15), date(2023, 7, 20)) == "1 tahun 6 bulan 5 hari"
    assert age_text(date(2023, 1, 31), date(2023, 3, 1)) == "1 bulan"
    assert age_text(date(2024, 2, 29), date(2025, 3, 1)) == "1 tahun"
    assert age_text(date(2024, 5, 1), date(2024, 5, 1)) == "0 hari"
    assert age_text(date(2024, 5, 2), date(2024, 5, 1)) == "belum lahir"


def test_growth_needs_no_django():
    names = [path.stem for path in (Path(tables.__file__).parent).glob("*.py")]
    imports = ",".join(f"growth.{name}" for name in names if name != "__init__")
    code = f"import sys,{imports}; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- Made input ----------------------------------------------------------------------------------

DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))


@given(born=DAYS, days=st.integers(0, 2500))
def test_age_in_words_adds_up(born, days):
    on = born + timedelta(days=days)
    words = age_text(born, on).split()
    parts = dict(zip(words[1::2], map(int, words[::2]), strict=True))
    assert parts.get("tahun", 0) * 12 + parts.get("bulan", 0) == completed_months(born, on)
    assert 0 <= parts.get("hari", 0) <= 30


@given(reference=DAYS, months=st.integers(0, 72))
def test_an_approximate_birth_date_has_the_typed_age(reference, months):
    assert completed_months(approximate_birth_date(reference, months), reference) == months


ANYTHING = st.one_of(st.none(), st.floats(), st.integers(-(10**6), 10**6), st.floats(0.1, 150))


READINGS = st.builds(
    Reading,
    sex=st.sampled_from([None, "", "L", "P", 1, 2, "x"]),
    age_days=st.one_of(ANYTHING, st.integers(0, 1900)),
    weight_kg=ANYTHING,
    length_height_cm=ANYTHING,
    measure=st.sampled_from([None, "", "l", "h", "H", "?"]),
    oedema=st.sampled_from([None, True, False, "y", "n", "?"]),
    head_circ=ANYTHING,
    muac=ANYTHING,
)


@given(READINGS)
def test_no_input_raises_and_every_z_is_two_decimals_or_explained(reading):
    found = score(reading)
    for name in EXACT[:-1:2]:
        z = getattr(found, name)
        assert (z is None) == (name in found.why) == (getattr(found, f"f{name[1:]}") is None)
        assert z is None or (math.isfinite(z) and z == round(z, 2))


@given(
    sex=st.sampled_from("LP"),
    days=st.integers(0, 1826),
    kg=st.floats(1, 35),
    cm=st.floats(46, 108),
    more=st.floats(0.01, 3),
    measure=st.sampled_from(["l", "h", None]),
)
def test_heavier_and_taller_never_lower_a_z(sex, days, kg, cm, more, measure):
    plain = score(Reading(sex, days, kg, cm, measure))
    heavier = score(Reading(sex, days, kg + more, cm, measure))
    taller = score(Reading(sex, days, kg, cm + more, measure))
    assert heavier.zwei >= plain.zwei
    assert heavier.zbmi >= plain.zbmi
    assert taller.zlen >= plain.zlen
    assert taller.zbmi <= plain.zbmi
    if plain.zwfl is not None:
        assert heavier.zwfl >= plain.zwfl
