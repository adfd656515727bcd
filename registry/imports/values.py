"""One row of a list as plain values: what it says of the child and of its visits, what is wrong.

A problem refuses the row, an ask waits for a person, a note tells how something was read. Pure:
no database, and the same row gives the same answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from growth.plausible import PLAUSIBLE, impossible
from growth.words import long_date
from registry.imports.columns import CHILD, DATES, VISIT, Column
from registry.imports.dates import month_first
from registry.imports.labels import FIELDS
from registry.imports.layouts import AGES, visit_groups
from registry.imports.sheet import Row


@dataclass(slots=True)
class Read:
    """What a row says. ``values`` holds only what is filled, by the names of ``CHILD_FIELDS``
    (and ``parent_name``: one name, nobody knows whose); ``nik`` always, "" when there is none.

    A visit holds measured_on, weight_kg, length_height_cm, lila_cm (Decimal or None), measure
    (l, h or ""), gain (N, T, O, B or "") and ``told``: what the list claims of it (haz, waz, whz,
    bb_u, tb_u, bb_tb, age, age_months). ``told`` of the row is that of its last visit.
    """

    values: dict[str, Any] = field(default_factory=lambda: {"nik": ""})
    visits: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


class RowReader:
    """Reads the rows of one list. ``columns``: index → our column, as ``suggest`` has it.

    Dates in the columns ``doubtful`` are asked back where day and month could change places.
    """

    def __init__(self, columns: dict[int, str], doubtful: frozenset[int] = frozenset()) -> None:
        def column(name: str, index: int, more: str = "") -> Column:
            return Column(name, index, FIELDS[name] + more, index in doubtful)

        self.child = [column(name, at) for at, name in sorted(columns.items()) if name in CHILD]
        groups = [group for group in visit_groups(columns) if "measured_on" in group]
        self.visits = [
            [column(name, at, f" ke-{turn}" if len(groups) > 1 else "")
             for name, at in group.items()]
            for turn, group in enumerate(groups, 1)
        ]  # fmt: skip
        self.width = max(columns, default=-1) + 1

    def read(self, row: Row, today: date | None = None) -> Read:
        """The row's values. With ``today``, days after it are problems."""
        read = Read()
        if len(row) < self.width:
            row = [*row, *[""] * (self.width - len(row))]
        for name, value in _said(read, self.child, row):
            if value.__class__ is dict:
                for part, its in value.items():
                    read.values.setdefault(part, its)
            else:
                read.values[name] = value
        for group in self.visits:
            _read_visit(read, group, row)
        _check_child(read)
        _check_days(read, today)
        return read


def read_row(row: Row, columns: dict[int, str], today: date | None = None) -> Read:
    """``RowReader.read`` for a row by itself."""
    return _reader(tuple(columns.items())).read(row, today)


@lru_cache(maxsize=1)
def _reader(columns: tuple[tuple[int, str], ...]) -> RowReader:
    return RowReader(dict(columns))


def month_first_columns(rows: Iterable[Row], columns: dict[int, str]) -> frozenset[int]:
    """The date columns in which at least one date can only have its month first."""
    dated = {index for index, name in columns.items() if name in DATES}
    found: set[int] = set()
    for row in rows:
        for index in dated - found:
            if index < len(row) and month_first(row[index]):
                found.add(index)
    return frozenset(found)


def _said(read: Read, columns: list[Column], row: Row) -> Iterator[tuple[str, Any]]:
    """(our column, value) of every cell that has one; what is to be said goes into ``read``."""
    for column in columns:
        cell = row[column.index]
        if cell == "":
            continue
        value, problem, ask, note = column.seen.get(cell) or column.read(cell)
        if problem:
            read.problems.append(f"{column.label}: {problem}")
        elif ask:
            read.asks.append(f"{column.label}: {ask}")
        elif note:
            read.notes.append(f"{column.label}: {note}")
        if value is not None:
            yield column.name, value


# --- Visits --------------------------------------------------------------------------------------

_NOT_MEASURED = dict.fromkeys(("measured_on", *PLAUSIBLE)) | {"measure": "", "gain": ""}
_POSSIBLE = [
    (name, Decimal(str(low)), Decimal(str(high))) for name, (low, high) in PLAUSIBLE.items()
]


def _read_visit(read: Read, group: list[Column], row: Row) -> None:
    """One visit, where something was measured; what the list claims of it in any case."""
    visit: dict[str, Any] = {**_NOT_MEASURED, "told": {}}
    spoken = len(read.problems) + len(read.asks)
    claims = visit["told"]
    for name, value in _said(read, group, row):
        if name in VISIT:
            visit[name] = value
        elif value.__class__ is dict:
            claims |= value
        else:
            claims[name[5:]] = value  # without "told_"
    read.told = claims or read.told
    _ask_back(read, visit)
    if not any(visit[name] is not None for name in PLAUSIBLE):
        return
    if visit["measured_on"]:
        read.visits.append(visit)
    elif spoken == len(read.problems) + len(read.asks):
        label = next(column.label for column in group if column.name == "measured_on")
        read.problems.append(f"{label} kosong.")


def _ask_back(read: Read, visit: dict[str, Any]) -> None:
    """Grams, metres, millimetres, weight and height in each other's place: asked, not changed.

    None of the visit's numbers is taken until that is answered.
    """
    for name, low, high in _POSSIBLE:
        value = visit[name]
        if value is not None and not low <= value <= high:
            break
    else:
        return
    numbers = (visit["weight_kg"], visit["length_height_cm"], None, visit["lila_cm"])
    for _, sentence in impossible(*numbers):
        # A sentence that guesses what was meant is a question.
        (read.asks if "?" in sentence else read.problems).append(sentence)
    visit |= dict.fromkeys(PLAUSIBLE)


# --- The child -----------------------------------------------------------------------------------

# Whoever finds the child by its NIK may do without the birth date: then this is no problem.
NO_BIRTH = "Tanggal lahir kosong."


def _check_child(read: Read) -> None:
    if "child_name" not in read.values and not _spoken(read, "child_name"):
        read.problems.append("Nama anak kosong.")
    known = "birth_date" in read.values or "age_months" in read.values
    if not known and not any(_spoken(read, name) for name in ("birth_date", *AGES)):
        read.problems.append(NO_BIRTH)


def _spoken(read: Read, name: str) -> bool:
    """Whether this column has its problem or question already."""
    return any(said.startswith(f"{FIELDS[name]}: ") for said in (*read.problems, *read.asks))


def _check_days(read: Read, today: date | None) -> None:
    born = read.values.get("birth_date")
    if born and today and born > today:
        read.problems.append(f"Tanggal lahir {long_date(born)} belum tiba.")
    for visit in read.visits:
        day = visit["measured_on"]
        if born and day < born:
            read.problems.append(f"Tanggal ukur {long_date(day)} sebelum tanggal lahir.")
        elif today and day > today:
            read.problems.append(f"Tanggal ukur {long_date(day)} belum tiba.")
