"""A person's own columns, as two cards are compared by them: what belongs together is one line.

A column another parcel of work adds later becomes a line of its own, called as its form calls it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Field, Model

from regions.words import MISSING, long_date, number
from registry.identity import EncryptedField, masked
from registry.models import Child, Household, Mother

# No line of the comparison: the row's own, what follows from other rows, what a merge looks after.
_NEVER = {
    "id", "code", "programme", "created_at", "created_by", "merged_into", "imported", "name_key",
    "nik_index", "nik_tail", "kk_index", "last_visit", "rank", "pregnancy",
}  # fmt: skip
# Columns to look up by, which follow another.
SHADOWS = {"name": ("name_key",), "nik": ("nik_index", "nik_tail"), "kk": ("kk_index",)}
# The columns a merged row gives up, so that its number stands once.
_NIK: dict[str, Any] = {"nik_index": None, "nik_tail": ""}
GIVEN_UP: dict[type[Model], dict[str, Any]] = {
    Child: _NIK, Mother: _NIK, Household: {"kk_index": None},
}  # fmt: skip
_PLACE = ("Desa dan posyandu", ("desa", "posyandu"))
_LEFT = ("Pindah atau keluar", ("left_on", "left_reason"))
_TOGETHER: dict[type[Model], tuple[tuple[str, tuple[str, ...]], ...]] = {
    Child: (
        ("Ibu dan keluarga", ("mother", "household")),
        ("Tanggal lahir", ("birth_date", "birth_precision")),
        _PLACE,
        _LEFT,
    ),
    Mother: (("Keluarga", ("household",)), _PLACE, _LEFT),
    Household: (
        ("Alamat", ("address", "rt", "rw")),
        _PLACE,
        ("Warga kecamatan", ("resident", "resident_reason")),
        (
            "Keadaan rumah",
            ("water", "latrine", "house", "water_source", "latrine_use", "latrine_bowl",
             "latrine_drain", "septic_emptied", "building_sound", "floor_area_m2", "residents",
             "surveyed_on"),
        ),
    ),
}  # fmt: skip
# Here nothing says something: who has not left is still here.
_EMPTY_SAYS = {"left_on": "Masih di sini"}


@dataclass(frozen=True)
class Line:
    """One line of the comparison: the columns that are chosen together."""

    key: str
    label: str
    fields: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """With the columns to look up by."""
        return self.fields + tuple(s for name in self.fields for s in SHADOWS.get(name, ()))

    def values(self, person: Model) -> dict[str, Any]:
        """attname → value, with the columns to look up by."""
        return {name: getattr(person, name) for name in _attnames(person, self.every)}

    def is_empty(self, person: Model) -> bool:
        values = (getattr(person, name) for name in _attnames(person, self.fields))
        return self.fields[0] not in _EMPTY_SAYS and all(value in (None, "") for value in values)

    def is_same(self, one: Model, other: Model) -> bool:
        names = _attnames(one, self.fields)
        return all(getattr(one, name) == getattr(other, name) for name in names)

    def text(self, person: Any) -> str:
        """What stands there in words; NIK and KK masked, "–" for nothing."""
        if self.fields[0] == "address":
            rt_rw = f"RT {person.rt or '–'}/RW {person.rw or '–'}"
            return ", ".join([person.address, *([rt_rw] if person.rt or person.rw else [])])
        named = len(self.fields) > 3
        said = [(name, _said(person, name)) for name in self.fields]
        parts = [f"{_label(person, n)}: {text}" if named else text for n, text in said if text]
        return ", ".join(parts) or _EMPTY_SAYS.get(self.fields[0], MISSING)


@cache
def lines_of(model: type[Model]) -> tuple[Line, ...]:
    """The lines of a table, in the order of its columns."""
    together = {names[0]: (label, names) for label, names in _TOGETHER[model]}
    grouped = {name for _, names in _TOGETHER[model] for name in names}
    found = []
    for field in model._meta.concrete_fields:
        if field.name in together:
            found.append(Line(field.name, *together[field.name]))
        elif field.name not in _NEVER | grouped:
            found.append(Line(field.name, _capital(str(field.verbose_name)), (field.name,)))
    first = ("name", "head_name")  # how people call it stands on top
    return tuple(sorted(found, key=lambda line: line.key not in first))


def birth_is_surer(one: Any, other: Any) -> bool:
    """Whether the other child's birth date is known to the day, and this one's is not."""
    return isinstance(one, Child) and one.is_approximate and not other.is_approximate


def _attnames(person: Any, names: Iterable[str]) -> list[str]:
    return [person._meta.get_field(name).attname for name in names]


def _said(person: Any, name: str) -> str:
    field: Field = person._meta.get_field(name)
    value = getattr(person, name)
    if name == "birth_precision" or value in (None, ""):
        return ""
    if isinstance(field, EncryptedField):
        return masked(value)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, date):
        about = name == "birth_date" and getattr(person, "is_approximate", False)
        return f"{'≈ ' if about else ''}{long_date(value)}"
    if field.choices:
        return str(getattr(person, f"get_{name}_display")())
    return _of_another(value) if field.is_relation else _plain(value)


def _of_another(row: Any) -> str:
    if isinstance(row, Household):
        return row.full_address
    title = getattr(row, "title", "")  # Desa Ledug, Kelurahan Kudai
    return title or str(row)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else number(value)


def _label(person: Model, name: str) -> str:
    return str(person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
