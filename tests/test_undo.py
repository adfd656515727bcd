"""A decision is taken back with a reason, as long as nothing else hangs on it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.transitions import Refused
from registry import unmaking, visits, workflow
from registry.identity import index_of
from registry.merging.workflow import merge
from registry.models import Child, Consent, Household, Measurement, Mother, Submission
from registry.people import Approval
from tests.cast import a_child, a_household, a_submission, signed_in

NIK, KK = "3302204101240001", "3302201503200007"


def test_it_works(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    workflow.approve(cast.petugas, report, Approval())
    url = reverse("registry:undo", args=[report.code])
    signed_in(cast.petugas).post(url, {"reason": "Salah anak."})
    report.refresh_from_db()
    assert (report.status, report.child, report.measurement) == ("received", None, None)
    assert not any(m.objects.exists() for m in (Child, Mother, Household, Measurement))
    workflow.approve(cast.petugas_dua, report, Approval())
    assert Child.objects.count() == 1


def test_what_was_only_linked_stays(cast: SimpleNamespace) -> None:
    known = a_child(cast)
    report = a_submission(cast)
    workflow.approve(cast.petugas, report, Approval(child=known))
    workflow.undo(cast.petugas, report, "Salah anak.")
    assert Child.objects.get() == known and known.measurements.count() == 0


def test_what_it_filled_in_of_the_wrong_child_goes_again(cast: SimpleNamespace) -> None:
    """NIK, KK and the exact birth date are the right child's then."""
    wrong = a_child(cast, birth_precision="month")
    before = unmaking.stands(wrong), unmaking.stands(wrong.household)
    report = a_submission(cast, measured_on=None, weight_kg=None, length_height_cm=None)
    read = Approval(nik=NIK, kk=KK, birth_date=wrong.birth_date + timedelta(days=4),
                    resident={"resident": True, "resident_reason": ""})  # fmt: skip
    workflow.approve(cast.petugas, report, replace(read, child=wrong))
    wrong.refresh_from_db()
    assert wrong.nik == NIK and wrong.birth_precision == "day" and wrong.household.kk == KK
    workflow.undo(cast.petugas, report, "Salah anak.")
    wrong = Child.objects.get()
    assert (unmaking.stands(wrong), unmaking.stands(wrong.household)) == before
    assert wrong.nik == wrong.nik_tail == wrong.household.kk == ""
    right = workflow.approve(cast.petugas, report, read)
    assert right != wrong and right.nik == NIK and right.household.kk == KK
    workflow.undo(cast.petugas, report, "Bukan warga.")
    assert Child.objects.get() == wrong


def test_what_somebody_put_right_since_stays(cast: SimpleNamespace) -> None:
    known, other = a_child(cast, birth_precision="month"), "3302204101240002"
    report = a_submission(cast, measured_on=None, weight_kg=None, length_height_cm=None)
    born = known.birth_date + timedelta(days=4)
    workflow.approve(cast.petugas, report, Approval(child=known, nik=NIK, birth_date=born))
    known = Child.objects.get()
    told = {"nik": other, "nik_index": index_of(other), "birth_date": born - timedelta(days=1)}
    visits.correct_child(cast.petugas, known, told)
    workflow.undo(cast.petugas, report, "Salah anak.")
    known = Child.objects.get()
    assert (known.nik, known.birth_date) == (other, told["birth_date"])


def test_a_visit_before_the_guessed_birth_keeps_the_exact_one(cast: SimpleNamespace) -> None:
    known = a_child(cast, birth_precision="month")
    report = a_submission(cast, measured_on=None, weight_kg=None, length_height_cm=None)
    born = known.birth_date - timedelta(days=4)
    known = workflow.approve(cast.petugas, report, Approval(child=known, birth_date=born))
    visits.add_measurement(cast.bidan, known, {"measured_on": born, "weight_kg": Decimal(3)})
    workflow.undo(cast.petugas, report, "Salah anak.")
    assert Child.objects.get().birth_date == born


def test_the_number_of_a_family_that_was_there_goes_with_the_child(cast: SimpleNamespace) -> None:
    sister = a_submission(cast, child_name="Kakak Contoh")
    home = workflow.approve(cast.petugas, sister, Approval()).household
    report = a_submission(cast, child_name="Adik Contoh")
    workflow.approve(cast.petugas, report, Approval(kk=KK))
    home.refresh_from_db()
    assert home.kk == KK
    workflow.undo(cast.petugas, report, "Salah anak.")
    home.refresh_from_db()
    assert home.kk == "" and home.kk_index is None and Child.objects.count() == 1


def test_not_once_its_visit_was_put_right(cast: SimpleNamespace) -> None:
    """Else the corrected numbers would stay on the wrong child."""
    known = a_child(cast)
    report = a_submission(cast)
    workflow.approve(cast.petugas, report, Approval(child=known))
    numbers = {"weight_kg": Decimal("8.4"), "length_height_cm": Decimal(74), "measure": "l"}
    visits.correct_measurement(cast.bidan, report.measurement, numbers, "salah baca")
    report = Submission.objects.get()
    with pytest.raises(Refused, match="catatan lain"):
        workflow.undo(cast.petugas, report, "Salah anak.")
    assert known.measurements.count() == 2


def test_a_card_merged_since_is_left_alone(cast: SimpleNamespace) -> None:
    """What was filled in belongs to the card that is gone; the kept one has its own."""
    kept, gone = a_child(cast), a_child(cast, birth_precision="month")
    visits.correct_child(cast.petugas, kept, {"birth_date": gone.birth_date - timedelta(days=4)})
    home = kept.household
    home.resident = True
    home.save()
    report = a_submission(cast, measured_on=None, weight_kg=None, length_height_cm=None)
    said = {"resident": True, "resident_reason": ""}
    read = Approval(child=gone, kk=KK, birth_date=kept.birth_date, resident=said)
    gone = workflow.approve(cast.petugas, report, read)
    house = gone.household
    merge(cast.petugas, kept, gone)
    before = unmaking.stands(Child.objects.get(pk=kept.pk)), unmaking.stands(home)
    workflow.undo(cast.petugas, Submission.objects.get(), "Salah anak.")
    home.refresh_from_db()
    assert (unmaking.stands(Child.objects.get(pk=kept.pk)), unmaking.stands(home)) == before
    house.refresh_from_db()
    assert house.kk == "" and house.resident is None


def test_the_house_that_was_filled_in_is_put_back_though_the_child_moved(
    cast: SimpleNamespace,
) -> None:
    wrong = a_child(cast)
    house = wrong.household
    report = a_submission(cast, measured_on=None, weight_kg=None, length_height_cm=None)
    workflow.approve(cast.petugas, report, Approval(child=wrong, kk=KK))
    Child.objects.filter(pk=wrong.pk).update(household=a_household(cast))
    workflow.undo(cast.petugas, Submission.objects.get(), "Salah anak.")
    house.refresh_from_db()
    assert house.kk == ""


def test_a_rejection_can_be_undone(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    workflow.reject(cast.petugas, report, "Bukan warga.")
    workflow.undo(cast.kasi, report, "Ternyata warga.")
    assert report.status == "received"
    assert [d.verb for d in report.decisions.all()] == ["reject", "undo"]


def test_not_once_something_else_hangs_on_the_child(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    child = workflow.approve(cast.petugas, report, Approval())
    later = {"measured_on": date.today() - timedelta(days=30), "weight_kg": Decimal(8)}
    visits.add_measurement(cast.bidan, child, later)
    with pytest.raises(Refused, match="catatan lain"):
        workflow.undo(cast.petugas, report, "Salah anak.")
    report.refresh_from_db()
    assert (report.status, report.child) == ("approved", child)
    assert child.measurements.count() == 2
    assert Consent.objects.get(submission=report).child == child


@pytest.mark.parametrize("role", ["tim", "sekcam", "camat"])
def test_only_verifying_roles_may(cast: SimpleNamespace, role: str) -> None:
    report = a_submission(cast, status="rejected")
    with pytest.raises(Refused) as refused:
        workflow.undo(getattr(cast, role), report, "Coba.")
    assert refused.value.stranger


@pytest.mark.parametrize(
    ("status", "verb"),
    [(s, v) for v, step in workflow.TABLE.steps.items()
     for s in ("received", "has_issues", "edited", "approved", "rejected")
     if s not in step.sources],
)  # fmt: skip
def test_no_path_that_is_not_drawn(cast: SimpleNamespace, status: str, verb: str) -> None:
    report = a_submission(cast, status=status)
    argument = Approval() if verb == "approve" else "Alasan."
    with pytest.raises(Refused):
        getattr(workflow, verb)(cast.petugas, report, argument)
    report.refresh_from_db()
    assert report.status == status and not report.decisions.exists()
