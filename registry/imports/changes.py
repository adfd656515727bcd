"""Field by field: what a list says otherwise than the registry, and what of it may be written.

What staff typed is never overwritten. ``Known.imported`` keeps what an import last wrote into a
column: where the present value differs from it, a person changed it and it stays. An empty column
is filled.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from registry.identity import index_of, tail_of
from registry.imports.entries import Entry, precision_of
from registry.models import Child, Household, Mother
from registry.names import name_key

# Of which thing, its column, and the name in an Entry. NIK and KK are compared by their index.
COLUMNS = (
    ("child", "name", "name"),
    ("child", "sex", "sex"),
    ("child", "birth_date", "birth_date"),
    ("child", "father_name", "father_name"),
    ("child", "nik", "nik"),
    ("child", "birth_weight_g", "birth_weight_g"),
    ("child", "birth_length_cm", "birth_length_cm"),
    ("child", "gestation_weeks", "gestation_weeks"),
    ("child", "birth_order", "birth_order"),
    ("child", "posyandu", "posyandu"),
    ("mother", "nik", "mother_nik"),
    ("mother", "phone", "phone"),
    ("mother", "job", "job"),
    ("household", "kk", "kk"),
    ("household", "address", "address"),
    ("household", "rt", "rt"),
    ("household", "rw", "rw"),
)  # fmt: skip
_COLUMNS_OF = {
    thing: [column for kind, column, _ in COLUMNS if kind == thing]
    for thing in ("child", "mother", "household")
}
# Filled where empty, and else left alone: a number is a person, a place is moved by a life event.
FILLED_ONLY = frozenset(("nik", "kk", "posyandu"))
Thing = Child | Mother | Household


@dataclass(slots=True)
class Change:
    """One column: what stands there and what the list says, as plain texts."""

    thing: str
    column: str
    value: Any
    before: str
    after: str


@dataclass(slots=True)
class Changes:
    """What would be written, and the columns that stay because a person typed them."""

    made: list[Change] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def of(self, thing: str) -> list[Change]:
        return [change for change in self.made if change.thing == thing]


class Told:
    """Which row of the list speaks for a column of a mother or a house: the first that fills it.

    Brothers and sisters share both; without this they would change each other's telephone number
    back and forth with every import.
    """

    def __init__(self) -> None:
        self._speaks: dict[str, dict[int, int]] = defaultdict(dict)  # "thing.column" -> pk -> row

    def is_first(self, thing: str, column: str, key: int, number: int) -> bool:
        """Whether row ``number`` speaks for this column of the mother or household."""
        return self._speaks[f"{thing}.{column}"].setdefault(key, number) == number

    def made(self, thing: str, row: Thing, number: int) -> None:
        """Row ``number`` has made this mother or household, and spoken for what it filled."""
        for column in row.imported:
            self.is_first(thing, column, row.pk, number)


@dataclass(slots=True)
class Comparing:
    """One row of the list, beside what stands there. ``is_taken(thing, column, index, key)``: the
    number belongs to another one."""

    entry: Entry
    number: int
    told: Told
    is_taken: Callable[[str, str, str, int | None], bool]
    found: Changes = field(default_factory=Changes)

    def child(self, child: Child) -> Changes:
        """With its mother and household; told of from another desa, the place stays as it is."""
        here = child.desa_id == self.entry.desa
        self._compare("child", child, () if here else ("posyandu",))
        return self.family(child.mother, child.household if here else None)

    def family(self, mother: Mother | None, home: Household | None) -> Changes:
        if mother:
            self._compare("mother", mother)
        if home:
            self._compare("household", home)
        return self.found

    def _compare(self, thing: str, row: Thing, left_out: Collection[str] = ()) -> None:
        for kind, column, name in COLUMNS:
            value = getattr(self.entry, name) if kind == thing else None
            if value in (None, "") or column in left_out or not self._speaks(thing, column, row):
                continue
            change = _change(thing, row, column, value, self.entry)
            if change is None or self._is_anothers(change, row):
                continue
            if _is_staffs(row, column, change.before):
                self.found.kept.append(f"{thing}.{column}")
            else:
                self.found.made.append(change)

    def _speaks(self, thing: str, column: str, row: Thing) -> bool:
        if thing == "child":
            return True
        if row.pk is None:  # made by an earlier row, which spoke for what it filled
            return not plain(row, column)
        return self.told.is_first(thing, column, row.pk, self.number)

    def _is_anothers(self, change: Change, row: Thing) -> bool:
        numbered = change.column in ("nik", "kk")
        return numbered and self.is_taken(change.thing, change.column, change.after, row.pk)


def _change(thing: str, row: Thing, column: str, value: Any, entry: Entry) -> Change | None:
    before = plain(row, column)
    after = _plain_of(column, value)
    if _say_the_same(column, before, after) or column in FILLED_ONLY and before:
        return None
    if column == "birth_date" and entry.is_approximate:  # says nothing about a known date
        return None
    return Change(thing, column, value, before, after)


def _say_the_same(column: str, before: str, after: str) -> bool:
    """Capitals, blanks and dots make no other name, address or telephone number."""
    if column in ("name", "father_name", "address", "job"):
        return name_key(before) == name_key(after)
    if column == "phone":
        return re.sub(r"\D", "", before) == re.sub(r"\D", "", after)
    if column in ("rt", "rw"):
        return before.lstrip("0") == after.lstrip("0")
    return before == after


def _is_staffs(row: Thing, column: str, before: str) -> bool:
    """Whether a person wrote what stands there, or emptied what an import wrote."""
    if column == "birth_date" and getattr(row, "is_approximate", False):
        return False  # reckoned from an age: the first exact date is better
    return row.imported.get(column, "") != before


def plain(row: Thing, column: str) -> str:
    """What stands in a column as a plain text; NIK and KK as their index, never themselves."""
    if column in ("nik", "kk"):
        return getattr(row, f"{column}_index") or ""
    if column == "posyandu":
        return str(row.posyandu_id or "")
    return _text(getattr(row, column))


def _plain_of(column: str, value: Any) -> str:
    return index_of(value) or "" if column in ("nik", "kk") else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


# --- Writing them -------------------------------------------------------------------------------


def put(row: Thing, changes: list[Change], entry: Entry) -> list[str]:
    """Set the new values on the row and note them in ``imported``; returns the columns to save."""
    columns = ["imported"] if changes else []
    row.imported = dict(row.imported)
    for change in changes:
        columns += _set(row, change.column, change.value, entry)
        row.imported[change.column] = change.after
    return columns


def _set(row: Any, column: str, value: Any, entry: Entry) -> list[str]:
    if column == "posyandu":
        row.posyandu_id = value
        return ["posyandu"]
    setattr(row, column, value)
    if column == "kk":
        row.kk_index = index_of(value)
        return ["kk", "kk_index"]
    if column == "nik":
        row.nik_index, row.nik_tail = index_of(value), tail_of(value)
        return ["nik", "nik_index", "nik_tail"]
    if column == "name":
        row.name_key = name_key(value)
        return ["name", "name_key"]
    if column == "birth_date":
        row.birth_precision = precision_of(entry)
        return ["birth_date", "birth_precision"]
    return [column]


def written(row: Thing, thing: str) -> dict[str, str]:
    """``imported`` of a row that an import just made: all that is filled in it."""
    return {column: text for column in _COLUMNS_OF[thing] if (text := plain(row, column))}
