"""Homes of the demo: desa marked, houses looked at, dasawisma, schooling; one child has moved."""

import random
from datetime import timedelta
from typing import Any

from accounts.models import User
from regions.models import Programme, Region
from registry import places
from registry.families import homes, life, residents
from registry.models import Child, Household, LifeEvent, Mother

GROUPS = ("Anggrek", "Mawar", "Melati", "Dahlia")
SEEN = 0.8  # how many of the houses somebody looked at
SCHOOLING = ("sd", "smp", "smp", "sma", "sma", "diploma", "sarjana", "")
WATER: dict[str, dict[str, Any]] = {
    "aman": {"water_source": "ledeng", "water_reach": "rumah", "water_safe": True},
    "dasar": {"water_source": "bor", "water_reach": "rumah", "water_safe": False},
    "terbatas": {"water_source": "mata_air", "water_reach": "jauh"},
    "tidak_layak": {"water_source": "sumur_terbuka", "water_reach": "dekat"},
}
_OWN = {"latrine_use": "sendiri", "latrine_bowl": "leher_angsa"}
LATRINE: dict[str, dict[str, Any]] = {
    "layak": {**_OWN, "latrine_drain": "tangki", "septic_emptied": False},
    "bersama": {**_OWN, "latrine_use": "bersama", "latrine_drain": "tangki"},
    "belum_layak": {**_OWN, "latrine_bowl": "plengsengan", "latrine_drain": "lubang"},
    "terbuka": {"latrine_use": "tidak_ada"},
}


def load(programme: Programme, cast: dict[str, User]) -> None:
    """The same homes on every machine; a draw of its own leaves the families as they are."""
    chance = random.Random(f"contoh {programme.code} rumah")  # noqa: S311 - synthetic people
    settings = {desa.code: _setting(desa, n) for n, desa in enumerate(programme.desa())}
    places.set_settings(cast["petugas"], programme, settings)
    for home in Household.objects.of(programme).select_related("programme", "desa").order_by("id"):
        _settle(home, chance)
        if chance.random() < SEEN:
            _look(home, cast["bidan"], chance)
    for mother in Mother.objects.of(programme).order_by("id").prefetch_related("pregnancies"):
        expecting = bool(mother.pregnancies.all())
        mother.education = chance.choice(SCHOOLING)
        mother.births = None if expecting else chance.choice((1, 1, 2, 2, 3, None))
        mother.save(update_fields=["education", "births"])
    _moved(programme, cast["petugas"])


def _setting(desa: Region, number: int) -> str:
    if desa.is_kelurahan:
        return Region.Setting.URBAN
    return Region.Setting.URBAN if number % 4 == 0 else Region.Setting.RURAL


def _settle(home: Household, chance: random.Random) -> None:
    home.dasawisma = f"{chance.choice(GROUPS)} {chance.randint(1, 4)}"
    home.resident = True if residents.asks(home.programme) and chance.random() < 0.9 else None
    home.save(update_fields=["dasawisma", "resident"])


def _look(home: Household, by: User, chance: random.Random) -> None:
    """What somebody saw at the door, in line with the ladders the family was drawn with."""
    people = chance.randint(3, 7)
    seen = WATER[home.water] | LATRINE[home.latrine]
    seen |= {"building_sound": home.house == "layak" or chance.random() < 0.3,
             "floor_area_m2": people * chance.randint(6, 14), "residents": people}  # fmt: skip
    homes.note(by, home, home.programme.today() - timedelta(days=chance.randint(20, 300)), seen)


def _moved(programme: Programme, by: User) -> None:
    """One family went to live elsewhere six weeks ago."""
    child = Child.objects.of(programme).select_related("mother").order_by("id").last()
    if child and child.mother:
        on = programme.today() - timedelta(days=40)
        people = [child, child.mother]
        told = life.Told(LifeEvent.Kind.LEFT, on, "kecamatan lain (contoh)")
        life.note(by, people, told)
