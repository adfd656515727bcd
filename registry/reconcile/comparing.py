"""The worker's part: every row of the list beside the registry, some hundred at a time.

A row means a child as in an import: by NIK, else by name, birth date, desa and parents. Who is
merely alike is told, not guessed. Then come the children here that the list should hold.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import jobs
from growth.words import long_date
from registry.imports import analyse, mapping
from registry.imports.analyse import MAY_BE, Item, Reading, chunks
from registry.imports.entries import Entry
from registry.imports.inserting import insert
from registry.imports.standing import Standing
from registry.lookup import candidates
from registry.models import Child, Import, ImportRow, Measurement
from registry.models.children import ChildQuerySet
from registry.reconcile.visits import beside

Outcome = ImportRow.Outcome
NO_VISIT_THERE = "Daftar tidak memuat pengukuran anak ini."
OTHER_BIRTH = "Tanggal lahir di portal ini lain: {}."
OTHER_SEX = "Jenis kelamin di portal ini lain: {}."
OTHER_DESA = "Di portal ini anak tercatat di desa lain."
LEFT = "Di portal ini anak tercatat sudah keluar pada {}."


@dataclass(slots=True)
class Covered:
    """What the list covers: its places, its last day of measuring, the children it may mean."""

    posyandu: set[int] = field(default_factory=set)
    desa: set[int] = field(default_factory=set)
    last: date | None = None
    meant: set[int] = field(default_factory=set)

    def take(self, entry: Entry, child: Child | None) -> None:
        """A row that names no posyandu stands for its whole desa."""
        posyandu = entry.posyandu or (child.posyandu_id if child else None)
        if posyandu:
            self.posyandu.add(posyandu)
        else:
            self.desa.add(entry.desa)
        days = [*entry.visits, *([self.last] if self.last else [])]
        self.last = max(days, default=None)


def compare(task: jobs.Task, source: Import) -> Counter[str]:
    """Make the rows of a comparison; how many there are of each kind."""
    reading, covered, done = Reading(source, told=True), Covered(), 0
    ImportRow.objects.filter(source=source).delete()
    for some in chunks(reading.rows):
        task.step(done, len(reading.rows), "Membandingkan dengan data di portal")
        rows = _rows(reading, [analyse.item_of(reading, *one) for one in some], covered)
        with transaction.atomic():
            insert(rows)
        done += len(some)
    _let_go(source, covered)
    _add_missing(reading, covered)
    return analyse.count(source)


# --- The rows of the list ------------------------------------------------------------------------


def _rows(reading: Reading, items: Sequence[Item], covered: Covered) -> list[ImportRow]:
    nameless = {item.row.number for item in items if item.row.entry is None}
    analyse.by_nik_alone(reading, items)
    standing = Standing(reading.programme, [item.row.entry for item in items if item.row.entry])
    for item in items:
        _match(item, standing)
    _tell_alike(reading, items)
    visits = _visits(items)
    for item in items:
        if item.row.entry:
            known = item.row.child if item.row.number in nameless else None
            covered.take(item.row.entry, known)
        them = [item.row.child, *item.row.candidates]
        covered.meant |= {child.pk for child in them if child}
    return [_row(reading, item, visits) for item in items]


def _match(item: Item, standing: Standing) -> None:
    """Whom the row surely means; a question stays one."""
    row = item.row
    if not row.entry or row.outcome == Outcome.REFUSED:
        return
    match = standing.match(row.entry)
    if match.why:
        row.ask(match.why, match.candidates)
    elif row.outcome == Outcome.ASK:  # its numbers must be asked back first
        row.offer([match.child] if match.child else [])
    else:
        row.child, row.outcome = match.child, "" if match.child else Outcome.THERE


def _tell_alike(reading: Reading, items: Sequence[Item]) -> None:
    """Who is not found, but resembles a known child, must be looked at."""
    fresh = [item.row for item in items if item.row.outcome == Outcome.THERE]
    asked = [analyse.asked_of(reading, row.entry) for row in fresh if row.entry]
    for row, found in zip(fresh, candidates.find_many(reading.programme, asked, 5), strict=True):
        if found:
            row.ask(MAY_BE, [one.child for one in found])


def _visits(items: Sequence[Item]) -> dict[int, list[Measurement]]:
    """What was measured here in the months of these rows, by child."""
    children = {item.row.child.pk for item in items if item.row.child}
    days = [day for item in items if item.row.entry for day in item.row.entry.visits]
    if not children or not days:
        return {}
    first, last = min(days).replace(day=1), max(days)
    until = last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1, day=1)
    rows = Measurement.objects.current().filter(
        child__in=children, measured_on__gte=first, measured_on__lt=until
    )
    found: dict[int, list[Measurement]] = defaultdict(list)
    for row in rows:
        found[row.child_id].append(row)
    return found


def _row(reading: Reading, item: Item, visits: dict[int, list[Measurement]]) -> ImportRow:
    row, entry, child = item.row, item.row.entry, item.row.child
    values = entry.pack() if entry else {"title": item.read.values.get("child_name", "")}
    changes: dict[str, Any] = {}
    if entry and child and row.outcome == "":
        columns = set(reading.columns.values())
        ours = visits.get(child.pk, [])
        changes["visits"] = [beside(entry, day, child, ours, columns) for day in entry.visits]
        row.reasons += _notes(entry, child, columns)
        row.outcome = _kind(changes["visits"], row.reasons)
    return ImportRow(
        source=reading.source, number=row.number, outcome=row.outcome,
        reason=" ".join([*row.reasons, *item.read.notes])[:300], values=values, changes=changes,
        child=child if row.outcome != Outcome.ASK else None,
        candidates=[one.code for one in row.candidates],
    )  # fmt: skip


def _notes(entry: Entry, child: Child, columns: set[str]) -> list[str]:
    """What else differs than the visits."""
    notes = [NO_VISIT_THERE] if "measured_on" in columns and not entry.visits else []
    if entry.birth_date != child.birth_date and not entry.is_approximate:
        notes.append(OTHER_BIRTH.format(long_date(child.birth_date)))
    if entry.sex != child.sex:
        notes.append(OTHER_SEX.format(child.get_sex_display().lower()))
    if entry.desa != child.desa_id:
        notes.append(OTHER_DESA)
    if child.left_on and any(day >= child.left_on for day in entry.visits):
        notes.append(LEFT.format(long_date(child.left_on)))
    return notes


def _kind(visits: Sequence[dict[str, Any]], notes: Sequence[str]) -> str:
    """Each row is of one kind: another class says more than another number."""
    if any(visit["classes"] for visit in visits):
        return Outcome.CLASS
    differs = notes or any(visit["here"] is None or visit["differs"] for visit in visits)
    return Outcome.NUMBERS if differs else Outcome.SAME


def _let_go(source: Import, covered: Covered) -> None:
    """Who resembles only children that other rows surely are is missing here: a twin."""
    sure = set(source.rows.exclude(child=None).values_list("child__code", flat=True))
    asked = source.rows.filter(outcome=Outcome.ASK, reason__startswith=MAY_BE)
    free = [row for row in asked if set(row.candidates) <= sure]
    for row in free:
        row.outcome, row.candidates, row.reason = Outcome.THERE, [], row.reason[len(MAY_BE) :]
    ImportRow.objects.bulk_update(free, ["outcome", "candidates", "reason"], batch_size=200)


# --- Who is not in the list ----------------------------------------------------------------------


def expected(source: Import, covered: Covered) -> tuple[ChildQuerySet, date]:
    """The children whom the list should hold, and the day: balita of its places on its last day
    of measuring (else the day its data are of, else today), living here and not yet gone."""
    on = covered.last or mapping.data_date_of(source) or source.programme.today()
    rows = Child.objects.of(source.programme).balita(on).here(on)
    places = Q(posyandu__in=covered.posyandu) | Q(desa__in=covered.desa)
    return rows.filter(places), on


def _add_missing(reading: Reading, covered: Covered) -> None:
    """Those of them whom no row means, behind the last row; and by what they were chosen."""
    source = reading.source
    rows, on = expected(source, covered)
    keys = list(rows.order_by("desa__name", "name_key", "pk").values_list("pk", flat=True))
    missing = [pk for pk in keys if pk not in covered.meant]
    after = max((number for number, _ in reading.rows), default=0)
    with transaction.atomic():
        insert(
            ImportRow(source=source, number=number, outcome=Outcome.HERE, child_id=pk)
            for number, pk in enumerate(missing, after + 1)
        )
        _keep_words(reading, covered, on, len(keys))


def _keep_words(reading: Reading, covered: Covered, on: date, count: int) -> None:
    source, places = reading.source, reading.places
    source.columns = source.columns | {
        "passed": reading.passed,
        "compared": {
            "on": str(on), "expected": count, "rows": len(reading.rows),
            "posyandu": sorted(places.names.get(key, "") for key in covered.posyandu),
            "desa": sorted(places.by_key[key].name for key in covered.desa),
        },
    }  # fmt: skip
    Import.objects.filter(pk=source.pk).update(columns=source.columns)
