"""Mutu data: a month's measurements by who noted them and by posyandu, and the lists behind.

The rules are ``growth/quality.py``'s; here the visits are read once, each child's visits before
once, and added up. For people who accompany kader: what to look at again, never whom to blame.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.paging import Order
from growth.quality import CHECKS, LEAST_N, ROUNDED, Tally, Visit, judge, patterns, tally
from growth.words import measured
from regions.models import Programme
from regions.words import percent
from registry.area import UNKNOWN_POSYANDU
from registry.models import Child, Measurement
from registry.posyandu.digits import rounding
from registry.posyandu.quality_asked import ACTION, NO_ACCOUNT, WITHOUT, QualityAsked

BEFORE_DAYS = 186  # how far back a visit before is looked for
NOT_MEASURED = "belum-diukur"
ANY = "semua-tanda"
SIGNS = tuple(key for key in CHECKS if key not in ROUNDED)  # each odd visit is worth a look
POSTURES = dict(Measurement.Posture.choices)
PER_PAGE = 40  # people or posyandu on one page
# Who wants company first; the posyandu of the lowest coverage first.
BY_NEED = Order("mutu pencatat", ("quiet", "less", "name", "code"))
BY_COVERAGE = Order("mutu posyandu", ("part", "name", "code"))
VISITS = Order("mutu kunjungan", ("visit.on", "name", "code"))
CHILDREN = Order("mutu anak", ("desa__code", "place", "name_key", "id"))


def _names(person: str) -> tuple[str, str, str]:
    return f"{person}__code", f"{person}__full_name", f"{person}__username"


_COLUMNS = (
    "child_id", "measured_on", "child__birth_date", "weight_kg", "length_height_cm", "measure",
    "haz_flag", "waz_flag", "whz_flag", "baz_flag", "confirmed", "doubted", "revision",
    "created_at", "made__received_at", *_names("created_by"), *_names("made__reporter"),
    "child__code", "child__name", "child__posyandu__code", "child__posyandu__name",
    "child__desa__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of the month with what was found, who noted it, and where the child belongs."""

    visit: Visit
    earlier: list[Visit]
    judged: dict[str, bool]
    by: str  # the person's code, NO_ACCOUNT without one
    by_name: str
    place: str
    place_name: str
    code: str
    name: str


class Quality:
    """The month as asked: every visit judged, added up as often as a page needs it."""

    def __init__(self, asked: QualityAsked) -> None:
        self.asked = asked

    @cached_property
    def rows(self) -> list[Row]:
        """The visits of the month in scope, in the order they were made. Two queries."""
        before = self._before()
        rows = []
        for found in self._visits().values_list(*_COLUMNS):
            row = _row(found, before, self.asked.user.programme)
            before[row.visit.child].insert(0, row.visit)
            rows.append(row)
        return [row for row in rows if self._is_asked(row)]

    def _visits(self) -> Any:
        made = FilteredRelation("submissions", condition=Q(submissions__made_measurement=True))
        rows = self._in_scope().filter(measured_on__range=self.asked.month)
        return rows.annotate(made=made).order_by("measured_on", "id")

    def _in_scope(self) -> Any:
        rows = Measurement.objects.current().in_scope(self.asked.user, ACTION)
        if self.asked.desa:
            rows = rows.filter(child__desa=self.asked.desa)
        return rows.filter(child__posyandu=self.asked.posyandu) if self.asked.posyandu else rows

    def _before(self) -> dict[int, list[Visit]]:
        """Each child's visits of the half year before the month, newest first."""
        first = self.asked.month[0]
        # An address may ask for the year 1, which has nothing before it.
        since = date.fromordinal(max(first.toordinal() - BEFORE_DAYS, 1))
        rows = self._in_scope().filter(measured_on__lt=first, measured_on__gte=since)
        found: dict[int, list[Visit]] = defaultdict(list)
        for child, on, weight, height in rows.order_by("-measured_on").values_list(
            "child_id", "measured_on", "weight_kg", "length_height_cm"
        ):
            found[child].append(Visit(child, on, on, weight, height))
        return found

    def _is_asked(self, row: Row) -> bool:
        return not self.asked.person or row.by == self.asked.values["pencatat"]

    # --- Added up ------------------------------------------------------------------------------

    @cached_property
    def total(self) -> Tally:
        return tally((row.visit, row.judged) for row in self.rows)

    def summary(self) -> dict[str, Any]:
        """What page and paper both begin with."""
        # D/S is a posyandu's, not a person's.
        done, due = (0, 0) if self.asked.person else self.coverage()
        heights, weights = (rounding(self.total, key) for key in ROUNDED)
        return {
            "total": self.total, "month": self.asked.month[0], "done": done, "due": due,
            "digits": [("Tinggi", heights), ("Berat", weights)], "said": patterns(self.total),
            "checks": self.checks(),
        }  # fmt: skip

    def checks(self) -> list[dict[str, Any]]:
        """Every check with n/N, the list behind, and what to do."""
        total = self.total
        return [
            {"label": check.label, "tip": check.tip, "n": total.odd[key],
             "total": total.asked[key], "share": percent(total.odd[key], total.asked[key]),
             "url": self.asked.list_url(key) if total.odd[key] else ""}
            for key, check in CHECKS.items()
        ]  # fmt: skip

    def people(self) -> list[dict[str, Any]]:
        """One line per person who noted visits; who wants company first."""
        tallies = self._by(lambda row: (row.by, row.by_name))
        lines = [
            self._line(name, "", added, pencatat=code) for (code, name), added in tallies.items()
        ]
        return BY_NEED.arranged(lines)

    def places(self) -> list[dict[str, Any]]:
        """One line per posyandu with D/S, lowest coverage first."""
        tallies = self._by(lambda row: row.place)
        found = []
        for due in self.due:
            code = due["posyandu__code"] or ""
            line = self._line(
                due["posyandu__name"] or UNKNOWN_POSYANDU, due["desa__name"],
                tallies.get(code, Tally()), posyandu=code,
            )  # fmt: skip
            if not code:
                line["url"] = line["list"] = ""
            line |= {"due": due["due"], "done": due["done"], "left": "",
                     "part": due["done"] / due["due"],
                     "share": percent(due["done"], due["due"])}  # fmt: skip
            if code and due["done"] < due["due"]:
                line["left"] = self.asked.list_url(NOT_MEASURED, posyandu=code)
            found.append(line)
        return BY_COVERAGE.arranged(found)

    def _by(self, key: Any) -> dict[Any, Tally]:
        found: dict[Any, Tally] = defaultdict(Tally)
        for row in self.rows:
            found[key(row)].add(row.visit, row.judged)
        return found

    def _line(self, name: str, where: str, added: Tally, **narrowed: str) -> dict[str, Any]:
        said = patterns(added)
        return {
            "name": name, "where": where, "n": added.n, "said": said, "odd": added.to_see,
            "code": next(iter(narrowed.values())), "quiet": not said, "less": -added.to_see,
            "few": added.n < LEAST_N,
            "height": rounding(added, "tinggi-bulat"),
            "weight": rounding(added, "berat-bulat"),
            "url": self.asked.url(menurut="", **narrowed),
            "list": self.asked.list_url(ANY, **narrowed) if added.to_see else "",
        }  # fmt: skip

    # --- D/S -----------------------------------------------------------------------------------

    def _children(self) -> Any:
        """The balita who belong here at the end of the month, ``seen``: measured in it."""
        rows = Child.objects.in_scope(self.asked.user, ACTION).in_desa(self.asked.desa)
        if self.asked.posyandu:
            rows = rows.filter(posyandu=self.asked.posyandu)
        visits = Measurement.objects.current().filter(
            child=OuterRef("pk"), measured_on__range=self.asked.month
        )
        return rows.balita(self.asked.on).here(self.asked.on).annotate(seen=Exists(visits))

    @cached_property
    def due(self) -> list[dict[str, Any]]:
        """S and D of each posyandu: registered balita, and those measured. One query."""
        place = ("posyandu__code", "posyandu__name", "desa__name")
        rows = self._children().order_by().values(*place)
        return list(rows.annotate(due=Count("pk"), done=Count("pk", filter=Q(seen=True))))

    def coverage(self) -> tuple[int, int]:
        """D and S of the whole selection."""
        return sum(d["done"] for d in self.due), sum(d["due"] for d in self.due)

    def not_measured(self) -> Any:
        """The balita who were not measured in the month."""
        rows = self._children().filter(seen=False).select_related("posyandu", "desa")
        return rows.annotate(place=Coalesce("posyandu__name", Value("")))

    # --- Lists ---------------------------------------------------------------------------------

    def behind(self, which: str) -> list[Row]:
        """The visits one check found, or all of them with a sign to look at."""
        keys = SIGNS if which == ANY else (which,)
        return [row for row in self.rows if any(row.judged.get(key) for key in keys)]


LISTS = {
    **{key: check.label for key, check in CHECKS.items()},
    ANY: "Semua yang perlu dilihat lagi",
    NOT_MEASURED: "Belum diukur bulan ini",
}


def listed(page: Any, which: str, asked: QualityAsked) -> list[dict[str, Any]]:
    """A page of a list as plain rows: visits with what is odd, or children not measured."""
    if which != NOT_MEASURED:
        return [_listed(row, which) for row in page]
    return [
        {"name": child.name, "url": reverse("registry:child", args=[child.code]),
         "where": _where(child.posyandu.name if child.posyandu else "", child.desa.name),
         "age": child.age_text(asked.on)}
        for child in page
    ]  # fmt: skip


def _listed(row: Row, which: str) -> dict[str, Any]:
    visit, keys = row.visit, SIGNS if which == ANY else (which,)
    return {
        "name": row.name, "url": reverse("registry:child", args=[row.code]),
        "where": row.place_name, "on": visit.on, "weight": _cell(visit.weight_kg, "kg"),
        "height": _cell(visit.height_cm, "cm"),
        "measure": POSTURES.get(visit.measure, "cara belum diisi"),
        "odd": [(CHECKS[key].said(visit, row.earlier), CHECKS[key].tip)
                for key in keys if row.judged.get(key)],
    }  # fmt: skip


def _cell(value: Any, unit: str) -> str:
    return f"{measured(float(value))} {unit}" if value is not None else "–"


def _where(place: str, desa: str) -> str:
    return f"{place or UNKNOWN_POSYANDU}, {desa}"


def _row(found: tuple[Any, ...], before: dict[int, list[Visit]], programme: Programme) -> Row:
    (child, on, born, weight, height, measure, haz, waz, whz, baz, confirmed, doubted, revision,
     created_at, received_at, *names, code, name, place, place_name, desa) = found  # fmt: skip
    # A report is the kader's, on the day it came; only what was typed here is the typist's.
    reported = received_at is not None
    arrived = received_at if reported else created_at
    visit = Visit(
        child, on, born, weight, height, measure,
        flagged=haz or waz or whz or baz,
        confirmed=confirmed or bool(doubted),
        entered_on=programme.local(arrived).date() if revision == 1 else None,
    )  # fmt: skip
    earlier = list(before[child])
    by, full_name, user_name = names[3:] if reported else names[:3]
    return Row(
        visit, earlier, judge(visit, earlier), by or NO_ACCOUNT,
        (full_name or user_name) if by else WITHOUT,
        place or "", _where(place_name or "", desa), code, name,
    )  # fmt: skip
