"""Known children of a list: the columns it may fill, and the visits it adds."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from growth.words import long_date
from registry import measuring, visits
from registry.imports import scoring
from registry.imports.changes import put
from registry.imports.chunk import Chunk
from registry.imports.families import save_changed
from registry.imports.inserting import insert
from registry.imports.judge import BEFORE_BIRTH, Outcome, Row
from registry.imports.restoring import noted
from registry.lookup import keys
from registry.models import Child, Consent, Measurement
from registry.visits import WORKED_OUT_FROM

NAMED = frozenset(("name", "birth_date", "nik", "posyandu"))


class Known:
    """A known child with the rows that tell of it."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.rows: list[Row] = []
        self.standing: list[Measurement] = []
        self.fresh: list[tuple[Row, Measurement]] = []
        self.columns: set[str] = set()
        self.derived: list[Measurement] = []


def change(chunk: Chunk) -> None:
    """Write what the rows of a chunk say anew of known children."""
    found: dict[int, Known] = {}
    for row in chunk.rows:
        if row.outcome == Outcome.CHANGED and row.child and row.child.pk and not row.made:
            found.setdefault(row.child.pk, Known(row.child)).rows.append(row)
    _load(found)
    for known in found.values():
        _refuse_before_birth(known)
    changed = {pk: known for pk, known in found.items() if known.rows}
    rows: dict[Any, set[str]] = defaultdict(set)
    for known in changed.values():
        _put(chunk, known, rows)
    _work_out(changed.values())
    fresh = [pair for known in changed.values() for pair in known.fresh]
    insert(visit for _, visit in fresh)  # before the children, who stand by them
    save_changed(rows)
    _store(chunk, changed, fresh)


def _load(found: dict[int, Known]) -> None:
    for visit in Measurement.objects.filter(child__in=found):
        found[visit.child_id].standing.append(visit)


def _refuse_before_birth(known: Known) -> None:
    """A corrected birth date may not lie after a visit that is stored."""
    first = min((v.measured_on for v in known.standing if not v.superseded), default=None)
    for row in list(known.rows):
        born = next((c.value for c in row.changes.made if c.column == "birth_date"), None)
        if born and first and first < born:
            row.ask(BEFORE_BIRTH.format(long_date(first)), [known.child])
            known.rows.remove(row)


def _put(chunk: Chunk, known: Known, rows: dict[Any, set[str]]) -> None:
    child = known.child
    for row in known.rows:
        if row.entry is None:
            continue
        for thing, there in (("child", child), ("mother", child.mother),
                             ("household", child.household)):  # fmt: skip
            made = row.changes.of(thing)
            if there is None or not made:
                continue
            row.made.setdefault("before", {})[thing] = noted(there, made)
            columns = put(there, made, row.entry)
            rows[there] |= set(columns)
            known.columns |= {change.column for change in made}
        known.fresh += [(row, chunk.visit(child, row.entry, day)) for day in row.visits]


def _work_out(changed: Iterable[Known]) -> None:
    known = list(changed)
    scores = scoring.scored((one.child, visit) for one in known for _, visit in one.fresh)
    for one in known:
        fresh = [visit for _, visit in one.fresh]
        if fresh:
            by_day = scores.get(id(one.child))
            one.derived = measuring.take_in(one.child, fresh, one.standing, by_day)
        elif one.columns & set(WORKED_OUT_FROM):
            one.derived = measuring.derive(one.child, one.standing, lift=True)


def _store(
    chunk: Chunk, changed: dict[int, Known], fresh: Iterable[tuple[Row, Measurement]]
) -> None:
    for row, visit in fresh:
        row.made.setdefault("visits", []).append(visit.code)
    derived = [visit for known in changed.values() for visit in known.derived]
    Measurement.objects.bulk_update(derived, measuring.DERIVED, batch_size=100)
    visits.stand_many(changed)
    agreed = Consent.objects.filter(child__in=changed).values_list("child_id", flat=True)
    without = [changed[pk].child for pk in set(changed) - set(agreed)]
    bases = Consent.objects.bulk_create([chunk.basis(child) for child in without])
    for child, basis in zip(without, bases, strict=True):
        changed[child.pk].rows[0].made["basis"] = basis.pk
    chunk.tell((known.child, _told(known)) for known in changed.values())
    keys.refresh_many(
        [known.child for known in changed.values() if known.columns & NAMED]
    )  # fmt: skip


def _told(known: Known) -> list[str]:
    return [*known.columns, *(["measured_on"] if known.fresh else [])]
