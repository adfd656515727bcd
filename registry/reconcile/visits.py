"""One visit as a list has it beside ours: which numbers differ, which classes, and why.

Plain data in, plain data out, as it is kept in ``ImportRow.changes``.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from growth.classes import CLASSES, classify
from growth.differ import Measured, why
from registry.imports.entries import Entry
from registry.models import Child, Measurement

# index -> our column of its z, its z and its class as a list tells them
INDICES = {"bb_u": "waz", "tb_u": "haz", "bb_tb": "whz"}
NUMBERS = ("weight_kg", "length_height_cm")


def nearest(day: date, ours: Iterable[Measurement]) -> Measurement | None:
    """Our visit on that day, else the nearest one of its month."""
    month = [one for one in ours
             if (one.measured_on.year, one.measured_on.month) == (day.year, day.month)]  # fmt: skip
    return min(month, key=lambda one: abs(one.measured_on - day), default=None)


def beside(
    entry: Entry, day: date, child: Child, ours: Sequence[Measurement], columns: Collection[str]
) -> dict[str, Any]:
    """The visit of the list and ours: ``there``, ``here`` (None: not measured in that month),
    ``differs`` and ``classes``. ``columns``: what the list tells at all."""
    visit, here = entry.visits[day], nearest(day, ours)
    found: dict[str, Any] = {
        "there": _plain(day, visit.get), "here": None, "differs": [], "classes": []
    }  # fmt: skip
    if here is None:
        return found
    found["here"] = _plain(here.measured_on, lambda name: getattr(here, name))
    found["differs"] = list(_differing(day, visit, here, columns))
    found["classes"] = [
        one for index in INDICES if (one := _class(index, entry, day, child, here))
    ]  # fmt: skip
    return found


def _plain(day: date, read: Any) -> dict[str, Any]:
    numbers = {name: None if read(name) is None else str(read(name)) for name in NUMBERS}
    return {"on": str(day), "measure": read("measure") or "", **numbers}


def _differing(
    day: date, visit: dict[str, Any], here: Measurement, columns: Collection[str]
) -> Iterable[str]:
    """What the list says otherwise. A blank number differs from a number, a blank posture tells
    nothing."""
    if day != here.measured_on:
        yield "on"
    yield from (name for name in NUMBERS
                if name in columns and visit[name] != getattr(here, name))  # fmt: skip
    if visit["measure"] and visit["measure"] != here.measure:
        yield "measure"


def _class(
    index: str, entry: Entry, day: date, child: Child, here: Measurement
) -> dict[str, Any] | None:
    """The two classes of one index where they differ. What we do not count has no class."""
    column = INDICES[index]
    ours = classify(index, getattr(here, column))
    visit = entry.visits[day]
    z = visit["told"].get(column)
    code = _told_class(index, visit["told"].get(index, ""), z)
    if not code or ours is None or getattr(here, f"{column}_flag") or ours.code == code:
        return None
    causes = why(index, _ours(child, here), _theirs(entry, day), code, _float(z))
    return {
        "index": index, "here": ours.code, "there": code, "why": list(causes),
        "z_here": str(getattr(here, column)), "z_there": None if z is None else str(z),
    }  # fmt: skip


def _told_class(index: str, said: str, z: Decimal | None) -> str:
    """The class a list shows, else the one its z stands for; "" for a word that is none of ours."""
    if said:
        return said if said in {one.code for one in CLASSES[index]} else ""
    found = classify(index, _float(z))
    return found.code if found else ""


def _ours(child: Child, here: Measurement) -> Measured:
    return Measured(
        child.sex, child.birth_date, here.measured_on, here.weight_kg, here.length_height_cm,
        here.measure,
    )  # fmt: skip


def _theirs(entry: Entry, day: date) -> Measured:
    visit = entry.visits[day]
    return Measured(
        entry.sex, entry.birth_date, day, visit["weight_kg"], visit["length_height_cm"],
        visit["measure"],
    )  # fmt: skip


def _float(z: Decimal | None) -> float | None:
    return None if z is None else float(z)
