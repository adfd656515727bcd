"""A decision is taken back with a reason, as long as nothing else hangs on it."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.transitions import Refused
from registry import visits, workflow
from registry.models import Child, Consent, Household, Measurement, Mother
from registry.people import Approval
from tests.cast import a_child, a_submission, signed_in


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
