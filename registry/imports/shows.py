"""What the pages say of a row: its changes, its visits, in words; never a whole NIK or KK."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from growth.words import long_date, measured
from registry.identity import masked
from registry.imports.changes import COLUMNS, Change
from registry.imports.entries import Entry
from registry.imports.labels import FIELDS
from registry.models import Child, Measurement

_OWN = {"name": "Nama anak", "job": "Pekerjaan orang tua"}  # names an Entry has of its own
LABELS = {
    f"{thing}.{column}": _OWN.get(name) or FIELDS[name].partition(" (")[0]
    for thing, column, name in COLUMNS
}  # fmt: skip
POSTURES = dict(Measurement.Posture.choices)


def change_words(change: Change, posyandu: dict[int, str]) -> list[str]:
    """[label, before, after]; a NIK or KK is only ever filled in, and shown masked."""
    label = LABELS[f"{change.thing}.{change.column}"]
    if change.column in ("nik", "kk"):
        return [label, "", masked(change.value)]
    if change.column == "posyandu":
        return [label, "", posyandu.get(change.value, "")]
    return [label, _plain(change.column, change.before), _plain(change.column, change.after)]


def _plain(column: str, text: str) -> str:
    if column == "birth_date" and text:
        return long_date(date.fromisoformat(text))
    if column == "sex" and text:
        return str(Child.Sex(text).label)
    if column == "birth_length_cm":
        return text.replace(".", ",")
    return text


def kept_words(columns: Iterable[str]) -> list[str]:
    return [LABELS[column] for column in columns]


def visit_words(day: date, visit: dict[str, Any]) -> str:
    """``9 Juni 2026: 10,6 kg · 80,5 cm berdiri · LiLA 14 cm``."""
    return f"{long_date(day)}: {numbers_words(visit)}"


def numbers_words(visit: dict[str, Any]) -> str:
    said = [f"{_number(visit['weight_kg'])} kg"] if visit["weight_kg"] is not None else []
    if visit["length_height_cm"] is not None:
        posture = str(POSTURES.get(visit["measure"], "")).lower()
        said.append(f"{_number(visit['length_height_cm'])} cm {posture}".strip())
    if visit["lila_cm"] is not None:
        said.append(f"LiLA {_number(visit['lila_cm'])} cm")
    return " · ".join(said)


def _number(value: Decimal) -> str:
    return measured(float(value))


def facts_of(entry: Entry) -> list[tuple[str, str]]:
    """What a list says of a child, to stand beside those who may be meant."""
    born = ("≈ " if entry.is_approximate else "") + long_date(entry.birth_date)
    told = (
        ("Nama anak", entry.name),
        ("Jenis kelamin", str(Child.Sex(entry.sex).label)),
        ("Tanggal lahir", born),
        ("Orang tua", " / ".join(filter(None, (entry.mother_name, entry.father_name)))),
        ("NIK anak", masked(entry.nik)),
        ("Alamat", entry.address),
    )
    return [(label, text or "–") for label, text in told]


def facts_of_child(child: Child) -> list[tuple[str, str]]:
    """The same of a child of the registry."""
    born = ("≈ " if child.is_approximate else "") + long_date(child.birth_date)
    told = (
        ("Nama anak", child.name),
        ("Jenis kelamin", child.get_sex_display()),
        ("Tanggal lahir", born),
        ("Orang tua", child.parents),
        ("NIK anak", child.nik_masked),
        ("Alamat", child.household.address),
    )
    return [(label, text or "–") for label, text in told]
