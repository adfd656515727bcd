"""A posyandu on one date: which children are due, and how each stands.

Plain data for the page, the printed list and the table; two queries, however many children.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from growth.age import completed_months
from growth.classify import ALERT_LABELS, ALERT_RANK
from growth.gain import GAIN_WORDS
from growth.reading import AGE_LIMIT_MONTHS
from growth.words import measured, short_date
from regions.models import Posyandu
from regions.words import number, percent
from registry import measuring
from registry.children import cards
from registry.models import Absence, Child, ExclusiveMonth, Measurement
from registry.models.children import unweighed
from registry.mothers import exclusive
from registry.standards import limit

REFERRED = ("merah", "oranye")
# What the kader does next, behind the colon of the headline (domain.md §1.8).
ACTIONS = {
    "merah": "rujuk ke puskesmas hari ini",
    "oranye": "rujuk ke puskesmas minggu ini",
    "kuning": "ukur ulang",
    "biru": "pantau bulan depan",
    "hijau": "timbang dan ukur lagi bulan depan",
}
# From 60 months a child is on no list, so nobody is called back who will have left by then.
LAST_VISIT = "ini ukuran terakhir sebelum lulus balita"


def due(user: Any, posyandu: Posyandu, on: date, action: str = "hold_posyandu") -> QuerySet[Child]:
    """The children expected: registered here, balita by date on that day, not moved out."""
    rows = Child.objects.in_scope(user, action).filter(posyandu=posyandu)
    return rows.balita(on).here(on).select_related("mother")


@dataclass(frozen=True)
class Row:
    """One child of the day: its number on the list, this day's visit, what was known before."""

    number: int
    child: Any  # a Child with the columns of ``_with_before``
    visit: Measurement | None
    on: date

    @property
    def name(self) -> str:
        return self.child.name

    @property
    def code(self) -> str:
        return self.child.code

    @property
    def state(self) -> str:
        """``measured``, ``absent`` or ``waiting``; who came late is measured."""
        return "measured" if self.visit else "absent" if self.child.absent else "waiting"

    @property
    def months(self) -> int:
        return self.child.months(self.on)

    @property
    def age(self) -> str:
        return ("≈ " if self.child.is_approximate else "") + f"{self.months} bulan"

    @property
    def mother(self) -> str:
        return self.child.mother.name if self.child.mother else ""

    @property
    def last(self) -> str:
        """``8,4 kg · 74,0 cm · 10 Okt 26``; "" when the child was never measured."""
        sizes = _sizes(self.child.last_weight, self.child.last_length)
        if not sizes:
            return ""
        day = short_date(self.child.latest_measured_on).replace(" ", "\u00a0")
        return " · ".join([*sizes, day])

    @property
    def unweighed(self) -> str:
        """``3 bulan tidak ditimbang``, when that is too long; "" otherwise and once weighed."""
        if not self.child.long_unweighed:
            return ""
        since = self.child.weighed_on
        if since is None:
            return "Belum pernah ditimbang"
        return f"{completed_months(since, self.on)} bulan tidak ditimbang"

    @property
    def asked_month(self) -> int | None:
        """The month (0–5) whose ASI question is still open on this day."""
        month = exclusive.asked_month(self.child.birth_date, self.on)
        known = self.child.told_month
        return month if month is not None and (known is None or known < month) else None

    @property
    def tone(self) -> str:
        return self.visit.alert or "netral" if self.visit else "netral"

    @property
    def label(self) -> str:
        return ALERT_LABELS.get(self.tone, "Sudah diukur")

    @property
    def told(self) -> str:
        """``8,2 kg (N) · 74,0 cm`` of this day's visit."""
        return told_words(self.visit) if self.visit else ""

    @property
    def headline(self) -> str:
        return headline(self.child, self.visit) if self.visit else ""


@dataclass(frozen=True)
class Day:
    """A posyandu on a date with its children in the order of the printed list."""

    posyandu: Posyandu
    on: date
    rows: tuple[Row, ...]

    def _of(self, state: str) -> list[Row]:
        return [row for row in self.rows if row.state == state]

    @cached_property
    def waiting(self) -> list[Row]:
        return self._of("waiting")

    @cached_property
    def absent(self) -> list[Row]:
        return self._of("absent")

    @cached_property
    def measured(self) -> list[Row]:
        """Most pressing first."""
        return sorted(self._of("measured"), key=lambda row: ALERT_RANK.get(row.tone, 9))

    @property
    def progress(self) -> str:
        """``23 dari 60 sudah diukur, 2 tidak hadir``."""
        gone = f", {len(self.absent)} tidak hadir" if self.absent else ""
        return f"{len(self.measured)} dari {len(self.rows)} sudah diukur{gone}"

    @property
    def referred(self) -> list[Row]:
        return [row for row in self.measured if row.tone in REFERRED]

    @property
    def weighed(self) -> str:
        """D/S: weighed of all who are registered here."""
        done = sum(row.visit.weight_kg is not None for row in self.measured if row.visit)
        return percent(done, len(self.rows))

    @property
    def gained(self) -> str:
        """N/D′: gained of those who can be compared (N and T), doubtful weights left out."""
        sound = [v for row in self.measured if (v := row.visit) and not v.waz_flag]
        letters = [visit.weight_gain for visit in sound if visit.waz is not None]
        return percent(letters.count("N"), letters.count("N") + letters.count("T"))

    def asks(self, child: Child) -> bool:
        """Whether the ASI question of this child is still open."""
        return any(row.code == child.code and row.asked_month is not None for row in self.rows)

    def after(self, child: Child) -> Row | None:
        """The next child who waits, in the order of the list and round again."""
        place = next((row.number for row in self.rows if row.code == child.code), 0)
        others = [row for row in self.waiting if row.code != child.code]
        later = [row for row in others if row.number > place]
        return next(iter(later or others), None)


def read(user: Any, posyandu: Posyandu, on: date, action: str = "hold_posyandu") -> Day:
    """The whole day in two queries."""
    months = round(limit(posyandu.programme, "unweighed_months"))
    children = list(_with_before(due(user, posyandu, on, action), on, months))
    found = Measurement.objects.current().filter(child__in=children, measured_on=on)
    visits = {visit.child_id: visit for visit in found.select_related("created_by")}
    rows = []
    for place, child in enumerate(children, 1):
        child.programme = posyandu.programme
        if visit := visits.get(child.pk):
            visit.child = child
        rows.append(Row(place, child, visit, on))
    return Day(posyandu, on, tuple(rows))


def _with_before(rows: Any, on: date, months: int) -> Any:
    """Add what was known before the day: the last visit, the last weighing, answers, absence."""
    weighed = Measurement.objects.current().filter(
        child=OuterRef("pk"), weight_kg__isnull=False, measured_on__lt=on
    )
    told = ExclusiveMonth.objects.filter(child=OuterRef("pk")).order_by("-month")
    return (
        rows.with_latest(on - timedelta(days=1))
        .annotate(
            last_weight=F("visit__weight_kg"),
            last_length=F("visit__length_height_cm"),
            last_gain=F("visit__weight_gain"),
            weighed_on=Subquery(weighed.order_by("-measured_on").values("measured_on")[:1]),
            long_unweighed=unweighed(on, months),
            told_month=Subquery(told.values("month")[:1]),
            absent=Exists(Absence.objects.filter(child=OuterRef("pk"), on=on)),
        )
        .order_by("name_key", "id")
    )


def _sizes(weight: Decimal | None, length: Decimal | None) -> list[str]:
    found = ((weight, "kg"), (length, "cm"))
    return [f"{measured(float(n))} {unit}" for n, unit in found if n is not None]


# --- What one visit says -----------------------------------------------------------------------


def told_words(visit: Measurement) -> str:
    """``8,2 kg (N) · 74,0 cm · LiLA 13,5 cm``."""
    letter = f" ({visit.weight_gain})" if visit.weight_gain else ""
    weight = [said + letter for said in _sizes(visit.weight_kg, None)]
    lila = [f"LiLA {said}" for said in _sizes(None, visit.lila_cm)]
    oedema = ["edema"] if visit.oedema else []
    return " · ".join(weight + _sizes(None, visit.length_height_cm) + lila + oedema)


def headline(child: Child, visit: Measurement) -> str:
    """``Pendek: rujuk ke puskesmas minggu ini``."""
    words = _why(child, visit)
    action = ACTIONS.get(visit.alert, "")
    if visit.alert == "kuning" and "belum diukur" in words:
        action = "lengkapi ukurannya"
    if visit.alert in ("hijau", "biru") and _leaves(child, visit.measured_on):
        action = LAST_VISIT
    if visit.doubted and visit.alert in REFERRED:
        action = f"ukur ulang, lalu {action}"
    return f"{words}: {action}" if action else words


def _leaves(child: Child, on: date) -> bool:
    """Whether the child will be 60 months old by the posyandu of next month."""
    return child.months(on + timedelta(days=28)) >= AGE_LIMIT_MONTHS


def plain_lines(child: Child, visit: Measurement) -> list[cards.Line]:
    """The indices a kader goes by; IMT/U repeats what BB/TB says."""
    return [line for line in cards.lines(child, visit) if line.short != "IMT/U"]


def _why(child: Child, visit: Measurement) -> str:
    """The classes that make the level, in plain words; else its first reason."""
    if visit.alert == "hijau":
        return "Pertumbuhan baik"
    said = [
        f"{line.words} (LiLA)" if line.short == "LiLA" else line.words
        for line in plain_lines(child, visit)
        if line.tone == visit.alert
    ]
    if visit.alert == "oranye" and visit.weight_gain == "T":
        said.append("Berat tidak naik")
    if not said or visit.alert == "kuning":
        reason = measuring.visit_of(visit).alert.reasons[0]
        if visit.alert == "kuning":  # "Tinggi belum diukur: status tinggi badan belum …"
            return reason.partition(": ")[0]
        last = reason.rpartition(": ")[2]  # "… −3,12 SD: gizi buruk"
        return last[0].upper() + last[1:]
    return ", ".join([said[0], *(word[0].lower() + word[1:] for word in said[1:])])


def gain_words(visit: Measurement) -> str:
    """``Berat naik 350 g (N)``: against the weighing that the letter compares with."""
    if visit.weight_kg is None:
        return ""
    before = _weighed_before(visit)
    if visit.weight_gain not in ("N", "T") or before is None:
        return GAIN_WORDS[visit.weight_gain]
    change = visit.weight_kg - before
    if visit.weight_gain == "N":
        return f"Berat naik {_grams(change)} (N)"
    if change > 0:
        return f"Berat hanya naik {_grams(change)}, belum cukup (T)"
    return f"Berat turun {_grams(-change)} (T)" if change else "Berat tetap (T)"


def _grams(kg: Decimal) -> str:
    """``350 g``; from a kilogram on ``1,8 kg``."""
    return f"{round(kg * 1000)} g" if kg < 1 else f"{number(kg)} kg"


def _weighed_before(visit: Measurement) -> Decimal | None:
    """The weight that N or T was told against: the last sound one of an earlier month."""
    month = visit.measured_on.replace(day=1)
    rows = visit.child.measurements.current().weighed().filter(measured_on__lt=month)
    newest = rows.order_by("-measured_on")[:10]
    return next((row.weight_kg for row in newest if not row.is_weight_doubtful), None)
