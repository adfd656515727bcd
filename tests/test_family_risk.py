"""Keluarga berisiko stunting: the rule, its reasons in words, and the same rule in SQL."""

import random
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from registry.families import facts, family_list, risk
from registry.families.risk import Carrying, Family, Woman, risk_of
from registry.models import Child, Household, LifeEvent, Mother, Pregnancy
from registry.models.children import months_before
from registry.mothers.pregnancy import naegele
from registry.standards import pregnancy_limits
from tests.cast import a_child, a_household, a_mother, a_pregnancy

LIMITS = pregnancy_limits(None)
ON = date(2026, 11, 22)
WELL = Woman("Ibu Contoh", born=date(1998, 3, 1), births=1, children=(date(2025, 5, 1),))
FIT = Family(
    water_source="ledeng", water="dasar", latrine_use="sendiri", latrine_drain="tangki",
    latrine="layak", has_balita=True, women=(WELL,),
)  # fmt: skip


def words(family: Family) -> list[str]:
    return [reason.words for reason in risk_of(family, ON, LIMITS).reasons]


def test_it_works() -> None:
    assert risk_of(FIT, ON, LIMITS) == risk.Verdict(risk.NOT_AT_RISK)
    found = risk_of(replace(FIT, water_source="sumur_terbuka"), ON, LIMITS)
    assert found.state == risk.AT_RISK and found.label == "Berisiko stunting"
    assert found.reasons == (("air", "sumber air minum tidak layak: sumur tidak terlindung"),)


@pytest.mark.parametrize(
    ("home", "said"),
    [
        ({"water_source": "permukaan"}, "sumber air minum tidak layak: sungai, kolam"),
        ({"water_source": "hujan"}, "sumber air minum tidak layak: air hujan"),
        ({"water_source": "", "water": "tidak_layak"}, "sumber air minum tidak layak: tidak layak"),
        ({"latrine_use": "tidak_ada"}, "jamban tidak layak: tidak punya jamban"),
        ({"latrine_use": "umum"}, "jamban tidak layak: memakai fasilitas umum"),
        ({"latrine_drain": "lubang"}, "jamban tidak layak: tanpa tangki septik, lubang tanah"),
        ({"latrine_use": "", "latrine": "terbuka"}, "buang air besar di tempat terbuka"),
    ],
)
def test_a_home_makes_the_risk(home: dict[str, str], said: str) -> None:
    assert said in "; ".join(words(replace(FIT, **home)))


@pytest.mark.parametrize("source", ["kemasan", "ledeng", "bor", "sumur"])
def test_the_four_proper_sources(source: str) -> None:
    assert risk_of(replace(FIT, water_source=source), ON, LIMITS).state == risk.NOT_AT_RISK


def test_a_known_rung_counts_where_no_source_is_told() -> None:
    for rung in ("aman", "dasar", "terbatas"):
        assert not words(replace(FIT, water_source="", water=rung))
    for rung in ("aman", "layak", "bersama"):
        assert not words(replace(FIT, latrine_use="", latrine_drain="", latrine=rung))


# --- 4T ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"born": date(2007, 1, 1)}, "terlalu muda: 19 tahun (Ibu Contoh)"),
        ({"born": date(1990, 11, 22)}, "terlalu tua: 36 tahun (Ibu Contoh)"),
        ({"births": 4}, "terlalu banyak: sudah 4 kali melahirkan (Ibu Contoh)"),
        ({"births": 2, "children": (date(2023, 6, 1), date(2025, 5, 1))},
         "terlalu dekat: jarak kelahiran 23 bulan (Ibu Contoh)"),
    ],
)  # fmt: skip
def test_a_woman_who_is_not_pregnant(changes: dict[str, Any], said: str) -> None:
    assert words(replace(FIT, women=(replace(WELL, **changes),))) == [said]


@pytest.mark.parametrize(
    "changes",
    [
        {"born": date(2006, 11, 22)},  # 20 today
        {"born": date(1990, 11, 23)},  # 36 tomorrow
        {"births": 3, "children": (date(2022, 5, 1), date(2025, 5, 1))},
        {"births": 1, "children": (date(2025, 5, 1), date(2025, 5, 2))},  # twins
        {"births": 2, "children": (date(2019, 6, 1), date(2020, 5, 1))},  # no balita any more
        {"born": date(1976, 1, 1), "births": 8},  # past the age of a PUS
    ],
)
def test_a_woman_who_is_well(changes: dict[str, Any]) -> None:
    found = risk_of(replace(FIT, women=(replace(WELL, **changes),)), ON, LIMITS)
    assert found.state == risk.NOT_AT_RISK, found


def test_a_pregnant_woman_is_judged_by_her_pregnancy() -> None:
    hpht = date(2026, 8, 1)
    carried = Carrying(hpht, naegele(hpht), gravida=4, last_birth_on=date(2025, 5, 9))
    said = words(replace(FIT, women=(replace(WELL, pregnancy=carried, births=None),)))
    assert said == ["terlalu dekat: jarak kelahiran 23 bulan (Ibu Contoh)",
                    "terlalu banyak: kehamilan ke-4 (Ibu Contoh)"]  # fmt: skip


# --- What is not known -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"water_source": "", "water": ""}, "sumber air minum"),
        ({"latrine_use": "", "latrine": ""}, "jamban"),
        ({"latrine_drain": "", "latrine": ""}, "jamban"),
        ({"women": (replace(WELL, born=None),)}, "tanggal lahir ibu (Ibu Contoh)"),
        ({"women": (replace(WELL, births=None),)}, "pernah melahirkan berapa kali (Ibu Contoh)"),
        ({"women": (replace(WELL, births=2),)}, "tanggal lahir kakaknya (Ibu Contoh)"),
        ({"women": (), "mother_known": False}, "ibu belum tercatat"),
    ],
)
def test_missing_answers_never_say_no_risk(changes: dict[str, Any], missing: str) -> None:
    found = risk_of(replace(FIT, **changes), ON, LIMITS)
    assert (found.state, found.unknown) == (risk.UNKNOWN, (missing,))
    assert found.label == "Belum dapat ditentukan"
    bad = risk_of(replace(FIT, **{"water_source": "permukaan"} | changes), ON, LIMITS)
    assert bad.state == (risk.UNKNOWN if "water_source" in changes else risk.AT_RISK)


def test_who_is_no_target() -> None:
    old = replace(WELL, born=date(1970, 1, 1))
    alone = replace(FIT, has_balita=False, water_source="permukaan", women=(old,))
    assert risk_of(alone, ON, LIMITS).state == risk.NO_TARGET
    ageless = replace(alone, women=(replace(WELL, born=None),))
    assert risk_of(ageless, ON, LIMITS).state == risk.UNKNOWN
    assert risk_of(replace(alone, women=()), ON, LIMITS).state == risk.NO_TARGET


# --- The same in SQL ---------------------------------------------------------------------------


def _people(place: SimpleNamespace, home: Household, chance: random.Random) -> None:
    """Women of every age, pregnant or not, with children; here, gone, not known."""
    for _ in range(chance.choice([0, 1, 1, 1, 2])):
        left = chance.choice([None, None, None, ON - timedelta(days=3), ON, ON + timedelta(days=9)])
        edge = ON - timedelta(days=chance.choice([7305, 7304, 13149, 13148]))  # 20 and 36 years
        born = chance.choice([None, months_before(ON, chance.randint(160, 620)), edge])
        mother = a_mother(place, household=home, birth_date=born, left_on=left,
                          births=chance.choice([None, 0, 1, 2, 3, 4, 5]))  # fmt: skip
        if chance.random() < 0.5:
            hpht = ON - timedelta(days=chance.randint(-10, 330))
            a_pregnancy(
                place, mother=mother, hpht=hpht,
                hpl_override=chance.choice([None, None, hpht + timedelta(days=290)]),
                gravida=chance.choice([None, 1, 2, 4]), last_birth_on=chance.choice(
                    [None, naegele(hpht) - timedelta(days=chance.randint(700, 760))]),
                ended_on=chance.choice([None, None, ON, ON + timedelta(days=2)]),
            )  # fmt: skip
        day = ON - timedelta(days=chance.choice([5, 400, 1700, 1826, 1827, 2500]))
        for _ in range(chance.choice([0, 1, 2, 3])):
            a_child(place, mother=mother, birth_date=day,
                    birth_precision=chance.choice(["day", "day", "day", "month"]),
                    left_on=chance.choice([None, None, ON]))  # fmt: skip
            day -= timedelta(days=chance.choice([0, 1, 85, 95, 700, 729, 730, 731, 1100]))


def _homes(place: SimpleNamespace, count: int, chance: random.Random) -> list[Household]:
    def one(choices: Any, empty: bool = True) -> str:
        return chance.choice([*choices.values, *([""] * 2 if empty else [])])

    made = []
    for _ in range(count):
        home = a_household(
            place, water_source=one(Household.Source), water=one(Household.Water),
            latrine_use=one(Household.LatrineUse), latrine_drain=one(Household.LatrineDrain),
            latrine=one(Household.Latrine),
        )  # fmt: skip
        if chance.random() < 0.6:  # few things make "tidak berisiko"
            fit = {"water_source": "ledeng", "latrine_use": "sendiri", "latrine_drain": "tangki"}
            Household.objects.filter(pk=home.pk).update(**fit)
            home.refresh_from_db()
        _people(place, home, chance)
        made.append(home)
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_sql_says_what_the_function_says(cast: SimpleNamespace, seed: int) -> None:
    homes = _homes(cast, 150, random.Random(seed))
    said = facts.verdicts(homes, ON, LIMITS)
    for state in risk.LABELS:
        found = set(Household.objects.of_risk(state, ON, LIMITS).values_list("pk", flat=True))
        wanted = {pk for pk, verdict in said.items() if verdict.state == state}
        assert found == wanted, state
        rows = Household.objects.with_risk(ON, LIMITS).filter(pk__in=wanted)
        for row in rows.select_related("desa", "posyandu"):
            assert family_list._verdict(row).state == state
        assert wanted, f"nobody is {state}: the draw is too narrow"
    for cause in risk.CAUSES:
        found = set(Household.objects.at_risk(ON, LIMITS, cause).values_list("pk", flat=True))
        wanted = {pk for pk, v in said.items()
                  if v.state == risk.AT_RISK and cause in {r.cause for r in v.reasons}}  # fmt: skip
        assert found == wanted and wanted, cause


def test_naegele_in_sql_on_every_day_of_two_years(cast: SimpleNamespace) -> None:
    from django.db.models import DateField
    from django.db.models.functions import Coalesce

    from registry.models.risk_words import Naegele

    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(850)]
    mother = a_mother(cast)
    Pregnancy.objects.bulk_create(
        Pregnancy(programme=cast.programme, desa=cast.desa, mother=mother, hpht=day, ended_on=day)
        for day in days
    )
    due = Coalesce("hpl_override", Naegele("hpht"), output_field=DateField())
    for hpht, hpl in Pregnancy.objects.annotate(due=due).values_list("hpht", "due"):
        assert hpl == naegele(hpht), hpht


def test_who_moved_out_makes_no_risk(cast: SimpleNamespace) -> None:
    home = a_household(cast, water_source="permukaan")
    child = a_child(cast, 10, mother=a_mother(cast, household=home, birth_date=date(1999, 1, 1)))
    today = cast.programme.today()
    assert home in Household.objects.at_risk(today, LIMITS)
    Child.objects.filter(pk=child.pk).update(left_on=today)
    Mother.objects.filter(pk=child.mother_id).update(left_on=today)
    assert home not in Household.objects.at_risk(today, LIMITS)
    assert home not in Household.objects.here(today)
    assert home in Household.objects.at_risk(today - timedelta(days=1), LIMITS)
    assert not LifeEvent.objects.exists()
