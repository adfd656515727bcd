"""What must hold for any child, over made input: same again, monotone, never an exception.

That recomputing a stored visit gives what computing gave, in any order of typing, stands in
test_recompute.py; here the stored z-scores are those of the bulk path.
"""

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from growth.age import (
    AGE_GROUPS,
    age_group,
    age_text,
    approximate_birth_date,
    completed_months,
)
from growth.bulk import score_columns
from growth.classify import CLASSES, SCREENING, alert, classify, classify_lila
from growth.csvtool import OUTPUT
from growth.preterm import corrected, corrected_age_days
from growth.zscore import INDICES, Reading, Scores, score
from registry import visits
from registry.models import Measurement
from registry.models.children import months_before
from tests.cast import a_child
from tests.environment import rounds

MANY = settings(max_examples=rounds(150, 2_000), deadline=None)
DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))

WILD_NUMBERS = st.one_of(
    st.none(),
    st.floats(),
    st.floats(0.1, 150),
    st.integers(-(10**6), 10**6),
    st.decimals(),
    st.decimals("0.1", "150", places=2),
    st.sampled_from([0, -0.0, 10**400, "8.2", "8,2", "", math.inf, 5e-324, 1e300]),
)
WORDS = st.one_of(st.none(), st.text(max_size=3), st.sampled_from(["l", "h", "H", " L "]))
WILD = st.builds(
    Reading,
    sex=st.one_of(st.sampled_from(["L", "P", 1, 2, "f", "m", True, 1.0]), WORDS),
    age_days=st.one_of(WILD_NUMBERS, st.integers(0, 1900), st.floats(0, 1900)),
    weight_kg=WILD_NUMBERS,
    length_height_cm=WILD_NUMBERS,
    measure=WORDS,
    oedema=st.one_of(st.booleans(), WORDS, st.sampled_from(["y", "ya", "1", 1, 0, "n"])),
    head_circ=WILD_NUMBERS,
    muac=WILD_NUMBERS,
)
CHILDREN = st.builds(  # as they come to a posyandu, and a little beyond
    Reading,
    sex=st.sampled_from("LP"),
    age_days=st.one_of(st.none(), st.integers(-5, 1860), st.sampled_from([0, 273, 274, 730, 731])),
    weight_kg=st.one_of(st.none(), st.decimals("1", "40", places=2)),
    length_height_cm=st.one_of(st.none(), st.decimals("38", "130", places=1)),
    measure=st.sampled_from(["l", "h", ""]),
    oedema=st.booleans(),
    head_circ=st.one_of(st.none(), st.decimals("30", "60", places=1)),
    muac=st.one_of(st.none(), st.decimals("8", "25", places=1)),
)


def in_bulk(readings: list[Reading]) -> list[Scores]:
    """Score by columns, given as the scalar path gives it (without the reasons)."""
    names = ("sex", "age_days", "weight_kg", "length_height_cm", "measure", "oedema",
             "head_circ", "muac")  # fmt: skip
    found = score_columns(*([getattr(one, name) for one in readings] for name in names)).lists()
    rows = zip(*(found[name] for name in OUTPUT), strict=True)
    return [Scores(**dict(zip(OUTPUT, row, strict=True))) for row in rows]


# --- Same again ----------------------------------------------------------------------------------


@MANY
@given(st.lists(st.one_of(CHILDREN, WILD), min_size=1, max_size=20))
def test_scoring_again_and_scoring_in_bulk_give_the_same(readings):
    once = [score(reading) for reading in readings]
    assert repr([score(reading) for reading in readings]) == repr(once)
    # repr: NaN equals itself, and −0.0 would show.
    assert repr(in_bulk(readings)) == repr([replace(scores, why={}) for scores in once])


@pytest.mark.django_db
@settings(
    max_examples=rounds(15, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    sex=st.sampled_from("LP"),
    rows=st.lists(
        st.tuples(
            st.integers(0, 1860),
            st.one_of(st.none(), st.decimals("0.9", "40", places=2)),
            st.one_of(st.none(), st.decimals("38", "130", places=1)),
            st.sampled_from(["l", "h", ""]),
            st.booleans(),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda row: row[0],
    ),
)
def test_the_stored_z_are_those_of_the_bulk_path(cast: SimpleNamespace, sex, rows):
    child = a_child(cast, sex="L", birth_date=date(2021, 3, 1))
    for day, kg, cm, posture, oedema in rows:
        visits.add_measurement(
            None, child,
            {"measured_on": child.birth_date + timedelta(days=day), "weight_kg": kg,
             "length_height_cm": cm, "measure": posture, "oedema": oedema},
        )  # fmt: skip
    visits.correct_child(None, child, {"sex": sex})
    stored = Measurement.objects.filter(child=child).order_by("pk")
    numbers = stored.values_list(
        "measured_on", "weight_kg", "length_height_cm", "measure", "oedema"
    )
    on, *others = zip(*numbers, strict=True)
    ages = [(day - child.birth_date).days for day in on]
    found = score_columns([sex] * len(ages), ages, *others).lists()
    for columns, index in (("zlen", "haz"), ("zwei", "waz"), ("zwfl", "whz"), ("zbmi", "baz")):
        z = [None if one is None else Decimal(repr(one)) for one in found[columns]]
        flags = [bool(one) for one in found[f"f{columns[1:]}"]]
        wanted = list(zip(z, flags, strict=True))
        assert list(stored.values_list(index, f"{index}_flag")) == wanted, index


# --- Monotone ------------------------------------------------------------------------------------


@MANY
@given(
    sex=st.sampled_from("LP"),
    days=st.integers(0, 1826),
    kg=st.floats(1, 35),
    cm=st.floats(46, 108),
    more=st.floats(0.001, 3),
    measure=st.sampled_from(["l", "h", None]),
)
def test_heavier_and_taller_never_lower_a_z(sex, days, kg, cm, more, measure):
    plain = score(Reading(sex, days, kg, cm, measure))
    heavier = score(Reading(sex, days, kg + more, cm, measure))
    taller = score(Reading(sex, days, kg, cm + more, measure))
    assert heavier.zwei >= plain.zwei
    assert heavier.zbmi >= plain.zbmi
    assert heavier.zlen == plain.zlen
    assert taller.zlen >= plain.zlen
    assert taller.zbmi <= plain.zbmi
    assert taller.zwei == plain.zwei
    if plain.zwfl is not None:
        assert heavier.zwfl >= plain.zwfl
        # Below −14 SD the standard itself turns round: only what is not flagged.
        assert taller.zwfl is None or plain.fwfl or taller.zwfl <= plain.zwfl


@MANY
@given(st.sampled_from(sorted(CLASSES)), st.floats(-12, 12), st.floats(0, 5))
def test_a_higher_z_is_never_of_a_lower_class(index, z, more):
    order = CLASSES[index]
    assert order.index(classify(index, z + more)) >= order.index(classify(index, z))


@MANY
@given(st.sampled_from("LP"), st.floats(45, 110), st.integers(0, 1825))
def test_the_same_length_counts_for_less_on_the_next_day(sex, cm, day):
    today, tomorrow = (score(Reading(sex, one, None, cm)) for one in (day, day + 1))
    # On day 731 the tables change from lying to standing, 0.7 cm less.
    assert tomorrow.zlen <= today.zlen or day == 730 or today.flen


# --- Never an exception --------------------------------------------------------------------------


@MANY
@given(WILD)
def test_no_input_raises_and_every_z_is_two_decimals_or_explained(reading):
    found = score(reading)
    for index in INDICES:
        z, flag = getattr(found, index.z), getattr(found, index.f)
        assert (z is None) == (index.z in found.why) == (flag is None)
        assert z is None or (math.isfinite(z) and z == round(z, 2))
        assert flag in (None, int(z is not None and not index.flag_below <= z <= index.flag_above))


@MANY
@given(WILD, WILD_NUMBERS.filter(lambda value: not isinstance(value, str)), st.integers(-2, 80))
def test_no_result_is_beyond_a_class_and_an_alert(reading, lila, months):
    found = score(reading)
    for index, z in zip(CLASSES, (found.zwei, found.zlen, found.zwfl, found.zbmi), strict=True):
        assert (classify(index, z) is None) == (z is None)
    if lila is None or (isinstance(lila, int | float) and abs(lila) < 1e9):
        classify_lila(lila, months)
        told = alert(found, lila, months)
        assert told.reasons and told.next_step
        assert told.level != "hijau" or None not in (found.zlen, found.zwei, found.zwfl)
    assert SCREENING


# --- Ages ----------------------------------------------------------------------------------------


@MANY
@given(born=DAYS, days=st.integers(0, 2500))
def test_age_in_words_adds_up(born, days):
    on = born + timedelta(days=days)
    words = age_text(born, on).split()
    parts = dict(zip(words[1::2], map(int, words[::2]), strict=True))
    assert parts.get("tahun", 0) * 12 + parts.get("bulan", 0) == completed_months(born, on)
    assert 0 <= parts.get("hari", 0) <= 30


@MANY
@given(reference=DAYS, months=st.integers(0, 72))
def test_an_approximate_birth_date_has_the_typed_age(reference, months):
    assert completed_months(approximate_birth_date(reference, months), reference) == months


@MANY
@given(born=DAYS, days=st.integers(0, 2000))
def test_age_groups_are_the_same_by_month_and_by_birth_date(born, days):
    """One child, asked in Python, and as the database asks it: by the birth date."""
    on = born + timedelta(days=days)
    by_date = [label for end, label in AGE_GROUPS if born > months_before(on, end)]
    assert age_group(completed_months(born, on)) == (by_date[0] if by_date else None)


@MANY
@given(DAYS, st.integers(0, 1000), st.one_of(st.none(), st.integers(20, 42)), CHILDREN)
def test_a_corrected_age_is_younger_and_never_instead(born, days, weeks, reading):
    on = born + timedelta(days=days)
    beside = corrected(reading, born, on, weeks)
    younger = corrected_age_days(days, weeks)
    assert (beside is None) == (younger is None)
    if beside:
        assert beside.scores == score(replace(reading, age_days=days))
        assert beside.corrected_age_days == younger == days - (40 - weeks) * 7
        real, other = beside.scores, beside.corrected_scores
        if real.clenhei == other.clenhei and real.flen == 0 and other.zlen is not None:
            assert other.zlen >= real.zlen
