"""What the registry knows of the children in some rows, and which of them each row means.

NIK first; then name, birth date, desa and parents; else a person decides. Nothing outside the
import's own programme is ever read: a child known only elsewhere is new here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from regions.models import Programme
from registry.identity import index_of
from registry.imports.changes import Change
from registry.imports.entries import Entry, same_birth
from registry.lookup.alike import compare
from registry.lookup.among import among
from registry.models import CalledBefore, Child, Household, Measurement, Mother
from registry.models.children import ChildQuerySet

OTHER_NAME = "NIK sama, tetapi nama dan tanggal lahirnya lain."
OTHER_NIK = "Nama, tanggal lahir, dan desa sama, tetapi NIK-nya lain."
OTHER_PARENT = "Nama, tanggal lahir, dan desa sama, tetapi nama orang tuanya lain."
SEVERAL = "Ada beberapa anak dengan nama, tanggal lahir, dan desa ini."


@dataclass(slots=True)
class Match:
    """The child a row surely means, or those who may be meant and why that is not sure."""

    child: Child | None = None
    candidates: list[Child] = field(default_factory=list)
    why: str = ""
    may_be_new: bool = True  # not with the NIK of another child


class Standing:
    """A few queries for some hundred rows. ``lock`` holds the children until the transaction ends.

    ``chosen``: codes of children that a person decided for.
    """

    def __init__(
        self,
        programme: Programme,
        entries: Sequence[Entry],
        chosen: Iterable[str] = (),
        *,
        lock: bool = False,
    ) -> None:
        self.programme, self.lock = programme, lock
        self.by_nik: dict[str, Child] = {}
        # A merged row is found by its own name and date, and means the one that was kept.
        self.by_name: dict[tuple[int, str], list[tuple[Child, Child]]] = defaultdict(list)
        self.by_code: dict[str, Child] = {}
        self.called: dict[str, Child] = {}
        self.visits: dict[tuple[int, date], Measurement] = {}
        self._ones: dict[tuple[type, int], Any] = {}
        self.owners: dict[tuple[str, str, str], int] = {}
        self.kept: dict[int, Child] = {}
        self.days = {day for entry in entries for day in entry.visits}
        self._load(entries, list(chosen))

    def _load(self, entries: Sequence[Entry], chosen: list[str]) -> None:
        everyone = Child.everyone.of(self.programme)
        niks = {entry.nik_index for entry in entries if entry.nik_index}
        called = CalledBefore.objects.filter(
            among("words", {entry.words for entry in entries}), programme=self.programme
        )
        by_words = dict(called.values_list("words", "child_id"))
        keys = {
            *everyone.filter(among("nik_index", niks)).values_list("pk", flat=True),
            *_of_these_names(everyone, entries),
            *everyone.filter(code__in=chosen).values_list("pk", flat=True),
            *by_words.values(),
        }
        children = self._open(keys)
        for pk, child in children.items():
            self._index(child, self.kept[pk])
        self.called = {words: self.kept[pk] for words, pk in by_words.items() if pk in self.kept}
        self._load_numbers(entries)

    def child(self, key: int) -> Child | None:
        """The child whom an earlier row of the list means, with its visits on the days of these
        rows; None when it went meanwhile."""
        if key not in self.kept:
            self._open({key})
        return self.kept.get(key)

    def _open(self, keys: set[int]) -> dict[int, Child]:
        """These children with what they were merged into, and their visits on the days told."""
        children = self._children(keys)
        fresh = {pk: self._kept(child, children) for pk, child in children.items()}
        self.kept |= fresh
        self._load_visits({child.pk for child in fresh.values()})
        return children

    def _children(self, keys: set[int]) -> dict[int, Child]:
        """These children, and those they were merged into."""
        found: dict[int, Child] = {}
        while keys:
            rows = Child.everyone.filter(among("pk", keys)).order_by("pk")
            rows = rows.select_related("mother", "household").defer(
                "nik", "mother__nik", "household__kk"
            )
            rows = rows.select_for_update(of=("self",)) if self.lock else rows
            fresh = {child.pk: child for child in rows}
            found |= fresh
            keys = {child.merged_into_id for child in fresh.values()} - {None, *found}
        for child in found.values():
            child.programme = self.programme
            child.household = self.one(child.household)
            child.mother = self.one(child.mother) if child.mother else None
        return found

    def one(self, row: Any) -> Any:
        """The one object that stands for this mother or household here: what two rows of a list
        change of her must not be written from two copies."""
        return self._ones.setdefault((type(row), row.pk), row)

    def known(self, model: type[Any], key: int) -> Any:
        """The mother or household of this key, where it stands here."""
        return self._ones.get((model, key))

    def _kept(self, child: Child, children: dict[int, Child]) -> Child:
        while child.merged_into_id:
            child = children[child.merged_into_id]
        return child

    def _index(self, child: Child, kept: Child) -> None:
        if child.nik_index:
            self.by_nik[child.nik_index] = kept
        self.by_code[child.code] = kept
        self.by_name[child.desa_id, child.name_key].append((child, kept))

    def _load_visits(self, children: set[int]) -> None:
        visits = Measurement.objects.current()
        rows = visits.filter(child__in=children, measured_on__in=self.days)
        for visit in rows:
            self.visits[visit.child_id, visit.measured_on] = visit

    def _load_numbers(self, entries: Sequence[Entry]) -> None:
        """Whose the NIK of mothers and the KK numbers in these rows are."""
        niks = {index_of(entry.mother_nik) for entry in entries if entry.mother_nik}
        kks = {index_of(entry.kk) for entry in entries if entry.kk}
        mothers = Mother.everyone.of(self.programme).filter(among("nik_index", niks))
        homes = Household.everyone.of(self.programme).filter(among("kk_index", kks))
        for pk, index in mothers.values_list("pk", "nik_index"):
            self.owners["mother", "nik", index] = pk
        for pk, index in homes.values_list("pk", "kk_index"):
            self.owners["household", "kk", index] = pk

    def is_taken(self, thing: str, column: str, index: str, key: int | None = None) -> bool:
        """Whether a NIK or KK, by its index, is another's than ``key``'s."""
        stored = self.by_nik.get(index) if thing == "child" else None
        if stored:
            return stored.pk != key
        return bool(index) and self.owners.get((thing, column, index), key) != key

    def take(self, thing: str, column: str, index: str, key: int | None = None) -> None:
        """From here on the number is this one's; ``None``: of one that is just being made."""
        if index:
            self.owners.setdefault((thing, column, index), key or 0)

    def take_all(self, made: Iterable[Change], key: int | None) -> None:
        for change in made:
            if change.column in ("nik", "kk"):
                self.take(change.thing, change.column, change.after, key)

    # --- Who is meant --------------------------------------------------------------------------

    def match(self, entry: Entry) -> Match:
        """The child this entry means, as far as that is sure."""
        if self.called and entry.words in self.called:
            return Match(self.called[entry.words])
        child = self.by_nik.get(entry.nik_index or "")
        if child:
            sure = child.name_key == entry.name_key or same_birth(child, entry)
            return Match(child) if sure else Match(None, [child], OTHER_NAME, False)
        return self._by_name(entry)

    def _by_name(self, entry: Entry) -> Match:
        alike = self.by_name.get((entry.desa, entry.name_key), [])
        found = list({kept.pk: kept for row, kept in alike if same_birth(row, entry)}.values())
        if not found:
            return Match()
        same_nik = [child for child in found if not _nik_differs(entry, child)]
        if not same_nik:
            return Match(None, found, OTHER_NIK)
        agreeing = [child for child in same_nik if _parents_agree(entry, child)]
        if len(agreeing) == 1:
            return Match(agreeing[0])
        return Match(None, found, SEVERAL if agreeing else OTHER_PARENT)


@dataclass(slots=True)
class _Born:
    birth_date: date
    is_approximate: bool


def _of_these_names(everyone: ChildQuerySet, entries: Sequence[Entry]) -> set[int]:
    """The keys of children with desa, name and birth date of one of the entries."""
    wanted: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        wanted[entry.desa, entry.name_key].append(entry)
    desa, names = ({key[at] for key in wanted} for at in (0, 1))
    rows = everyone.filter(among("name_key", names), desa__in=desa)
    columns = rows.values_list("pk", "desa_id", "name_key", "birth_date", "birth_precision")
    found = set()
    for pk, place, name, born, precision in columns:
        child = _Born(born, precision == Child.Precision.MONTH)
        if any(same_birth(child, entry) for entry in wanted.get((place, name), ())):
            found.add(pk)
    return found


def _nik_differs(entry: Entry, child: Child) -> bool:
    return bool(entry.nik_index and child.nik_index and entry.nik_index != child.nik_index)


def parents_agree(entry: Entry, mother: str, father: str) -> bool:
    """Whether nothing the row says of the parents speaks against these two.

    One name alone may stand in the wrong column, so both are compared with both before the answer
    is no.
    """
    straight = [compare(entry.mother_name, mother), compare(entry.father_name, father)]
    told = [pair for pair in straight if pair.is_known]
    if not told or any(not pair.clashing for pair in told):
        return True
    crossed = [compare(entry.father_name, mother), compare(entry.mother_name, father)]
    return any(pair.is_known and not pair.clashing for pair in crossed)


def _parents_agree(entry: Entry, child: Child) -> bool:
    return parents_agree(entry, child.mother.name if child.mother else "", child.father_name)
