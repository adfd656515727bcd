"""Documents and held reports that forget: what the privacy notice promises, kept.

A KK or akta is needed while a report is verified. Thirty days later the picture goes; what stays
is that it was checked, by whom and when (security.md §2). Rejected reports lose theirs after 90.
A held report forgets what was typed: 30 days after it became a report, which says the same, and
90 after it was put away. Rows stay without file or texts, so that nothing that points at them
breaks and a late repetition from the phone still gets its receipt.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import record
from registry import documents
from registry.models import Document, HeldReport, Submission

AFTER_VERIFICATION = timedelta(days=30)
AFTER_REJECTION = timedelta(days=90)


def due() -> Any:
    """The identity papers whose time is over, oldest first."""
    now = timezone.now()
    verified = Q(submission__status=Submission.Status.APPROVED) & Q(
        submission__decided_at__lt=now - AFTER_VERIFICATION
    )
    rejected = Q(submission__status=Submission.Status.REJECTED) & Q(
        submission__decided_at__lt=now - AFTER_REJECTION
    )
    papers = Document.objects.filter(verified | rejected, kind__in=Document.PAPERS)
    return papers.filter(forgotten_at__isnull=True).order_by("id")


def forget(*, dry_run: bool = False) -> int:
    """Delete the files that are due; returns how many. A second run finds nothing more."""
    found = list(due())
    for document in found if not dry_run else []:
        documents.path_of(document).unlink(missing_ok=True)
        Document.objects.filter(pk=document.pk).update(forgotten_at=timezone.now())
        record(None, "forget_document", document)
    return len(found)


def held_due() -> Any:
    """The held reports whose typed texts are over, oldest first; what waits is never among them."""
    now = timezone.now()
    became = Q(submission__isnull=False, settled_at__lt=now - AFTER_VERIFICATION)
    dropped = Q(submission__isnull=True, settled_at__lt=now - AFTER_REJECTION)
    return HeldReport.objects.filter(became | dropped).exclude(answers={}).order_by("id")


def forget_held(*, dry_run: bool = False) -> int:
    """Empty what was typed, and the reason it was dropped; returns how many. Again finds none."""
    found = list(held_due())
    for report in found if not dry_run else []:
        with transaction.atomic():
            HeldReport.objects.filter(pk=report.pk).update(answers={}, reason="")
            record(None, "forget_held", report)
    return len(found)
