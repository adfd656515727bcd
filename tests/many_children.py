"""Many synthetic children: sixty of one posyandu on a running portal, or a kabupaten full of them.

``make`` works by the shell of the running portal, ``fill`` on the database of this process; its
numbers are drawn, not measured: lists are opened on them, nobody is judged by them.
"""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# Runs inside the portal (manage.py shell -c): every child was measured last month.
_SCRIPT = """
import json, random
from datetime import timedelta
from decimal import Decimal
from accounts.models import User
from growth.lms import value_at
from growth.tables import BOY, GIRL, table
from registry.lookup import keys
from registry import visits
from registry.models import Child, Household, Mother
from registry.names import name_key

kader = User.objects.get(username="{username}")
place = kader.grants.get().posyandu
programme, today = place.programme, place.programme.today()
before = today.replace(day=1) - timedelta(days=4)
chance = random.Random("pagi posyandu")
made = []
for number in range({count}):
    born = today - timedelta(days=60 + number * 1600 // {count})
    name = f"Pagi {{number:02d}} Contoh"
    where = dict(programme=programme, desa=place.desa, posyandu=place)
    home = Household.objects.create(address="Jalan Contoh 1", **where)
    mother = Mother.objects.create(household=home, name="Ibu " + name,
                                   name_key=name_key("Ibu " + name), **where)
    child = Child.objects.create(household=home, mother=mother, name=name, name_key=name_key(name),
                                 sex="LP"[number % 2], birth_date=born, **where)
    z = chance.gauss(-1.2, 0.8)
    def at(day, index):
        sex = BOY if child.sex == "L" else GIRL
        return value_at(z, table(index).rows[sex][(day - born).days])
    posture = "l" if (before - born).days < 731 else "h"
    if before > born:
        visits.add_measurement(None, child, dict(
            measured_on=before, measure=posture, weight_kg=Decimal(f"{{at(before, 'wfa'):.1f}}"),
            length_height_cm=Decimal(f"{{at(before, 'lfa'):.1f}}")))
    made.append(dict(code=child.code, name=name, days=(today - born).days,
                     weight=f"{{at(today, 'wfa') + 0.05:.1f}}", length=f"{{at(today, 'lfa'):.1f}}"))
keys.refresh_many(Child.objects.of(programme), Mother.objects.of(programme))
print("MADE" + json.dumps(dict(posyandu=place.code, today=str(today), children=made,
                               day_before=str(today - timedelta(days=1)))))
"""


def make(server: Any, username: str, count: int) -> dict[str, Any]:
    """Make them in the posyandu of the kader; ``{posyandu, today, day_before, children}``."""
    script = _SCRIPT.format(username=username, count=count)
    printed = server.manage("shell", "-v", "0", "-c", script).stdout
    return json.loads(printed.split("MADE", 1)[1])


# --- In this process ---------------------------------------------------------------------------

NAMES = (
    "Bintang",
    "Mentari",
    "Embun",
    "Cahaya",
    "Pelangi",
    "Samudra",
    "Fajar",
    "Senja",
    "Awan",
    "Kirana",
    "Bumi",
    "Lautan",
    "Angin",
    "Permata",
    "Intan",
    "Mutiara",
    "Tirta",
    "Surya",
)
POSYANDU_A_DESA = 4
# Of a hundred children: so many with each alert, the others were never measured.
ALERTS = {"merah": 2, "oranye": 22, "kuning": 6, "biru": 10, "hijau": 55}
BATCH = 2000


def fill(programme: Any, count: int, *, visits: int = 6) -> None:
    """``count`` children of the programme with family and visits, and what else lists are of."""
    from registry.lookup import keys
    from registry.models import Mother

    chance = random.Random(f"banyak {programme.code}")
    places = places_of(programme)
    children = _families(programme, places, count, chance)
    _visits(children, visits, programme.today(), chance)
    carried = _pregnancies(programme, places, max(count // 20, 1), chance)
    _reports(programme, places, max(count // 4, 1), chance)
    _helps(children[::25], carried[::5], chance)
    _events(programme, count)
    keys.refresh_many(children, Mother.objects.of(programme))


def places_of(programme: Any) -> list[Any]:
    from regions.models import Posyandu

    centres = list(programme.puskesmas.all()) or [None]
    rows = [
        Posyandu(programme=programme, desa=desa, name=f"Contoh {number}",
                 puskesmas=centres[number % len(centres)], code=f"banyak-{desa.pk}-{number}")
        for desa in programme.desa() for number in range(POSYANDU_A_DESA)
    ]  # fmt: skip
    Posyandu.objects.bulk_create(rows)
    return list(Posyandu.objects.of(programme).select_related("desa"))


def _families(programme: Any, places: list[Any], count: int, chance: Any) -> list[Any]:
    from registry.models import Child, Household, Mother
    from registry.names import name_key

    today = programme.today()

    def where() -> dict[str, Any]:
        place = chance.choice(places)
        return {"programme": programme, "desa": place.desa, "posyandu": place}

    placed = [where() for _ in range(count)]
    names = [f"{chance.choice(NAMES)} {chance.choice(NAMES)} {n:06d} Contoh" for n in range(count)]
    homes = _create(
        Household(**at, address=f"Jalan Contoh {n % 90}", rt="01", rw="02", head_name=f"Bapak {n}",
                  water=("aman", "dasar", "tidak_layak")[n % 3],
                  latrine=("layak", "bersama", "terbuka")[n % 3])
        for n, at in enumerate(placed)
    )  # fmt: skip
    mothers = _create(
        Mother(**at, household=home, name=f"Ibu {name}", name_key=name_key(f"Ibu {name}"))
        for at, home, name in zip(placed, homes, names, strict=True)
    )
    return _create(
        Child(**at, household=home, mother=mother, name=name, name_key=name_key(name),
              sex=chance.choice("LP"), birth_date=today - timedelta(days=chance.randint(1, 2500)),
              birth_precision="month" if chance.random() < 0.04 else "day",
              father_name=f"Ayah {name}", birth_weight_g=chance.randint(2200, 3900),
              left_on=today - timedelta(days=9) if chance.random() < 0.02 else None)
        for at, home, mother, name in zip(placed, homes, mothers, names, strict=True)
    )  # fmt: skip


def _visits(children: list[Any], visits: int, today: date, chance: Any) -> None:
    """A visit a month, the last one within this month or the last; who was born since has none."""
    from registry.models import Measurement

    def rows() -> Iterator[Measurement]:
        for child in children:
            alert = chance.choices([*ALERTS, ""], [*ALERTS.values(), 5])[0]
            for number in range(visits if alert else 0):
                on = today - timedelta(days=31 * number + chance.randint(0, 20))
                if on > child.birth_date:
                    yield _visit(child, on, alert, chance)

    _create(rows(), keep=False)
    _stand(children[0].programme)


def _stand(programme: Any) -> None:
    """In two statements what ``registry/measuring.py:stand`` says of one child."""
    from django.db.models import Case, OuterRef, Subquery, Value, When
    from django.db.models.functions import Coalesce

    from growth.classify import ALERT_RANK
    from registry.models import Child, Measurement

    counted = Measurement.objects.current().filter(child=OuterRef("pk")).order_by("-measured_on")
    children = Child.everyone.of(programme)
    children.update(last_visit=Subquery(counted.values("pk")[:1]))
    levels = [When(alert=level, then=Value(rank)) for level, rank in ALERT_RANK.items()]
    last = Measurement.objects.filter(pk=OuterRef("last_visit")).annotate(rank=Case(*levels))
    children.update(rank=Coalesce(Subquery(last.values("rank")), Value(ALERT_RANK["kuning"])))


def _visit(child: Any, on: date, alert: str, chance: Any) -> Any:
    from registry.models import Measurement

    low = {"merah": -3.4, "oranye": -2.4}.get(alert, -0.8)
    z = [Decimal(f"{low + chance.gauss(0, 0.3):.2f}") for _ in range(4)]
    return Measurement(
        child=child, measured_on=on, weight_kg=Decimal(f"{chance.uniform(4, 18):.1f}"),
        length_height_cm=Decimal(f"{chance.uniform(50, 110):.1f}"), measure=chance.choice("lh"),
        haz=z[0], waz=z[1], whz=z[2], baz=z[3], haz_flag=chance.random() < 0.01, alert=alert,
        weight_gain=chance.choice("NTOB"), t_run=chance.choice((0, 0, 0, 1, 2)),
    )  # fmt: skip


def _pregnancies(programme: Any, places: list[Any], count: int, chance: Any) -> list[Any]:
    """Of every ten one is overdue and seven have ended; half are examined, some nurse."""
    from registry.models import Breastfeeding, Household, Mother, Pregnancy, PregnancyCheck

    today = programme.today()
    at = [{"programme": programme, "desa": p.desa, "posyandu": p}
          for p in chance.choices(places, k=count)]  # fmt: skip
    homes = _create(Household(**one, address="Jalan Contoh 2") for one in at)
    mothers = _create(
        Mother(**one, household=home, name=f"Ibu Hamil {n:05d} Contoh",
               name_key=f"hamil {n:05d} contoh", birth_date=date(1995, 1, 1 + n % 28))
        for n, (one, home) in enumerate(zip(at, homes, strict=True))
    )  # fmt: skip
    carried = _create(
        Pregnancy(**one, mother=mother, gravida=1 + n % 5, height_cm=Decimal("152"),
                  hpht=today - timedelta(weeks=47 if n % 10 == 0 else 4 + n % 36),
                  ended_on=today - timedelta(days=5) if n % 10 > 2 else None)
        for n, (one, mother) in enumerate(zip(at, mothers, strict=True))
    )  # fmt: skip
    _create(
        PregnancyCheck(pregnancy=one, checked_on=today - timedelta(days=10 + n % 40),
                       lila_cm=Decimal(22 + n % 5), hb=Decimal(9 + n % 4))
        for n, one in enumerate(carried) if n % 2
    )  # fmt: skip
    _create(Breastfeeding(mother=mother, started_on=today - timedelta(days=5))
            for n, mother in enumerate(mothers) if n % 10 > 2)  # fmt: skip
    return carried


def _reports(programme: Any, places: list[Any], count: int, chance: Any) -> None:
    """Reports of the last years: nearly all verified, each with the visit it told of; a few
    waiting."""
    from registry.models import Measurement, Submission

    states = ["approved"] * 17 + ["rejected", "received", "has_issues"]
    today = programme.today()
    visits = iter(Measurement.objects.filter(child__programme=programme)[:count])
    told = [next(visits, None) if states[n % 20] == "approved" else None for n in range(count)]
    _create(
        Submission(
            programme=programme, desa=place.desa, posyandu=place, digest=f"{n:064d}",
            measurement=told[n], made_measurement=told[n] is not None,
            client_id=f"banyak-{programme.code}-{n}", reporter_name="Kader Contoh",
            child_name=f"Anak Contoh {n}", sex="LP"[n % 2], birth_date=today - timedelta(days=400),
            mother_name="Ibu Contoh", parent_job="Petani", address="Jalan Contoh 1",
            consent_giver="ibu", status=states[n % 20], sign=n % 5,
            received_at=datetime.combine(today - timedelta(days=n % 700), time(9), programme.tz),
        )
        for n, place in enumerate(chance.choices(places, k=count))
    )  # fmt: skip


def _helps(children: list[Any], pregnancies: list[Any], chance: Any) -> None:
    """Every fourth is paid by a partner."""
    from interventions.models import Partner, PmtEpisode

    today, people = date.today(), [*children, *pregnancies]
    partner = Partner.objects.filter(programme=people[0].programme).first()
    _create(
        PmtEpisode(
            programme=one.programme, desa=one.desa, posyandu=one.posyandu,
            child=one if one in children else None,
            pregnancy=None if one in children else one,
            household=one.household if one in children else one.mother.household,
            indication="stunting" if one in children else "kek", menu="Nasi, telur",
            planned_days=90, funding="mitra" if partner and n % 4 == 0 else "apbdes",
            partner=partner if n % 4 == 0 else None, planned_start=today - timedelta(days=99),
            planned_end=today + timedelta(days=9), started_on=today - timedelta(days=99),
            status=chance.choice(("planned", "running", "completed", "completed")),
        )
        for n, one in enumerate(people)
    )  # fmt: skip


def _events(programme: Any, count: int) -> None:
    from accounts.models import Event

    _create(Event(programme=programme, verb="view_child", object_kind="child", why="n=1",
                  object_code=f"kode{n}") for n in range(count))  # fmt: skip


def _create(rows: Iterator[Any], *, keep: bool = True) -> list[Any]:
    """Stored in batches; the rows with their keys."""
    kept: list[Any] = []
    while batch := list(itertools.islice(rows, BATCH)):
        made = type(batch[0])._base_manager.bulk_create(batch)
        kept += made if keep else []
    return kept
