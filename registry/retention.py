"""Documents that forget: what the privacy notice promises, kept.

A KK or akta is needed while a report is verified. Thirty days later the picture goes; what stays
is that it was checked, by whom and when (security.md §2). Rejected reports lose theirs after 90.
The row stays without its file, so that nothing that points at it breaks.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import record
from registry import documents
from registry.models import Document, Submission

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
