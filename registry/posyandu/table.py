"""Fast entry from paper: the printed list's lines typed in afterwards, each stored on its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from accounts.transitions import Refused
from registry.forms.posyandu_day import LILA_FROM_MONTH, YES_NO, EntryForm, must_lie, posture_for
from registry.models import Child
from registry.posyandu import entry
from registry.posyandu.day import Day, Row, told_words

BOXES = (
    "weight_kg", "length_height_cm", "measure", "lila_cm", "oedema", "exclusive", "absent",
    "confirmed",
)  # fmt: skip
# What makes a line one that was filled in; the posture is filled in beforehand.
TELLING = ("weight_kg", "length_height_cm", "lila_cm", "oedema", "exclusive", "absent")

BOTH = "Tidak hadir dicentang, tetapi ukurannya juga diisi. Hapus salah satu."


@dataclass
class Line:
    """One row of the table: what was typed stays until it is stored."""

    row: Row
    typed: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    doubtful: bool = False

    @property
    def lies(self) -> bool:
        return must_lie(self.row.child, self.row.on)

    @property
    def posture(self) -> str:
        return self.typed.get("measure") or posture_for(self.row.child, self.row.on)

    @property
    def has_lila(self) -> bool:
        return self.row.months >= LILA_FROM_MONTH

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Ya and Tidak, when the ASI question is open for this child."""
        return YES_NO if self.row.asked_month is not None else ()


@dataclass
class Sheet:
    """What became of a table that was sent: how many were stored, and the lines that were not."""

    stored: int = 0
    absent: int = 0
    again: int = 0
    bad: dict[str, Line] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """``12 anak tersimpan, 2 tidak hadir.``"""
        said = [f"{self.stored} anak tersimpan"] if self.stored else []
        if self.absent:
            said.append(f"{self.absent} tidak hadir")
        if self.again:
            said.append(f"{self.again} sudah tersimpan sebelumnya")
        text = ", ".join(said)
        return f"{text}." if text else ""


def typed_of(data: QueryDict, code: str) -> dict[str, str]:
    """What was typed into one row, without what is empty."""
    found = {name: data.get(f"{code}-{name}", "").strip() for name in BOXES}
    return {name: said for name, said in found.items() if said}


def store(user: Any, day: Day, data: QueryDict) -> Sheet:
    """Store each filled row on its own: a bad one keeps nobody else's numbers waiting."""
    sheet = Sheet()
    for row in day.rows:
        typed = typed_of(data, row.code)
        if any(name in typed for name in TELLING):
            _store_line(user, day, Line(row, typed), data, sheet)
    return sheet


def _store_line(user: Any, day: Day, line: Line, data: QueryDict, sheet: Sheet) -> None:
    try:
        state = _store_one(user, day, line, data, sheet)
    except Refused as refused:
        line.errors.append(refused.sentence)
        state = ""
    if state == entry.SAVED:
        sheet.stored += 1
    elif state == entry.DUPLICATE:
        sheet.again += 1
    elif state == "absent":
        sheet.absent += 1
    else:
        sheet.bad[line.row.code] = line


def _store_one(user: Any, day: Day, line: Line, data: QueryDict, sheet: Sheet) -> str:
    child: Child = line.row.child
    if "absent" in line.typed:
        if any(name in line.typed for name in TELLING[:4]):
            raise Refused(BOTH)
        return "absent" if entry.absent(user, child, day.posyandu, day.on) else entry.DUPLICATE
    form = EntryForm(
        data, prefix=line.row.code, child=child, on=day.on, today=day.posyandu.programme.today()
    )
    if not form.is_valid():
        line.errors = list(_named(form))
        line.doubtful = bool(form.doubts)
        return ""
    entered = entry.measure(user, child, form.numbers())
    if entered.state == entry.TAKEN:
        line.errors.append(taken_words(entered))
        return ""
    if told := entry.tell_exclusive(user, child, form.told_exclusive, day.on):
        sheet.notes.append(f"{line.row.name}: {told}")
    return entered.state


def _named(form: EntryForm) -> Iterator[str]:
    """What is wrong, each with its box named: a row has many."""
    for name, errors in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        for error in map(str, errors):
            named = not label or label.partition(" ")[0] in error
            yield error if named else f"{label}: {error}"


def taken_words(entered: entry.Entered) -> str:
    """Who measured this child that day, and what stands."""
    visit = entered.visit
    by = f" oleh {visit.created_by}" if visit.created_by else ""
    return f"Anak ini sudah dicatat{by}: {told_words(visit)}."


def lines(day: Day, sheet: Sheet) -> list[Line]:
    """The rows still to be typed, in the order of the printed list; bad ones as they were."""
    return [
        sheet.bad.get(row.code) or Line(row)
        for row in day.rows
        if row.code in sheet.bad or row.state == "waiting"
    ]
