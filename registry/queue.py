"""The verifier's queue: filters from the URL, and what waits for whom on the home page."""

from typing import Any

from django.db.models.functions import Coalesce
from django.http import QueryDict

from accounts.paging import PARAMETER, Order, Page
from registry.models import Submission
from registry.models.reports_in import SubmissionQuerySet

TABS = (
    ("menunggu", "Menunggu", {Submission.Status.RECEIVED, Submission.Status.EDITED}),
    ("perbaikan", "Perlu perbaikan", {Submission.Status.HAS_ISSUES}),
    ("terverifikasi", "Terverifikasi", {Submission.Status.APPROVED}),
    ("ditolak", "Ditolak", {Submission.Status.REJECTED}),
)
PER_PAGE = 50
WORST_FIRST = Order("laporan menunggu", ("sign", "received_at", "code"))
NEWEST_FIRST = Order("laporan", ("handled_at", "code"), descending=True)


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
            return rows
        return rows.annotate(handled_at=Coalesce("decided_at", "received_at"))

    def page(self, rows: SubmissionQuerySet) -> Page:
        """What waits: the worst sign first, then the oldest; what was decided: the latest first."""
        order = WORST_FIRST if self.tab is TABS[0] else NEWEST_FIRST
        return order.page(rows, self.query.get(PARAMETER, ""), PER_PAGE)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with their links; the desa stays chosen."""
        desa = f"&desa={self.desa.code}" if self.desa else ""
        return [
            {"label": label, "url": f"?tab={key}{desa}", "active": key == self.tab[0]}
            for key, label, _ in TABS
        ]
