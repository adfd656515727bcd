"""What is unlikely beside the other visits: asked back, stored as doubted, in no count."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from growth.neighbours import REPEATED, Seen, compared
from growth.plausible import doubted
from registry import measuring, visits, workflow
from registry.models import Child, Measurement
from registry.people import Approval
from tests.cast import a_child, a_submission, signed_in

BORN = date(2024, 6, 1)
THEN, NOW = date(2026, 5, 12), date(2026, 6, 11)  # 30 days apart, at about two years


def seen(on: date, kg: Any = None, cm: Any = None, **more: Any) -> Seen:
    return Seen(on, kg and Decimal(kg), cm and Decimal(cm), **more)


def asked(this: Seen, *others: Seen, born: date = BORN) -> list[tuple[str, str]]:
    return compared(this, others, born)


# --- It works ----------------------------------------------------------------------------------


def test_an_ordinary_month_is_not_asked() -> None:
    assert asked(seen(NOW, "11.2", "84.6", measure="h"), seen(THEN, "11.0", "83.9")) == []
    assert asked(seen(NOW, "11.2", "84.6")) == []


def test_a_shrinking_child_is_told_with_both_visits_and_the_difference() -> None:
    [(field, said)] = asked(seen(NOW, cm="81.6"), seen(THEN, cm="83.9"))
    assert field == "length_height_cm"
    assert said == (
        "Tinggi turun 2,3 cm: 83,9 cm pada 12 Mei 2026, 81,6 cm pada 11 Juni 2026. Ukur ulang?"
    )
    assert asked(seen(NOW, cm="83.2"), seen(THEN, cm="83.9")) == []  # 0,7 is lying or standing
    assert asked(seen(THEN, cm="83.9"), seen(NOW, cm="81.6"))  # put in before
    [(_, stood)] = asked(seen(NOW, cm="83.0", measure="h"), seen(THEN, cm="83.9", measure="l"))
    assert "terlentang dan berdiri" in stood


@pytest.mark.parametrize(
    ("born", "first", "cm", "doubt"),
    [(BORN, "83.0", "86.0", True), (BORN, "83.0", "85.9", False),
     (date(2026, 4, 1), "55.0", "60.0", True), (date(2026, 4, 1), "55.0", "59.9", False)],
)  # fmt: skip
def test_no_child_shoots_up(born: date, first: str, cm: str, doubt: bool) -> None:
    """More than 3 cm a month, under six months 5 (domain.md §1.6); 30 days are 0,99 months."""
    more = Decimal("0.1") if doubt else Decimal(0)
    found = compared(Seen(NOW, None, Decimal(cm) + more), [seen(THEN, cm=first)], born)
    assert bool(found) == doubt
    if doubt:
        assert "dalam 30 hari" in found[0][1]


def test_a_longer_gap_allows_more() -> None:
    assert asked(seen(NOW, cm="90.0"), seen(NOW - timedelta(days=120), cm="79.0")) == []


def test_haz_does_not_jump_by_more_than_one_within_three_months() -> None:
    first = seen(NOW - timedelta(days=80), cm="83.0", haz=Decimal("-2.00"))
    [(field, said)] = asked(seen(NOW, cm="86.0", haz=-0.95), first)
    assert field == "length_height_cm" and "naik 1,05 SD dalam 80 hari" in said
    assert asked(seen(NOW, cm="86.0", haz=-1.0), first) == []
    later = seen(NOW + timedelta(days=20), cm="86.0", haz=-0.9)
    assert asked(later, first) == []  # 100 days


def test_a_sudden_loss_and_a_fall_through_two_lines() -> None:
    [(field, said)] = asked(seen(NOW, "9.8"), seen(THEN, "11.0"))
    assert field == "weight_kg" and said.startswith("Berat turun 1,2 kg: 11,0 kg pada 12 Mei 2026")
    assert asked(seen(NOW, "9.9"), seen(THEN, "11.0")) == []  # exactly a tenth
    first = seen(THEN, "11.0", waz=Decimal("-0.95"))
    [(_, lines)] = asked(seen(NOW, "10.0", waz=-3.01), first)
    assert "melewati dua garis" in lines
    assert asked(seen(NOW, "10.0", waz=-2.0), first) == []


def test_a_sudden_gain_but_not_a_newborns() -> None:
    assert asked(seen(NOW, "13.3"), seen(THEN, "11.0"))[0][1].startswith("Berat naik 2,3 kg")
    assert asked(seen(NOW, "13.2"), seen(THEN, "11.0")) == []  # 20 %
    born = THEN - timedelta(days=2)
    newborn = seen(THEN, "3.3", waz=Decimal("0.0"))
    assert asked(seen(NOW, "4.4", waz=Decimal("-0.1")), newborn, born=born) == []
    assert asked(seen(NOW, "5.5", waz=Decimal("1.5")), newborn, born=born)


def test_repetitions_are_asked_but_flag_nothing() -> None:
    rows = [seen(THEN - timedelta(days=30), "10.8", "83.9"), seen(THEN, "11.0", "83.9")]
    [(field, said)] = asked(seen(NOW, "11.3", "83.9"), *rows)
    assert field == REPEATED and "83,9 cm sama persis dengan 12 April 2026 dan 12 Mei" in said
    [(field, said)] = asked(seen(NOW, "11.0", "84.2"), seen(THEN, "11.0", "84.2"))
    assert field == REPEATED and "Berat 11,0 kg dan tinggi 84,2 cm" in said
    assert doubted([(field, said)]) == []
    # Measured again within a fortnight, the same numbers are what is hoped for.
    assert asked(seen(THEN + timedelta(days=3), "11.0", "84.2"), seen(THEN, "11.0", "84.2")) == []


def test_only_numbers_are_doubted() -> None:
    doubts = [("measured_on", ""), ("lila_cm", ""), ("measure", ""), ("weight_kg", "")]
    assert doubted(doubts) == ["weight_kg", "lila_cm"]


numbers = st.one_of(st.none(), st.decimals("0.5", "130", places=1))
scores = st.one_of(st.none(), st.decimals("-6", "6", places=2))
some_visit = st.builds(
    Seen, st.dates(date(2024, 6, 1), date(2029, 6, 1)), numbers, numbers,
    st.sampled_from(["l", "h", ""]), scores, scores,
)  # fmt: skip


@given(some_visit, st.lists(some_visit, max_size=6))
def test_any_visits_can_be_compared(this: Seen, others: list[Seen]) -> None:
    for field, said in compared(this, others, BORN):
        assert field in ("weight_kg", "length_height_cm", REPEATED) and said.endswith("?")


# --- Stored ------------------------------------------------------------------------------------


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    """A girl of 551 days with one visit in the month before, about 30 days ago."""
    today = cast.programme.today()
    last = today.replace(day=1) - timedelta(days=1)
    a_month_ago = min(max(today - timedelta(days=30), last.replace(day=1)), last)
    made = a_child(cast, birth_date=today - timedelta(days=551))
    visits.add_measurement(
        None, made,
        {"measured_on": a_month_ago, "weight_kg": Decimal("9.5"),
         "length_height_cm": Decimal("78.0"), "measure": "l"},
    )  # fmt: skip
    return made


def measure(cast: SimpleNamespace, child: Child, **data: str) -> HttpResponse:
    url = reverse("registry:child-measure", args=[child.code])
    return signed_in(cast.bidan).post(url, {"measure": "l"} | data)


def latest(child: Child) -> Measurement:
    return child.measurements.current().order_by("-measured_on")[0]


def test_a_confirmed_doubt_is_stored_and_flags_every_z_made_with_it(
    cast: SimpleNamespace, child: Child
) -> None:
    data = {"weight_kg": "9,8", "length_height_cm": "76"}
    response = measure(cast, child, **data)
    assert response.status_code == 422 and "Tinggi turun 2,0 cm" in response.content.decode()
    assert measure(cast, child, **data, confirmed="1").status_code == 302
    visit = latest(child)
    assert visit.doubted == ["length_height_cm"] and visit.confirmed
    assert (visit.haz_flag, visit.whz_flag, visit.baz_flag, visit.waz_flag) == (
        True, True, True, False,
    )  # fmt: skip
    assert visit.haz is not None  # kept, and in no count
    counted = Measurement.objects.countable_haz()
    assert visit not in counted and counted.count() == 1
    assert visit.alert == "kuning"
    assert "Angka tinggi diragukan: ukur ulang" in measuring.visit_of(visit).alert.reasons


def test_a_doubt_survives_recomputing(cast: SimpleNamespace, child: Child) -> None:
    measure(cast, child, weight_kg="8,4", confirmed="1")
    visit = latest(child)
    assert visit.doubted == ["weight_kg"] and visit.waz_flag and visit.weight_gain == "T"
    visits.recompute(None, child)
    again = Measurement.objects.get(pk=visit.pk)
    assert again.waz_flag and again.doubted == ["weight_kg"] and again.alert == visit.alert


def test_a_second_equal_measurement_is_not_asked_again(cast: SimpleNamespace, child: Child) -> None:
    on = cast.programme.today() - timedelta(days=3)
    measure(cast, child, length_height_cm="76", measured_on=str(on), confirmed="1")
    assert measure(cast, child, length_height_cm="76").status_code == 302
    assert latest(child).doubted == [] and not latest(child).haz_flag


def test_a_tick_without_doubt_doubts_nothing(cast: SimpleNamespace, child: Child) -> None:
    measure(cast, child, weight_kg="9,7", length_height_cm="78,9", confirmed="1")
    assert latest(child).doubted == [] and not latest(child).confirmed


def test_repeating_is_confirmed_but_not_doubted(cast: SimpleNamespace, child: Child) -> None:
    data = {"weight_kg": "9,5", "length_height_cm": "78"}
    response = measure(cast, child, **data)
    assert response.status_code == 422 and "sama persis" in response.content.decode()
    assert measure(cast, child, **data, confirmed="1").status_code == 302
    assert latest(child).confirmed and latest(child).doubted == [] and not latest(child).haz_flag


def test_a_corrected_visit_loses_its_doubt(cast: SimpleNamespace, child: Child) -> None:
    measure(cast, child, length_height_cm="76", confirmed="1")
    url = reverse("registry:measurement-correct", args=[child.code, latest(child).code])
    data = {"length_height_cm": "78,6", "measure": "l", "reason": "Salah baca"}
    assert signed_in(cast.bidan).post(url, data).status_code == 302
    assert latest(child).doubted == [] and not latest(child).haz_flag


# --- Reports from kader ------------------------------------------------------------------------


def test_an_approved_report_carries_its_doubts(cast: SimpleNamespace) -> None:
    report = a_submission(cast, weight_kg=Decimal(25), confirmed=True)
    made = workflow.approve(cast.petugas, report, Approval())
    visit = made.measurements.get()
    assert visit.doubted == ["weight_kg"] and visit.confirmed and visit.waz_flag


def test_a_report_that_contradicts_the_childs_visits_is_stored_doubted(
    cast: SimpleNamespace, child: Child
) -> None:
    """The kader could not be asked: what the child's other visits say is not hers to see."""
    report = a_submission(cast, birth_date=child.birth_date, weight_kg=Decimal("9.6"))
    workflow.approve(cast.petugas, report, Approval(child=child))
    visit = latest(child)
    assert visit.doubted == ["length_height_cm"] and not visit.confirmed and visit.haz_flag


def test_undoing_a_report_puts_the_later_letters_right(cast: SimpleNamespace, child: Child) -> None:
    on = cast.programme.today()
    child.measurements.update(measured_on=on)
    report = a_submission(
        cast, birth_date=child.birth_date, measured_on=on.replace(day=1) - timedelta(days=1),
        weight_kg=Decimal("9.5"), length_height_cm=Decimal(78),
    )  # fmt: skip
    workflow.approve(cast.petugas, report, Approval(child=child))
    assert latest(child).weight_gain == "T"
    report.refresh_from_db()
    workflow.undo(cast.petugas_dua, report, "Salah anak")
    assert latest(child).weight_gain == "B"
