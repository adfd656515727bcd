"""What the undo of an import needs of a column: noted before it changes, and put back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from registry.imports.changes import Change, plain
from registry.imports.shows import LABELS
from registry.models.placed import Known
from registry.names import name_key


def noted(row: Known, made: Iterable[Change]) -> dict[str, Any]:
    """What stands in a row that is about to change: its code, and column → [before, after, what
    an import had written there before, the precision of a birth date]."""
    columns = {
        change.column: [
            change.before, change.after, row.imported.get(change.column),
            getattr(row, "birth_precision", "") if change.column == "birth_date" else "",
        ]
        for change in made
    }  # fmt: skip
    return {"code": row.code, "columns": columns}


def restore(
    row: Any, columns: dict[str, list[Any]], first_visit: date | None = None
) -> tuple[list[str], list[str]]:
    """Put columns back where they still hold what the import wrote; returns the columns to save,
    and the labels of those that stay: changed since, or a birth behind a visit that stays."""
    saved: list[str] = []
    kept: list[str] = []
    kind = row._meta.model_name
    imported = dict(row.imported)
    for column, (before, after, earlier, precision) in columns.items():
        late = column == "birth_date" and first_visit and before > str(first_visit)
        if plain(row, column) != after or late:
            kept.append(LABELS[f"{kind}.{column}"])
            continue
        saved += _put(row, column, before, precision)
        if earlier is None:
            imported.pop(column, None)
        else:
            imported[column] = earlier
    row.imported = imported
    return ([*saved, "imported"] if saved else []), kept


def _put(row: Any, column: str, before: str, precision: str) -> list[str]:
    if column in ("nik", "kk"):  # only ever filled in where nothing stood
        setattr(row, column, "")
        setattr(row, f"{column}_index", None)
        tail = ["nik_tail"] if column == "nik" else []
        for name in tail:
            setattr(row, name, "")
        return [column, f"{column}_index", *tail]
    if column == "posyandu":
        row.posyandu_id = int(before) if before else None
        return ["posyandu"]
    field = row._meta.get_field(column)
    empty = None if field.null else ""
    setattr(row, column, field.to_python(before) if before else empty)
    if column == "name":
        row.name_key = name_key(before)
        return ["name", "name_key"]
    if column == "birth_date":
        row.birth_precision = precision
        return ["birth_date", "birth_precision"]
    return [column]
