"""Days at the desk, by chance: reports of a few children are verified rightly and wrongly.

Each seed lets reports come in and petugas link, make, send on and take back; between that staff
measure, correct and merge. A decision that is undone at once leaves every row as it was, and
whatever was done, z, N/T, alerts and search keys are as worked out anew.
"""

import random
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from registry import visits, workflow
from registry.merging.workflow import merge, undo_merge
from registry.models import Child, Merge, Submission
from registry.people import Approval
from tests.cast import a_submission
from tests.environment import SLOW
from tests.test_import_months import assert_as_worked_out_anew
from tests.test_import_write import data_rows

SEEDS = range(60) if SLOW else range(3)
NAMES = ("Aisyah Contoh", "Bagas Contoh", "Citra Contoh")
ABOUT_REPORTS = ("registry.submission", "registry.decision")


class NothingThere(Exception):
    """There is nothing to do this with."""


class Desk:
    """A few children whom reports tell of, and what may be done with the reports."""

    def __init__(self, cast: SimpleNamespace, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)
        self.today = cast.programme.today()
        self.acts = (
            *[self.report] * 2, *[self.approve] * 3, self.undo, self.reject, self.measure,
            self.correct_visit, self.merge, self.undo_merge,
        )  # fmt: skip

    def one(self, rows: Any) -> Any:
        return self.some(rows, 1)[0]

    def some(self, rows: Any, count: int) -> list[Any]:
        there = list(rows.order_by("pk"))
        if len(there) < count:
            raise NothingThere
        return self.chance.sample(there, count)

    def report(self) -> None:
        number = self.chance.randrange(len(NAMES))
        ago = self.chance.choice((0, 0, 3, 30, 61))
        height = self.chance.choice((None, Decimal("74.5"), Decimal("76")))
        numbers = {"weight_kg": Decimal(self.chance.randrange(70, 99)) / 10,
                   "length_height_cm": height, "measure": "l" if height else ""}  # fmt: skip
        born = {"birth_date": self.today - timedelta(days=551 - 40 * number)}
        if self.chance.random() < 0.3:
            born = {"birth_date": None, "age_months": 18 - number}
        measured = {"measured_on": self.today - timedelta(days=ago), **numbers}
        if self.chance.random() < 0.2:
            measured = {"measured_on": None, "weight_kg": None, "length_height_cm": None}
        a_submission(
            self.cast, child_name=NAMES[number], sex="PLP"[number], **born, **measured,
            mother_name=("Ibu Satu", "Ibu Satu", "Ibu Dua")[number],
        )  # fmt: skip

    def approve(self) -> None:
        """Of a known child, right or wrong, or of a new one; undone at once every second time."""
        report = self.one(Submission.objects.filter(status="received"))
        before = rows_of_people()
        known = list(Child.objects.order_by("pk"))
        choice = Approval(
            child=self.chance.choice([None, *known]),
            nik=self.chance.choice(("", f"33022041012400{self.chance.randrange(10, 14)}")),
            kk=self.chance.choice(("", f"33022041012400{self.chance.randrange(20, 24)}")),
            birth_date=self.chance.choice((None, self.today - timedelta(days=540))),
            resident=self.chance.choice(({}, {"resident": True, "resident_reason": ""})),
        )
        workflow.approve(self.cast.petugas, report, choice)
        if self.chance.random() < 0.5:
            workflow.undo(self.cast.petugas, self.again(report), "Salah anak.")
            assert rows_of_people() == before

    def again(self, report: Submission) -> Submission:
        return Submission.objects.get(pk=report.pk)

    def undo(self) -> None:
        done = Submission.objects.filter(status__in=("approved", "rejected"))
        workflow.undo(self.cast.petugas, self.one(done), "Salah anak.")

    def reject(self) -> None:
        report = self.one(Submission.objects.filter(status="received"))
        workflow.reject(self.cast.petugas, report, "Bukan warga.")

    def measure(self) -> None:
        day = self.today - timedelta(days=self.chance.randrange(90))
        numbers = {"measured_on": day, "weight_kg": Decimal("8.4")}
        visits.add_measurement(self.cast.bidan, self.one(Child.objects.all()), numbers)

    def correct_visit(self) -> None:
        visit = self.one(Child.objects.all()).measurements.current().first()
        if visit:
            numbers = {"weight_kg": Decimal("8.8"), "length_height_cm": None, "measure": ""}
            visits.correct_measurement(self.cast.bidan, visit, numbers, "salah baca")

    def merge(self) -> None:
        merge(self.cast.petugas, *self.some(Child.objects.all(), 2))

    def undo_merge(self) -> None:
        undo_merge(self.cast.petugas, self.one(Merge.objects.filter(undone_at=None)))


def rows_of_people() -> dict[str, list[Any]]:
    return {name: rows for name, rows in data_rows().items() if name not in ABOUT_REPORTS}


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_done_at_the_desk_holds_together(cast: SimpleNamespace, seed: int) -> None:
    desk = Desk(cast, seed)
    for _ in range(40):
        with suppress(Refused, NothingThere):
            desk.chance.choice(desk.acts)()
        assert_as_worked_out_anew()
    assert Event.objects.filter(verb="approve").exists()
