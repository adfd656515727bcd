"""The reports that ask nothing of a verifier: verified together, each by its own act.

Harmless is a new report, sent from an account, with the sign Baik, a form complete and legible,
its photo there, nothing odd about it, and no child or other report it might be about. Everything
else is looked at by itself, and it is said why.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from accounts.transitions import Refused
from growth.classify import ALERT_RANK
from registry import measuring, workflow
from registry.desk import alike
from registry.models import Decision, HeldReport, Submission
from registry.models.reports_in import SubmissionQuerySet
from registry.names import folded
from registry.people import Approval

MOST = 50  # verified in one go: what a person can read through
LOOKED_AT = 200  # reports among which they are looked for, the oldest
GOOD = "hijau"
NOTE = "Diverifikasi bersama laporan wajar lainnya."
NEEDED = (
    "child_name", "birth_date", "mother_name", "parent_job", "address", "weight_kg",
    "length_height_cm", "measure", "measured_on", "consent_giver",
)  # fmt: skip
WRITTEN = ("child_name", "mother_name", "father_name", "parent_job", "address", "reporter_name",
           "reason")  # fmt: skip
HANDLED = "sudah ditangani petugas lain"


@dataclass(frozen=True)
class Sorted:
    """Reports told apart: those to verify together, and the others with what speaks against."""

    harmless: list[Submission]
    others: list[tuple[Submission, str]]


def candidates(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Of these the new ones with the sign Baik, with all that ``sort`` looks at."""
    good = rows.filter(status=Submission.Status.RECEIVED, sign=ALERT_RANK[GOOD])
    return with_what_counts(good).order_by("received_at", "code")


def with_what_counts(rows: SubmissionQuerySet) -> SubmissionQuerySet:
    """Add the number of photos, and whether the report was held or decided before."""
    return rows.select_related("programme", "desa", "posyandu", "reporter").annotate(
        papers=Count("documents"),
        was_held=Exists(HeldReport.objects.filter(submission=OuterRef("pk"))),
        was_decided=Exists(Decision.objects.filter(submission=OuterRef("pk"))),
    )


def sort(user: Any, reports: Sequence[Submission], twins: Collection[int]) -> Sorted:
    """Tell the harmless from the others; ``twins``: of all that waits, the keys of those that may
    be about the same child as another (``twins_among``)."""
    own = workflow.own_among(user, reports)
    alone = [(report, _alone(report, own)) for report in reports]
    harmless = [report for report, against in alone if not against]
    against = dict.fromkeys(alike.known(harmless), "anaknya mungkin sudah terdata")
    against |= dict.fromkeys(twins, "laporan lain mungkin tentang anak yang sama")
    judged = [(report, said or against.get(report.pk, "")) for report, said in alone]
    return Sorted(
        [report for report, said in judged if not said],
        [(report, said) for report, said in judged if said],
    )


def twins_among(waiting: SubmissionQuerySet) -> set[int]:
    """The keys of the waiting reports that may be about the same child as another."""
    return {*alike.twins(list(waiting.select_related("programme", "desa")))}


def _alone(report: Any, own: set[int]) -> str:
    """What speaks against a report whatever stands beside it; "" when nothing does."""
    if report.status != Submission.Status.RECEIVED:
        return HANDLED if report.status not in workflow.WAITING else "baru diperbaiki kader"
    if report.pk in own:
        return "laporan Anda sendiri"
    if report.was_decided or report.was_held:
        return "pernah diputuskan atau tertahan"
    if report.reporter_id is None:
        return "dikirim tanpa akun"
    if report.retyped or report.confirmed:
        return "ada tanda pada kirimannya"
    return _of_form(report)


def _of_form(report: Any) -> str:
    if any(getattr(report, name) in (None, "") for name in NEEDED):
        return "isian belum lengkap"
    if any(folded(getattr(report, name)) != getattr(report, name) for name in WRITTEN):
        return "ada huruf asing"
    if not report.papers or report.papers < report.photos_expected:
        return "foto KK atau akta belum ada"
    visit = measuring.visit_of_report(report)
    if visit is None or visit.alert.level != GOOD or visit.doubts:
        return "angkanya perlu dilihat"
    return ""


# --- Verifying them ----------------------------------------------------------------------------


def approve(user: Any, codes: Iterable[str]) -> Sorted:
    """Verify those that are still harmless, one act each; the others with why they are left out.

    Each is judged again just before its act, so what changed since the page was shown stays.
    """
    wanted = list(dict.fromkeys(codes))[:MOST]
    in_reach = Submission.objects.in_scope(user, "verify_report")
    rows = with_what_counts(in_reach.filter(code__in=wanted)).order_by("received_at", "code")
    twins = twins_among(in_reach.waiting())
    done: list[Submission] = []
    left: list[tuple[Submission, str]] = []
    for report in rows:
        said = _approve_one(user, report, twins)
        if said:
            left.append((report, said))
        else:
            done.append(report)
    return Sorted(done, left)


def _approve_one(user: Any, report: Submission, twins: Collection[int]) -> str:
    """What speaks against it now, "" once it is verified."""
    judged = sort(user, [report], twins)
    if judged.others:
        return judged.others[0][1]
    try:
        workflow.approve(user, report, Approval(), NOTE)
    except Refused:
        return HANDLED
    return ""
