"""Synthetic families: mothers, children measured every month for a year, pregnancies.

Each child follows a z-score path of its own; lengths and weights are read back from the WHO
tables, so that charts look like children and not like noise.
"""

import itertools
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from growth.age import completed_months
from growth.classify import ALERT_RANK
from growth.lms import value_at
from growth.tables import BOY, GIRL, table
from regions.codes import new_code
from regions.models import Posyandu, Programme, ReportLink
from registry import measuring
from registry.models import (
    Breastfeeding,
    Child,
    Consent,
    Decision,
    Household,
    Measurement,
    Mother,
    Pregnancy,
    PregnancyCheck,
    Submission,
)
from registry.names import name_key

FIRST = ("Bintang", "Mentari", "Embun", "Cahaya", "Pelangi", "Samudra", "Fajar", "Senja",
         "Awan", "Kirana", "Bumi", "Lautan", "Angin", "Permata", "Intan", "Mutiara")  # fmt: skip
SECOND = ("Pagi", "Timur", "Biru", "Hijau", "Utara", "Kecil", "Terang", "Lembut", "Ceria")
JOBS = ("Petani", "Buruh harian", "Pedagang", "Nelayan", "Karyawan swasta", "Ibu rumah tangga")
CHILDREN_A_POSYANDU = 7
MONTHS = 12


@dataclass
class Path:
    """A child's course: length and weight in SD, drifting by ``drift`` over the year."""

    sex: str
    born: date
    haz: float
    whz: float
    drift: float


def full_months(today: date, count: int = MONTHS) -> list[date]:
    """First days of the ``count`` full months before today, oldest first."""
    index = today.year * 12 + today.month - 1
    return [date((index - n) // 12, (index - n) % 12 + 1, 1) for n in range(count, 0, -1)]


def load(programme: Programme, cast: dict[str, User]) -> None:
    """Fill one programme with its families; the same ones on every machine."""
    chance = random.Random(f"contoh {programme.code}")  # noqa: S311 - synthetic people
    names = (f"{a} {b} Contoh" for b, a in itertools.product(SECOND, FIRST))
    for posyandu in Posyandu.objects.of(programme).select_related("desa"):
        for _ in range(CHILDREN_A_POSYANDU):
            _child(programme, posyandu, cast, chance, next(names))
    _measure_all(programme, cast, chance)
    _reports_behind(programme, cast)
    _pregnancies(programme, cast, chance)


def _household(
    programme: Programme, posyandu: Posyandu, chance: random.Random, name: str
) -> Household:
    return Household.objects.create(
        programme=programme,
        desa=posyandu.desa,
        posyandu=posyandu,
        head_name=f"Bapak {name}",
        address=f"Jalan Contoh {chance.randint(1, 90)}",
        rt=f"{chance.randint(1, 6):02d}",
        rw=f"{chance.randint(1, 5):02d}",
        water=chance.choice(["aman", "dasar", "dasar", "terbatas", "tidak_layak"]),
        latrine=chance.choice(["layak", "layak", "bersama", "belum_layak", "terbuka"]),
        house=chance.choice(["layak", "layak", "tidak_layak"]),
    )


def _mother(household: Household, name: str, chance: random.Random) -> Mother:
    return Mother.objects.create(
        programme=household.programme,
        desa=household.desa,
        posyandu=household.posyandu,
        household=household,
        name=name,
        name_key=name_key(name),
        job=chance.choice(JOBS),
        birth_date=date(chance.randint(1985, 2004), chance.randint(1, 12), chance.randint(1, 28)),
    )


def _child(
    programme: Programme,
    posyandu: Posyandu,
    cast: dict[str, User],
    chance: random.Random,
    name: str,
) -> None:
    household = _household(programme, posyandu, chance, name)
    mother = _mother(household, f"Ibu {name}", chance)
    born = programme.today() - timedelta(days=chance.randint(40, 1750))
    child = Child.objects.create(
        programme=programme,
        desa=posyandu.desa,
        posyandu=posyandu,
        household=household,
        mother=mother,
        name=name,
        name_key=name_key(name),
        sex=chance.choice("LP"),
        birth_date=born,
        birth_precision="month" if chance.random() < 0.04 else "day",
        father_name=f"Ayah {name}",
        created_by=cast["petugas"],
    )
    if completed_months(born, programme.today()) < 6:
        Breastfeeding.objects.create(mother=mother, child=child, started_on=born)


def _measure_all(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    """A visit a month on posyandu day, from birth on, now and then missed."""
    rows: list[Measurement] = []
    for child in Child.objects.of(programme).order_by("id"):
        path = Path(child.sex, child.birth_date, chance.gauss(-1.35, 0.95),
                    chance.gauss(-0.5, 0.85), chance.uniform(-0.3, 0.5))  # fmt: skip
        for number, month in enumerate(full_months(programme.today())):
            day = month + timedelta(days=6 + child.desa_id % 9)
            if day > child.birth_date and chance.random() > 0.12:
                rows.append(_visit(child, path, day, number / MONTHS, chance, cast["bidan"]))
    Measurement.objects.bulk_create(rows)


def _visit(
    child: Child, path: Path, on: date, part: float, chance: random.Random, by: User
) -> Measurement:
    """One visit on the child's path, with the scales' and the board's small errors."""
    days = (on - child.birth_date).days
    sex = BOY if child.sex == "L" else GIRL
    standing = days >= 731
    haz = path.haz + path.drift * part + chance.gauss(0, 0.06)
    length = value_at(haz, table("lfa").rows[sex][days])
    weight = _weight_for(sex, length, standing, path.whz + path.drift * part)
    numbers: dict[str, Any] = {
        "measured_on": on,
        "weight_kg": Decimal(f"{weight + chance.gauss(0, 0.05):.1f}"),
        "length_height_cm": Decimal(f"{length:.1f}"),
        "measure": "h" if standing else "l",
        "lila_cm": Decimal(f"{13.6 + path.whz * 0.8 + days / 1500:.1f}") if days > 183 else None,
    }
    fresh = Measurement(child=child, created_by=by, **numbers)
    for name, value in measuring.visit_of(fresh).columns().items():
        setattr(fresh, name, value)
    return fresh


def _weight_for(sex: int, length: float, standing: bool, whz: float) -> float:
    """The weight (kg) that stands at ``whz`` for the length, inside the table's range."""
    rows = table("wfh" if standing else "wfl")
    place = min(max(round(length * 10), rows.first), rows.last)
    return value_at(whz, rows.rows[sex][place - rows.first])


def _reports_behind(programme: Programme, cast: dict[str, User]) -> None:
    """The verified report each child came by, dated at its first visit."""
    links_by_place = {
        link.posyandu_id: link for link in ReportLink.objects.of(programme) if link.posyandu_id
    }
    for child in Child.objects.of(programme).select_related("mother", "household", "posyandu"):
        first = child.measurements.order_by("measured_on").first()
        if first:
            _approved(child, first, links_by_place[child.posyandu_id], cast)


def _approved(child: Child, visit: Measurement, link: ReportLink, cast: dict[str, User]) -> None:
    sent = datetime.combine(visit.measured_on, time(9, 30), child.programme.tz)
    decided = sent + timedelta(hours=1 + child.pk % 5, days=child.pk % 3)
    home = child.household
    report = Submission.objects.create(
        programme=child.programme, desa=child.desa, posyandu=child.posyandu, link=link,
        client_id=f"contoh-{child.code}", digest=new_code(), status=Submission.Status.APPROVED,
        sign=ALERT_RANK[visit.alert], reporter=cast["kader"], reporter_name="Kader Contoh",
        child_name=child.name, sex=child.sex, birth_date=child.birth_date,
        father_name=child.father_name, mother_name=child.mother.name if child.mother else "",
        parent_job="Petani", address=home.address, rt=home.rt, rw=home.rw,
        weight_kg=visit.weight_kg, length_height_cm=visit.length_height_cm,
        measure=visit.measure, measured_on=visit.measured_on, filled_on=visit.measured_on,
        consent_giver="ibu", received_at=sent, decided_at=decided, decided_by=cast["petugas"],
        child=child, measurement=visit, made_child=True, made_mother=True, made_household=True,
        made_measurement=True,
    )  # fmt: skip
    Consent.objects.create(
        programme=child.programme, submission=report, child=child, giver="ibu", given_at=sent
    )
    Decision.objects.create(submission=report, verb="approve", by=cast["petugas"], at=decided)
    # What the report made is as old as its approval.
    Child.objects.filter(pk=child.pk).update(created_at=decided)
    Mother.objects.filter(children=child).update(created_at=decided)
    Household.objects.filter(children=child).update(created_at=decided)


def _pregnancies(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    """Six pregnant women; two of them with LiLA below 23.5 cm."""
    today = programme.today()
    places = list(Posyandu.objects.of(programme).select_related("desa"))[:6]
    for number, posyandu in enumerate(places):
        mother = _mother(
            _household(programme, posyandu, chance, f"{FIRST[number]} Contoh"),
            f"Ibu Hamil {FIRST[number]} Contoh",
            chance,
        )
        pregnancy = Pregnancy.objects.create(
            programme=programme, desa=posyandu.desa, posyandu=posyandu, mother=mother,
            hpht=today - timedelta(weeks=chance.randint(10, 34)), gravida=chance.randint(1, 4),
            height_cm=Decimal(chance.randint(146, 162)), created_by=cast["bidan"],
        )  # fmt: skip
        lila = Decimal("22.8") if number < 2 else Decimal(chance.randint(240, 290)) / 10
        for weeks_ago in (8, 4, 0):
            _check(pregnancy, today - timedelta(weeks=weeks_ago, days=3), lila, number, cast)


def _check(
    pregnancy: Pregnancy, on: date, lila: Decimal, number: int, cast: dict[str, User]
) -> None:
    if on <= pregnancy.hpht:
        return
    weeks = (on - pregnancy.hpht).days // 7
    PregnancyCheck.objects.create(
        pregnancy=pregnancy,
        checked_on=on,
        weight_kg=Decimal(46 + number * 2) + Decimal(weeks * 3) / 10,
        lila_cm=lila + Decimal(weeks) / 100,
        hb=Decimal("10.2") + Decimal(number) / 5,
        ttd=min(weeks * 4, 90),
        created_by=cast["bidan"],
    )
