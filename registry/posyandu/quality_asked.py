"""What the mutu data page is asked for: month, area, one person or one posyandu."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from regions.models import Posyandu
from registry.lists import Asked, month_choices
from registry.models import Child, Measurement

ACTION = "see_quality"
NO_ACCOUNT, WITHOUT = "tanpa-akun", "Laporan tanpa akun"
MODES = {"pencatat": "Menurut pencatat", "posyandu": "Menurut posyandu"}


class QualityAsked(Asked):
    """``/mutu/?bulan=&desa=&posyandu=&pencatat=&menurut=``; the last full month unless asked."""

    name = "registry:quality"
    action = ACTION
    labels = {"bulan": ("Bulan", ""), "desa": ("Desa/kelurahan", "Semua")}

    def __init__(self, query: Any, user: Any) -> None:
        last_month = user.programme.today().replace(day=1) - timedelta(days=1)
        self.defaults = {"bulan": f"{last_month:%Y-%m}", "menurut": "pencatat"}
        super().__init__(query, user)
        self.values["q"] = ""
        self.posyandu = self._posyandu(query.get("posyandu", ""))
        self.person = self._person(query.get("pencatat", ""))
        self.values["posyandu"] = self.posyandu.code if self.posyandu else ""
        self.values["pencatat"] = query.get("pencatat", "") if self.person else ""

    def choices(self) -> dict[str, dict[str, str]]:
        """The running month says so: its figures are not the month's yet."""
        running = f"{self.today:%Y-%m}"
        months = month_choices(self.today, self.query.get("bulan", ""))
        months[running] += " (berjalan)"
        return {**super().choices(), "bulan": months, "menurut": MODES}

    @property
    def used(self) -> dict[str, str]:
        """As the lists have it; the month always stands in the address."""
        return {**super().used, "bulan": self.values["bulan"]}

    @property
    def month(self) -> tuple[date, date]:
        """The first and the last day that count."""
        return self.first or self.today, self.last

    @property
    def whose(self) -> str:
        """What the page is narrowed to, in words; "" when to nothing."""
        words = []
        if self.person:
            words.append(str(self.person))
        if self.posyandu:
            words.append(f"Posyandu {self.posyandu.name}, {self.posyandu.desa.title}")
        return " · ".join(words)

    @property
    def paper_title(self) -> str:
        """Whose figures the paper shows."""
        return " · ".join(filter(None, [self.whose, self.desa.title if self.desa else ""]))

    def print_url(self) -> str:
        """The same month as a PDF."""
        address = self.url(menurut="").partition("?")[2]
        return f"{reverse('registry:quality-print')}?{address}"

    def list_url(self, which: str, **changes: Any) -> str:
        """The list behind one number."""
        address = self.url(**{"menurut": "", **changes}).partition("?")[2]
        return f"{_list(which)}?{address}"

    def form(self) -> Any:
        form = super().form()
        del form.fields["q"]
        return form

    def _posyandu(self, code: str) -> Posyandu | None:
        inside = Child.objects.in_scope(self.user, ACTION).filter(posyandu=OuterRef("pk"))
        rows = Posyandu.objects.filter(Exists(inside), code=code).select_related("desa")
        return rows.first() if code else None

    def _person(self, code: str) -> User | str | None:
        if code == NO_ACCOUNT:
            return WITHOUT
        noted = Q(created_by=OuterRef("pk")) | Q(submissions__reporter=OuterRef("pk"))
        seen = Measurement.objects.in_scope(self.user, ACTION).filter(noted)
        return User.objects.filter(Exists(seen), code=code).first() if code else None


def _list(which: str) -> str:
    return reverse("registry:quality-list", args=[which])
