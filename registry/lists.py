"""Lists of people: what the URL asks for; children and their rows as plain data.

Filters stay in the URL; an unknown value falls back to its default. With ``bulan`` a list reads
as the monthly report does, so that every number there opens the list behind it. A list is read
along its order (accounts/paging.py), today's by what each child stands by, so that a page costs
the same however many there are; an export takes the same ``rows()`` (registry/exports/).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.paging import PARAMETER, Keyed, Order, Page, Pager
from growth.classify import ALERT_LABELS, ALERT_RANK
from growth.words import sd
from regions.models import Region
from regions.words import long_date, month_name
from registry.area import desa_within
from registry.families.life import away_words
from registry.identity import clean_number, masked
from registry.lookup import search
from registry.models import Child
from registry.models.children import COUNTED_BY, LAST, visits_until
from registry.names import clean_text
from registry.standards import limit

PER_PAGE = 25
UNLABELLED = {"kelompok": "Kelompok"}  # chosen by tabs, not by a box
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
NIK = {"tanpa": "Belum ada NIK"}
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
    order: Order
    defaults: dict[str, str] = {}
    by_day = False  # whether it can be read as of any past day (``pada``)

    def __init__(self, query: QueryDict, user: Any, action: str = "") -> None:
        """``action``: the permission the rows are read by, when it is not the list's own."""
        self.user, self.action = user, action or self.action
        self.today: date = user.programme.today()
        self.query = query
        self.desa_list = self.places()
        self.values = {"q": clean_text(query.get("q", ""))[:60]}
        self.values["pada"] = past_day(query.get("pada", ""), self.today) if self.by_day else ""
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
    def pada(self) -> date | None:
        """The day asked for; it outweighs a month."""
        return date.fromisoformat(self.values["pada"]) if self.values["pada"] else None

    @property
    def first(self) -> date | None:
        """The first day of the month asked for; None when the list is of one day."""
        if self.pada:
            return None
        month = self.values.get("bulan")  # not every list is asked by month
        return date.fromisoformat(f"{month}-01") if month else None

    @property
    def is_past(self) -> bool:
        """Whether the list is of a day or month that was asked for, and not of now."""
        return bool(self.first or self.pada)

    @property
    def last(self) -> date:
        """The last day whose visits count."""
        return month_end(self.first) if self.first else self.pada or self.today

    @property
    def on(self) -> date:
        """The day the list is of: the one asked for, the last of the month, else today."""
        return min(self.last, self.today)

    @property
    def used(self) -> dict[str, str]:
        """The filters that differ from a bare list."""
        return {k: v for k, v in self.values.items() if v and v != self.defaults.get(k)}

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters in words, for who reads the list elsewhere."""
        choices, labels = self.choices(), UNLABELLED | {k: v[0] for k, v in self.labels.items()}
        found = {name: value for name, value in self.values.items() if value and name in choices}
        words = [(labels[name], choices[name][value]) for name, value in found.items()]
        sought = (
            masked(clean_number(self.values["q"]))
            if self.searched_by == "nik"
            else self.values["q"]
        )
        return words + ([("Nama yang dicari", sought)] if sought else [])

    @property
    def where_and_when(self) -> str:
        """`` di Desa Ledug, Oktober 2026`` behind the number of the lead."""
        where = f" di {self.desa.title}" if self.desa else ""
        if self.pada:
            return f"{where}, keadaan {long_date(self.pada)}"
        return where + (f", {month_name(self.first)}" if self.first else "")

    def rows(self) -> Any:
        """Everybody asked for, without what only a line shows: a QuerySet, or a sequence where SQL
        cannot choose."""
        raise NotImplementedError

    def shown(self, rows: Any) -> Any:
        """A few of these rows with all that a line shows."""
        return rows

    def row(self, one: Any, /) -> Any:
        """What the template prints of one of them."""
        raise NotImplementedError

    def page(self) -> Page:
        """The page asked for by ``hal``."""
        return self.order.page(self._read(), self.query.get(PARAMETER, ""), PER_PAGE)

    def walk(self) -> Iterator[Any]:
        """The rows of all pages, one after the other."""
        return self.order.walk(self._read())

    def _read(self) -> Any:
        rows = self.rows()
        return Keyed(rows, self.shown) if isinstance(rows, QuerySet) else rows

    def url(self, **changes: Any) -> str:
        """The same list, changed; a changed filter begins at its first page."""
        query = QueryDict(mutable=True)
        query.update({k: str(v) for k, v in {**self.used, **changes}.items() if v})
        said = query.urlencode()
        return reverse(self.name) + (f"?{said}" if said else "")

    def pager(self, page: Page) -> Pager:
        """What ``_pager.html`` shows; of the filters only the known ones are kept."""
        return page.pager(QueryDict(self.url().partition("?")[2]))

    def form(self) -> "FilterForm":
        form = FilterForm(self.choices(), self.values, self.labels)
        form.fields["q"].label = self.search_label
        form.fields["q"].widget.attrs["placeholder"] = self.search_hint
        if self.by_day:
            form.fields["pada"] = _day_box()
        return form

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


def _day_box() -> forms.DateField:
    box = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label="atau tanggal", required=False, widget=box)


# --- Children ----------------------------------------------------------------------------------


NOW = Order("anak", ("rank", "name_key", "id"))
THEN = Order("anak bulan", ("worst", "name_key", "id"))


class ChildList(Asked):
    """``/anak/?q=&desa=&kelompok=&gizi=&tanda=&nik=&bulan=&pada=``."""

    name = "registry:children"
    by_day = True
    action = "see_children"
    defaults = {"kelompok": "balita"}
    search_label, search_hint = "Cari nama atau NIK", "anak, ibu, 4 angka akhir NIK"
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "kelompok": ("Kelompok umur", ""),
        "gizi": ("Status gizi", "Semua"),
        "tanda": ("Tanda", "Semua"),
        "nik": ("NIK", "Semua"),
        "bulan": ("Keadaan pada", "Sekarang"),
    }

    @property
    def order(self) -> Order:  # type: ignore[override]
        """Worst alert first, then by name; who was searched for, the likeliest first."""
        return search.ordered(THEN if self.is_past else NOW, self.values["q"])

    def choices(self) -> dict[str, dict[str, str]]:
        figures = {**FIGURES, **STATES, **GAINS, **LINKED}
        unweighed = f"Tidak ditimbang {self.unweighed_months} bulan atau lebih"
        return super().choices() | {
            "kelompok": GROUPS,
            "gizi": {key: row[0] for key, row in figures.items()} | {UNWEIGHED: unweighed},
            "tanda": ALERT_LABELS,
            "nik": NIK,
        }

    def rows(self) -> Any:
        """Who is asked for; no table is joined, so that they are found and counted in an index."""
        rows = self._of_group(Child.objects.in_scope(self.user, self.action).in_desa(self.desa))
        rows = rows.with_worst(self.visits) if self.is_past else rows
        if self.values["gizi"]:
            rows = self._of_figure(rows, self.values["gizi"])
        if self.values["tanda"]:
            rows = self._of_alert(rows, self.values["tanda"])
        if self.values["nik"]:
            rows = rows.without_nik()
        if q := self.values["q"]:
            rows = search.children(rows, q, self.user.programme)
        return rows

    def shown(self, rows: Any) -> Any:
        """With place, mother, and the visit that counts: the last, or the last of that time."""
        rows = self.with_visit(rows).select_related("desa", "posyandu", "mother")
        return rows.defer("nik", "mother__nik")

    def with_visit(self, rows: Any) -> Any:
        return rows.with_latest(self.last, since=self.first) if self.is_past else rows.with_last()

    @property
    def visits(self) -> Any:
        """Which visit of a child counts."""
        return visits_until(self.last, since=self.first) if self.is_past else LAST

    def _of_group(self, rows: Any) -> Any:
        group = self.values["kelompok"]
        return rows if group == "semua" else getattr(rows, group)(self.on).here(self.on)

    def _of_alert(self, rows: Any, asked: str) -> Any:
        """By the visit's alert; today by the rank, which who was never measured shares."""
        if self.is_past:
            return rows.of_visit(self.visits, Q(alert=asked))
        rows = rows.filter(rank=ALERT_RANK[asked])
        return rows.filter(last_visit__isnull=False) if asked == "kuning" else rows

    @property
    def unweighed_months(self) -> int:
        return round(limit(self.user.programme, "unweighed_months"))

    def _of_figure(self, rows: Any, asked: str) -> Any:
        if asked == UNWEIGHED:
            return rows.unweighed(self.on, self.unweighed_months)
        if asked in STATES:
            return getattr(rows, STATES[asked][1])(self.visits)
        if asked in GAINS:
            return rows.of_gain(GAINS[asked][1], self.last, since=self.first)
        _, word, part = (FIGURES | LINKED)[asked]
        return rows.counted_as(self.visits, word, part)

    @property
    def noun(self) -> str:
        noun = {"balita": "balita", "baduta": "baduta"}.get(self.values["kelompok"], "anak")
        return f"{noun} tanpa NIK" if self.values["nik"] else noun

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
            "gone": away_words(child, self.on),
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


def past_day(asked: str, today: date) -> str:
    """The day of an address (2026-05-01) when it is a real one, not to come; else ""."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return ""
    return asked if date(1900, 1, 1) < day <= today and str(day) == asked else ""


def month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
