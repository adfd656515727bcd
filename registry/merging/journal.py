"""What a merge did, step by step, so that it can be taken back step by step.

A step is plain JSON: ``update`` keeps each changed column as [before, after], ``remove`` whole
rows, ``make`` the keys of rows that were made. NIK and KK stay encrypted here as in their table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model, QuerySet

from registry.identity import EncryptedField
from registry.merging.hanging import label_of, model_of

Step = dict[str, Any]
Cell = tuple[str, int, str]  # label of the table, key of the row, column


class Journal:
    """Writes through to the database and notes every step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def update(self, rows: QuerySet[Any], **values: Any) -> None:
        """Set these columns (by ``attname``) on the rows."""
        before = list(rows)
        if not before:
            return
        model = type(before[0])
        model._base_manager.filter(pk__in=[row.pk for row in before]).update(**values)
        told = {str(row.pk): _change(model, row, values) for row in before}
        self._note_update(model, {key: change for key, change in told.items() if change})

    def change(self, row: Model, **values: Any) -> None:
        """``update`` of one row, which then has the values too."""
        self.update(type(row)._base_manager.filter(pk=row.pk), **values)
        row.refresh_from_db()

    def watch(self, row: Model, act: Callable[[], Any]) -> None:
        """Let another room change the row, and note what became different."""
        before = _values(row)
        act()
        row.refresh_from_db()
        after = _values(row)
        changed = {
            name: [before[name], after[name]] for name in before if before[name] != after[name]
        }
        self._note_update(type(row), {str(row.pk): changed} if changed else {})

    def remove(self, rows: QuerySet[Any]) -> None:
        """Lay rows aside: they go from their table and are kept here, whole."""
        found = list(rows)
        if found:
            kept = [_packed(row) for row in found]
            self.steps.append({"do": "remove", "of": label_of(found[0]), "rows": kept})
            type(found[0])._base_manager.filter(pk__in=[row.pk for row in found]).delete()

    def made(self, row: Model) -> None:
        self.steps.append({"do": "make", "of": label_of(row), "rows": [row.pk]})

    def _note_update(self, model: type[Model], rows: dict[str, Any]) -> None:
        if rows:
            self.steps.append({"do": "update", "of": label_of(model), "rows": rows})


# --- Reading it --------------------------------------------------------------------------------


def cells(steps: Iterable[Step]) -> dict[Cell, tuple[Any, Any]]:
    """(table, row, column) → (before the first step, after the last), as they are packed."""
    found: dict[Cell, tuple[Any, Any]] = {}
    for step in steps:
        if step["do"] == "remove":
            gone = {(step["of"], row["id"]) for row in step["rows"]}
            found = {cell: pair for cell, pair in found.items() if cell[:2] not in gone}
        for cell, (before, after) in _updates(step):
            first = found[cell][0] if cell in found else before
            found[cell] = (first, after)
    return found


def removed(steps: Iterable[Step]) -> Iterator[Model]:
    """The rows that were laid aside, as they were."""
    for step in steps:
        if step["do"] == "remove":
            model = model_of(step["of"])
            yield from (_unpacked(model, row) for row in step["rows"])


def sealed_cells(steps: Iterable[Step]) -> Iterator[tuple[Any, Any]]:
    """Where in these steps a NIK or KK number stands: the dict or list, and the place in it."""
    for step in steps:
        model = model_of(step["of"])
        sealed = {f.attname for f in model._meta.concrete_fields if isinstance(f, EncryptedField)}
        if step["do"] == "update":
            pairs = (cell for row in step["rows"].values() for name, cell in row.items()
                     if name in sealed)  # fmt: skip
            yield from ((pair, at) for pair in pairs for at in (0, 1) if pair[at])
        elif step["do"] == "remove":
            yield from ((row, name) for row in step["rows"] for name in sealed if row.get(name))


def _updates(step: Step) -> Iterator[tuple[Cell, tuple[Any, Any]]]:
    if step["do"] != "update":
        return
    for key, columns in step["rows"].items():
        for name, (before, after) in columns.items():
            yield (step["of"], int(key), name), (before, after)


# --- Taking it back ----------------------------------------------------------------------------


def take_back(steps: Iterable[Step], leave: set[Cell]) -> None:
    """Undo every step, the last one first; ``leave``: cells that stay as they are now."""
    for step in reversed(list(steps)):
        model = model_of(step["of"])
        if step["do"] == "update":
            _restore(model, step, leave)
        elif step["do"] == "remove":
            for row in step["rows"]:
                # As it was, its time of making included: no default is computed anew.
                _unpacked(model, row).save_base(raw=True, force_insert=True)
        else:
            model._base_manager.filter(pk__in=step["rows"]).delete()


def _restore(model: type[Model], step: Step, leave: set[Cell]) -> None:
    alike: dict[str, list[int]] = defaultdict(list)
    values: dict[str, dict[str, Any]] = {}
    before_of: dict[int, dict[str, Any]] = defaultdict(dict)
    for (label, key, name), (before, _) in _updates(step):
        if (label, key, name) not in leave:
            before_of[key][name] = before
    for key, before in before_of.items():
        alike[repr(before)].append(key)
        values[repr(before)] = before
    for said, keys in alike.items():
        back = {name: unpack(_field(model, name), kept) for name, kept in values[said].items()}
        model._base_manager.filter(pk__in=keys).update(**back)


# --- Values as JSON ----------------------------------------------------------------------------


def pack(field: Field, value: Any) -> Any:
    """A column's value as plain JSON; an encrypted one stays encrypted."""
    if isinstance(field, EncryptedField):
        return field.get_prep_value(value)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def unpack(field: Field, kept: Any) -> Any:
    if isinstance(field, EncryptedField):
        return field.from_db_value(kept, None, None)
    return field.to_python(kept)


def unpacked(label: str, name: str, kept: Any) -> Any:
    """The value of a cell as it stands in Python."""
    return unpack(_field(model_of(label), name), kept)


def _field(model: type[Model], name: str) -> Field:
    field: Any = model._meta.get_field(name)
    # Of a foreign key the column is kept: the key of the row it points at.
    return getattr(field, "target_field", field)


def _values(row: Model) -> dict[str, Any]:
    return {
        field.attname: pack(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not isinstance(field, EncryptedField)  # no room above writes one
    }


def _packed(row: Model) -> dict[str, Any]:
    return {
        field.attname: pack(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
    }


def _unpacked(model: type[Model], kept: dict[str, Any]) -> Model:
    return model(**{name: unpack(_field(model, name), value) for name, value in kept.items()})


def _change(model: type[Model], row: Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """The columns that become something else, each [before, after]."""
    found = {}
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        before = getattr(row, name)
        if before != value:
            found[name] = [pack(field, before), pack(field, value)]
    return found
