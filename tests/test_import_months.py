"""Months of lists of the same children, in any order, with what lists are like.

Each seed makes some families and hands in list after list: visits of another month, numbers that
were missing, dates put right, the same child in two rows, rows nobody can read; between them staff
measure, put right, move and merge. Whatever comes, a list is written whole, says nothing new the
second time, goes away without a trace, and leaves z, N/T, alerts and search keys as worked out
anew; in the end all lists are taken back in any order.
"""

import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.transitions import Refused
from registry import registering, visits
from registry.families import life
from registry.families.life import Told
from registry.imports import analyse as analysing
from registry.imports import workflow
from registry.imports.judge import Outcome
from registry.merging.workflow import merge, undo_merge
from registry.models import CalledBefore, Child, Import, LifeEvent, Measurement
from registry.models.imports import NEW, SKIP
from registry.names import name_key
from tests.environment import SLOW
from tests.handed_in import analysed, row, undone, write
from tests.test_import_write import data_rows
from tests.test_lookup_keys import assert_as_made_anew

SEEDS = range(60) if SLOW else range(3)
MONTHS = [date(2025, 7, 9) + timedelta(days=30 * n) for n in range(12)]
NAMES = ("Aisyah Contoh", "Bagas Contoh", "Citra Contoh", "Dimas Contoh", "Eka Contoh",
         "Fajar Contoh", "Gita Contoh", "Hana Contoh")  # fmt: skip


class Village:
    """What is true of a few children, and lists that tell it more or less."""

    def __init__(self, cast: SimpleNamespace, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)
        self.children = [self._child(number, name) for number, name in enumerate(NAMES)]

    def _child(self, number: int, name: str) -> dict[str, Any]:
        born = date(2023, 1, 20) + timedelta(days=self.chance.randrange(700))
        home = number // 2  # two children a family
        day = born.day + 40 * (number % 2)
        return {
            "Nama": name, "JK": "LP"[number % 2], "born": born, "RT": f"0{home + 1}",
            "NIK": f"330220{day:02d}{born:%m%y}000{number}", "Nama_Ibu": f"Ibu {'ABCD'[home]}sih",
            "Nama_Ayah": f"Ayah {'ABCD'[home]}di", "No_HP": f"08120000000{home}",
            "Posyandu": self.cast.melati.name, "weight": 3.2 + self.chance.random(),
        }  # fmt: skip

    def maybe(self, value: str, share: float = 0.5) -> str:
        return value if self.chance.random() < share else ""

    def list_of(self, month: date) -> list[dict[str, Any]]:
        some = self.chance.sample(self.children, self.chance.randrange(2, len(self.children)))
        rows = [self.row_of(child, month) for child in some]
        if self.chance.random() < 0.4:
            rows.append(self.row_of(some[0], month))  # the same child again
        if self.chance.random() < 0.3:
            rows.append(row(Nama="Salah Contoh", Tgl_Lahir="31/31/2024"))
        self.chance.shuffle(rows)
        return rows

    def row_of(self, child: dict[str, Any], month: date) -> dict[str, Any]:
        day = month + timedelta(days=self.chance.choice((0, 0, 0, 1, 5)))
        months = max((day - child["born"]).days / 30.4, 0)
        slip = timedelta(days=self.chance.choice((0,) * 9 + (1,)))
        named = self.maybe(child["NIK"], 0.6)
        said = {
            "Nama": child["Nama"], "JK": child["JK"], "NIK": named,
            "Tgl_Lahir": str(child["born"] + (slip if named else timedelta())),
            "RT": self.maybe(child["RT"], 0.8), "Nama_Ibu": child["Nama_Ibu"],
            "Nama_Ayah": self.maybe(child["Nama_Ayah"]), "No_HP": self.maybe(child["No_HP"]),
            "Posyandu": self.maybe(child["Posyandu"]), "Tanggal": str(day),
            "Berat": f"{child['weight'] + months**0.75 * 0.5 * self.chance.uniform(0.7, 1):.1f}",
            "Tinggi": f"{49 + months**0.72 * 2.3:.1f}",
        }  # fmt: skip
        unseen = self.chance.random()
        if unseen < 0.15:
            said |= {"Tinggi": "-"}
        elif unseen < 0.25:
            said |= {"Berat": "-", "Tinggi": "-", "Tanggal": "-"}
        return row(**said)

    def staff_act(self) -> None:
        """Somebody measures, puts right, moves or merges: what the portal lets them do."""
        child = self.chance.choice(list(Child.objects.order_by("pk")))
        acts = (self._measure, self._correct_visit, self._correct_child, self._happens, self._merge)
        with suppress(Refused):
            self.chance.choice(acts)(child)

    def _measure(self, child: Child) -> None:
        day = self.chance.choice(MONTHS) + timedelta(days=self.chance.randrange(9))
        numbers = {"measured_on": day, "weight_kg": Decimal("9.4")}
        visits.add_measurement(self.cast.bidan, child, numbers)

    def _correct_visit(self, child: Child) -> None:
        if visit := child.measurements.filter(superseded=False).first():
            numbers = {"weight_kg": Decimal("8.8"), "length_height_cm": visit.length_height_cm,
                       "measure": visit.measure}  # fmt: skip
            visits.correct_measurement(self.cast.bidan, visit, numbers, "salah baca")

    def _correct_child(self, child: Child) -> None:
        name = f"{child.name} Putra"
        changes: dict[str, Any] = {"name": name, "name_key": name_key(name)}
        if self.chance.random() < 0.5:
            changes = {"birth_date": child.birth_date - timedelta(days=1)}
        registering.correct_child(self.cast.petugas, child, changes)

    def _happens(self, child: Child) -> None:
        kind = self.chance.choice(list(LifeEvent.Kind.values))
        day = self.cast.programme.today() - timedelta(days=self.chance.randrange(300))
        life.note(self.cast.bidan, [child], Told(kind, day, "Luar", to_desa=self.cast.other_desa))

    def _merge(self, child: Child) -> None:
        """With another; where they are not the same child it is taken back."""
        others = list(Child.objects.exclude(pk=child.pk).order_by("pk"))
        if others:
            other = self.chance.choice(others)
            done = merge(self.cast.petugas, child, other)
            if child.name.split()[0] != other.name.split()[0]:
                undo_merge(self.cast.petugas, done)


def assert_as_worked_out_anew() -> None:
    """Nothing derived would come out otherwise; who is found by what, too."""
    stood = standing_by()
    assert sum(done.changed for done in visits.recompute_many(Child.objects.all())) == 0
    assert standing_by() == stood
    for child in Child.objects.all():
        last = child.measurements.current().order_by("measured_on").last()
        assert child.last_visit == last
    assert_as_made_anew()


def standing_by() -> list[tuple[Any, ...]]:
    """By which visit each child stands, and where in the lists."""
    return list(Child.objects.order_by("pk").values_list("pk", "last_visit", "rank"))


def decide(village: Village, source: Import) -> None:
    """Most questions are answered, and rightly: a child is who has its first name."""
    answers = {}
    for one in source.rows.filter(outcome=Outcome.ASK):
        first = one.values.get("name", "").split(" ")[0]
        offered = Child.objects.filter(code__in=one.candidates)
        right = [child.code for child in offered if child.name.split()[0] == first]
        known = Child.objects.filter(name__startswith=first).exists()
        told = source.rows.filter(values__name__startswith=first).count()  # also by other rows
        answer = right[0] if right else NEW if first and not known and told == 1 else ""
        answers[one.number] = village.chance.choice((answer, answer, answer, SKIP))
    workflow.decide(village.cast.petugas, source, answers)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_of_months_come_in_whatever_they_bring(
    cast: SimpleNamespace, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In chunks of three rows, so that what one chunk knows is asked of the next."""
    monkeypatch.setattr(analysing, "CHUNK", 3)
    village, lists = Village(cast, seed), []
    for month in village.chance.sample(MONTHS, 5):
        rows = village.list_of(month)
        before, answers = data_rows(), called()
        source = analysed(cast, rows)
        decide(village, source)
        if source.rows.accepted().exists():
            source = write(cast, source)
            assert_each_child_once()
            assert_as_worked_out_anew()
            assert_says_nothing_new(analysed(cast, rows), by_number(source))
            undone(cast, source)
            assert data_rows() == before and called() <= answers
            again = analysed(cast, rows)
            decide(village, again)
            if again.rows.accepted().exists():
                lists.append(write(cast, again))
            assert_each_child_once()
            assert_as_worked_out_anew()
            village.staff_act()
            village.staff_act()
    assert Measurement.objects.count() > 5
    for source in village.chance.sample(lists, len(lists)):
        undone(cast, source)
        assert_as_worked_out_anew()


def assert_each_child_once() -> None:
    """No child has two cards; the real name is the first."""
    names = [name.split()[0] for name in Child.objects.values_list("name", flat=True)]
    assert len(names) == len(set(names)), sorted(names)


def called() -> set[str]:
    """What lists call children by answers that were kept."""
    return set(CalledBefore.objects.values_list("words", flat=True))


def by_number(source: Import) -> dict[int, str]:
    return dict(source.rows.values_list("number", "outcome"))


def assert_says_nothing_new(again: Import, before: dict[int, str]) -> None:
    """No row that was written would write a second time; of a question more may be known."""
    asked = {number for number, outcome in before.items() if outcome == Outcome.ASK}
    for one in again.rows.exclude(number__in=asked):
        assert one.outcome not in (Outcome.NEW, Outcome.CHANGED), (one.number, one.changes)
