"""New children of a list, some hundred at once: family, child, visits, basis, keys, events."""

from typing import Any

from regions.codes import new_code
from registry import measuring, visits
from registry.identity import tail_of
from registry.imports import scoring
from registry.imports.changes import written
from registry.imports.chunk import Chunk
from registry.imports.entries import Entry, Unfit, precision_of
from registry.imports.families import Families
from registry.imports.inserting import insert, like
from registry.imports.judge import Outcome, Row
from registry.lookup import keys
from registry.models import Child, Household, Measurement, Mother


class Newborn:
    """A child that is about to be stored, with the row that made it and its visits."""

    def __init__(self, row: Row, child: Child) -> None:
        self.row, self.child = row, child
        self.visits: list[tuple[Row, Measurement]] = []

    @property
    def fresh(self) -> list[Measurement]:
        return [visit for _, visit in self.visits]


def make(chunk: Chunk) -> None:
    """Store the new children of a chunk; rows whose family cannot be are refused."""
    wanted = [row for row in chunk.rows if row.outcome == Outcome.NEW]
    families = Families(chunk.programme, chunk.user, chunk.standing, chunk.judge.told)
    families.load([row.entry for row in wanted if row.entry])
    born = {row.number: one for row in wanted if (one := _newborn(chunk, families, row))}
    _add_later_rows(chunk, born)
    families.save()
    _store(chunk, list(born.values()))
    for number, one in born.items():
        _note(one, number, families)
        chunk.judge.knows(one.row, one.child)
    keys.refresh_many(
        [one.child for one in born.values()], families.new_mothers.values()
    )  # fmt: skip


def _newborn(chunk: Chunk, families: Families, row: Row) -> Newborn | None:
    entry = row.entry
    if entry is None:
        return None
    try:
        household, mother = families.home_of(entry, row.number)
    except Unfit as unfit:
        row.refuse(str(unfit))
        return None
    one = Newborn(row, _child(chunk, entry, household, mother))
    one.visits += [(row, chunk.visit(one.child, entry, day)) for day in row.visits]
    return one


def _child(chunk: Chunk, entry: Entry, household: Household, mother: Mother | None) -> Child:
    child = like(
        chunk.child, code=new_code(), desa_id=entry.desa, posyandu_id=entry.posyandu,
        household=household, mother=mother, name=entry.name, name_key=entry.name_key,
        sex=entry.sex, birth_date=entry.birth_date, birth_precision=precision_of(entry),
        father_name=entry.father_name, nik=entry.nik, nik_index=entry.nik_index,
        nik_tail=tail_of(entry.nik), birth_weight_g=entry.birth_weight_g,
        birth_length_cm=entry.birth_length_cm, birth_order=entry.birth_order,
        gestation_weeks=entry.gestation_weeks,
    )  # fmt: skip
    child.imported = written(child, "child")
    return child


def _add_later_rows(chunk: Chunk, born: dict[int, Newborn]) -> None:
    """Visits of a child that stand in a later row of the same chunk."""
    for row in chunk.rows:
        if row.outcome != Outcome.CHANGED or row.child or not row.entry:
            continue
        one = born.get(row.same_as or 0)
        if one is None:
            row.refuse(f"Anak di baris {row.same_as} tidak dimasukkan.")
            continue
        one.visits += [(row, chunk.visit(one.child, row.entry, day)) for day in row.visits]


def _store(chunk: Chunk, born: list[Newborn]) -> None:
    scores = scoring.scored((one.child, visit) for one in born for visit in one.fresh)
    for one in born:
        measuring.take_in(one.child, one.fresh, scores=scores.get(id(one.child)))
    children = [one.child for one in born]
    for child in children:
        child.household, child.mother = child.household, child.mother  # their keys are known now
    insert(children)
    fresh = [visit for one in born for visit in one.fresh]
    for visit in fresh:
        visit.child_id = visit.child.pk
    insert(fresh)
    visits.point_to_last(children)
    insert(chunk.basis(child) for child in children)
    chunk.tell((one.child, _columns(one)) for one in born)


def _columns(one: Newborn) -> list[str]:
    measured: list[Any] = ["measured_on"] if one.visits else []
    return [*one.child.imported, *measured]


def _note(one: Newborn, number: int, families: Families) -> None:
    """What the undo of the row takes back."""
    made = one.row.made
    made["child"] = one.child.code
    for kind, new in (("mother", families.new_mothers), ("household", families.new_households)):
        if number in new:
            made[kind] = new[number].code
    if number in families.before:
        made["before"] = families.before[number]
    for row, visit in one.visits:
        row.child = one.child
        row.made.setdefault("visits", []).append(visit.code)
