"""z-scores equal WHO's own package: golden file, tables, traps. The facts: test_growth_facts.py."""

import csv
import math
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from growth import tables
from growth.age import AGE_GROUPS, age_group
from growth.csvtool import OUTPUT
from growth.zscore import (
    RULE_VERSION,
    Reading,
    age_days_from_months,
    age_text,
    completed_months,
    months_from_text,
    score,
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


def test_all_650_golden_children_equal_anthro():
    rows = golden_rows()
    assert len(rows) == 650
    wrong = []
    for row in rows:
        found = score(reading_of(row))
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


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        ("2026-07-28", "2026-08-01", 0),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2021-03-01", "2026-03-01", 60),
    ],
)
def test_completed_months_at_the_ends_of_months(born, on, months):
    assert completed_months(date.fromisoformat(born), date.fromisoformat(on)) == months


def test_the_whos_age_groups():
    groups = [age_group(months) for months in (0, 5, 6, 11, 12, 23, 24, 35, 36, 47, 48, 59)]
    assert groups == [label for _, label in AGE_GROUPS for _ in range(2)]
    assert (age_group(-1), age_group(60)) == (None, None)
    assert groups[::2] == ["0–5", "6–11", "12–23", "24–35", "36–47", "48–59"]


def test_an_age_is_read_in_the_words_people_use():
    assert months_from_text("5 bln") == 5
    assert months_from_text("1 thn 2 bln") == 14
    assert months_from_text("belum tahu") is None


def test_growth_needs_no_django():
    names = [path.stem for path in (Path(tables.__file__).parent).glob("*.py")]
    imports = ",".join(f"growth.{name}" for name in names if name != "__init__")
    code = f"import sys,{imports}; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
