"""Who has a report open at the desk: the second person is warned, and nobody is kept out.

Opening is noted for those who may decide, while the report waits. Whoever was first stays named
until a quarter of an hour has passed since; of two at once, one conditional UPDATE is the first.
"""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from regions.words import clock
from registry.models import Submission
from registry.models.reports_in import OPEN_FOR


def note(user: Any, report: Submission) -> None:
    """Write down that this person has the report open, unless another was first."""
    if not user.may("verify_report"):
        return
    now = timezone.now()
    free = Q(opened_by__isnull=True) | Q(opened_by=user) | Q(opened_at__lte=now - OPEN_FOR)
    rows = Submission.objects.waiting().filter(free, pk=report.pk)
    if rows.update(opened_by=user, opened_at=now):
        report.opened_by, report.opened_at = user, now
    elif report.opened_by_id in (None, user.pk):  # another came between reading and writing
        report.refresh_from_db(fields=["opened_by", "opened_at"])


def by_another(user: Any, report: Submission) -> str:
    """``Sedang dibuka oleh Petugas Contoh sejak 10.32 WIB.``; "" when it is not."""
    if report.is_decided or not report.is_open or report.opened_by_id == user.pk:
        return ""
    since = clock(report.opened_at, report.programme)
    return f"Sedang dibuka oleh {report.opened_by} sejak {since}."
