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
from kempling.demo import people
from regions.codes import new_code
from regions.models import Posyandu, Programme, ReportLink
from registry import measuring
from registry.lookup import keys
from registry.models import (
    Absence,
    Breastfeeding,
    Child,
    Consent,
    Decision,
    ExclusiveMonth,
    Household,
    Measurement,
    Mother,
    Pregnancy,
    PregnancyCheck,
    Submission,
)
from registry.mothers import exclusive
from registry.names import name_key

FIRST = ("Bintang", "Mentari", "Embun", "Cahaya", "Pelangi", "Samudra", "Fajar", "Senja",
         "Awan", "Kirana", "Bumi", "Lautan", "Angin", "Permata", "Intan", "Mutiara")  # fmt: skip
SECOND = ("Pagi", "Timur", "Biru", "Hijau", "Utara", "Kecil", "Terang", "Lembut", "Ceria")
JOBS = ("Petani", "Buruh harian", "Pedagang", "Nelayan", "Karyawan swasta", "Ibu rumah tangga")
CHILDREN_A_POSYANDU = 7
MORE_CHILDREN = 30  # in one posyandu, whose kader reads the length board to half a centimetre
MONTHS = 12
PRETERM_PART = 0.08


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
    busy = people.busy_posyandu(programme)
    more = random.Random(f"contoh {programme.code} lagi")  # noqa: S311 - synthetic people
    for _ in range(MORE_CHILDREN - CHILDREN_A_POSYANDU):
        _child(programme, busy, cast, more, next(names))
    _measure_all(programme, cast, chance)
    _reports_behind(programme, cast)
    _pregnancies(programme, cast, chance)
    keys.refresh_many(Child.objects.of(programme).select_related("mother"),
                      Mother.objects.of(programme))  # fmt: skip


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
    early = chance.random() < PRETERM_PART
    weeks = chance.randint(31, 36) if early else chance.randint(37, 41)
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
        gestation_weeks=weeks,
        birth_weight_g=10 * round(chance.gauss(315 - 16 * (40 - weeks), 26)),
        birth_length_cm=Decimal(f"{chance.gauss(49 - 0.9 * (40 - weeks), 1.1):.1f}"),
        created_by=cast["petugas"],
    )
    if completed_months(born, programme.today()) < 6:
        Breastfeeding.objects.create(mother=mother, child=child, started_on=born)


def _measure_all(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    """A visit a month on posyandu day, from birth on, now and then missed.

    Who missed the last one is noted as absent.
    """
    rows: list[Measurement] = []
    absences: list[Absence] = []
    busy, hasty = people.busy_posyandu(programme), people.hasty_kader(programme)
    children = list(Child.objects.of(programme).select_related("programme").order_by("id"))
    for child in children:
        path = Path(child.sex, child.birth_date, chance.gauss(-1.35, 0.95),
                    chance.gauss(-0.5, 0.85), chance.uniform(-0.3, 0.5))  # fmt: skip
        days = [month + timedelta(days=6 + child.desa_id % 9)
                for month in full_months(programme.today())]  # fmt: skip
        came = [day > child.birth_date and chance.random() > 0.12 for day in days]
        mine = [
            _visit(child, path, day, number / MONTHS, chance, cast["bidan"])
            for number, day in enumerate(days)
            if came[number]
        ]
        if child.posyandu_id == busy.pk:
            _read_roughly(mine, hasty)
        measuring.derive(child, mine)
        rows += mine
        if not came[-1] and days[-1] > child.birth_date:
            absences.append(_absence(child, days[-1], cast["kader"]))
    Measurement.objects.bulk_create(rows)
    Child.objects.bulk_update(children, measuring.STANDS, batch_size=200)
    _noted_on_their_day(rows)
    Absence.objects.bulk_create(absences)


def _noted_on_their_day(rows: list[Measurement]) -> None:
    """A visit came in on its own day: the column's ``auto_now_add`` says today."""
    for row in rows:
        row.created_at = datetime.combine(row.measured_on, time(11), row.child.programme.tz)
    Measurement.objects.bulk_update(rows, ["created_at"], batch_size=200)


def _absence(child: Child, on: date, by: User) -> Absence:
    return Absence(child=child, posyandu=child.posyandu, on=on, created_by=by)


def _visit(
    child: Child, path: Path, on: date, part: float, chance: random.Random, by: User
) -> Measurement:
    """One visit on the child's path, with the scales' and the board's small errors."""
    days = (on - child.birth_date).days
    sex = BOY if child.sex == "L" else GIRL
    standing = days >= 731
    length = value_at(path.haz + path.drift * part, table("lfa").rows[sex][days])
    weight = _weight_for(sex, length, standing, path.whz + path.drift * part)
    numbers: dict[str, Any] = {
        "measured_on": on,
        "weight_kg": Decimal(f"{weight + chance.gauss(0, 0.05):.1f}"),
        "length_height_cm": Decimal(f"{length + chance.gauss(0, 0.2):.1f}"),
        "measure": "h" if standing else "l",
        "lila_cm": Decimal(f"{13.6 + path.whz * 0.8 + days / 1500:.1f}") if days > 183 else None,
    }
    return Measurement(child=child, created_by=by, **numbers)


def _read_roughly(visits: list[Measurement], by: User) -> None:
    """Lengths to the half centimetre, as one kader reads them: mutu data has something to say."""
    for visit in visits:
        visit.created_by = by
        halves = (visit.length_height_cm or Decimal(0)) * 2
        visit.length_height_cm = halves.quantize(Decimal(1)) / 2


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


# How the pregnant women of the demo stand, one after the other: weeks, gravida, age, height (cm),
# weight before (kg), LiLA (cm), Hb (g/dL), months since the last birth, who examined last. One is
# thin, one badly anaemic, one very young, one of many and close births, one well, one not yet
# examined, one overdue.
EXPECTING: tuple[tuple[Any, ...], ...] = (
    (24, 1, 22, "152", "41", "22.8", "10.8", None, "bidan"),
    (30, 2, 27, "155", "49", "23.2", "6.8", 48, "bidan"),
    (20, 1, 18, "150", "47", "24.6", "11.4", None, "bidan"),
    (33, 5, 37, "149", "58", "27.5", "11.2", 16, "dokter"),
    (26, 2, 29, "157", "54", "26.0", "11.8", 50, "dokter"),
    (9, 2, None, "154", None, None, None, None, "posyandu"),
    (47, 3, 31, "153", "50", "25.0", "11.3", 40, "bidan"),
)


def _pregnancies(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    """Seven pregnant women, each with another reason to look after her."""
    places = list(Posyandu.objects.of(programme).select_related("desa"))
    for number, state in enumerate(EXPECTING):
        posyandu = places[number % len(places)]
        mother = _mother(
            _household(programme, posyandu, chance, f"{FIRST[number]} Contoh"),
            f"Ibu Hamil {FIRST[number]} Contoh",
            chance,
        )
        _expecting(mother, state, cast)
    _exclusive_months(programme, cast, chance)


def _expecting(mother: Mother, state: tuple[Any, ...], cast: dict[str, User]) -> None:
    weeks, gravida, age, height, before, lila, hb, months, by = state
    today = mother.programme.today()
    hpht = today - timedelta(weeks=weeks, days=2)
    Mother.objects.filter(pk=mother.pk).update(
        birth_date=hpht - timedelta(days=age * 366) if age else None
    )
    pregnancy = Pregnancy.objects.create(
        programme=mother.programme, desa=mother.desa, posyandu=mother.posyandu, mother=mother,
        hpht=hpht, gravida=gravida, height_cm=Decimal(height), created_by=cast["bidan"],
        pre_weight_kg=Decimal(before) if before else None,
        last_birth_on=hpht - timedelta(days=round((months - 9) * 30.4)) if months else None,
    )  # fmt: skip
    known = today - timedelta(weeks=min(weeks - 6, 10))
    _known_since(pregnancy, known)
    for weeks_ago in (9, 5, 1) if lila else ():
        on = min(today, hpht + timedelta(weeks=38)) - timedelta(weeks=weeks_ago)
        _check(pregnancy, on, lila, hb, by if weeks_ago == 1 else "bidan", cast)


def _known_since(pregnancy: Pregnancy, on: date) -> None:
    """The bidan wrote her down, with her consent, on this day."""
    mother, at = pregnancy.mother, datetime.combine(on, time(9, 30), pregnancy.programme.tz)
    Consent.objects.create(
        programme=mother.programme, mother=mother, giver="ibu", given_at=at,
        recorded_by=pregnancy.created_by,
    )  # fmt: skip
    Mother.objects.filter(pk=mother.pk).update(created_at=at)
    Pregnancy.objects.filter(pk=pregnancy.pk).update(created_at=at)


def _check(
    pregnancy: Pregnancy, on: date, lila: str, hb: str, by: str, cast: dict[str, User]
) -> None:
    """One examination: 0,35 kg more every week from the twelfth on."""
    weeks = (on - pregnancy.hpht).days // 7
    made = PregnancyCheck.objects.create(
        pregnancy=pregnancy,
        checked_on=on,
        weight_kg=(pregnancy.pre_weight_kg or 50) + 1 + Decimal(max(weeks - 12, 0) * 35) / 100,
        lila_cm=Decimal(lila),
        hb=Decimal(hb),
        ttd=28 if weeks > 14 else 0,
        by=by,
        created_by=cast["bidan"],
    )
    at = datetime.combine(on, time(10), pregnancy.programme.tz)
    PregnancyCheck.objects.filter(pk=made.pk).update(created_at=at)


def _exclusive_months(programme: Programme, cast: dict[str, User], chance: random.Random) -> None:
    """What mothers answered about the first six months; now and then a month was not asked."""
    today, rows = programme.today(), []
    for child in Child.objects.of(programme).filter(birth_date__gt=today - timedelta(days=420)):
        only_milk = True
        for month in exclusive.MONTHS:
            asked = child.birth_date + timedelta(days=round(month * 30.4375) + 12)
            only_milk = only_milk and chance.random() > 0.12
            if asked < today - timedelta(days=20) and chance.random() > 0.1:
                rows.append(ExclusiveMonth(child=child, month=month, exclusive=only_milk,
                                           asked_on=asked, created_by=cast["bidan"]))  # fmt: skip
    ExclusiveMonth.objects.bulk_create(rows)
