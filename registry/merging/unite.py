"""Two rows made one: everything that hangs on the one moves to the other, and nothing is lost.

The act of ``workflow.merge``, inside its transaction and under its locks; every change goes
through the journal.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q

from registry.merging import clashes
from registry.merging.clashes import WORKED_OUT, Clash
from registry.merging.columns import GIVEN_UP, lines_of
from registry.merging.hanging import Hang, day_of, hanging_on, is_revised, label_of, rows_of
from registry.merging.journal import Journal
from registry.models import Child, Mother, NotSame, Pregnancy, Submission
from registry.models.placed import Known

JOINED = "Dua kartu digabung"  # why a visit stands before the other of its day
# What a row that becomes one with another keeps of its own.
_OWN = {"id", "code", "programme", "desa", "posyandu", "created_at", "created_by"}


@dataclass(frozen=True)
class Choices:
    """What the person decided: who merges ``also`` (mother, household), and for which lines and
    clashes the value of the card that goes (``gone``), or expressly of the kept one, stands."""

    also: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


@dataclass
class Work:
    """One merge while it runs."""

    user: Any
    choices: Choices
    journal: Journal = field(default_factory=Journal)
    # (label of the table, key of kept, key of gone) of every two rows that became one.
    pairs: list[tuple[str, int, int]] = field(default_factory=list)


def people(work: Work, kept: Any, gone: Any) -> list[str]:
    """Unite two cards; returns the names of the columns that the kept one took over."""
    was = _place(kept)
    taken, values = _taken_over(work, kept, gone)
    _reports_made(work, kept, gone)
    work.journal.change(gone, merged_into_id=kept.pk, **GIVEN_UP[type(gone)])
    if values:
        work.journal.change(kept, **values)
    if isinstance(kept, Mother):
        _family_follows(work, kept, gone, was)
    _rows(work, kept, gone)
    _still_told_apart(work, kept, gone)
    if isinstance(kept, Child):
        _its_pregnancy(work, kept, gone)
    return taken


# --- Columns -----------------------------------------------------------------------------------


def _taken_over(work: Work, kept: Known, gone: Known) -> tuple[list[str], dict[str, Any]]:
    """What is empty and what was chosen: the names of the columns, and their values."""
    values: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    taken: list[str] = []
    for line in lines_of(type(kept)):
        if line.is_same(kept, gone):
            continue
        if line.is_empty(kept):
            filled |= line.values(gone)
        elif f"{kept._meta.model_name}.{line.key}" not in work.choices.gone:
            continue
        values |= line.values(gone)
        taken += line.fields
    if told := {name: gone.imported[name] for name in filled if name in gone.imported}:
        values["imported"] = kept.imported | told  # as the list wrote it, so it may be updated
    return sorted(taken), values


def _its_pregnancy(work: Work, kept: Child, gone: Child) -> None:
    """The pregnancy a child came from, when only the other card knows it and the mother is one."""
    came_from = gone.pregnancy
    if kept.pregnancy_id is None and came_from and came_from.mother_id == kept.mother_id:
        work.journal.change(kept, pregnancy_id=came_from.pk)


# --- Rows --------------------------------------------------------------------------------------


def _rows(work: Work, kept: Model, gone: Model) -> None:
    """Move every row that hangs on gone to kept."""
    work.pairs.append((label_of(kept), kept.pk, gone.pk))
    for hang in hanging_on(type(kept)):
        if hang.model in WORKED_OUT:
            work.journal.remove(rows_of(hang, gone))
            continue
        for clash in list(clashes.of(hang, kept, gone)):
            _settle(work, clash, kept, gone)
        if is_revised(hang):
            _free_revisions(work, hang, kept, gone)
        work.journal.update(rows_of(hang, gone), **{hang.field.attname: kept.pk})


def _settle(work: Work, clash: Clash, kept: Model, gone: Model) -> None:
    wins = clash.stands(work.choices.gone, work.choices.kept)
    if clash.day:
        loser = clash.kept if wins else clash.gone
        work.journal.change(loser, superseded=True)
    elif clash.ending:
        loser = clash.kept if wins else clash.gone
        ending = clash.ending
        work.journal.watch(loser, lambda: ending.end(work.user, loser))
    else:
        _absorb(work, clash, wins)


def _absorb(work: Work, clash: Clash, wins: bool) -> None:
    """One row takes what hangs on the other, and what it lacks; the other is laid aside."""
    one, other = clash.kept, clash.gone
    _rows(work, one, other)
    values = {}
    for column in one._meta.concrete_fields:
        if column.name in _OWN | {clash.hang.field.name}:
            continue
        mine, theirs = getattr(one, column.attname), getattr(other, column.attname)
        if mine != theirs and (mine in (None, "") or wins and theirs not in (None, "")):
            values[column.attname] = theirs
    work.journal.remove(type(other)._base_manager.filter(pk=other.pk))
    if values:
        work.journal.change(one, **values)


def _free_revisions(work: Work, hang: Hang, kept: Model, gone: Model) -> None:
    """Number the revisions of shared days so that whose visit counts stands highest."""
    name = day_of(hang)
    mine = {getattr(row, name) for row in rows_of(hang, kept)}
    for day in sorted({getattr(row, name) for row in rows_of(hang, gone)} & mine):
        _one_history(work, hang, (kept, gone), day)


def _one_history(work: Work, hang: Hang, owners: tuple[Model, Model], day: date) -> None:
    kept, gone = (list(rows_of(hang, o).filter(**{day_of(hang): day}).order_by("revision"))
                  for o in owners)  # fmt: skip
    counts = any(not row.superseded for row in gone)
    first, last = (kept, gone) if counts else (gone, kept)
    start = max(row.revision for row in first)
    for row in reversed(last):  # from the highest down: no two are alike for a moment
        work.journal.change(row, revision=row.revision + start)
    if last and not last[0].reason:
        work.journal.change(last[0], reason=JOINED)


# --- What else is told of them -----------------------------------------------------------------


def _reports_made(work: Work, kept: Known, gone: Known) -> None:
    """A report that made the card that goes can be taken back, but takes no card along any more."""
    made = {f"made_{name}": False for name in ("child", "mother", "household")}
    if isinstance(gone, Child):
        work.journal.update(Submission.objects.filter(child=gone), **made)
        return
    name = str(gone._meta.model_name)
    of_it = Submission.objects.filter(**{f"made_{name}": True, f"child__{name}": gone})
    work.journal.update(of_it, **{f"made_{name}": False})


def _still_told_apart(work: Work, kept: Known, gone: Known) -> None:
    """Who is not the gone person is not the kept one either."""
    told = NotSame.objects.filter(programme=kept.programme)
    told = told.filter(Q(first_code=gone.code) | Q(second_code=gone.code))
    codes = {code for row in told for code in (row.first_code, row.second_code)}
    for other in sorted(codes - {kept.code, gone.code}):
        pair = sorted((kept.code, other))
        row, made = NotSame.objects.get_or_create(
            programme=kept.programme, first_code=pair[0], second_code=pair[1],
            defaults={"kind": str(kept._meta.model_name), "by": work.user},
        )  # fmt: skip
        if made:
            work.journal.made(row)


def _family_follows(work: Work, kept: Mother, gone: Mother, was: dict[str, Any]) -> None:
    """Her children live where she lives, her pregnancies are looked after where she is."""
    homes = {was["household_id"], gone.household_id}
    with_her = Child._base_manager.filter(mother__in=(kept, gone), household__in=homes)
    work.journal.update(
        with_her.exclude(household=kept.household_id), household_id=kept.household_id
    )
    for mother, before in ((kept, was), (gone, _place(gone))):
        there = Pregnancy.objects.filter(
            mother=mother, desa=before["desa_id"], posyandu=before["posyandu_id"]
        )
        work.journal.update(there, desa_id=kept.desa_id, posyandu_id=kept.posyandu_id)


def _place(person: Any) -> dict[str, Any]:
    names = ("desa_id", "posyandu_id", "household_id")
    return {name: getattr(person, name, None) for name in names}
