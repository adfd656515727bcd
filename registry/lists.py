"""Lists of people: what the URL asks for; children and their rows as plain data.

Filters stay in the URL; an unknown value falls back to its default. With ``bulan`` a list reads
as the monthly report does, so that every number there opens the list behind it.
"""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from growth.classify import ALERT_LABELS
from growth.words import sd
from regions.models import Region
from regions.words import month_name
from registry.area import desa_within
from registry.lookup import search
from registry.models import Child
from registry.models.children import COUNTED_BY
from registry.names import clean_text
from registry.standards import limit

PER_PAGE = 25
MONTHS_SHOWN = 12

GROUPS = {"balita": "Balita", "baduta": "Baduta", "semua": "Semua anak"}
# What is asked -> (words, figure, part), as ChildQuerySet.counted_as knows them.
FIGURES = {
    "stunting": ("Pendek dan sangat pendek (stunting)", "stunting", "n"),
    "severe": ("Sangat pendek", "stunting", "severe"),
    "wasting": ("Gizi kurang dan gizi buruk", "wasting", "n"),
    "wasting-severe": ("Gizi buruk", "wasting", "severe"),
    "underweight": ("Berat badan kurang dan sangat kurang", "underweight", "n"),
    "underweight-severe": ("Berat badan sangat kurang", "underweight", "severe"),
}
# The other lists of children that are no class of their own.
STATES = {
    "flagged": ("Di luar batas wajar, perlu ukur ulang", "flagged"),
    "perkiraan": ("Tanggal lahir masih perkiraan", "approximate"),
    "diukur": ("Sudah diukur", "measured"),
    "belum": ("Belum diukur", "unmeasured"),
}
GAINS = {"naik": ("Berat naik (N)", "N"), "tidak_naik": ("Berat tidak naik (T)", "T")}
UNWEIGHED = "tidak_ditimbang"
# Parts of a figure that only the monthly report links to: they stand in no box of choices.
_PARTS = {
    "total": "dihitung", "flagged": "di luar batas wajar", "missing": "belum dapat dihitung",
    "approximate": "tanggal lahir perkiraan",
}  # fmt: skip
_INDEX = {"stunting": "TB/U", "wasting": "BB/TB", "underweight": "BB/U"}
LINKED = {
    f"{word}-{part}": (f"{_INDEX[word]} {said}", word, part)
    for word in COUNTED_BY
    for part, said in _PARTS.items()
}


class Asked:
    """What a list's URL asks for, checked, with the boxes to change it and the links to page."""

    name = ""
    action = ""
    defaults: dict[str, str] = {}

    def __init__(self, query: QueryDict, user: Any) -> None:
        self.user = user
        self.today: date = user.programme.today()
        self.query = query
        self.desa_list = self.places()
        self.values = {"q": clean_text(query.get("q", ""))[:60]}
        for name, choices in self.choices().items():
            asked = query.get(name, "")
            self.values[name] = asked if asked in choices else self.defaults.get(name, "")

    def places(self) -> list[Region]:
        """The desa and kelurahan to choose from."""
        return desa_within(self.user, self.action)

    def choices(self) -> dict[str, dict[str, str]]:
        """The values each filter may take, with their words."""
        return {
            "desa": {desa.code: desa.title for desa in self.desa_list},
            "bulan": month_choices(self.today, self.query.get("bulan", "")),
        }

    @property
    def searched_by(self) -> str:
        """``nik`` or ``nik_tail`` when a number was searched for: kept with the event."""
        return search.number_in(self.values["q"])

    def by_code(self, person: Any) -> str:
        """The address of the same list, searched by this person's code; by nobody's for None."""
        return self.url(q=person.code if person else "-")

    @property
    def desa(self) -> Region | None:
        return next((d for d in self.desa_list if d.code == self.values["desa"]), None)

    @property
    def first(self) -> date | None:
        """The first day of the month asked for; None when the list is of today."""
        return date.fromisoformat(f"{self.values['bulan']}-01") if self.values["bulan"] else None

    @property
    def last(self) -> date:
        """The last day whose visits count."""
        return month_end(self.first) if self.first else self.today

    @property
    def on(self) -> date:
        """The day the list is of: the last of the month, or today while it runs."""
        return min(self.last, self.today)

    @property
    def used(self) -> dict[str, str]:
        """The filters that differ from a bare list."""
        return {k: v for k, v in self.values.items() if v and v != self.defaults.get(k)}

    @property
    def where_and_when(self) -> str:
        """`` di Desa Ledug, Oktober 2026`` behind the number of the lead."""
        where = f" di {self.desa.title}" if self.desa else ""
        return where + (f", {month_name(self.first)}" if self.first else "")

    def page(self, rows: QuerySet[Any]) -> Page:
        return Paginator(rows, PER_PAGE).get_page(self.query.get("hal"))

    def url(self, **changes: Any) -> str:
        """The same list, changed; a changed filter begins at its first page."""
        query = QueryDict(mutable=True)
        query.update({k: str(v) for k, v in {**self.used, **changes}.items() if v})
        said = query.urlencode()
        return reverse(self.name) + (f"?{said}" if said else "")

    def pager(self, page: Page) -> dict[str, str]:
        note = f"{page.start_index()}–{page.end_index()} dari {page.paginator.count}"
        urls = {"note": note if page.paginator.count else ""}
        if page.has_previous():
            urls["previous_url"] = self.url(hal=page.previous_page_number())
        if page.has_next():
            urls["next_url"] = self.url(hal=page.next_page_number())
        return urls

    def form(self) -> "FilterForm":
        found = FilterForm(self.choices(), self.values, self.labels)
        found.fields["q"].label = self.search_label
        found.fields["q"].widget.attrs["placeholder"] = self.search_hint
        return found

    labels: dict[str, tuple[str, str]] = {}
    search_label, search_hint = "Cari nama", ""


class FilterForm(forms.Form):
    """The boxes above a list; a choice of one is not asked."""

    hide_optional = True
    q = forms.CharField(label="Cari nama", required=False, max_length=60)

    def __init__(
        self,
        choices: dict[str, dict[str, str]],
        values: dict[str, str],
        labels: dict[str, tuple[str, str]],
    ) -> None:
        super().__init__(initial=values, auto_id="cari_%s")
        for name, (label, empty) in labels.items():
            options = [("", empty)] if empty else []
            shown = {k: v for k, v in choices[name].items() if k not in LINKED or k == values[name]}
            if len(options) + len(shown) > 2 or name not in ("desa", "posyandu"):
                self.fields[name] = forms.ChoiceField(
                    label=label, choices=options + list(shown.items()), required=False
                )


# --- Children ----------------------------------------------------------------------------------


class ChildList(Asked):
    """``/anak/?q=&desa=&kelompok=&gizi=&tanda=&bulan=``."""

    name = "registry:children"
    action = "see_children"
    defaults = {"kelompok": "balita"}
    search_label, search_hint = "Cari nama atau NIK", "anak, ibu, 4 angka akhir NIK"
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "kelompok": ("Kelompok umur", ""),
        "gizi": ("Status gizi", "Semua"),
        "tanda": ("Tanda", "Semua"),
        "bulan": ("Keadaan pada", "Sekarang"),
    }

    def choices(self) -> dict[str, dict[str, str]]:
        figures = {**FIGURES, **STATES, **GAINS, **LINKED}
        unweighed = f"Tidak ditimbang {self.unweighed_months} bulan atau lebih"
        return super().choices() | {
            "kelompok": GROUPS,
            "gizi": {key: row[0] for key, row in figures.items()} | {UNWEIGHED: unweighed},
            "tanda": ALERT_LABELS,
        }

    def children(self) -> QuerySet[Child]:
        """Worst alert first, then by name."""
        rows = Child.objects.in_scope(self.user).in_desa(self.desa)
        rows = self._of_group(rows).with_latest(self.last, since=self.first)
        if self.values["gizi"]:
            rows = self._of_figure(rows, self.values["gizi"])
        if self.values["tanda"]:
            rows = rows.filter(latest_alert=self.values["tanda"])
        rows = rows.worst_first().select_related("desa", "posyandu", "mother")
        if q := self.values["q"]:  # likeliest first
            rows = search.children(rows, q, self.user.programme)
        return rows

    def _of_group(self, rows: Any) -> Any:
        group = self.values["kelompok"]
        return rows if group == "semua" else getattr(rows, group)(self.on).here(self.on)

    @property
    def unweighed_months(self) -> int:
        return round(limit(self.user.programme, "unweighed_months"))

    def _of_figure(self, rows: Any, asked: str) -> Any:
        if asked == UNWEIGHED:
            return rows.unweighed(self.on, self.unweighed_months)
        if asked in STATES:
            return getattr(rows, STATES[asked][1])()
        if asked in GAINS:
            return rows.of_gain(GAINS[asked][1], self.last, since=self.first)
        _, word, part = (FIGURES | LINKED)[asked]
        return rows.counted_as(word, part)

    @property
    def noun(self) -> str:
        return {"balita": "balita", "baduta": "baduta"}.get(self.values["kelompok"], "anak")

    def row(self, child: Any) -> dict[str, Any]:
        return {
            "name": child.name,
            "url": reverse("registry:child", args=[child.code]),
            "mother": child.mother.name if child.mother else "",
            "desa": child.desa.name,
            "posyandu": str(child.posyandu or ""),
            "age": ("≈ " if child.is_approximate else "") + f"{child.months(self.on)} bulan",
            "tone": child.latest_alert or "netral",
            "label": ALERT_LABELS.get(child.latest_alert, "Belum diukur"),
            "haz": _z_words(child, "haz"),
            "whz": "edema" if child.latest_oedema else _z_words(child, "whz"),
            "measured_on": child.latest_measured_on,
            "gone": child.left_on is not None and child.left_on <= self.on,
        }


def _z_words(child: Any, column: str) -> str:
    """``≈ −2,34 SD``; a flagged one says that it must be measured again."""
    z = getattr(child, f"latest_{column}")
    if z is None:
        return ""
    unsure = column != "waz" and not child.latest_measure  # lying or standing: 0,7 cm
    said = ("≈ " if child.is_approximate or unsure else "") + sd(float(z))
    return f"{said}, ukur ulang" if getattr(child, f"latest_{column}_flag") else said


# --- Months ------------------------------------------------------------------------------------


def month_choices(today: date, asked: str) -> dict[str, str]:
    """The last twelve months, and the one asked for when it is a real past month."""
    year, month = today.year, today.month
    found = {}
    for _ in range(MONTHS_SHOWN):
        found[f"{year:04d}-{month:02d}"] = month_name(date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return found
    if first <= today and f"{first:%Y-%m}" == asked:
        found[asked] = month_name(first)
    return found


def month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
