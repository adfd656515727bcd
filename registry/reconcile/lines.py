"""One line of a comparison, in words for the page and as values for the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from growth.classes import CLASSES, INDEX_LABELS
from growth.differ import WORDS
from growth.words import long_date, measured, sd
from registry.identity import masked
from registry.imports.entries import Entry
from registry.imports.shows import POSTURES
from registry.models import Child, ImportRow

Outcome = ImportRow.Outcome
NOT_HERE = "Di portal ini tidak ada pengukuran pada bulan itu."
DIFFERS = {"on": "tanggal ukur", "weight_kg": "berat", "length_height_cm": "tinggi",
           "measure": "cara ukur"}  # fmt: skip
GONE = "Anak yang sudah tidak ada di portal"
_LABELS = {index: {found.code: found.label for found in classes}
           for index, classes in CLASSES.items()}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One visit on one side."""

    on: date
    weight_kg: Decimal | None
    length_height_cm: Decimal | None
    measure: str

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "Side | None":
        if kept is None:
            return None
        weight, length = (Decimal(text) if (text := kept[name]) is not None else None
                          for name in ("weight_kg", "length_height_cm"))  # fmt: skip
        return cls(date.fromisoformat(kept["on"]), weight, length, kept["measure"])

    @property
    def posture(self) -> str:
        return str(POSTURES.get(self.measure, ""))

    def pieces(self, differs: Sequence[str]) -> list[tuple[str, bool]]:
        """(words, whether the other side says otherwise) of day, weight, length, posture."""
        return [
            (long_date(self.on), "on" in differs),
            (_words(self.weight_kg, "kg", "tanpa berat"), "weight_kg" in differs),
            (_words(self.length_height_cm, "cm", "tanpa tinggi"), "length_height_cm" in differs),
            (self.posture.lower() or "cara ukur kosong", "measure" in differs),
        ]


def _words(value: Decimal | None, unit: str, absent: str) -> str:
    return absent if value is None else f"{measured(float(value))} {unit}"


@dataclass(frozen=True)
class OtherClass:
    """One index with two classes."""

    label: str
    here: str
    there: str
    causes: tuple[str, ...]

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "OtherClass":
        index, labels = kept["index"], _LABELS[kept["index"]]
        here, there = (
            labels[kept[side]] + (f" ({sd(float(kept[z]))})" if kept[z] is not None else "")
            for side, z in (("here", "z_here"), ("there", "z_there"))
        )
        return cls(INDEX_LABELS[index], here, there, tuple(WORDS[code] for code in kept["why"]))


@dataclass
class Line:
    """A row of the list, or a child that is not in it; one line for each visit of the row."""

    kind: str
    number: int | None
    name: str
    born: date | None = None
    sex: str = ""
    parents: str = ""
    nik: str = ""
    desa: int | None = None
    posyandu: int | None = None
    child: Child | None = None
    there: Side | None = None
    here: Side | None = None
    differs: Sequence[str] = ()
    classes: Sequence[OtherClass] = ()
    reasons: list[str] = field(default_factory=list)
    alike: list[Child] = field(default_factory=list)

    @property
    def facts(self) -> list[str]:
        """Who it is, beside the name."""
        born = long_date(self.born) if self.born else ""
        return [word for word in (born, self.parents, self.nik) if word]

    @property
    def pieces_there(self) -> list[tuple[str, bool]]:
        return self.there.pieces(self.differs) if self.there else []

    @property
    def pieces_here(self) -> list[tuple[str, bool]]:
        return self.here.pieces(self.differs) if self.here else []


def lines_of(row: ImportRow, children: dict[str, Child]) -> Iterator[Line]:
    """The lines of a row; ``children``: by code, who may be meant."""
    visits = row.changes.get("visits") or [None]
    if row.outcome in (Outcome.CLASS, Outcome.NUMBERS):  # only the visits with something to say
        visits = [one for one in visits if one is None or _says(one)] or [None]
    for visit in visits:
        line = _who(row)
        line.reasons = [row.reason] if row.reason else []
        line.alike = [children[code] for code in row.candidates if code in children]
        if visit:
            line.there, line.here = Side.of(visit["there"]), Side.of(visit["here"])
            line.differs = visit["differs"]
            line.classes = [OtherClass.of(one) for one in visit["classes"]]
            line.reasons += _words_of(visit)
        yield line


def _words_of(visit: dict[str, Any]) -> list[str]:
    """What is another, as a sentence."""
    if visit["here"] is None:
        return [NOT_HERE]
    names = [DIFFERS[name] for name in visit["differs"]]
    return [f"Yang lain: {', '.join(names)}."] if names else []


def _says(visit: dict[str, Any]) -> bool:
    return bool(visit["here"] is None or visit["differs"] or visit["classes"])


def _who(row: ImportRow) -> Line:
    if row.outcome == Outcome.HERE:
        return _of_child(row)
    if "name" not in row.values:
        return Line(row.outcome, row.number, row.values.get("title") or "Tanpa nama")
    entry = Entry.unpack(row.values)
    parents = " / ".join(filter(None, (entry.mother_name, entry.father_name)))
    return Line(
        row.outcome, row.number, entry.name, entry.birth_date, entry.sex, parents,
        masked(entry.nik) if entry.nik else "", entry.desa, entry.posyandu, row.child,
    )  # fmt: skip


def _of_child(row: ImportRow) -> Line:
    child = row.child
    if child is None:
        return Line(row.outcome, None, GONE)
    return Line(
        row.outcome, None, child.name, child.birth_date, child.sex, child.parents,
        child.nik_masked or "", child.desa_id, child.posyandu_id, child,
    )  # fmt: skip
