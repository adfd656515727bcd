"""Analisis dulu: what a list would do, row by row, without doing it.

Each row is read, placed, and compared with the registry; what becomes of it is kept as an
``ImportRow``. Killed half-way it is begun again from the first row.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count

from accounts import jobs
from accounts.transitions import Refused
from registry.identity import index_of, sealed
from registry.imports import files, layouts, mapping, shows
from registry.imports.entries import Entry, Unfit, entry_of, precision_of
from registry.imports.inserting import insert, like
from registry.imports.judge import MISTAKEN_BIRTH, Judge, Outcome, Row
from registry.imports.labels import TOLD_FIELDS
from registry.imports.places import Places, Unplaced
from registry.imports.rows import Body, body
from registry.imports.sheet import Sheet, TooLong, Unreadable, open_sheet
from registry.imports.standing import OTHER_NAME, Standing
from registry.imports.values import Read, RowReader, month_first_columns
from registry.lookup import candidates
from registry.lookup.alike import compare
from registry.lookup.candidates import Asked
from registry.models import Child, Import, ImportRow

CHUNK = 500
NO_BIRTH = "Tanggal lahir kosong."
UNKNOWN_NIK = "NIK ini belum tercatat, dan daftar ini tidak memuat tanggal lahirnya."
MAY_BE = "Mirip dengan anak yang sudah tercatat."


# Code of a child -> name and birth date in each row that surely means this child.
Claimed = dict[str, list[tuple[str, date]]]


class Reading:
    """The rows of one list with what they say, in the order of the file.

    What a list claims of its visits (z, classes) is read only with ``told``: it is worked out anew.
    """

    def __init__(self, source: Import, *, told: bool = False) -> None:
        self.source, self.programme = source, source.programme
        self.today = self.programme.today()
        mapped = mapping.columns_of(source)
        self.columns = {at: name for at, name in mapped.items() if told or name not in TOLD_FIELDS}
        self.places = Places(self.programme)
        self.default = source.columns.get("place", {})
        self.empty_row = ImportRow(source=source)
        try:
            sheet = open_sheet(
                files.path_of(source), source.file_name, source.columns.get("sheet", "")
            )
            found = self._body(sheet)
            self.rows, self.passed = found.rows, found.notes
        except Unreadable as unreadable:
            raise Refused(str(unreadable)) from unreadable

    def _body(self, sheet: Sheet) -> Body:
        header = layouts.find_header(sheet, self.source.header_row)
        found = body(sheet, header, self.columns)
        doubtful = month_first_columns((row for _, row in found.rows), self.columns)
        self.reader = RowReader(self.columns, doubtful)
        return found

    def read(self, cells: Any) -> Read:
        return self.reader.read(cells, self.today)

    def place(self, read: Read) -> Any:
        """The place the row names, or the one that was chosen for the whole list."""
        said = [read.values.get(name, "") for name in ("kecamatan", "desa", "posyandu")]
        if not said[1] and not said[2]:
            said[1:] = self.default.get("desa", ""), self.default.get("posyandu", "")
        return self.places.find(*said)

    def cells(self, cells: Any) -> str:
        """The row as it stands in the list, to be handed back: encrypted, it may hold a NIK."""
        plain = [f"({cell.letters} huruf)" if isinstance(cell, TooLong) else cell for cell in cells]
        return sealed(json.dumps(plain, ensure_ascii=False))


@dataclass(slots=True)
class Item:
    """One row of the list with what was read in it."""

    row: Row
    cells: Any
    read: Read
    alike: dict[str, list[str]] = field(default_factory=dict)  # code -> why it may be this one


def chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        yield some


def analyse(task: jobs.Task, source: Import) -> Counter[str]:
    """Make the rows of a list of children; how many have which outcome."""
    reading, judge = Reading(source), Judge()
    mapping.note_passed(source, reading.passed)
    ImportRow.objects.filter(source=source).delete()
    claimed: Claimed = defaultdict(list)
    done = 0
    for some in chunks(reading.rows):
        task.step(done, len(reading.rows), "Membandingkan dengan data di portal")
        items = [item_of(reading, number, cells) for number, cells in some]
        by_nik_alone(reading, items)
        rows = [item.row for item in items]
        standing = Standing(source.programme, [row.entry for row in rows if row.entry])
        judge.judge(rows, standing)
        for row in rows:
            if row.child and row.entry:
                claimed[row.child.code].append((row.entry.name, row.entry.birth_date))
        _ask_about_alike(reading, items)
        with transaction.atomic():
            insert(_kept(reading, item) for item in items)
        done += len(some)
    _let_go_of_claimed(source, claimed)
    return count(source)


def count(source: Import) -> Counter[str]:
    """How many rows have which outcome."""
    rows = source.rows.values_list("outcome").annotate(n=Count("pk"))
    return Counter(dict(rows))


# --- One row -----------------------------------------------------------------------------------


def item_of(reading: Reading, number: int, cells: Any) -> Item:
    """A row read and placed; refused, or a question, where that is plain already."""
    read = reading.read(cells)
    item = Item(Row(number), cells, read)
    problems = list(read.problems)
    if problems == [NO_BIRTH] and read.values["nik"]:
        return item  # a list of weighings names known children by their NIK alone
    place = None
    try:
        place = reading.place(read)
    except Unplaced as unplaced:
        problems.append(str(unplaced))
    if place and not problems:
        problems += _enter(reading, item, place)
    if problems:
        item.row.refuse(" ".join(problems))
    elif read.asks:
        item.row.ask(" ".join(read.asks))
    return item


def _enter(reading: Reading, item: Item, place: Any) -> list[str]:
    date_of_data = mapping.data_date_of(reading.source)
    try:
        item.row.entry = entry_of(
            item.read.values, item.read.visits, place, today=reading.today, data_date=date_of_data
        )
    except Unfit as unfit:
        return [str(unfit)]
    return []


def by_nik_alone(reading: Reading, items: Sequence[Item]) -> None:
    """Rows without a birth date: who they are is what the registry knows of their NIK."""
    waiting = [i for i in items if i.row.entry is None and i.row.outcome != Outcome.REFUSED]
    wanted = {index_of(item.read.values["nik"]) for item in waiting}
    children = Child.objects.of(reading.programme).filter(nik_index__in=wanted)
    known = {child.nik_index: child for child in children.defer("nik")} if wanted else {}
    for item in waiting:
        child = known.get(index_of(item.read.values["nik"]))
        if child is None:
            item.row.refuse(UNKNOWN_NIK)
            continue
        item.row.entry = _entry_of_child(child, item.read)
        if item.read.asks:
            item.row.ask(" ".join(item.read.asks))
        if compare(item.read.values.get("child_name", ""), child.name).clashing:
            item.row.ask(OTHER_NAME, [child])


def _entry_of_child(child: Child, read: Read) -> Entry:
    return Entry(
        name=child.name, sex=child.sex, birth_date=child.birth_date,
        is_approximate=child.is_approximate, desa=child.desa_id, posyandu=None,
        nik=read.values["nik"], father_name=child.father_name,
        visits={visit["measured_on"]: visit for visit in read.visits},
    )  # fmt: skip


# --- Who may be meant ----------------------------------------------------------------------------


def _ask_about_alike(reading: Reading, items: Sequence[Item]) -> None:
    """A new row that resembles a known child is a question."""
    fresh = [item for item in items if _may_be_new(item.row)]
    asked = [asked_of(reading, item.row.entry) for item in fresh if item.row.entry]
    for item, found in zip(fresh, candidates.find_many(reading.programme, asked, 5), strict=True):
        if found:
            item.row.visits = []
            item.row.ask(MAY_BE, [one.child for one in found])
            item.alike = {one.child.code: one.reasons for one in found}


def _may_be_new(row: Row) -> bool:
    """New, or waiting for another answer with nobody of ours to choose."""
    waits = row.outcome == Outcome.ASK and row.may_be_new and not row.candidates
    return row.entry is not None and (row.outcome == Outcome.NEW or waits)


def asked_of(reading: Reading, entry: Entry) -> Asked:
    """Who is looked for among the known children."""
    return Asked(
        entry.name, entry.birth_date, precision_of(entry), entry.sex,
        reading.places.by_key[entry.desa], entry.mother_name, entry.father_name, entry.nik,
        birth_order=entry.birth_order, mother_nik=entry.mother_nik, kk=entry.kk,
    )  # fmt: skip


def _let_go_of_claimed(source: Import, claimed: Claimed) -> None:
    """Who resembles only children that other rows surely are is new: a twin, a namesake."""
    asked = source.rows.filter(outcome=Outcome.ASK, reason__startswith=MAY_BE)
    alone = [row for row in asked if set(row.candidates) <= set(claimed)]
    free = [row for row in alone if not _is_told_twice(row, claimed)]
    for row in free:
        row.outcome, row.candidates, row.reason = Outcome.NEW, [], row.reason[len(MAY_BE) :].strip()
    ImportRow.objects.bulk_update(free, ["outcome", "candidates", "reason"], batch_size=200)


def _is_told_twice(row: ImportRow, claimed: Claimed) -> bool:
    """Whether one of the other rows may tell of the very child of this one. A namesake of the same
    weeks is rare enough to ask."""
    name, born = row.values["name"], date.fromisoformat(row.values["born"])
    return any(
        abs(born - other_born) <= MISTAKEN_BIRTH and not compare(name, other).clashing
        for code in row.candidates
        for other, other_born in claimed[code]
    )


# --- Keeping it ----------------------------------------------------------------------------------


def _kept(reading: Reading, item: Item) -> Any:
    row = item.row
    values: dict[str, Any] = row.entry.pack() if row.entry else {}
    if row.outcome in (Outcome.REFUSED, Outcome.ASK):
        values["cells"] = reading.cells(item.cells)
    if row.outcome == Outcome.ASK:
        values |= {"may_be_new": row.may_be_new, "alike": item.alike}
    return like(
        reading.empty_row, number=row.number, outcome=row.outcome,
        reason=" ".join([*row.reasons, *item.read.notes])[:300], values=values,
        changes=_changes(reading, row), child=row.child if row.outcome != Outcome.ASK else None,
        candidates=[child.code for child in row.candidates], made={},
    )  # fmt: skip


def _changes(reading: Reading, row: Row) -> dict[str, Any]:
    """What the page shows of a known child: before, after, visits added, what stays."""
    if not row.entry or not (row.changes.made or row.changes.kept or row.visits):
        return {}
    if row.outcome == Outcome.NEW:
        return {}
    names = reading.places.names
    return {
        "fields": [shows.change_words(change, names) for change in row.changes.made],
        "visits": [shows.visit_words(day, row.entry.visits[day]) for day in row.visits],
        "kept": shows.kept_words(row.changes.kept),
    }
