"""A child stands by its last counted visit, whoever changed what in whichever order."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.transitions import Refused
from growth.classify import ALERT_RANK
from registry import visits, workflow
from registry.alerts import referral
from registry.models import Child, Measurement
from registry.people import Approval
from tests.cast import a_child, a_submission

BORN = date(2024, 3, 10)
UNMEASURED: tuple[int | None, int] = (None, ALERT_RANK["kuning"])


def stored() -> dict[int, tuple[int | None, int]]:
    rows = Child.everyone.values_list("pk", "last_visit", "rank")
    return {pk: (visit, rank) for pk, visit, rank in rows}


def worked_out() -> dict[int, tuple[int | None, int]]:
    """The same, from the visits themselves."""
    found: dict[int, tuple[int | None, int]] = dict.fromkeys(
        Child.everyone.values_list("pk", flat=True), UNMEASURED
    )
    for visit in Measurement.objects.current().order_by("measured_on"):
        found[visit.child_id] = (visit.pk, ALERT_RANK[visit.alert])
    return found


def measure(child: Child, day: int, kg: str = "11.4", **more: Any) -> Measurement:
    numbers = {"measured_on": BORN + timedelta(days=day), "weight_kg": Decimal(kg),
               "length_height_cm": Decimal("80"), "measure": "h"}  # fmt: skip
    return visits.add_measurement(None, child, numbers | more)


def test_it_works(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=BORN)
    assert stored() == worked_out() == {child.pk: UNMEASURED}
    late = measure(child, 600, "7")
    assert stored() == worked_out() == {child.pk: (late.pk, ALERT_RANK["merah"])}
    measure(child, 500)
    assert stored()[child.pk] == (late.pk, ALERT_RANK["merah"]), "typed in later, of an earlier day"
    put_right = visits.correct_measurement(None, late, {"weight_kg": Decimal("11.5")}, "salah baca")
    assert stored() == worked_out() and stored()[child.pk][0] == put_right.pk


def test_a_stale_child_at_hand_makes_no_stale_row(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=BORN)
    stale = Child.objects.get(pk=child.pk)
    measure(child, 600, "7")
    measure(stale, 500)
    assert stored() == worked_out()


def test_recompute_puts_a_wrong_row_right(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=BORN)
    measure(child, 600, "7")
    before = stored()
    Child.objects.update(last_visit=None, rank=4)
    call_command("recompute", verbosity=0)
    assert stored() == before


def test_the_migration_fills_what_stood_there_before(cast: SimpleNamespace) -> None:
    for place in (cast, cast.gasken):
        a_child(place)
        for kg in ("7", "11.4"):
            measure(a_child(place, birth_date=BORN), 600, kg)
    visits.correct_measurement(
        None, Measurement.objects.latest("pk"), {"weight_kg": Decimal("7.1")}, "salah baca"
    )
    before = stored()
    Child.objects.update(last_visit=None, rank=4)
    import_module("registry.migrations.0005_last_visit").stand(apps, None)
    assert stored() == before == worked_out()


def test_what_an_undone_report_measured_no_longer_counts(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    report = a_submission(cast)
    workflow.approve(cast.petugas, report, Approval(child=child))
    assert stored() == worked_out() and stored()[child.pk][0]
    workflow.undo(cast.petugas, report, "Salah anak.")
    assert stored() == {child.pk: UNMEASURED}


def test_a_limit_that_moves_an_alert_moves_the_child(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=BORN)
    for day in (500, 531):
        measure(child, day, length_height_cm=Decimal("86"))
    assert child.measurements.latest("measured_on").weight_gain == "T"
    for times in (2, 1):
        referral.write(referral.alerts_with(cast.programme, times))
        cast.programme.settings[referral.KEY] = times
        assert stored() == worked_out()
    assert stored()[child.pk][1] == ALERT_RANK["oranye"]


ACTS = st.one_of(
    st.tuples(st.just("measure"), st.integers(0, 900), st.decimals("3", "25", places=1)),
    st.tuples(st.just("put_right"), st.integers(0, 9), st.decimals("3", "25", places=1)),
    st.tuples(st.just("born"), st.integers(-200, 200), st.none()),
    st.tuples(st.just("report"), st.integers(0, 900), st.decimals("3", "25", places=1)),
    st.tuples(st.just("undo"), st.integers(0, 9), st.none()),
    st.tuples(st.just("recompute"), st.none(), st.none()),
)


def act(cast: SimpleNamespace, child: Child, reports: list[Any], act: tuple[Any, ...]) -> None:
    word, at, kg = act
    rows = list(child.measurements.current())
    if word == "measure":
        measure(child, at, str(kg))
    elif word == "put_right" and rows:
        numbers = {"weight_kg": kg, "measure": "h", "length_height_cm": Decimal("79")}
        visits.correct_measurement(None, rows[at % len(rows)], numbers, "salah baca")
    elif word == "born":
        visits.correct_child(None, child, {"birth_date": BORN + timedelta(days=at)})
    elif word == "report":
        on = BORN + timedelta(days=at)
        report = a_submission(cast, measured_on=on, filled_on=on, weight_kg=kg, birth_date=BORN)
        workflow.approve(cast.petugas, report, Approval(child=child))
        reports.append(report)
    elif word == "undo" and reports:
        workflow.undo(cast.petugas, reports.pop(at % len(reports)), "salah")
    elif word == "recompute":
        visits.recompute(None, child)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTS, min_size=1, max_size=8))
def test_stored_is_worked_out_whatever_the_order(
    cast: SimpleNamespace, acts: list[tuple[Any, ...]]
) -> None:
    child = a_child(cast, birth_date=BORN)
    reports: list[Any] = []
    for one in acts:
        try:
            act(cast, child, reports, one)
        except Refused:
            continue
        finally:
            assert stored()[child.pk] == worked_out()[child.pk], one
