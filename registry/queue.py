"""The verifier's queue: filters from the URL, and what waits for whom on the home page."""

from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import reverse

from registry.models import Submission
from registry.models.reports_in import SubmissionQuerySet

TABS = (
    ("menunggu", "Menunggu", {Submission.Status.RECEIVED, Submission.Status.EDITED}),
    ("perbaikan", "Perlu perbaikan", {Submission.Status.HAS_ISSUES}),
    ("terverifikasi", "Terverifikasi", {Submission.Status.APPROVED}),
    ("ditolak", "Ditolak", {Submission.Status.REJECTED}),
)


class QueueFilter:
    """What the URL asks for: ``?tab=…&desa=…``; unknown values fall back to all that waits."""

    def __init__(self, query: QueryDict, user: Any) -> None:
        self.user = user
        self.tab = next((t for t in TABS if t[0] == query.get("tab")), TABS[0])
        self.desa_list = list(user.programme.desa())
        self.desa = next((d for d in self.desa_list if d.code == query.get("desa")), None)
        self.query = query

    def submissions(self) -> SubmissionQuerySet:
        rows = Submission.objects.in_scope(self.user).in_desa(self.desa)
        rows = rows.filter(status__in=self.tab[2]).select_related("desa", "posyandu")
        if self.tab is TABS[0]:
            return rows.worst_first()
        return rows.order_by("-decided_at", "-received_at", "code")

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with their links; the desa stays chosen."""
        desa = f"&desa={self.desa.code}" if self.desa else ""
        return [
            {"label": label, "url": f"?tab={key}{desa}", "active": key == self.tab[0]}
            for key, label, _ in TABS
        ]

    def pager(self, page: Page[Submission]) -> dict[str, str]:
        """What ``_pager.html`` shows: the pages before and after, filters kept."""
        return {
            "previous_url": self._url(page.previous_page_number()) if page.has_previous() else "",
            "next_url": self._url(page.next_page_number()) if page.has_next() else "",
            "pager_note": f"Halaman {page.number} dari {page.paginator.num_pages}",
        }

    def _url(self, number: int) -> str:
        query = self.query.copy()
        query["hal"] = str(number)
        return f"{reverse('registry:queue')}?{query.urlencode()}"
