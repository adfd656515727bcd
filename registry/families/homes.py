"""What is noted of a home, and what stands on the family's row because of it.

Every observation is a row of its own (``HomeCheck``): somebody looked, or a work was finished. Of
water, latrine and house each by itself the newest observation wins, by its day and then by when
it was written; one noted late never overwrites a newer one. A ladder written before there were
rows has no day and loses against any.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import record
from accounts.transitions import Refused
from regions.models import Programme, Region
from registry.families.ladders import (
    area_of_one,
    house_criteria,
    house_rung,
    latrine_rung,
    water_rung,
)
from registry.models import HomeCheck, Household
from registry.standards import limit
from registry.unmerged import hold

NOTE = "note_home"
LEAST_AREA = "floor_area_m2"  # the programme's limit, m² per person
LONG_AGO = timedelta(days=5 * 366)
CHUNK = 500
# The columns that stand and fall together: an observation tells all of a part or nothing of it.
PARTS = {
    "water": ("water", "water_source"),
    "latrine": ("latrine", "latrine_use", "latrine_bowl", "latrine_drain", "septic_emptied"),
    "house": ("house", "building_sound", "floor_area_m2", "residents"),
}
COLUMNS = tuple(name for names in PARTS.values() for name in names)
ANSWERS = (*(name for name in COLUMNS if name not in PARTS), "water_reach", "water_safe")


def note(user: Any, household: Household, seen_on: date, answers: dict[str, Any]) -> HomeCheck:
    """Write down what was seen at the house; ``answers``: columns of ``ANSWERS``, empty = not said.

    The same said twice on one day by the same person stays one row. Raises Refused when nothing
    is said, and for a day to come or long past.
    """
    said = {name: answers.get(name) for name in ANSWERS if answers.get(name) not in ("", None)}
    if not said:
        raise Refused("Isi paling sedikit satu: air minum, jamban, atau rumah.")
    _possible(household, seen_on)
    return _keep(user, household, seen_on, said, "note_home", NOTE)


def improve(
    user: Any, household: Household, on: date, now: dict[str, str], action: str
) -> HomeCheck | None:
    """What water, latrine or house are since a work was finished; empty = not changed by it."""
    said = {name: now[name] for name in PARTS if now.get(name)}
    if not said:
        return None
    return _keep(user, household, on, said, "improve_household", action, by_work=True)


def _keep(
    user: Any, household: Household, on: date, said: dict[str, Any], verb: str, action: str,
    **more: Any,
) -> HomeCheck:  # fmt: skip
    with transaction.atomic():
        hold(household)
        held = Household.objects.select_related("desa", "programme").get(pk=household.pk)
        again = held.home_checks.filter(seen_on=on, created_by=user, **said, **more).first()
        if again and not _differs(again, said):
            return again
        fresh = HomeCheck(household=held, seen_on=on, created_by=user, **said, **more)
        _tell_rungs(fresh, held)
        fresh.save()
        _follow(held, list(held.home_checks.all().oldest_first()))
        record(user, verb, held, fields=said, action=action)
    for name in (*COLUMNS, "surveyed_on"):
        setattr(household, name, getattr(held, name))
    return fresh


def _differs(row: HomeCheck, said: dict[str, Any]) -> bool:
    """Whether the row tells more than this."""
    return any(getattr(row, name) not in ("", None) for name in ANSWERS if name not in said)


def _possible(household: Household, on: date) -> None:
    today = household.programme.today()
    if on > today:
        raise Refused("Tanggal ini belum tiba. Tulis hari rumah itu dilihat.")
    if today - on > LONG_AGO:
        raise Refused("Periksa tahunnya. Tanggal ini terlalu lama berlalu.")


# --- What follows ------------------------------------------------------------------------------


def tells(row: HomeCheck, part: str) -> bool:
    """Whether the observation says anything of water, latrine or house."""
    return any(getattr(row, name) not in ("", None) for name in PARTS[part])


def newest(rows: Iterable[HomeCheck]) -> dict[str, HomeCheck]:
    """The observation that counts for each part; ``rows`` are oldest first."""
    found: dict[str, HomeCheck] = {}
    for row in rows:
        found |= {part: row for part in PARTS if tells(row, part)}
    return found


def _tell_rungs(row: HomeCheck, household: Household) -> None:
    """The rungs as they follow from this observation alone; what a work told stands."""
    if row.water_source:
        row.water = water_rung(row.water_source, row.water_reach, row.water_safe).code
    _settle(row, household.desa, limit(household.programme, LEAST_AREA))


def _follow(household: Household, rows: Sequence[HomeCheck]) -> None:
    """Bring the family's columns in line with its observations, oldest first."""
    for part, row in newest(rows).items():
        for name in PARTS[part]:
            setattr(household, name, getattr(row, name))
    looks = [row.seen_on for row in rows if not row.by_work]
    household.surveyed_on = max(looks, default=household.surveyed_on)
    _settle(household, household.desa, limit(household.programme, LEAST_AREA))
    household.save(update_fields=[*COLUMNS, "surveyed_on"])


def _settle(home: Household | HomeCheck, desa: Region, least_area: float) -> None:
    """Work out latrine and house where their answers are known; else what was told stands."""
    if home.latrine_use:
        home.latrine = latrine_rung(
            home.latrine_use, home.latrine_bowl, home.latrine_drain, home.septic_emptied,
            desa.setting,
        ).code  # fmt: skip
    if home.building_sound is not None or home.floor_area_m2 is not None:
        home.house = house_rung(criteria(home, least_area)).code


def criteria(home: Household | HomeCheck, least_area: float) -> list[Any]:
    """The four criteria of this home."""
    area = area_of_one(home.floor_area_m2, home.residents)
    return house_criteria(home.building_sound, area, home.water, home.latrine, least_area)


# --- When a rule changes -----------------------------------------------------------------------


def settle_desa(desa: Region) -> int:
    """The desa became perkotaan or perdesaan: latrines with a pit, and the houses with them."""
    return settle_many(Household.objects.filter(desa=desa).exclude(latrine_use=""))


def settle_area(programme: Programme, before: float, after: float) -> int:
    """The least floor area changed: houses whose area per person lies between the two numbers."""
    low, high = sorted((before, after))
    rows = Household.objects.of(programme).filter(
        floor_area_m2__gte=F("residents") * low, floor_area_m2__lt=F("residents") * high
    )
    return settle_many(rows, least_area=after)


def settle_many(rows: QuerySet[Household], least_area: float | None = None) -> int:
    """Work the ladders of many families out anew; how many became different."""
    changed, last = 0, 0
    rows = rows.select_related("desa", "programme").defer("kk").order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        differ = [home for home in chunk if _settled_anew(home, least_area)]
        Household.objects.bulk_update(differ, ["latrine", "house"], batch_size=100)
        changed, last = changed + len(differ), chunk[-1].pk
    return changed


def _settled_anew(home: Household, least_area: float | None) -> bool:
    before = (home.latrine, home.house)
    least = limit(home.programme, LEAST_AREA) if least_area is None else least_area
    _settle(home, home.desa, least)
    return (home.latrine, home.house) != before
