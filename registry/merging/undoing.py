"""Before a merge is taken back: what stays, what follows, and what stands against it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ForeignKey, Model, QuerySet

from growth.words import long_date
from registry.merging import journal
from registry.merging.clashes import WORKED_OUT
from registry.merging.columns import lines_of
from registry.merging.hanging import Hang, day_of, hanging_on, is_revised, label_of, model_of
from registry.merging.journal import Cell
from registry.models import AlertAnswer, Merge
from registry.models.placed import Known

LATER = "Kartu ini digabung lagi pada {}. Batalkan dahulu penggabungan yang lebih baru itu."
MIXED = "Penggabungan ini tidak bisa dibatalkan lagi. Tidak pasti milik kartu yang mana: {}."
# An answer belongs to the visit whose alert it answers: where the visit goes, it goes.
FOLLOWS = {(AlertAnswer, "measurement")}
WORDS = {
    "measurement": "pengukuran", "absence": "catatan tidak hadir", "submission": "laporan kader",
    "consent": "persetujuan", "alertanswer": "tindak lanjut", "exclusivemonth": "jawaban ASI",
    "lifeevent": "catatan pindah atau keluar", "child": "anak", "mother": "ibu",
    "pregnancy": "kehamilan", "pregnancycheck": "pemeriksaan hamil",
    "breastfeeding": "catatan menyusui", "pmtepisode": "PMT", "attendance": "daftar hadir",
    "sanitationwork": "pekerjaan sanitasi", "importrow": "baris daftar yang dimasukkan",
}  # fmt: skip
_DAYS = ("measured_on", "on", "done_on", "checked_on", "happened_on", "hpht", "started_on")
Pair = tuple[str, int, int]  # label of the table, key of kept, key of gone
_MIXED = -1


@dataclass
class Outlook:
    """What taking a merge back would mean, as things stand now."""

    stays: list[str] = field(default_factory=list)  # in words
    mixed: list[str] = field(default_factory=list)  # in words: what cannot be told apart
    leave: set[Cell] = field(default_factory=set)
    following: list[tuple[Hang, Any, int]] = field(default_factory=list)  # row → key of its owner

    @property
    def refused(self) -> str:
        return MIXED.format(", ".join(dict.fromkeys(self.mixed))) if self.mixed else ""


def standing(pairs: Iterable[Pair]) -> dict[str, list[int]]:
    """What hangs on each kept row, by ``_place``: the keys, to know later what was added."""
    return {
        _place(label, kept, hang): sorted(rows.values_list("pk", flat=True))
        for label, kept, _ in pairs
        for hang, rows in _hanging(label, kept)
    }


def later_one(merge: Merge) -> Merge | None:
    """A later merge, still standing, in which somebody of this one takes part."""
    mine = _codes(merge.moved["parts"])
    later = Merge.objects.filter(programme=merge.programme, pk__gt=merge.pk, undone_at=None)
    for key, parts in later.order_by("-pk").values_list("pk", "moved__parts"):
        if mine & _codes(parts):
            return Merge.objects.get(pk=key)
    return None


def look(merge: Merge) -> Outlook:
    """What stays, what follows its visit back, and what stands against taking it back."""
    found, touched = Outlook(), journal.cells(merge.moved["steps"])
    _changed(touched, found)
    _added(merge.moved, touched, found)
    return found


def follow(outlook: Outlook) -> None:
    """Hand what belongs to something that goes back to its owner."""
    for hang, row, owner in outlook.following:
        hang.model._base_manager.filter(pk=row.pk).update(**{hang.field.attname: owner})


# --- What was changed since --------------------------------------------------------------------


def _changed(touched: dict[Cell, tuple[Any, Any]], found: Outlook) -> None:
    """A person's own data put right since stay; any other row changed since is in doubt."""
    rows = _rows_at(touched)
    for (label, key, name), (_, after) in touched.items():
        row = rows[label].get(key)
        if row is None or getattr(row, name) == journal.unpacked(label, name, after):
            continue
        if not isinstance(row, Known):
            found.mixed.append(_words(row))
            continue
        line = next((ln for ln in lines_of(type(row)) if name in ln.values(row)), None)
        together = line.values(row) if line else (name,)
        found.leave |= {(label, key, other) for other in together}  # a date with its precision
        if line:
            found.stays.append(f"{line.label.lower()} yang diperbaiki")
    found.stays = list(dict.fromkeys(found.stays))


def _rows_at(touched: Iterable[Cell]) -> dict[str, dict[int, Any]]:
    keys: dict[str, set[int]] = defaultdict(set)
    for label, key, _ in touched:
        keys[label].add(key)
    return {label: model_of(label)._base_manager.in_bulk(some) for label, some in keys.items()}


# --- What was added since ----------------------------------------------------------------------


def _added(moved: dict[str, Any], touched: dict[Cell, tuple[Any, Any]], found: Outlook) -> None:
    goes = _going_back(moved["pairs"], touched)
    met: set[tuple[str, int]] = set()
    for label, kept, _ in moved["pairs"]:
        for hang, rows in _hanging(label, kept):
            stood = set(moved["stood"].get(_place(label, kept, hang), ()))
            for row in rows.exclude(pk__in=stood):
                owner = _owner(hang, row, stood, goes)
                if owner == _MIXED:
                    found.mixed.append(_words(row))
                elif owner:
                    found.following.append((hang, row, owner))
                elif (label_of(row), row.pk) not in met:
                    found.stays.append(_words(row))
                met.add((label_of(row), row.pk))


def _going_back(
    pairs: Iterable[Pair], touched: dict[Cell, tuple[Any, Any]]
) -> dict[str, dict[int, int]]:
    """Table → {row that goes back to another owner: that owner's key}."""
    goes: dict[str, dict[int, int]] = defaultdict(dict)
    for owner_label, kept, gone in pairs:
        for hang in hanging_on(model_of(owner_label)):
            label = label_of(hang.model)
            for (table, key, name), pair in touched.items():
                if (table, name) == (label, hang.field.attname) and pair == (gone, kept):
                    goes[label][key] = gone
    return goes


def _owner(hang: Hang, row: Any, stood: set[int], goes: dict[str, dict[int, int]]) -> int:
    """Whose a row added since is: 0 the kept one's, a key of another owner, or ``_MIXED``."""
    if is_revised(hang):
        return _owner_of_day(hang, row, stood, goes[label_of(hang.model)])
    for column in row._meta.concrete_fields:
        if not isinstance(column, ForeignKey) or column == hang.field:
            continue
        back = goes.get(label_of(column.related_model), {}).get(getattr(row, column.attname))
        if back:
            return back if (hang.model, column.name) in FOLLOWS else _MIXED
    return 0


def _owner_of_day(hang: Hang, row: Any, stood: set[int], back: dict[int, int]) -> int:
    """A visit put right since belongs to whose visit it was; of a shared day nobody knows."""
    name = day_of(hang)
    day = {hang.field.attname: getattr(row, hang.field.attname), name: getattr(row, name)}
    before = stood & set(hang.model._base_manager.filter(**day).values_list("pk", flat=True))
    owners = {back.get(key, 0) for key in before} or {0}
    return owners.pop() if len(owners) == 1 else _MIXED


# --- Small words -------------------------------------------------------------------------------


def _hanging(label: str, key: int) -> Iterator[tuple[Hang, QuerySet[Any]]]:
    model = model_of(label)
    for hang in hanging_on(model):
        if hang.model not in WORKED_OUT and hang.model is not model:  # nor who merged into it
            rows = hang.model._base_manager.filter(**{hang.field.attname: key})
            yield hang, rows.order_by("pk")


def _place(label: str, key: int, hang: Hang) -> str:
    return f"{label}.{key}.{hang.label}"


def _codes(parts: Iterable[list[str]]) -> set[str]:
    return {code for _, *codes in parts for code in codes}


def _words(row: Model) -> str:
    """``pengukuran 3 Mei 2026``."""
    said = WORDS.get(str(row._meta.model_name), "catatan lain")
    days = (getattr(row, name, None) for name in _DAYS)
    day = next((day for day in days if day), None)
    return f"{said} {long_date(day)}" if day else said
