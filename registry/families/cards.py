"""What the card of a family shows, as plain data: its people, its home, its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from growth.classify import ALERT_LABELS
from regions.words import long_date
from registry.families import homes, ladders, life
from registry.models import Child, HomeCheck, Household, Mother
from registry.standards import limit

# The tones of the rungs; what is not known is netral.
TONES = {
    "water": {"aman": "hijau", "dasar": "hijau", "terbatas": "biru", "tidak_layak": "oranye",
              "tidak_ada": "merah"},
    "latrine": {"aman": "hijau", "layak": "hijau", "bersama": "biru", "belum_layak": "oranye",
                "terbuka": "merah"},
    "house": {"layak": "hijau", "tidak_layak": "oranye"},
}  # fmt: skip
LABELS = {"water": "Air minum", "latrine": "Jamban", "house": "Rumah"}


@dataclass(frozen=True)
class HomeLine:
    """Water, latrine or house: its rung with tone, what it follows from, and since when."""

    label: str
    rung: str
    tone: str
    details: tuple[str, ...]
    since: str
    missing: str


@dataclass(frozen=True)
class Member:
    """One of the family: who, and how he or she stands."""

    name: str
    url: str
    about: str
    tone: str
    label: str
    place: str  # where it differs from the family's
    away: str


# --- People ------------------------------------------------------------------------------------


def members(
    household: Household, mothers: Sequence[Any], children: Sequence[Any], on: date
) -> list[Member]:
    """Mothers (``with_state``) and children (``with_latest``), those who are gone at the end."""
    found = [_mother(household, mother, on) for mother in mothers]
    found += [_child(household, child, on) for child in children]
    return sorted(found, key=lambda member: bool(member.away))


def _mother(household: Household, mother: Any, on: date) -> Member:
    states = ["Hamil"] if mother.carried_hpht else []
    states += ["Menyusui"] if mother.nursing_since else []
    return Member(
        name=mother.name, url=reverse("registry:mother", args=[mother.code]), about="Ibu",
        tone="netral", label=", ".join(states), place=_elsewhere(household, mother),
        away=life.away_words(mother, on),
    )  # fmt: skip


def _child(household: Household, child: Any, on: date) -> Member:
    return Member(
        name=child.name, url=reverse("registry:child", args=[child.code]),
        about=f"Anak, {child.age_text(on)}", tone=child.latest_alert or "netral",
        label=ALERT_LABELS.get(child.latest_alert, "Belum diukur"),
        place=_elsewhere(household, child), away=life.away_words(child, on),
    )  # fmt: skip


def _elsewhere(household: Household, person: Child | Mother) -> str:
    """``Posyandu Mawar``, where the person belongs to another one than the family's house."""
    if person.posyandu is None or person.posyandu_id == household.posyandu_id:
        return ""
    other = f", {person.desa.title}" if person.desa_id != household.desa_id else ""
    return f"Posyandu {person.posyandu}{other}"


# --- Home --------------------------------------------------------------------------------------


def home_lines(household: Household, last: dict[str, HomeCheck]) -> list[HomeLine]:
    """The three ladders; ``last``: the observation that counts for each (``homes.newest``)."""
    details = {"water": _water, "latrine": _latrine, "house": _house}
    return [
        HomeLine(
            label=LABELS[part],
            rung=getattr(household, f"get_{part}_display")(),
            tone=TONES[part].get(getattr(household, part), "netral"),
            details=tuple(details[part](household, last.get(part))),
            since=_since(household, part, last.get(part)),
            missing=_missing(household, part),
        )
        for part in homes.PARTS
    ]


def _since(household: Household, part: str, row: HomeCheck | None) -> str:
    if row:
        how = "hasil pekerjaan" if row.by_work else "dilihat"
        return f"{how} {long_date(row.seen_on)}"
    return "tanggalnya tidak tercatat" if getattr(household, part) else ""


def _missing(household: Household, part: str) -> str:
    """What has to be known to tell the rung; "" when it is told or nothing is known at all."""
    if getattr(household, part):
        return ""
    if part == "water":
        return ladders.water_rung(household.water_source).missing
    if part == "latrine":
        return ladders.latrine_rung(
            household.latrine_use, household.latrine_bowl, household.latrine_drain,
            household.septic_emptied, household.desa.setting,
        ).missing  # fmt: skip
    return ladders.house_rung(_criteria(household)).missing


def _criteria(household: Household) -> list[ladders.Criterion]:
    return homes.criteria(household, limit(household.programme, homes.LEAST_AREA))


def _water(household: Household, row: HomeCheck | None) -> list[str]:
    said = [household.get_water_source_display()]
    if row and row.water_reach:
        said.append(row.get_water_reach_display().lower())
    if row and row.water_safe is not None:
        said.append("sudah diuji aman" if row.water_safe else "belum diuji")
    return [word for word in said if word]


def _latrine(household: Household, row: HomeCheck | None) -> list[str]:
    said = [
        household.get_latrine_use_display(),
        household.get_latrine_bowl_display().lower(),
        household.get_latrine_drain_display().lower(),
    ]
    if household.septic_emptied is not None:
        said.append(
            "disedot dalam 5 tahun" if household.septic_emptied else "tidak disedot dalam 5 tahun"
        )
    return [word for word in said if word]


def _house(household: Household, row: HomeCheck | None) -> list[str]:
    if household.building_sound is None and household.floor_area_m2 is None:
        return []
    marks = {True: "✓", False: "✗", None: "?"}
    return [f"{marks[c.holds]} {c.label}: {c.words}" for c in _criteria(household)]


# --- Timeline ----------------------------------------------------------------------------------


def home_items(rows: Sequence[HomeCheck]) -> list[dict[str, Any]]:
    """What was seen at the house, or became of it, as items of the timeline."""
    return [_home_item(row) for row in rows]


def _home_item(row: HomeCheck) -> dict[str, Any]:
    said = [
        f"{LABELS[part]}: {getattr(row, f'get_{part}_display')().lower() or 'belum jelas'}"
        for part in homes.PARTS
        if homes.tells(row, part)
    ]
    return {
        "when": row.seen_on,
        "title": "Keadaan rumah setelah pekerjaan" if row.by_work else "Rumah dilihat",
        "text": ". ".join(said) + ".",
        "who": str(row.created_by or ""),
        "tone": "hijau" if row.by_work else "biru",
        "kinds": ("kunjungan",),
    }
