"""What hangs on a row, found by reflection: tables of the apps above move too, unimported."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet, UniqueConstraint


class Hang(NamedTuple):
    """A table and its column that points at the row."""

    model: type[Model]
    field: ForeignKey[Any, Any]

    @property
    def label(self) -> str:
        """``registry.measurement.child``."""
        return f"{label_of(self.model)}.{self.field.name}"


@cache
def hanging_on(model: type[Model]) -> tuple[Hang, ...]:
    """Every column that points at this table, the hidden ones (``related_name="+"``) too."""
    relations: Any = model._meta.get_fields(include_hidden=True)
    return tuple(
        Hang(relation.related_model, relation.field)
        for relation in relations
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    )


def rows_of(hang: Hang, *owners: Model) -> QuerySet[Any]:
    """The rows that hang on these, in the order they were made, whatever a manager leaves out."""
    mine = {f"{hang.field.name}__in": [owner.pk for owner in owners]}
    return hang.model._base_manager.filter(**mine).order_by("pk")


def is_revised(hang: Hang) -> bool:
    """Whether rows are replaced by revisions of the same day (visits, examinations)."""
    names = {field.name for field in hang.model._meta.fields}
    return {"revision", "superseded"} <= names and bool(day_of(hang))


@cache
def day_of(hang: Hang) -> str:
    """The column that tells which day a revision is of; "" when there is none."""
    for _, others in _constraints(hang):
        if "revision" in others:
            return next((name for name in others if name != "revision"), "")
    return ""


def twins(hang: Hang, kept: Model, gone: Model) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """The pairs of rows (of kept, of gone) of which only one can stand, with what they share."""
    met = set()
    for condition, others in _constraints(hang):
        rows = hang.model._base_manager.filter(condition).order_by("pk")
        mine = {_key(row, others): row for row in rows.filter(**{hang.field.name: kept})}
        for row in rows.filter(**{hang.field.name: gone}):
            key = _key(row, others)
            if key in mine and None not in key and row.pk not in met:
                met.add(row.pk)
                yield mine[key], row, key


def _constraints(hang: Hang) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """(condition, the other columns) of each rule by which something stands once a person."""
    name = hang.field.name
    if hang.field.unique:
        yield Q(), ()
    for rule in hang.model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and name in rule.fields:
            yield rule.condition or Q(), tuple(n for n in rule.fields if n != name)


def _key(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)


def label_of(model: type[Model] | Model) -> str:
    """``registry.measurement``."""
    return model._meta.label_lower


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)
