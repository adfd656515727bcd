"""A kabupaten full of children: a few hundred made by Django, the others copied from them in SQL.

Made for plans and speed: copies share their numbers, only codes and names differ.
"""

import itertools
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from accounts.models import Event
from interventions.models import PmtEpisode
from regions.models import Posyandu, Programme, Region
from registry.models import (
    Breastfeeding,
    Child,
    Household,
    LookupKey,
    Measurement,
    Mother,
    Pregnancy,
    PregnancyCheck,
    Submission,
)
from tests import environment, many_children

STRIDE = 1_000_000  # between the key of a row and those of its copies; 2,000 of them fit
# Each after what it hangs on; the visit a child stands by follows in the same transaction.
TABLES: tuple[Any, ...] = (
    Household, Mother, Child, Measurement, Pregnancy, PregnancyCheck, Breastfeeding, Submission,
    PmtEpisode, Event, LookupKey,
)  # fmt: skip
SHARED_BY_FEW = 20
VARY = {"code", "client_id", "name", "name_key"}


def fill(
    programme: Programme, own: int, *, others: int = 0, each: int = 0, seed: int = 500
) -> None:
    """About ``own`` children in the programme and ``each`` in so many other kecamatan, ``seed`` of
    them made one by one."""
    seed, number = min(seed, own), itertools.count(1)
    many_children.fill(programme, seed)
    copy(programme, programme, [next(number) for _ in range(own // seed - 1)])
    for _ in range(others):
        target = _neighbour(next(number), programme)
        copy(programme, target, [next(number) for _ in range(each // seed)])
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(sql)
        # As autovacuum does, and the portal itself on SQLite.
        cursor.execute("ANALYZE")


def pretend(times: int) -> None:
    """Let the database plan as if there were so many times the rows: what ANALYZE told it is
    multiplied.

    Of a key that few rows share, no more share it among many.
    """
    with connection.cursor() as cursor:
        if environment.on_postgres():
            cursor.execute(
                "UPDATE pg_class SET reltuples = reltuples * %s "
                "WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace",
                [times],
            )
            return
        cursor.execute("SELECT rowid, stat FROM sqlite_stat1")
        for row, stat in cursor.fetchall():
            total, *alike = (int(number) for number in stat.split())
            told = [total * times, *(n * times if n > SHARED_BY_FEW else n for n in alike)]
            said = " ".join(map(str, told))
            cursor.execute("UPDATE sqlite_stat1 SET stat = %s WHERE rowid = %s", [said, row])
        cursor.execute("ANALYZE sqlite_master")


def _neighbour(number: int, like: Programme) -> Programme:
    """A programme of another kecamatan with as many desa, each with its posyandu."""
    code = f"99.{number // 90:02d}.{number % 90 + 10}"
    region = Region.objects.create(code=code, name=f"Contoh {number}", level=3)
    Region.objects.bulk_create(
        Region(code=f"{code}.{2001 + at}", name=f"Desa {number}-{at}", level=4)
        for at in range(like.desa().count())
    )
    made = Programme.objects.create(
        code=f"contoh-{number}", name="Program Contoh", short_name=f"Contoh {number}", region=region
    )
    many_children.places_of(made)
    return made


def copy(source: Programme, target: Programme, numbers: list[int]) -> None:
    """The rows the source began with, once for each number, in the places of the target."""
    desa, posyandu = ([p.desa() for p in (source, target)],
                      [Posyandu.objects.of(p).order_by("desa__code", "id")
                       for p in (source, target)])  # fmt: skip
    moved = {"desa": _pairs(*desa), "posyandu": _pairs(*posyandu)}
    with transaction.atomic():
        for model in TABLES if numbers else ():
            _copy(model, source, target, moved, numbers)


def _pairs(source: Any, target: Any) -> dict[int, int]:
    keys = (list(rows.values_list("pk", flat=True)) for rows in (source, target))
    old, new = keys
    return dict(zip(old, itertools.cycle(new)))  # noqa: B905 - a cycle has no end


def _copy(
    model: Any, source: Programme, target: Programme, moved: dict[str, dict[int, int]],
    numbers: list[int],
) -> None:  # fmt: skip
    columns = {f.column: _copied(f, target, moved) for f in model._meta.concrete_fields}
    table, rows = model._meta.db_table, ", ".join(f"({number})" for number in numbers)
    chosen = f"{', '.join(columns.values())} FROM {table} t, (VALUES {rows}) AS n"
    where = f"t.id < {STRIDE} AND {_whose(model, source)}"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} WHERE {where}")  # noqa: S608


def _copied(field: Any, target: Programme, moved: dict[str, dict[int, int]]) -> str:
    """One column of a copy, in SQL."""
    column, key = f"t.{field.column}", f"n.column1 * {STRIDE}"
    if field.primary_key or field.related_model in TABLES:
        return f"{column} + {key}"
    if field.name in moved:
        pairs = " ".join(f"WHEN {old} THEN {new}" for old, new in moved[field.name].items())
        return f"CASE {column} {pairs} END"
    if field.name == "programme":
        return str(target.pk)
    if field.name == "receipt":
        return f"CAST(t.id + {key} AS text)"
    return f"{column} || '-' || n.column1" if field.name in VARY else column


def _whose(model: Any, source: Programme) -> str:
    """The rows of the source, in a table with or without a programme of its own."""
    names = {field.name for field in model._meta.concrete_fields}
    if "programme" in names:
        return f"t.programme_id = {source.pk}"
    parent = next(name for name in ("child", "mother", "pregnancy") if name in names)
    mine = f"SELECT id FROM registry_{parent} WHERE programme_id = {source.pk}"  # noqa: S608
    return f"t.{parent}_id IN ({mine})"
