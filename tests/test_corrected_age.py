"""Umur koreksi of a preterm child: shown beside the age, never instead."""

from datetime import date, timedelta

import pytest

from growth.preterm import BEFORE_TERM, corrected, corrected_age_days, is_preterm
from growth.reading import Reading
from growth.zscore import score

BORN, ON = date(2026, 1, 15), date(2026, 7, 15)  # 6 months, 181 days
GIRL = Reading("P", None, 5.5, 58.0, "l")


def test_a_girl_of_30_weeks_at_six_months():
    found = corrected(GIRL, BORN, ON, 30)
    assert (found.age_days, found.age_text) == (181, "6 bulan")
    assert (found.corrected_age_days, found.corrected_age_text) == (111, "3 bulan 19 hari")
    assert (found.scores.zlen, found.scores.zwei) == (-3.38, -2.32)
    assert (found.corrected_scores.zlen, found.corrected_scores.zwei) == (-1.55, -1.0)
    assert found.scores == score(Reading("P", 181, 5.5, 58.0, "l"))
    assert found.corrected_scores == score(Reading("P", 111, 5.5, 58.0, "l"))


@pytest.mark.parametrize(("weeks", "preterm"), [(36, True), (37, False), (40, False), (0, False)])
def test_preterm_is_below_37_weeks(weeks, preterm):
    assert is_preterm(weeks) is preterm
    assert (corrected_age_days(300, weeks) is not None) is preterm


def test_an_unknown_gestation_is_not_corrected():
    assert corrected_age_days(300, None) is None
    assert corrected(GIRL, BORN, ON, None) is None
    assert not is_preterm(None)


def test_each_week_too_early_is_seven_days():
    assert corrected_age_days(300, 36) == 272
    assert corrected_age_days(300, 28) == 216


def test_it_ends_at_24_months_or_where_the_programme_says():
    assert corrected_age_days(730, 30) == 660  # 23.98 months
    assert corrected_age_days(731, 30) is None
    assert corrected_age_days(731, 30, until_months=36) == 661
    assert corrected_age_days(366, 30, until_months=12) is None


def test_before_the_day_of_term_there_is_no_corrected_z():
    found = corrected(GIRL, BORN, BORN + timedelta(days=31), 30)
    assert (found.corrected_age_days, found.corrected_age_text) == (-39, BEFORE_TERM)
    assert (found.scores.zlen is None, found.corrected_scores.zlen) == (False, None)
    assert set(found.corrected_scores.why.values()) >= {"before_birth"}
    at_term = corrected(GIRL, BORN, BORN + timedelta(days=70), 30)
    assert (at_term.corrected_age_days, at_term.corrected_age_text) == (0, "0 hari")
    assert at_term.corrected_scores.zlen is not None


def test_a_visit_before_birth_is_not_corrected():
    assert corrected(GIRL, BORN, BORN - timedelta(days=1), 30) is None
