"""Scores in bulk: the columns of many children equal the scores of each."""

import math
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from growth.bulk import Columns, score_columns
from growth.csvtool import OUTPUT
from growth.lms import value_at
from growth.tables import table
from growth.zscore import Reading, Scores, score
from tests.test_zscore import golden_rows, reading_of

ROOT = Path(__file__).parents[1]
NAMES = ("sex", "age_days", "weight_kg", "length_height_cm", "measure", "oedema", "head_circ",
         "muac")  # fmt: skip


def columns_of(readings: list[Reading]) -> list[list[Any]]:
    return [[getattr(reading, name) for reading in readings] for name in NAMES]


def scores_of(columns: Columns) -> list[Scores]:
    lists = columns.lists()
    rows = zip(*(lists[name] for name in OUTPUT), strict=True)
    return [Scores(**dict(zip(OUTPUT, row, strict=True))) for row in rows]


def assert_equal(readings: list[Reading]) -> None:
    """Every value of every column, to the last bit; only the reasons stay with the scalar path."""
    wanted = [replace(score(reading), why={}) for reading in readings]
    assert repr(scores_of(score_columns(*columns_of(readings)))) == repr(wanted)


def test_all_650_golden_children_equal_the_scalar_path():
    assert_equal([reading_of(row) for row in golden_rows()])


def test_columns_are_arrays_a_programmer_can_filter():
    found = score_columns(["P", "P", "L"], [551, 551, 365], [8.2, None, 9.0], [74, None, 55], "llh")
    assert found.zlen.tolist()[::2] == [-2.34, -8.43]
    assert np.isnan(found.zlen[1])
    assert found.flen.tolist() == [False, False, True]
    assert found.cmeasure.tolist() == ["l", "l", "h"]
    assert found.zlen[~found.flen & (found.zlen < -2)].tolist() == [-2.34]


def test_edges_of_ages_postures_and_tables():
    ages = (None, -1, 0, 0.5, 90, 90.5, 91, 273, 273.9, 274, 730, 730.49, 730.5, 731, 1826,
            1826.2, 1826.25, 1826.5, 1827, math.nan, math.inf, -math.inf)  # fmt: skip
    lengths = (44.3, 44.9, 45, 64.9, 65, 65.69, 65.7, 73.46, 86.9, 87, 109.3, 110, 110.7, 120.7)
    assert_equal([
        Reading(sex, age, 9.0, cm, posture, False, 46, 14)
        for sex in "LP" for age in ages for cm in lengths for posture in ("l", "h", None)
    ])  # fmt: skip


@pytest.mark.parametrize("name", NAMES[1:4] + NAMES[6:])
def test_junk_in_one_column(name):
    plain = Reading("P", 551, 8.2, 74.0, "l", False, 45, 14)
    junk = (None, 0, -0.0, -1, 5e-324, 1e-300, 0.05, 0.69, 1000.5, 1e300, 10**400, math.nan,
            math.inf, -math.inf, Decimal("8.20"), "8.2", "8,2", "", True, object())  # fmt: skip
    for child in (plain, replace(plain, age_days=800)):
        assert_equal([replace(child, **{name: value}) for value in junk])


def test_words_in_every_writing():
    words = ["L", "P", " p ", 1, 2, "1", 1.0, True, 3, None, "x", "l", "h", "H", "y", "Ya", "0"]
    assert_equal([Reading(word, 700, 9.0, 80.0, "h") for word in words])
    assert_equal([Reading("L", 700, 9.0, 80.0, word) for word in words])
    assert_equal([Reading("L", 700, 9.0, 80.0, "h", word) for word in words])


def test_a_tie_is_rounded_as_python_rounds():
    """At z = ±0.005, 0.015 …: NumPy's own rounding says otherwise for some."""
    row = table("lfa").rows[1][400]
    readings = [
        Reading("L", 400, None, value_at(hundredths / 100 + 0.005, row), "l")
        for hundredths in range(-590, 590)
    ]
    assert_equal(readings)


def test_a_missing_age_and_an_unreadable_one_differ():
    kg, cm = [9.0, 9.0], [75.0, 75.0]
    listed = score_columns("PP", [None, math.nan], kg, cm, "ll")
    assert np.isnan(listed.zwfl).tolist() == [False, True]
    array = score_columns("PP", np.array([np.nan, np.inf]), kg, cm, "ll")
    assert np.isnan(array.zwfl).tolist() == [False, True]


def test_arrays_give_what_lists_give():
    lists = columns_of([reading_of(row) for row in golden_rows()])
    numeric = ("age_days", "weight_kg", "length_height_cm", "head_circ", "muac")
    arrays = [
        np.array(column, float if name in numeric else str)
        for name, column in zip(NAMES, lists, strict=True)
    ]
    untouched = [column.copy() for column in arrays]
    assert repr(scores_of(score_columns(*arrays))) == repr(scores_of(score_columns(*lists)))
    for column, before in zip(arrays, untouched, strict=True):
        np.testing.assert_array_equal(column, before)


def test_what_was_not_measured_may_be_left_out():
    found = score_columns(["P"], [551], weight_kg=[8.2])
    assert scores_of(found) == [replace(score(Reading("P", 551, 8.2)), why={})]
    assert len(score_columns([])) == 0


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="children"):
        score_columns(["P", "L"], [551])
    with pytest.raises(ValueError, match="children"):
        score_columns(["P"], [551], measure=["l", "l"])


def test_who_scores_one_child_does_not_wait_for_numpy():
    code = (
        "import sys, growth.zscore, growth.preterm, growth.classify, growth.chart;"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_portal_does_not_wait_for_numpy():
    code = (
        "import sys, kempling.wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
