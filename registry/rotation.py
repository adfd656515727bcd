"""NIK and KK numbers are written anew with the newest key, so that an older one can be given up.

NIK_KEYS is a list, newest first: all of them read, the first one writes. The index, which has a
key of its own, stays as it is. May be ended at any moment and started again.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from registry.identity import is_newest, opened, sealed
from registry.merging import journal
from registry.models import Child, Household, ImportRow, Merge, Mother

COLUMNS: tuple[tuple[Any, str], ...] = ((Child, "nik"), (Mother, "nik"), (Household, "kk"))
IN_LISTS = ("nik", "kk", "mother_nik", "cells")  # of ImportRow.values, which lists keep sealed
CHUNK = 500
Box = tuple[Any, Any]  # a dict or a list, and where in it a number stands


class Done(NamedTuple):
    """How far it has come with one kind of number: looked at, written anew."""

    what: str
    seen: int
    rotated: int


def rotate(*, dry_run: bool = False) -> Iterator[Done]:
    """Write what an older key made with the newest one, ``CHUNK`` rows a transaction.

    ``dry_run`` only counts. Raises ValueError for a value that no key opens; what was written
    until then stays.
    """
    for model, column in COLUMNS:
        done = Done(f"{model._meta.model_name}.{column}", 0, 0)
        last = 0
        while chunk := _chunk(model, column, last, dry_run=dry_run):
            last = chunk[-1][0]
            old = sum(not is_newest(token) for _, token in chunk)
            done = Done(done.what, done.seen + len(chunk), done.rotated + old)
            yield done
        if not done.seen:
            yield done
    yield from _in_json(ImportRow, "values", _of_a_list, dry_run=dry_run)
    yield from _in_json(Merge, "moved", _of_a_merge, dry_run=dry_run)


def _chunk(model: Any, column: str, after: int, *, dry_run: bool) -> list[tuple[int, str]]:
    """The next rows as (key, token), merged ones too; those of an older key are written anew."""
    with transaction.atomic():
        rows = model.everyone.filter(pk__gt=after).exclude(**{column: ""}).order_by("pk")
        raw = rows.annotate(token=Cast(column, TextField())).select_for_update(of=("self",))
        chunk = list(raw.values_list("pk", "token")[:CHUNK])
        for pk, token in chunk:
            if not dry_run and not is_newest(token):
                model.everyone.filter(pk=pk).update(**{column: opened(token)})
    return chunk


def _in_json(
    model: Any, column: str, boxes: Callable[[Any], Iterable[Box]], *, dry_run: bool
) -> Iterator[Done]:
    """Rows that keep numbers in a JSON column, ``boxes`` of it: lists for a month, merges for
    ever."""
    done, last = Done(f"{model._meta.model_name}.{column}", 0, 0), 0
    while True:
        with transaction.atomic():
            behind = model.objects.filter(pk__gt=last).order_by("pk")
            rows = list(behind.select_for_update()[:CHUNK])
            kept = [(row, list(boxes(getattr(row, column)))) for row in rows]
            old = [pair for pair in kept if any(not is_newest(box[at]) for box, at in pair[1])]
            for row, its in [] if dry_run else old:
                for box, at in its:
                    box[at] = sealed(opened(box[at]))
                row.save(update_fields=[column])
        if not rows:
            break
        last = rows[-1].pk
        done = Done(done.what, done.seen + len(rows), done.rotated + len(old))
    yield done


def _of_a_list(values: dict[str, Any]) -> Iterator[Box]:
    return ((values, name) for name in IN_LISTS if values.get(name))


def _of_a_merge(moved: dict[str, Any]) -> Iterator[Box]:
    return journal.sealed_cells(moved["steps"])
