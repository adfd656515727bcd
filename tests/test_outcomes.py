"""Before and after of a PMT, against the written facts (domain.md §10, fact 25)."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from interventions import indications, outcomes
from interventions.before_after import outcome_of, outcomes_of
from interventions.outcomes import Point
from tests.cast import a_child, a_pregnancy
from tests.helps import a_check, a_pmt, a_visit

BEGUN, ENDED = date(2026, 3, 2), date(2026, 4, 26)


def _points(*values: str | None, after: date = ENDED) -> list[Point]:
    days = (BEGUN - timedelta(days=3), after)
    return [
        Point(day, None if value is None else Decimal(value))
        for day, value in zip(days, values, strict=False)
    ]


@pytest.mark.parametrize(("after", "reached"), [("-2.01", False), ("-2.00", True), ("-1.99", True)])
def test_gizi_kurang_is_over_from_minus_two_on(after: str, reached: bool) -> None:
    found = outcomes.of_child("gizi_kurang", _points("-2.18", after), BEGUN, ENDED)
    assert (found.reached, found.change) == (reached, Decimal(after) + Decimal("2.18"))


@pytest.mark.parametrize(("after", "reached"), [("-1.40", False), ("-1.39", True)])
def test_a_weight_that_did_not_rise_must_gain_more_than_a_tenth(after: str, reached: bool) -> None:
    assert outcomes.of_child("tidak_naik", _points("-1.50", after), BEGUN, ENDED).reached is reached


def test_without_a_dated_end_nothing_is_said() -> None:
    found = outcomes.of_child("gizi_kurang", _points("-2.18"), BEGUN, ENDED)
    assert (found.reached, found.label) == (None, "Belum dapat dinilai")
    late = ENDED + outcomes.WINDOW + timedelta(days=1)
    assert outcomes.of_child("gizi_kurang", _points("-2.18", "-1.5", after=late), BEGUN, ENDED).why
    assert outcomes.of_child("gizi_kurang", [], BEGUN, ENDED).reached is None


def test_an_implausible_end_or_a_guessed_birth_date_proves_nothing() -> None:
    points = _points("-2.18", "-1.50")
    flagged = [points[0], Point(points[1].on, points[1].value, flagged=True)]
    assert outcomes.of_child("gizi_kurang", flagged, BEGUN, ENDED).reached is None
    assert outcomes.of_child("bb_kurang", points, BEGUN, ENDED, approximate=True).reached is None
    assert outcomes.of_child("gizi_kurang", points, BEGUN, ENDED, approximate=True).reached is True


@pytest.mark.parametrize(("after", "reached"), [("47.0", True), ("46.9", False)])
def test_a_pregnant_woman_gains_half_a_kilo_a_week(after: str, reached: bool) -> None:
    before = Point(BEGUN, Decimal("45.0"))
    end = Point(BEGUN + timedelta(weeks=4), Decimal(after))
    found = outcomes.of_mother([before, end], BEGUN, ENDED)
    assert found.reached is reached
    assert outcomes.weekly_gain(before, Point(end.on, Decimal("47"))) == Decimal("0.5")


@pytest.mark.parametrize(
    ("z", "indication"),
    [
        ({"whz": "-2.01", "haz": "-3.10", "waz": "-3"}, "gizi_kurang"),
        ({"whz": "-2.00", "haz": "-2.34", "waz": "-2.50"}, "stunting"),
        ({"whz": "-1.77", "haz": "-1.61", "waz": "-2.06"}, "bb_kurang"),  # fact 11
        ({"whz": "-2.00", "haz": "-2.00", "waz": "-2.00"}, "tidak_naik"),  # nothing else speaks
    ],
)
def test_the_numbers_propose_the_indication(z: dict[str, str], indication: str) -> None:
    visit = SimpleNamespace(haz_flag=False, whz_flag=False, waz_flag=False, weight_gain="T",
                            **{name: Decimal(value) for name, value in z.items()})  # fmt: skip
    assert indications.proposed(visit) == indication


def test_a_flagged_z_proposes_nothing() -> None:
    visit = SimpleNamespace(haz=Decimal("-8.73"), haz_flag=True, whz=None, whz_flag=False,
                            waz=None, waz_flag=False, weight_gain="")  # fmt: skip
    assert indications.proposed(visit) == "" and indications.proposed(None) == ""


@pytest.mark.parametrize(
    ("letter", "doubtful", "indication"),
    [("T", False, "tidak_naik"), ("T", True, ""), ("N", False, ""), ("O", False, "")],
)  # fmt: skip
def test_a_weight_that_did_not_rise_is_proposed(
    letter: str, doubtful: bool, indication: str
) -> None:
    visit = SimpleNamespace(haz=Decimal("-1"), haz_flag=False, whz=Decimal("0"), whz_flag=False,
                            waz=Decimal("-1"), waz_flag=doubtful, weight_gain=letter)  # fmt: skip
    assert indications.proposed(visit) == indication


def test_stored_measurements_are_read_by_their_dates(cast: SimpleNamespace) -> None:
    child, today = a_child(cast), cast.programme.today()
    a_visit(child, ago=40, whz="-2.50")
    a_visit(child, ago=22, whz="-2.18")
    old = a_visit(child, ago=1, whz="-2.40", superseded=True)
    episode = a_pmt(cast, begun=20, child=child, indication="gizi_kurang")
    assert outcome_of(episode, today).reached is None
    a_visit(child, ago=1, whz="-1.99", revision=2)
    found = outcome_of(episode, today)
    assert found.reached and found.before and found.before.value == Decimal("-2.18")
    assert old.superseded  # the corrected revision is what counts


def test_a_visit_for_another_number_hides_no_outcome(cast: SimpleNamespace) -> None:
    child, today = a_child(cast), cast.programme.today()
    a_visit(child, ago=22, whz="-2.18")
    a_visit(child, ago=2, whz="-1.99")
    nothing = dict.fromkeys(("weight_kg", "length_height_cm"))
    arm = a_visit(child, ago=1, lila_cm=Decimal("12.9"), **nothing)
    child.measurements.filter(pk=arm.pk).update(haz=None, waz=None, whz=None)
    episode = a_pmt(cast, begun=20, child=child, indication="gizi_kurang")
    assert outcome_of(episode, today).reached is True
    child.measurements.filter(lila_cm__isnull=False).update(oedema=True)
    assert outcome_of(episode, today).reached is None, "oedema is no recovery"


def test_an_end_in_an_unknown_posture_is_no_recovery(cast: SimpleNamespace) -> None:
    child, today = a_child(cast), cast.programme.today()
    a_visit(child, ago=22, haz="-2.18")
    a_visit(child, ago=1, haz="-1.80", measure="")
    episode = a_pmt(cast, begun=20, child=child, indication="stunting")
    assert outcome_of(episode, today).reached is None
    baby = a_child(cast, birth_date=today - timedelta(days=240))
    a_visit(baby, ago=22, haz="-2.18")
    end = a_visit(baby, ago=1, haz="-1.80", measure="h")
    episode = a_pmt(cast, begun=20, child=baby, indication="stunting")
    assert outcome_of(episode, today).reached is None, "nobody stands at 7 months"
    baby.measurements.filter(pk=end.pk).update(measure="l")
    assert outcome_of(episode, today).reached is True


def test_many_episodes_are_judged_in_two_queries(
    cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    pregnancy = a_pregnancy(cast)
    a_check(pregnancy, ago=29, weight_kg="45.0")
    a_check(pregnancy, ago=1, weight_kg="47.0")
    episodes = [a_pmt(cast, begun=28, pregnancy=pregnancy)]
    for _ in range(5):
        child = a_child(cast)
        a_visit(child, ago=29)
        episodes.append(a_pmt(cast, begun=28, child=child))
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        found = outcomes_of(episodes, cast.programme.today())
    assert found[episodes[0].pk].label == "Sesuai target"
    assert [found[e.pk].reached for e in episodes[1:]] == [None] * 5
