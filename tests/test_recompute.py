"""Recomputing gives what computing gave; only what differs is written."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Event
from accounts.transitions import Refused
from registry import measuring, visits
from registry.models import Child, Measurement
from tests.cast import a_child


def recompute(*arguments: str) -> str:
    said = StringIO()
    call_command("recompute", *arguments, stdout=said)
    return said.getvalue()


def grown(place: SimpleNamespace, count: int = 6) -> Child:
    """A boy with a visit a month, some T among them."""
    child = a_child(place, sex="L", birth_date=date(2024, 3, 10))
    for number in range(count):
        visits.add_measurement(
            None, child,
            {"measured_on": date(2026, 3, 10) + timedelta(days=30 * number), "measure": "h",
             "weight_kg": Decimal("11.4") + Decimal(number // 2) / 10,
             "length_height_cm": Decimal("86") + Decimal(number) / 2},
        )  # fmt: skip
    return child


def stored() -> list[tuple[object, ...]]:
    return list(Measurement.objects.order_by("pk").values_list("pk", *measuring.DERIVED))


def test_it_works(cast: SimpleNamespace) -> None:
    grown(cast)
    grown(cast.gasken)
    before = stored()
    assert recompute().endswith("\n0 changed\n")
    assert stored() == before
    assert not Event.objects.filter(verb="recompute", why="n=0").exists()


def test_one_corrupted_row_comes_back_and_nothing_else(cast: SimpleNamespace) -> None:
    child, other = grown(cast), grown(cast)
    before = stored()
    row = child.measurements.order_by("measured_on")[3]
    Measurement.objects.filter(pk=row.pk).update(
        haz=Decimal("1.11"), waz_flag=True, weight_gain="N", t_run=0, alert="hijau"
    )
    assert stored() != before
    assert recompute("kempling").endswith("\n1 changed\n")
    assert stored() == before
    event = Event.objects.get(verb="recompute", user=None)
    assert (event.object_code, event.why) == (child.code, "n=1") and other.code != child.code


def test_a_wrong_base_brings_the_letters_after_it_along(cast: SimpleNamespace) -> None:
    child = grown(cast)
    base = child.measurements.order_by("measured_on")[2]
    Measurement.objects.filter(pk=base.pk).update(weight_kg=Decimal("10.9"))
    visits.recompute(None, child)
    fresh = grown(cast)
    for day, kg in fresh.measurements.values_list("measured_on", "weight_kg"):
        twin = child.measurements.get(measured_on=day)
        assert twin.weight_kg == (Decimal("10.9") if day == base.measured_on else kg)
    later = list(child.measurements.order_by("measured_on").values_list("weight_gain", flat=True))
    assert later[2:4] == ["T", "N"]


def test_chunks_are_their_own_and_can_be_gone_on_from(cast: SimpleNamespace) -> None:
    children = [grown(cast, 2) for _ in range(5)]
    Measurement.objects.update(rule_version="lama")
    steps = visits.recompute_many(Child.objects.all(), size=2)
    first = next(steps)
    assert (first.children, first.visits, first.changed) == (2, 4, 4)
    steps.close()  # killed
    assert Measurement.objects.filter(rule_version="lama").count() == 6
    *_, last = visits.recompute_many(Child.objects.all(), after=first.last, size=2)
    assert (last.children, last.changed, last.last) == (3, 6, children[-1].pk)
    assert recompute().endswith("\n0 changed\n")


def test_only_the_programme_asked_for(cast: SimpleNamespace) -> None:
    grown(cast, 2)
    grown(cast.gasken, 2)
    Measurement.objects.update(alert="")
    assert recompute("gasken").endswith("\n2 changed\n")
    assert Measurement.objects.filter(alert="").count() == 2
    with pytest.raises(CommandError, match="tidakada"):
        recompute("tidakada")


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1900),
            st.one_of(st.none(), st.decimals("0.9", "40", places=2)),
            st.one_of(st.none(), st.decimals("38", "130", places=1)),
            st.sampled_from(["l", "h", ""]),
            st.booleans(),
            st.lists(st.sampled_from(["weight_kg", "length_height_cm"]), unique=True),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda row: row[0],
    )
)
def test_whatever_the_order_of_typing_recompute_is_compute(
    cast: SimpleNamespace, rows: list[tuple[object, ...]]
) -> None:
    child = a_child(cast, birth_date=date(2021, 3, 1))
    for day, kg, cm, posture, oedema, doubts in rows:
        visits.add_measurement(
            None, child,
            {"measured_on": child.birth_date + timedelta(days=day), "weight_kg": kg,  # type: ignore[arg-type]
             "length_height_cm": cm, "measure": posture, "oedema": oedema, "doubted": doubts},
        )  # fmt: skip
    before = stored()
    assert visits.recompute(None, child) == 0 and stored() == before
    for row in child.measurements.all():
        assert measuring.visit_of(row).alert.level == row.alert
        assert row.haz is None or row.measure or row.alert != "hijau"


# --- Two hands at once, and what was put right ------------------------------------------------


def test_a_child_fetched_before_its_birth_date_was_corrected_makes_no_stale_z(
    cast: SimpleNamespace,
) -> None:
    child = grown(cast, 2)
    stale = Child.objects.get(pk=child.pk)
    old = stale.measurements.order_by("measured_on").first()
    visits.correct_child(cast.petugas, child, {"birth_date": date(2024, 1, 10)})
    numbers = {"measured_on": date(2026, 6, 10), "weight_kg": Decimal("11.9"), "measure": "h",
               "length_height_cm": Decimal("88")}  # fmt: skip
    visits.add_measurement(None, stale, numbers)
    assert recompute().endswith("\n0 changed\n")
    assert old is not None
    old.child = Child(pk=child.pk, programme=child.programme, sex="P", birth_date=date(2025, 1, 1))
    visits.correct_measurement(None, old, numbers, "salah baca")
    assert recompute().endswith("\n0 changed\n")


def test_no_visit_comes_to_stand_before_birth(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=date(2024, 3, 10))
    stale = Child.objects.get(pk=child.pk)
    visits.correct_child(cast.petugas, child, {"birth_date": date(2025, 3, 10)})
    with pytest.raises(Refused, match="sebelum tanggal lahir"):
        height(stale, date(2025, 3, 9), "50")
    height(child, date(2025, 3, 10), "50")
    with pytest.raises(Refused, match="sebelum tanggal lahir"):
        visits.correct_child(cast.petugas, child, {"birth_date": date(2025, 3, 11)})
    assert child.measurements.get().haz is not None
    assert Child.objects.get(pk=child.pk).birth_date == date(2025, 3, 10)


def height(child: Child, on: date, cm: str, **more: object) -> Measurement:
    numbers = {"measured_on": on, "length_height_cm": Decimal(cm), "measure": "h"}
    return visits.add_measurement(None, child, numbers | more)  # type: ignore[arg-type]


def test_a_doubt_that_a_wrong_birth_date_had_raised_falls_with_it(cast: SimpleNamespace) -> None:
    child = a_child(cast, sex="L", birth_date=date(2023, 3, 10))
    tiny = height(child, date(2026, 3, 10), "70", doubted=["length_height_cm"])
    assert tiny.haz_flag and measuring.unlikely(child, tiny, [])
    visits.correct_child(cast.petugas, child, {"birth_date": date(2025, 3, 10)})
    tiny.refresh_from_db()
    assert (tiny.doubted, tiny.haz_flag) == ([], False)
    visits.correct_child(cast.petugas, child, {"birth_date": date(2023, 3, 10)})
    tiny.refresh_from_db()
    assert (tiny.doubted, tiny.haz_flag) == ([], True), "the WHO's flag is there again"


def test_a_doubt_that_a_wrong_visit_had_raised_falls_with_it(cast: SimpleNamespace) -> None:
    child = a_child(cast, sex="L", birth_date=date(2024, 3, 10))
    wrong = height(child, date(2026, 4, 10), "92")
    doubts = ["weight_kg", "length_height_cm"]
    right = height(child, date(2026, 5, 10), "86", weight_kg=Decimal("30"), doubted=doubts)
    put_right = {"length_height_cm": Decimal("85.6"), "measure": "h"}
    visits.correct_measurement(None, wrong, put_right, "salah baca")
    right.refresh_from_db()
    assert (right.doubted, right.haz_flag) == (["weight_kg"], False)
    assert right.waz_flag and right.whz_flag, "30 kg is still in doubt"
    assert recompute().endswith("\n0 changed\n")
