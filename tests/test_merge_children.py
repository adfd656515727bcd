"""Two cards of one child become one: everything moves, nothing is lost, nothing counts twice."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from registry import visits
from registry import workflow as desk
from registry.alerts import answers
from registry.identity import index_of, tail_of
from registry.merging.workflow import Choices, merge, tell_apart, undo_merge
from registry.models import Absence, Child, ExclusiveMonth, Measurement, Merge, NotSame
from registry.mothers import exclusive
from registry.people import Approval
from registry.posyandu import entry
from tests.cast import a_child, a_household, a_mother, a_submission
from tests.helps import a_pmt

NIK = "3302200501230001"


def day(place: SimpleNamespace, ago: int) -> date:
    return place.programme.today() - timedelta(days=ago)


def weigh(child: Child, ago: int, kg: str, cm: str | None = None) -> Measurement:
    numbers: dict[str, Any] = {
        "measured_on": child.programme.today() - timedelta(days=ago), "weight_kg": Decimal(kg),
    }  # fmt: skip
    if cm:
        numbers |= {"length_height_cm": Decimal(cm), "measure": "l"}
    return visits.add_measurement(None, child, numbers)


def fresh(child: Child) -> Child:
    return Child.everyone.get(pk=child.pk)


@pytest.fixture
def two(cast: SimpleNamespace) -> tuple[Child, Child]:
    """One girl entered twice: by the kader's report, and again by the bidan."""
    mother = a_mother(cast, name="Ibu Siti")
    one = a_child(cast, mother=mother, name="Siti Nurkhasanah")
    again = a_child(cast, mother=mother, name="Siti Nurkasanah", birth_date=one.birth_date)
    return one, again


def test_it_works(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    weigh(one, 60, "8.0", "72")
    weigh(again, 30, "8.1", "73")
    report = a_submission(cast, weight_kg=None, length_height_cm=None, measured_on=None)
    desk.approve(cast.petugas, report, Approval(child=again))
    entry.absent(cast.kader, again, cast.melati, day(cast, 90))
    done = merge(cast.petugas, one, again)
    assert list(Child.objects.all()) == [one]
    assert [row.weight_kg for row in one.measurements.current()] == [Decimal("8.1"), Decimal("8")]
    assert [row.weight_gain for row in one.measurements.current()][-1] == "B"
    assert (one.submissions.get(), one.absences.count()) == (report, 1)
    assert fresh(again).merged_into == one
    assert (done.kind, done.kept_code, done.gone_code) == ("child", one.code, again.code)
    event = Event.objects.get(verb="merge")
    assert (event.object_code, event.why, event.user) == (one.code, again.code, cast.petugas)


def test_two_visits_on_one_day_are_one_with_its_history(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    weigh(one, 30, "8.0", "72")
    visit = weigh(again, 30, "8.4", "72.5")
    visits.correct_measurement(cast.bidan, visit, {"weight_kg": Decimal("8.3")}, "Salah baca")
    merge(cast.petugas, one, again)
    rows = one.measurements.order_by("revision")
    assert [(r.revision, r.weight_kg, r.superseded) for r in rows] == [
        (1, Decimal("8.4"), True), (2, Decimal("8.3"), True), (3, Decimal("8"), False),
    ]  # fmt: skip
    assert rows.last().reason == "Dua kartu digabung"


def test_the_other_visit_counts_where_that_was_chosen(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    weigh(one, 30, "8.0")
    weigh(again, 30, "8.4")
    key = f"child.measurement.{day(cast, 30)}"
    merge(cast.petugas, one, again, Choices(gone=frozenset({key})))
    assert one.measurements.current().get().weight_kg == Decimal("8.4")
    assert one.measurements.count() == 2


def test_empty_columns_are_filled_and_differing_ones_chosen(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    Child.objects.filter(pk=again.pk).update(
        nik=NIK, nik_index=index_of(NIK), nik_tail=tail_of(NIK), birth_weight_g=2900,
        father_name="Budi", imported={"birth_weight_g": "2900", "father_name": "Budi"},
    )  # fmt: skip
    Child.objects.filter(pk=one.pk).update(father_name="Budiman", imported={"name": "Siti"})
    merge(cast.petugas, one, fresh(again), Choices(gone=frozenset({"child.name"})))
    kept = fresh(one)
    assert (kept.name, kept.name_key, kept.father_name) == (
        "Siti Nurkasanah", again.name_key, "Budiman",
    )  # fmt: skip
    assert (kept.nik, kept.nik_index, kept.nik_tail) == (NIK, index_of(NIK), tail_of(NIK))
    assert kept.birth_weight_g == 2900
    # What a list filled and nobody decided may be updated by the next list.
    assert kept.imported == {"name": "Siti", "birth_weight_g": "2900"}
    assert Event.objects.get(verb="merge").fields == ["birth_weight_g", "name", "nik"]
    assert NIK not in str(Merge.objects.values().get())


def test_who_left_is_a_question_not_a_gap(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    Child.objects.filter(pk=again.pk).update(left_on=day(cast, 5), left_reason="Pindah")
    merge(cast.petugas, one, fresh(again))
    assert fresh(one).left_on is None


def test_two_niks_stand_one_and_the_other_is_free_again(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    other = NIK[:-1] + "2"
    for child, nik in ((one, NIK), (again, other)):
        Child.objects.filter(pk=child.pk).update(nik=nik, nik_index=index_of(nik))
    done = merge(cast.petugas, one, fresh(again))
    assert (fresh(one).nik, fresh(again).nik_index) == (NIK, None)
    taker = a_child(cast, nik=other, nik_index=index_of(other))
    with pytest.raises(Refused, match="NIK"):
        undo_merge(cast.petugas, done)
    taker.delete()
    undo_merge(cast.petugas, done)
    assert (fresh(again).nik, fresh(again).nik_index) == (other, index_of(other))


def test_what_stands_once_stands_once(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    one, again = (a_child(cast, months=3, mother=mother) for _ in range(2))
    for child, said in ((one, True), (again, False)):
        exclusive.answer(cast.bidan, child, 1, said, cast.programme.today())
        entry.absent(cast.kader, child, cast.melati, day(cast, 9))
    exclusive.answer(cast.bidan, again, 2, True, cast.programme.today())
    done = merge(cast.petugas, one, again)
    assert list(one.exclusive_months.values_list("month", "exclusive")) == [(1, True), (2, True)]
    assert one.absences.count() == Absence.objects.count() == 1
    undo_merge(cast.petugas, done)
    answered = ExclusiveMonth.objects.order_by("child", "month")
    assert list(answered.values_list("child", "month", "exclusive")) == [
        (one.pk, 1, True), (again.pk, 1, False), (again.pk, 2, True),
    ]  # fmt: skip


def test_the_other_answer_stands_where_that_was_chosen(cast: SimpleNamespace) -> None:
    one, again = (a_child(cast, months=3) for _ in range(2))
    for child, said in ((one, True), (again, False)):
        exclusive.answer(cast.bidan, child, 1, said, cast.programme.today())
    merge(cast.petugas, one, again, Choices(gone=frozenset({"child.exclusivemonth.1"})))
    assert one.exclusive_months.get().exclusive is False


def test_one_of_two_open_pmt_goes_on(cast: SimpleNamespace, two: tuple[Child, Child]) -> None:
    one, again = two
    for child in two:
        weigh(child, 40, "7.4", "72")
    mine, running = a_pmt(cast, child=one), a_pmt(cast, child=again, begun=3)
    done = merge(cast.petugas, one, again)
    for episode in (mine, running):
        episode.refresh_from_db()
    assert (mine.status, running.status, running.child) == ("stopped", "running", one)
    assert "digabung" in mine.stop_reason
    undo_merge(cast.petugas, done)
    for episode in (mine, running):
        episode.refresh_from_db()
    assert (mine.status, mine.ended_on, mine.stop_reason) == ("planned", None, "")
    assert (running.status, running.child) == ("running", again)


def test_a_report_taken_back_takes_no_card_along(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, _ = two
    report = a_submission(cast)
    again = desk.approve(cast.petugas, report, Approval())
    merge(cast.petugas, one, again)
    report.refresh_from_db()
    desk.undo(cast.petugas_dua, report, "Salah anak.")
    assert fresh(one).merged_into is None and not one.measurements.exists()


def test_a_visit_before_the_chosen_birth_is_asked_back(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    weigh(one, 300, "6.0")
    Child.objects.filter(pk=again.pk).update(birth_date=day(cast, 280))
    with pytest.raises(Refused, match="tanggal lahir"):
        merge(cast.petugas, one, fresh(again), Choices(gone=frozenset({"child.birth_date"})))
    assert Child.objects.count() == 2 and not Merge.objects.exists()


# --- Who may not, what is refused --------------------------------------------------------------


@pytest.mark.parametrize("role", ["kader", "bidan", "nakes", "tim", "camat", "admin", "mitra"])
def test_others_may_not(cast: SimpleNamespace, two: tuple[Child, Child], role: str) -> None:
    for act in (merge, tell_apart):
        with pytest.raises(Refused) as refused:
            act(getattr(cast, role), *two)
        assert refused.value.stranger


def test_never_over_the_edge_of_a_programme(cast: SimpleNamespace) -> None:
    mine, foreign = a_child(cast), a_child(cast.gasken)
    for user in (cast.petugas, cast.gasken.petugas):
        with pytest.raises(Refused) as refused:
            merge(user, mine, foreign)
        assert refused.value.stranger


def test_a_card_is_not_merged_with_itself_nor_twice(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    with pytest.raises(Refused, match="sama"):
        merge(cast.petugas, one, one)
    merge(cast.petugas, one, again)
    for pair in ((one, again), (again, one), (a_child(cast), again)):
        with pytest.raises(Refused, match="digabung"):
            merge(cast.kasi, *pair)


# --- Three in a row ----------------------------------------------------------------------------


def test_who_was_merged_goes_along_with_the_next(cast: SimpleNamespace) -> None:
    first, second, third = (a_child(cast) for _ in range(3))
    weigh(first, 20, "8")
    one = merge(cast.petugas, second, first)
    two = merge(cast.petugas, third, second)
    assert fresh(first).merged_into == fresh(second).merged_into == third
    with pytest.raises(Refused, match="lebih baru"):
        undo_merge(cast.petugas, one)
    undo_merge(cast.petugas, two)
    assert fresh(first).merged_into == second
    undo_merge(cast.petugas, one)
    assert first.measurements.count() == 1 and Child.objects.count() == 3


# --- Telling apart -----------------------------------------------------------------------------


def test_two_are_told_apart_once_and_for_whoever_they_become(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    other = a_child(cast)
    for pair in ((again, other), (other, again)):
        tell_apart(cast.petugas, *pair)
    row = NotSame.objects.get()
    assert [row.first_code, row.second_code] == sorted([again.code, other.code])
    assert Event.objects.filter(verb="tell_apart").count() == 1
    done = merge(cast.petugas, one, again)
    codes = [{row.first_code, row.second_code} for row in NotSame.objects.all()]
    assert codes == [{again.code, other.code}, {one.code, other.code}]
    undo_merge(cast.petugas, done, apart=True)
    codes = [{row.first_code, row.second_code} for row in NotSame.objects.all()]
    assert codes == [{again.code, other.code}, {one.code, again.code}]


# --- Merged meanwhile --------------------------------------------------------------------------


def test_nothing_is_hung_on_a_card_that_was_merged_meanwhile(
    cast: SimpleNamespace, two: tuple[Child, Child]
) -> None:
    one, again = two
    today = cast.programme.today()
    merge(cast.petugas, one, fresh(again))
    for act in (
        lambda: weigh(again, 3, "8"),
        lambda: entry.absent(cast.kader, again, cast.melati, today),
        lambda: answers.answer(cast.bidan, again, "dirujuk", today),
        lambda: a_pmt(cast, child=again),
        lambda: visits.correct_child(cast.petugas, again, {"sex": "L"}),
        lambda: desk.approve(cast.petugas, a_submission(cast), Approval(child=again)),
    ):
        with pytest.raises(Refused):
            act()
    assert a_household(cast) and not Measurement.objects.exists()
