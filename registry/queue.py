"""The verifier's queue: filters from the URL, the pages, and the next report at the desk."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Grant, User
from accounts.paging import PARAMETER, Keyed, Order, Page
from accounts.roles import Role
from regions.codes import ungrouped
from regions.models import Region
from registry.area import places_within
from registry.desk import alike
from registry.lists import Asked
from registry.models import Document, HeldReport, Submission
from registry.models.reports_in import SubmissionQuerySet

Status = Submission.Status
# tab -> (its label, what is counted, the states it shows)
TABS = {
    "menunggu": ("Menunggu", "laporan menunggu", {Status.RECEIVED, Status.EDITED}),
    "perbaikan": ("Perlu perbaikan", "laporan menunggu perbaikan kader", {Status.HAS_ISSUES}),
    "terverifikasi": ("Terverifikasi", "laporan terverifikasi", {Status.APPROVED}),
    "ditolak": ("Ditolak", "laporan ditolak", {Status.REJECTED}),
}
WAITING, HELD = "menunggu", "tertahan"
COUNTED_TABS = (WAITING, "perbaikan")  # the others only grow
AGES = {
    "hari_ini": "Masuk hari ini",
    "3": "Lebih dari 3 hari",
    "7": "Lebih dari 7 hari",
    "30": "Lebih dari 30 hari",
}
PAPERS = {"ada": "Ada foto KK atau akta", "tidak": "Tanpa foto"}
TWINS = {"mungkin": "Mungkin ganda", "tidak": "Tidak tampak ganda"}
NO_ACCOUNT, ON_PAPER = "tanpa_akun", "kertas"
SENDERS = {NO_ACCOUNT: "Tanpa akun", ON_PAPER: "Diketik dari kertas"}
PER_PAGE = 50
BESIDE = (4, 15)  # how many reports before and behind the open one stand beside it
WORST_FIRST = Order("laporan menunggu", ("sign", "received_at", "code"))
NEWEST_FIRST = Order("laporan", ("handled_at", "code"), descending=True)


class ReportList(Asked):
    """``/laporan/?tab=&q=&desa=&posyandu=&kader=&lama=&dokumen=&ganda=``."""

    name = "registry:queue"
    action = "see_queue"
    defaults = {"tab": WAITING}
    search_label, search_hint = "Kode laporan", "mis. 7K2M-9QXD-4T8PA"
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "posyandu": ("Posyandu", "Semua"),
        "kader": ("Dikirim oleh", "Semua"),
        "lama": ("Lama menunggu", "Semua"),
        "dokumen": ("Dokumen", "Semua"),
        "ganda": ("Ganda", "Semua"),
    }

    def __init__(self, query: QueryDict, user: Any, action: str = "") -> None:
        super().__init__(query, user, action)
        self.tab = TABS[self.values["tab"]]
        if not self.is_waiting:  # what is decided waits no longer, and was compared
            self.labels = {k: v for k, v in self.labels.items() if k not in ("lama", "ganda")}

    def places(self) -> list[Region]:
        """The desa of the user, with the posyandu of each; one query."""
        found = places_within(self.user, self.action)
        self.posyandu_of = {desa.code: rows for desa, rows in found}
        return [desa for desa, _ in found]

    def choices(self) -> dict[str, dict[str, str]]:
        """Posyandu, and kader, are offered once a desa is chosen."""
        waits = self.query.get("tab") not in {*TABS} - {WAITING}
        return {
            "tab": {key: tab[0] for key, tab in TABS.items()},
            "desa": {desa.code: desa.title for desa in self.desa_list},
            "posyandu": dict(self.posyandu_of.get(self.query.get("desa", ""), [])),
            "kader": SENDERS | self.senders,
            "lama": AGES if waits else {},
            "dokumen": PAPERS,
            "ganda": TWINS if waits else {},
        }

    @cached_property
    def senders(self) -> dict[str, str]:
        """The kader of the chosen desa who have an account."""
        if not (desa := self.query.get("desa")):
            return {}
        here = {"posyandu__desa__code": desa, "programme": self.user.programme}
        kader = Grant.objects.filter(role=Role.KADER, **here)
        people = User.objects.filter(pk__in=kader.values("user")).order_by("full_name", "code")
        return {user.code: str(user) for user in people}

    @property
    def is_waiting(self) -> bool:
        return self.values["tab"] == WAITING

    @property
    def order(self) -> Order:  # type: ignore[override]
        """What waits: the worst sign first, then the oldest; what was decided: the latest first."""
        return WORST_FIRST if self.is_waiting else NEWEST_FIRST

    @property
    def noun(self) -> str:
        return self.tab[1]

    @property
    def where_and_when(self) -> str:
        """`` di Posyandu Melati, Desa Ledug`` behind the number of the lead."""
        posyandu = dict(self.posyandu_of.get(self.values["desa"], [])).get(self.values["posyandu"])
        place = [f"Posyandu {posyandu}" if posyandu else "", self.desa.title if self.desa else ""]
        said = ", ".join(word for word in place if word)
        return f" di {said}" if said else ""

    # --- Rows ---

    def rows(self) -> SubmissionQuerySet:
        """The reports asked for; a code is looked for whatever its state."""
        if self.values["q"]:
            found = Submission.objects.in_scope(self.user)
            rows = found.filter(receipt=ungrouped(self.values["q"]) or "-")
        else:
            rows = self._placed().filter(status__in=self.tab[2])
        if self.is_waiting:
            return rows
        return rows.annotate(handled_at=Coalesce("decided_at", "received_at"))

    def _placed(self) -> SubmissionQuerySet:
        """Every state, narrowed by all that SQL can tell."""
        asked = self.values
        rows = Submission.objects.in_scope(self.user).in_desa(self.desa)
        if asked["posyandu"]:
            rows = rows.filter(posyandu__code=asked["posyandu"])
        if asked["kader"]:
            rows = rows.filter(_sent_by(asked["kader"]))
        if asked["lama"]:
            rows = rows.filter(self._waited(asked["lama"]))
        if asked["dokumen"]:
            has = Exists(Document.objects.filter(submission=OuterRef("pk")))
            rows = rows.filter(has if asked["dokumen"] == "ada" else ~has)
        return rows

    def _waited(self, asked: str) -> Q:
        """Since the beginning of today on the programme's clock, or before so many days."""
        if asked == "hari_ini":
            return Q(received_at__gte=self._midnight())
        return Q(received_at__lt=timezone.now() - timedelta(days=int(asked)))

    def _midnight(self) -> datetime:
        now: datetime = self.user.programme.local(timezone.now())
        return now.replace(hour=0, minute=0, second=0, microsecond=0)

    def _told_apart(self, rows: QuerySet[Any]) -> list[Submission]:
        """Those that may be about a known child or about one child, or the others, as asked:
        compared with every child and with one another."""
        reports = list(rows)
        twins, wanted = alike.marked(reports), self.values["ganda"] == "mungkin"
        return [report for report in reports if (report.pk in twins) == wanted]

    @property
    def tells_apart(self) -> bool:
        return bool(self.values["ganda"] and not self.values["q"])

    def page(self) -> Page:
        rows: Any = Keyed(self.rows(), _shown)
        if self.tells_apart:
            rows = self._told_apart(_shown(self.rows()))
        return self.order.page(rows, self.query.get(PARAMETER, ""), PER_PAGE)

    def marked(self, reports: list[Submission]) -> set[int]:
        """The keys of the reports of a page that may be told of twice; who asked for them, or for
        the others, has them compared."""
        if not self.is_waiting:
            return set()
        if self.tells_apart:
            return {report.pk for report in reports if self.values["ganda"] == "mungkin"}
        return alike.marked(reports)

    # --- At the desk ---

    def next_to(self, report: Submission) -> Submission | None:
        """The waiting report to look at after this one, as filtered: the one behind it, else the
        first of all."""
        rows = self.waiting.exclude(pk=report.pk)
        return rows.filter(_behind(report)).first() or rows.first()

    def beside(self, report: Submission) -> list[Submission]:
        """The waiting reports around this one, itself among them while it waits."""
        rows, (before, behind) = self.waiting.select_related("desa"), BESIDE
        earlier = list(rows.exclude(_behind(report)).exclude(pk=report.pk).reverse()[:before])
        here = [report] if report.status in TABS[WAITING][2] else []
        return [*earlier[::-1], *here, *rows.filter(_behind(report)).exclude(pk=report.pk)[:behind]]

    @cached_property
    def waiting(self) -> SubmissionQuerySet:
        """What waits, as filtered, whatever tab is open."""
        rows = self._placed().waiting()
        if self.values["ganda"]:
            compared = self._told_apart(rows.select_related("programme", "desa"))
            rows = rows.filter(pk__in=[report.pk for report in compared])
        return rows.worst_first()

    @property
    def kept(self) -> str:
        """The filters as an address carries them on to the desk: ``?desa=…``, or nothing."""
        said = self.url(tab="", q="").partition("?")[2]
        return f"?{said}" if said else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab was chosen."""
        return bool({*self.used} - {"tab"})

    @property
    def bare(self) -> str:
        """The same tab without filters."""
        tab = self.used.get("tab", "")
        return reverse(self.name) + (f"?tab={tab}" if tab else "")

    # --- Tabs ---

    def tabs(self) -> list[dict[str, Any]]:
        """The tabs with their links and, of what is open, how many; the filters stay."""
        counts = self._counts
        return [
            {"label": label, "url": self.url(tab=key, q=""), "active": key == self.values["tab"],
             "count": sum(counts.get(s, 0) for s in states) if key in COUNTED_TABS else None}
            for key, (label, _, states) in TABS.items()
        ]  # fmt: skip

    @property
    def held(self) -> int:
        """How many reports came but cannot stand in the queue yet."""
        return self._counts.get(HELD, 0)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How many of each open state, as filtered, and how many are held; one query."""
        open_states = set().union(*(TABS[key][2] for key in COUNTED_TABS))
        rows = self._placed().filter(status__in=open_states).order_by()
        held = HeldReport.objects.in_scope(self.user).open().order_by()
        as_one = held.annotate(status=Value(HELD)).values_list("status").annotate(n=Count("pk"))
        return dict(rows.values_list("status").annotate(n=Count("pk")).union(as_one, all=True))


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the queue shows of each report."""
    papers = Document.objects.filter(submission=OuterRef("pk"))
    rows = rows.select_related("programme", "desa", "posyandu", "opened_by", "link")
    return rows.annotate(has_papers=Exists(papers))


def _sent_by(asked: str) -> Q:
    """Whom the filter names; what staff typed in came by no link."""
    if asked == NO_ACCOUNT:
        return Q(reporter__isnull=True)
    return Q(link__isnull=True) if asked == ON_PAPER else Q(reporter__code=asked)


def _behind(report: Submission) -> Q:
    """Behind a report in the order of the queue."""
    later = Q(received_at=report.received_at, code__gt=report.code)
    later |= Q(received_at__gt=report.received_at)
    return Q(sign__gt=report.sign) | Q(Q(sign=report.sign) & later)
