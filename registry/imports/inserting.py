"""``bulk_create`` for tens of thousands of rows, at a fifth of its price.

Django asks every value of every object how it is to be stored, and on SQLite sends 35 rows at a
time. Here each column is asked once, and what needs no change is taken as it is
(benchmarks/imports.py; tests/test_import_insert.py compares the two).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState
from django.utils import timezone

from registry.identity import EncryptedField, sealed
from registry.lookup.among import places

MOST_VALUES = 2_000  # in a statement: more gains little, and SQLite keeps the last ones ready
_AS_THEY_ARE = (
    models.CharField, models.TextField, models.BooleanField, models.ForeignKey,
    models.PositiveIntegerField, models.PositiveSmallIntegerField,
)  # fmt: skip
_FEW_VALUES = (models.DateField, models.DateTimeField, models.DecimalField)


class _Column:
    """A column of a model, and how its values are stored."""

    def __init__(self, field: Any) -> None:
        self.field = field
        self.name = connection.ops.quote_name(field.column)
        self.attribute = field.attname
        self.is_now = bool(getattr(field, "auto_now_add", False))
        self.store = self._way(type(field))

    def _way(self, kind: type) -> Callable[[list[Any]], list[Any]]:
        if kind in _AS_THEY_ARE:
            return list
        if kind is models.JSONField:
            return self._json
        if kind is EncryptedField:
            return self._sealed
        return self._each_kind if kind in _FEW_VALUES else self._each

    def _each(self, values: Iterable[Any]) -> list[Any]:
        here = connections[DEFAULT_DB_ALIAS]  # itself: each look through ``connection`` costs
        return [self.field.get_db_prep_save(value, here) for value in values]

    def _sealed(self, values: list[str]) -> list[Any]:
        return [sealed(value) if value else "" for value in values]  # most have none

    def _json(self, values: list[Any]) -> list[Any]:
        adapt, encoder = connection.ops.adapt_json_value, self.field.encoder
        nothing = dict(zip((dict, list, type(None)), self._each(({}, [], None)), strict=True))
        return [adapt(value, encoder) if value else nothing[type(value)] for value in values]

    def _each_kind(self, values: list[Any]) -> list[Any]:
        """Dates and numbers come again and again: each is looked at once."""
        kinds = dict.fromkeys(values)
        stored = dict(zip(kinds, self._each(kinds), strict=True))
        return [stored[value] for value in values]

    def values(self, rows: Sequence[dict[str, Any]], now: datetime) -> list[Any]:
        if self.is_now:
            for row in rows:
                row[self.attribute] = now
            return self._each([now]) * len(rows)
        return self.store([row[self.attribute] for row in rows])


@cache
def _columns(model: type[models.Model], vendor: str) -> list[_Column]:
    return [_Column(field) for field in model._meta.concrete_fields if not field.primary_key]


def like(pattern: Any, **values: Any) -> Any:
    """A new object as ``pattern`` is, but for these values; what its fields default to is not
    asked again. Lists and dicts of the pattern are shared: give every object its own."""
    kind: type[models.Model] = type(pattern)
    one = object.__new__(kind)
    own, related = one.__dict__, dict(pattern._state.fields_cache)
    own.update(pattern.__dict__, _state=ModelState())
    one._state.fields_cache = related
    for name, value in values.items():
        if isinstance(value, models.Model):
            related[name], own[_key_of(kind, name)] = value, value.pk
        else:
            own[name] = value
    return one


@cache
def _key_of(model: type[models.Model], name: str) -> str:
    """Where an object keeps the key of a related one: ``mother_id``."""
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def insert(objects: Iterable[Any]) -> None:
    """Store new objects of one model, and give them their keys. They are checked by the database
    alone; related objects must be stored already."""
    rest = iter(objects)
    first = next(rest, None)
    if first is None:
        return
    model: type[models.Model] = type(first)
    columns = _columns(model, connection.vendor)
    size = MOST_VALUES // len(columns)
    some = [first, *islice(rest, size - 1)]
    while some:
        _insert(some, columns)
        some = list(islice(rest, size))


def _insert(objects: Sequence[Any], columns: list[_Column]) -> None:
    now = timezone.now()
    rows = [one.__dict__ for one in objects]
    values = [column.values(rows, now) for column in columns]
    table = connection.ops.quote_name(objects[0]._meta.db_table)
    names = ", ".join(column.name for column in columns)
    key = connection.ops.quote_name(objects[0]._meta.pk.column)
    every = places(len(columns), len(objects))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {every} RETURNING {key}",  # noqa: S608
            [value for its in zip(*values, strict=True) for value in its],
        )
        for one, (pk,) in zip(objects, cursor.fetchall(), strict=True):
            one.pk = pk
            one._state.adding, one._state.db = False, connection.alias
