"""Practice: a report sent by a practice QR goes the whole way and leaves nothing behind.

What was typed is checked as any report is, answered with a receipt, and dropped: no text, no
photo, no row in any table that is counted. After a day the receipt goes too (security.md §2).
"""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from regions.codes import ungrouped
from regions.models import ReportLink
from registry import documents, workflow
from registry.models import PracticeReport

KEPT = timedelta(hours=24)


def send(
    link: ReportLink, answers: dict[str, Any], client_id: str, photos: int = 0
) -> tuple[PracticeReport, bool]:
    """The receipt of this practice, and whether it is new: sent again, it is the same.

    ``digest`` is keyed, so that nobody can try names on it. Raises ValueError for a link that is
    not for practice: the report of a child must never be dropped here.
    """
    if not link.is_practice:
        raise ValueError("not a practice link")
    forget()
    digest = salted_hmac("practice", workflow.digest_of(answers), algorithm="sha256").hexdigest()
    return PracticeReport.objects.get_or_create(
        programme=link.programme,
        client_id=client_id,
        digest=digest,
        defaults={"link": link, "photos": photos},
    )


def note_photo(report: PracticeReport) -> int:
    """Count a practised photo, which is dropped; returns how many came."""
    kept = PracticeReport.objects.filter(pk=report.pk)
    kept.filter(photos__lt=documents.MAX_FILES).update(photos=F("photos") + 1)
    report.refresh_from_db(fields=["photos"])
    return report.photos


def find(code: str) -> PracticeReport | None:
    """The practice of this receipt, while it is kept."""
    kept = PracticeReport.objects.filter(received_at__gt=timezone.now() - KEPT)
    known = kept.filter(receipt=ungrouped(code) or "-")
    return known.select_related("programme__region", "link__programme").first()


def forget(*, dry_run: bool = False) -> int:
    """Delete what is older than a day; returns how many. Nothing points at these rows."""
    due = PracticeReport.objects.filter(received_at__lte=timezone.now() - KEPT)
    return due.count() if dry_run else due.delete()[0]
