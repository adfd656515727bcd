"""Random families some of which were entered twice, with everything that may hang on them.

Made by the acts people use, so that all that is derived stands as it would.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.apps import apps

from accounts.transitions import Refused
from growth.lms import value_at
from growth.tables import BOY, GIRL, table
from interventions import workflow as helps
from registry import registering, visits, workflow
from registry.alerts import answers
from registry.identity import index_of
from registry.lookup import keys
from registry.models import (
    Child,
    Document,
    Household,
    Import,
    ImportRow,
    LifeEvent,
    LookupKey,
    Mother,
    NotSame,
    Pregnancy,
)
from registry.mothers import exclusive
from registry.people import Approval
from registry.posyandu import entry
from tests.cast import a_child, a_household, a_mother, a_pregnancy, a_submission
from tests.helps import FUNDS, a_pmt, a_work

# What a merge writes beside the rows it moves, and what is no data of people.
NOT_COMPARED = {
    "registry.merge", "accounts.event", "sessions.session", "registry.lookupkey",
}  # fmt: skip


def rows_of_everything() -> dict[str, list[Any]]:
    """Every column of every row of every table, but the event log and the merges themselves."""
    found = {
        model._meta.label_lower: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.label_lower not in NOT_COMPARED
    }
    # Keys to look up by may be made anew: what they say counts, not their number.
    found["keys"] = sorted(LookupKey.objects.values_list("key", "child", "mother"), key=str)
    return found


class World:
    """A handful of children, mothers and homes in one programme, by one seed."""

    def __init__(self, cast: SimpleNamespace, seed: int) -> None:
        self.cast = cast
        self.chance = random.Random(seed)
        self.today = cast.programme.today()
        self.homes = [self._home() for _ in range(3)]
        self.mothers = [self._mother() for _ in range(3)]
        self.children = [self._child() for _ in range(4)]
        for child in self.children:
            self._life_of(child)
        for mother in self.mothers:
            self._life_of_mother(mother)
        self._class()
        self._other_tables()
        for people in (self.homes, self.mothers, self.children):
            for person in people:
                person.refresh_from_db()

    # --- People ---

    def _any(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def _where(self) -> dict[str, Any]:
        posyandu = self._any(self.cast.melati, self.cast.mawar, self.cast.kenanga)
        return {"desa": posyandu.desa, "posyandu": posyandu}

    def _number(self, shadow: str) -> dict[str, Any]:
        """A NIK or KK for some."""
        if self.chance.random() < 0.5:
            return {}
        number = f"33022025012{self.chance.randint(0, 99999):05d}"
        name = shadow.removesuffix("_index")
        return {name: number, shadow: index_of(number)}

    def _home(self) -> Household:
        return a_household(
            self.cast, **self._where(), **self._number("kk_index"),
            water=self._any("", "aman", "tidak_layak"), head_name=self._any("", "Kepala Contoh"),
            latrine=self._any("", "layak", "terbuka"), rt=self._any("", "01", "02"),
        )  # fmt: skip

    def _mother(self) -> Mother:
        return a_mother(
            self.cast, household=self._any(*self.homes), **self._where(),
            **self._number("nik_index"), phone=self._any("", "0812"), job=self._any("", "Petani"),
            birth_date=self._any(None, date(1995, 5, 1), date(1996, 5, 1)),
        )  # fmt: skip

    def _child(self) -> Child:
        mother = self._any(None, *self.mothers)
        child = a_child(
            self.cast, months=self._any(3, 14, 30), mother=mother or self.mothers[0],
            **self._where(), **self._number("nik_index"), sex=self._any("L", "P"),
            father_name=self._any("", "Budi", "Budiman"),
            birth_weight_g=self._any(None, 2900, 3100),
            imported=self._any({}, {"birth_weight_g": "2900"}),
        )  # fmt: skip
        Child.objects.filter(pk=child.pk).update(mother=mother)
        child.refresh_from_db()
        return child

    # --- Lives ---

    def _life_of(self, child: Child) -> None:
        acts: list[Callable[[Child], Any]] = [
            self._visit, self._visit, self._visit, self._correct, self._absent, self._report,
            self._answer, self._asi, self._pmt, self._moved,
        ]  # fmt: skip
        for act in self.chance.choices(acts, k=9):
            with suppress(Refused):  # not every act fits every child
                act(child)

    def _visit(self, child: Child) -> Any:
        ago = 30 * self.chance.randint(0, 3) + 1  # few days: two cards meet on one
        on = self.today - timedelta(days=ago)
        days = max((on - child.birth_date).days, 0)
        sex = BOY if child.sex == "L" else GIRL
        z = self.chance.gauss(-1.5, 1)
        kg, cm = (value_at(z, table(i).rows[sex][days]) for i in ("wfa", "lfa"))
        return visits.add_measurement(self.cast.bidan, child, {
            "measured_on": on, "weight_kg": Decimal(f"{kg:.1f}"), "measure": "l",
            "length_height_cm": self._any(None, Decimal(f"{cm:.1f}")),
        })  # fmt: skip

    def _correct(self, child: Child) -> None:
        visit = child.measurements.current().first()
        if visit:
            numbers = {"weight_kg": visit.weight_kg, "lila_cm": Decimal("13.4")}
            visits.correct_measurement(self.cast.bidan, visit, numbers, "Salah baca")

    def _absent(self, child: Child) -> None:
        on = self.today - timedelta(days=7 * self.chance.randint(1, 2))
        entry.absent(self.cast.kader, child, self.cast.melati, on)

    def _report(self, child: Child) -> None:
        report = a_submission(self.cast, measured_on=self.today - timedelta(days=31))
        Document.objects.create(
            programme=report.programme, desa=report.desa, submission=report, size=3,
            file_name=f"{report.code}.jpg", media_type="image/jpeg", sha256=report.digest,
        )  # fmt: skip
        workflow.approve(self.cast.petugas, report, Approval(child=child))

    def _answer(self, child: Child) -> None:
        answers.answer(self.cast.bidan, child, "dirujuk", self.today, "Contoh")

    def _asi(self, child: Child) -> None:
        month, said = self.chance.randint(0, 3), self._any(True, False)
        exclusive.answer(self.cast.bidan, child, month, said, self.today)

    def _pmt(self, child: Child) -> None:
        a_pmt(self.cast, child=child, begun=self._any(None, 2))
        episode = child.pmt_episodes.first()
        if episode.is_running:
            helps.record_day(self.cast.tim, episode, helps.Fed(self.today, True, 4))

    def _moved(self, child: Child) -> None:
        LifeEvent.objects.create(
            programme=child.programme, child=child, kind="datang", happened_on=self.today
        )

    def _life_of_mother(self, mother: Mother) -> None:
        if self.chance.random() < 0.7:
            mine = {"mother": mother, "gravida": self._any(None, 2)}
            pregnancy = a_pregnancy(self.cast, self.chance.randint(16, 20), **mine)
            self._pregnancy(pregnancy)
        with suppress(Refused):
            child = self._any(None, mother.children.first())
            registering.begin_breastfeeding(self.cast.bidan, mother, self.today, child)
        if self.chance.random() < 0.5:
            a_work(self.cast, household=mother.household)

    def _pregnancy(self, pregnancy: Pregnancy) -> None:
        for weeks in {self.chance.randint(1, 3) for _ in range(2)}:
            values = {"checked_on": self.today - timedelta(weeks=weeks), "lila_cm": Decimal("22.5")}
            registering.check_pregnancy(self.cast.bidan, pregnancy, values)
        answers.answer(self.cast.bidan, pregnancy, "dikunjungi", self.today)
        if self.chance.random() < 0.5:
            a_pmt(self.cast, pregnancy=pregnancy)
        Child.objects.filter(mother=pregnancy.mother).update(pregnancy=pregnancy)

    def _class(self) -> None:
        plan = FUNDS | {"kind": "parenting", "title": "Kelas", "place": "Balai",
                        "planned_start": self.today}  # fmt: skip
        activity = helps.plan_activity(
            self.cast.tim, self.cast.programme, desa=self.cast.desa, **plan
        )
        came = [helps.Came(m.name, mother=m, pre_score=self._any(None, 40)) for m in self.mothers]
        helps.hold(self.cast.tim, activity, self.today, [*came, helps.Came("Tamu")])

    def _other_tables(self) -> None:
        programme = self.cast.programme
        keys.refresh_many(Child.objects.all(), Mother.objects.all())
        listed = Import.objects.create(programme=programme, file_name="contoh.xlsx", sha256="0")
        ImportRow.objects.create(source=listed, number=2, outcome="sama", child=self.children[0])
        codes = sorted((self.children[0].code, self.children[3].code))
        NotSame.objects.create(
            programme=programme, kind="child", first_code=codes[0], second_code=codes[1]
        )
