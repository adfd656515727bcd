"""Taking a whole import back: exactly what it made, and nothing that something else hangs on.

What somebody has built on since (a visit corrected, help planned, a report linked, data put
right) stays, and its row says so. Columns go back where nobody has changed them since.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models

from accounts import jobs
from accounts.models import record_many
from registry import visits
from registry.imports.analyse import chunks
from registry.imports.changes import COLUMNS, plain
from registry.imports.chunk import ACTION
from registry.imports.restoring import restore
from registry.lookup import keys
from registry.models import (
    CalledBefore,
    Child,
    Consent,
    Household,
    Import,
    ImportRow,
    Measurement,
    Mother,
)

MODELS: dict[str, Any] = {"child": Child, "mother": Mother, "household": Household}
HANGS = "Tetap ada: sudah punya catatan lain."
EDITED = "Tetap ada: datanya sudah diperbaiki orang."
CHANGED_SINCE = "{}: sudah diubah sejak itu."
VISIT_HANGS = "Satu pengukuran tetap: sudah diperbaiki atau ditindaklanjuti."


def undo(task: jobs.Task, source: Import, user: Any) -> tuple[int, int]:
    """Undo every row that made something; how many went wholly, and of how many something stays."""
    taking = Taking(source, user)
    steps = (taking.look_at_visits, taking.take_children, taking.put_back, taking.take_visits,
             taking.take_families, taking.tell)  # fmt: skip
    for done, step in enumerate(steps):
        task.step(done, len(steps), "Membatalkan; sampai selesai belum ada yang berubah")
        step()
    return taking.count - len(taking.why), len(taking.why)


class Taking:
    """The steps of the undo, in their order: nothing goes that a later step finds a use for."""

    def __init__(self, source: Import, user: Any) -> None:
        self.source, self.user = source, user
        self.count = 0
        self.why: dict[int, list[str]] = defaultdict(list)  # key of a row -> why something stays
        self.made: dict[str, dict[str, int]] = defaultdict(dict)  # kind -> code -> key of its row
        self.going: dict[int, int] = {}  # visits that go -> their child
        self.staying: set[int] = set()  # children that were made and stay, with all their visits
        self.touched: set[int] = set()  # known children whose visits compare anew
        rows = source.rows.exclude(made={})
        for row in rows.only("pk", "made").iterator(chunk_size=500):
            self.count += 1
            for kind in ("child", "mother", "household"):
                if kind in row.made:
                    self.made[kind][row.made[kind]] = row.pk
            self.made["visit"] |= dict.fromkeys(row.made.get("visits", ()), row.pk)

    def look_at_visits(self) -> None:
        """Which visits may go: not corrected since, and nobody answered their alert."""
        for codes in chunks(self.made["visit"]):
            rows = Measurement.objects.filter(code__in=codes)
            found = {row.pk: row for row in rows.only("pk", "code", "child_id", "superseded")}
            staying = hanging(Measurement, found) | {
                pk for pk, row in found.items() if row.superseded
            }
            for pk in staying:
                self.why[self.made["visit"][found[pk].code]].append(VISIT_HANGS)
            self.going |= {pk: row.child_id for pk, row in found.items() if pk not in staying}

    def take_children(self) -> None:
        """Delete the children that were made and that nothing else hangs on."""
        for codes in chunks(self.made["child"]):
            children = list(Child.everyone.filter(code__in=codes).defer("nik"))
            keys_of = [child.pk for child in children]
            basis = set(self._bases(keys_of).values_list("pk", flat=True))
            tied = hanging(Child, keys_of, {Measurement: self.going, Consent: basis})
            free = []
            for child in children:
                edited = is_edited(child, "child")
                if child.pk in tied or edited:
                    self._stays(child, HANGS if child.pk in tied else EDITED)
                else:
                    free.append(child)
            self._delete(free)

    def _stays(self, child: Child, why: str) -> None:
        self.why[self.made["child"][child.code]].append(why)
        self.staying.add(child.pk)

    def _delete(self, free: Sequence[Child]) -> None:
        gone = {child.pk for child in free}
        record_many(self.user, "undo_import_child", ((child, ()) for child in free), action=ACTION)
        self._bases(gone).delete()
        Measurement.objects.filter(child__in=gone).delete()
        Child.everyone.filter(pk__in=gone).delete()

    def _bases(self, children: Iterable[int]) -> models.QuerySet[Consent]:
        """The legal basis that this import noted for children."""
        mine = {"method": Consent.Method.DECREE, "decree": self.source.decree}
        return Consent.objects.filter(
            child__in=children, recorded_by=self.source.written_by, **mine
        )

    def put_back(self) -> None:
        """Give the columns of known rows their values of before."""
        changed_rows = self.source.rows.filter(made__has_key="before")
        for rows in chunks(changed_rows.iterator(chunk_size=500)):
            for kind, model in MODELS.items():
                self._put_back(kind, model, rows)
        called = self.source.rows.filter(made__has_key="called").values_list(
            "made__called", flat=True
        )
        for some in chunks(called):
            CalledBefore.objects.filter(programme=self.source.programme, words__in=some).delete()
        bases = self.source.rows.filter(made__has_key="basis").values_list("made__basis", flat=True)
        for some in chunks(bases):
            Consent.objects.filter(pk__in=some, method=Consent.Method.DECREE).delete()

    def _put_back(self, kind: str, model: Any, rows: Sequence[ImportRow]) -> None:
        told = {row.made["before"][kind]["code"]: row for row in rows if kind in row.made["before"]}
        changed: list[tuple[Any, list[str]]] = []
        first = self._first_visits(told) if kind == "child" else {}
        for thing in model.everyone.filter(code__in=told):
            row = told[thing.code]
            before = row.made["before"][kind]["columns"]
            columns, kept = restore(thing, before, first.get(thing.pk))
            if columns:
                thing.save(update_fields=columns)
                changed.append((thing, columns))
            self.why[row.pk] += [CHANGED_SINCE.format(name) for name in kept]
        if kind == "child":
            record_many(self.user, "undo_import_child", changed, action=ACTION)
            keys.refresh_many([child for child, _ in changed])
            self.touched |= {child.pk for child, _ in changed}

    def _first_visits(self, codes: Iterable[str]) -> dict[int, date]:
        """The first visit of each of these children that stays."""
        rows = Measurement.objects.current().filter(child__code__in=codes).order_by("-measured_on")
        told = rows.values_list("pk", "child_id", "measured_on")
        return {child: day for pk, child, day in told if pk not in self.going}

    def take_visits(self) -> None:
        """Delete the visits of known children; what remains compares anew."""
        going = [pk for pk, its in self.going.items() if its not in self.staying]
        days: dict[int, set[date]] = defaultdict(set)
        for some in chunks(going):
            rows = Measurement.objects.filter(pk__in=some)  # those of children that went are gone
            for child, day in rows.values_list("child_id", "measured_on"):
                days[child].add(day)
            rows.delete()
        self.touched |= set(days)
        for some in chunks(sorted(self.touched)):
            for child in Child.everyone.filter(pk__in=some).select_related("programme"):
                for day in days[child.pk]:
                    visits.stand_in(child, day)
                visits.recompute(self.user, child, ACTION, lift=True)
            visits.stand_many(some)

    def take_families(self) -> None:
        """Mothers, then households, that were made and are of no use to anybody else."""
        for kind in ("mother", "household"):
            model = MODELS[kind]
            for codes in chunks(self.made[kind]):
                rows = list(model.everyone.filter(code__in=codes))
                tied = hanging(model, [row.pk for row in rows])
                free = [row.pk for row in rows if row.pk not in tied and not is_edited(row, kind)]
                model.everyone.filter(pk__in=free).delete()

    def tell(self) -> None:
        """Write into each row what of it stays."""
        self.why = {key: why for key, why in self.why.items() if why}
        for some in chunks(self.why):
            for row in self.source.rows.filter(pk__in=some):
                row.reason = " ".join(dict.fromkeys(self.why[row.pk]))[:300]
                row.save(update_fields=["reason"])


def hanging(
    model: Any,
    pks: Iterable[int],
    apart: Mapping[type[models.Model], Container[int]] | None = None,
) -> set[int]:
    """Which of these rows another row points at that would be lost with it; in every app.

    ``apart``: the keys of rows of a table that do not count.
    """
    found: set[int] = set()
    wanted = list(pks)
    for relation in _pointing_at(model):
        table, column = relation.related_model, relation.field
        without = (apart or {}).get(table, ())
        rows = table._base_manager.filter(**{f"{column.name}__in": wanted})
        found |= {at for pk, at in rows.values_list("pk", column.attname) if pk not in without}
    return found


def _pointing_at(model: Any) -> list[Any]:
    """The relations of other tables to this one that forbid its deletion."""
    relations = model._meta.get_fields(include_hidden=True)
    return [
        relation
        for relation in relations
        if relation.auto_created and not relation.concrete and not relation.many_to_many
        and relation.on_delete is models.PROTECT
    ]  # fmt: skip


def is_edited(thing: Any, kind: str) -> bool:
    """Whether a person changed what the import wrote into this row, or filled in what it left."""
    columns = (column for of, column, _ in COLUMNS if of == kind)
    changed = any(plain(thing, column) != thing.imported.get(column, "") for column in columns)
    return changed or bool(getattr(thing, "left_on", None) or thing.merged_into_id)
