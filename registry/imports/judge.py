"""What becomes of each row of a list: new, changed, the same, for a person, or refused.

The same judge looks twice: when the list is analysed, and again behind the lock when it is
written, so that whatever happened between is seen. Rows of one child in one list are one child.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from growth.words import long_date
from registry.imports.changes import Changes, Comparing, Told
from registry.imports.entries import VISIT, Entry, same_birth
from registry.imports.standing import OTHER_NAME, OTHER_NIK, Match, Standing, parents_agree
from registry.models import Child, ImportRow, Measurement
from registry.models.imports import NEW

Outcome = ImportRow.Outcome
MISTAKEN_BIRTH = timedelta(days=31)
MOVED = "Anak ini tercatat di desa lain. Kalau pindah, catat kepindahannya di kartu anak."
LEFT = "Anak ini tercatat sudah keluar pada {}, tetapi daftar memuat pengukuran sesudahnya."
OTHER_NUMBERS = "Pada {} sudah ada pengukuran dengan angka lain. Angka di portal tidak diganti."
BEFORE_BIRTH = "Pengukuran {} sebelum tanggal lahir anak ini yang tercatat."
GONE = "Anak yang dipilih sudah tidak ada di portal."
ALSO = "Anak yang sama dengan baris {}."
ALSO_OTHER = "Baris {} memuat anak yang sama dengan data lain."
ALSO_NEAR = "Baris {} memuat anak bernama sama; tanggal lahirnya berdekatan."
ALSO_WAITS = "Anak yang sama dengan baris {}, yang belum dimasukkan."
ALSO_NUMBERS = "Baris {} memuat angka lain untuk anak dan hari yang sama."


@dataclass(slots=True)
class Row:
    """One row on its way: what it says (None when refused), and what becomes of it."""

    number: int
    entry: Entry | None = None
    outcome: str = ""
    reasons: list[str] = field(default_factory=list)
    child: Child | None = None
    candidates: list[Child] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    visits: list[date] = field(default_factory=list)  # the days that would be added
    same_as: int | None = None
    decision: str = ""
    may_be_new: bool = True
    waits: bool = False  # at the writing: nobody has decided it
    made: dict[str, Any] = field(default_factory=dict)  # what the undo takes back

    def ask(self, why: str, candidates: Iterable[Child] = ()) -> None:
        self.outcome = Outcome.ASK
        self.reasons.append(why)
        self.offer(candidates)

    def offer(self, candidates: Iterable[Child]) -> None:
        """Let a person choose one of these children."""
        known = {child.pk for child in self.candidates}
        self.candidates += [child for child in candidates if child.pk not in known]

    def refuse(self, why: str) -> None:
        self.outcome = Outcome.REFUSED
        self.reasons.append(why)


@dataclass(slots=True)
class Before:
    """What the earlier rows of the list said of one child; the first says who it is."""

    number: int
    name_key: str
    sex: str
    birth_date: date
    is_approximate: bool
    mother_name: str
    father_name: str
    nik_index: str | None
    visits: dict[date, tuple[Any, ...]]
    child: int | None = None  # the key, where the child is stored
    is_new: bool = False  # made by this list
    is_decided: bool = False  # a person said who it is
    waits: bool = False  # for a person to say so


class Judge:
    """Judges the rows of one list in their order; what it remembers is the list's own."""

    def __init__(self) -> None:
        self.told = Told()
        self._by_child: dict[int, Before] = {}
        self._by_nik: dict[str, Before] = {}
        self._by_number: dict[int, Before] = {}  # of the rows judged together last
        self._by_name: dict[tuple[int, str], list[Before]] = {}

    def judge(self, rows: Sequence[Row], standing: Standing) -> None:
        """Give every row of these its outcome; refused ones, and questions, keep theirs."""
        self._by_number.clear()
        for row in rows:
            if row.entry and row.outcome != Outcome.REFUSED:
                self._judge(row, row.entry, standing)

    def _judge(self, row: Row, entry: Entry, standing: Standing) -> None:
        match = self._match(row, entry, standing)
        row.child = match.child
        if match.why:
            row.ask(match.why, match.candidates)
            row.may_be_new = match.may_be_new
        before = None if row.child else self._before(row, entry)
        if before and row.outcome != Outcome.ASK:
            self._follow(row, entry, before, standing)
        earlier = self._by_child.get(row.child.pk) if row.child else before
        if row.child:
            is_decided = bool(row.decision or before and before.is_decided)
            self._known(row, entry, standing, is_first=earlier is None, is_decided=is_decided)
        elif row.outcome != Outcome.ASK:
            row.outcome, row.visits = Outcome.NEW, list(entry.visits)
            standing.take("child", "nik", entry.nik_index or "")
        if earlier:
            self._again(row, entry, earlier)
        if row.outcome != Outcome.ASK:
            self._remember(row, entry, earlier)
        elif row.child or row.waits or row.decision:
            self._know_of(row, entry)

    def _match(self, row: Row, entry: Entry, standing: Standing) -> Match:
        if row.decision == NEW:
            taken = standing.by_nik.get(entry.nik_index or "")
            return Match(None, [taken], OTHER_NAME, False) if taken else Match()
        if row.decision:
            chosen = standing.by_code.get(row.decision)
            return Match(chosen) if chosen else Match(why=GONE)
        return standing.match(entry)

    # --- A child that is known -------------------------------------------------------------------

    def _known(
        self, row: Row, entry: Entry, standing: Standing, *, is_first: bool, is_decided: bool
    ) -> None:
        child = row.child
        if child is None:
            return
        if is_first:
            row.changes = Comparing(entry, row.number, self.told, standing.is_taken).child(child)
            theirs: tuple[tuple[str, Any], ...] = (
                ("child", child), ("mother", child.mother), ("household", child.household),
            )  # fmt: skip
            for thing, kin in theirs:
                standing.take_all(row.changes.of(thing), kin.pk if kin else None)
        born = next((c.value for c in row.changes.made if c.column == "birth_date"), None)
        for day, visit in entry.visits.items():
            there = standing.visits.get((child.pk, day))
            if day < (born or child.birth_date):
                row.ask(BEFORE_BIRTH.format(long_date(day)), [child])
            elif there is None:
                row.visits.append(day)
            elif not agrees(visit, there) and not row.decision:
                row.ask(OTHER_NUMBERS.format(long_date(day)), [child])
        if not is_decided:
            self._ask_where(row, entry, child)
        if row.outcome == Outcome.ASK:
            row.may_be_new = False
            row.offer([child])
        else:
            row.outcome = Outcome.CHANGED if row.changes.made or row.visits else Outcome.SAME

    def _ask_where(self, row: Row, entry: Entry, child: Child) -> None:
        if child.desa_id != entry.desa:
            row.ask(MOVED, [child])
        if child.left_on and any(day >= child.left_on for day in row.visits):
            row.ask(LEFT.format(long_date(child.left_on)), [child])

    # --- The same child in an earlier row --------------------------------------------------------

    def _before(self, row: Row, entry: Entry) -> Before | None:
        """Who an earlier row of this NIK, or of this name, says that this child is; a doubtful one
        makes the row a question. A person who said that it is new is believed."""
        found = self._by_nik.get(entry.nik_index or "")
        if found:
            other = found.name_key != entry.name_key and not same_birth(found, entry)
            if other or row.decision == NEW and not found.is_new:
                row.ask(ALSO_OTHER.format(found.number))
                row.may_be_new = False  # two children do not share a NIK
                return None
            return found
        alike = self._by_name.get((entry.desa, entry.name_key), [])
        ones = [other for other in alike if _is_one(other, entry)]
        found = next((other for other in ones if not other.waits), next(iter(ones), None))
        near = next((other for other in alike if _is_near(other, entry)), None)
        if near and not found and row.decision != NEW:
            row.ask(ALSO_NEAR.format(near.number))
        return None if found and row.decision == NEW and not found.is_new else found

    def _follow(self, row: Row, entry: Entry, before: Before, standing: Standing) -> None:
        """Mean whom the earlier row means, or wait with it."""
        if before.waits:
            row.ask(ALSO_WAITS.format(before.number))
            return
        child = standing.child(before.child) if before.child else None
        if child and entry.nik_index and child.nik_index not in (None, entry.nik_index):
            row.ask(OTHER_NIK, [child])
        else:
            row.child = child

    def knows(self, row: Row, child: Child) -> None:
        """The child that row made is there now: a later row that finds it means the same one."""
        entry = row.entry
        if entry:
            row.child = child
            self._remember(row, entry, self._by_number.get(row.number))

    def _again(self, row: Row, entry: Entry, earlier: Before) -> None:
        """A later row of one child only adds visits."""
        row.same_as = earlier.number
        if row.outcome == Outcome.ASK:
            return
        clash = any(day in earlier.visits and earlier.visits[day] != _numbers(visit)
                    for day, visit in entry.visits.items())  # fmt: skip
        if clash or entry.sex != earlier.sex:
            text = ALSO_NUMBERS if clash else ALSO_OTHER
            row.ask(text.format(earlier.number), [row.child] if row.child else [])
            row.may_be_new = False
            return
        row.reasons.append(ALSO.format(earlier.number))
        row.visits = [day for day in row.visits if day not in earlier.visits]
        row.outcome = Outcome.CHANGED if row.visits else Outcome.SAME

    def _remember(self, row: Row, entry: Entry, earlier: Before | None) -> None:
        """Keep what a row says that is written; the first of a child stands for them all."""
        visits = {day: _numbers(visit) for day, visit in entry.visits.items()}
        if earlier:
            earlier.visits |= visits
            if entry.nik_index:
                self._by_nik.setdefault(entry.nik_index, earlier)
        else:
            earlier = _as_before(row, entry, visits)
            self._keep(earlier, entry)
        earlier.is_decided = earlier.is_decided or bool(row.decision)
        if row.child:
            earlier.child = row.child.pk
            self._by_child[row.child.pk] = earlier
        elif row.same_as is None:
            self._by_number[row.number] = earlier

    def _know_of(self, row: Row, entry: Entry) -> None:
        """Keep whom a row means that stays out, or that nobody has said: later rows follow it."""
        one = _as_before(row, entry, {})
        one.child, one.waits = row.child.pk if row.child else None, row.child is None
        self._keep(one, entry)

    def _keep(self, one: Before, entry: Entry) -> None:
        self._by_name.setdefault((entry.desa, entry.name_key), []).append(one)
        there = self._by_nik.get(entry.nik_index or "")
        if entry.nik_index and (there is None or there.waits):
            self._by_nik[entry.nik_index] = one


def _as_before(row: Row, entry: Entry, visits: dict[date, tuple[Any, ...]]) -> Before:
    return Before(
        row.number, entry.name_key, entry.sex, entry.birth_date, entry.is_approximate,
        entry.mother_name, entry.father_name, entry.nik_index, visits,
        is_new=row.outcome == Outcome.NEW, is_decided=bool(row.decision),
    )  # fmt: skip


def _is_near(other: Before, entry: Entry) -> bool:
    """Whether it may be, with a slip in one of the two birth dates."""
    near = abs(other.birth_date - entry.birth_date) <= MISTAKEN_BIRTH
    return near and _agrees_but_for_birth(other, entry)


def _is_one(other: Before, entry: Entry) -> bool:
    """Whether an earlier row of this name in this desa is of the same child."""
    return same_birth(other, entry) and _agrees_but_for_birth(other, entry)


def _agrees_but_for_birth(other: Before, entry: Entry) -> bool:
    if other.nik_index and entry.nik_index:
        return other.nik_index == entry.nik_index
    return parents_agree(entry, other.mother_name, other.father_name)


def agrees(visit: dict[str, Any], there: Measurement) -> bool:
    """Whether every number the list gives is the one that stands there."""
    given = [name for name in VISIT if visit[name] not in (None, "")]
    return all(visit[name] == getattr(there, name) for name in given)


def _numbers(visit: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(visit[name] for name in VISIT)
