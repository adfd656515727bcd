"""People come, leave, move and die; lists follow by date, and mistakes are taken back."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from registry import registering, visits
from registry.families import life
from registry.families.life import Told
from registry.models import Breastfeeding, Child, Household, LifeEvent, Mother, Pregnancy
from tests.cast import a_child, a_household, a_mother, a_pregnancy

Kind = LifeEvent.Kind


def days_ago(place: SimpleNamespace, days: int) -> date:
    return place.programme.today() - timedelta(days=days)


def a_family(place: SimpleNamespace) -> tuple[Mother, Child, Child]:
    mother = a_mother(place)
    return mother, a_child(place, 30, mother=mother), a_child(place, 10, mother=mother)


def left(place: SimpleNamespace, *people: Any, ago: int = 5, kind: str = Kind.LEFT) -> Any:
    return life.note(place.bidan, people, Told(kind, days_ago(place, ago), "Kecamatan Contoh"))


def again(person: Any) -> Any:
    return type(person).objects.get(pk=person.pk)


# --- Leaving -----------------------------------------------------------------------------------


def test_who_moves_out_is_in_no_list_from_that_day(cast: SimpleNamespace) -> None:
    mother, child, other = a_family(cast)
    left(cast, child)
    child = again(child)
    assert (child.left_on, child.left_reason) == (days_ago(cast, 5), "pindah")
    assert life.away_words(child, cast.programme.today()).startswith("Pindah ke luar kecamatan ")
    assert set(Child.objects.here(days_ago(cast, 5))) == {other}
    assert set(Child.objects.here(days_ago(cast, 6))) == {child, other}
    assert list(Mother.objects.here(cast.programme.today())) == [mother]
    event = Event.objects.get(verb="note_life")
    assert (event.object_code, event.why, event.grant.role) == (child.code, "pindah", "bidan")


def test_a_family_moves_together(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    events = left(cast, *family)
    assert len({event.together for event in events}) == 1
    today = cast.programme.today()
    assert not Child.objects.here(today).exists() and not Mother.objects.here(today).exists()
    assert not Household.objects.here(today).exists()
    assert Event.objects.filter(verb="note_life").count() == 3


def test_who_comes_back_was_away_in_between(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    left(cast, child, ago=40)
    left(cast, child, ago=10, kind=Kind.CAME)
    child = again(child)
    assert child.left_on is None and child.left_reason == ""
    here = [ago for ago in (41, 40, 20, 11, 10, 0)
            if Child.objects.here(days_ago(cast, ago)).filter(pk=child.pk)]  # fmt: skip
    assert here == [41, 10, 0]
    left(cast, child, ago=3)
    assert not Child.objects.here(cast.programme.today()).filter(pk=child.pk)
    assert Child.objects.here(days_ago(cast, 4)).filter(pk=child.pk)
    assert not Child.objects.here(days_ago(cast, 20)).filter(pk=child.pk)


def test_who_came_was_not_here_before(cast: SimpleNamespace) -> None:
    mother, child, other = a_family(cast)
    left(cast, mother, child, ago=10, kind=Kind.CAME)
    assert set(Child.objects.here(days_ago(cast, 11))) == {other}
    assert not Mother.objects.here(days_ago(cast, 11))
    assert set(Child.objects.here(days_ago(cast, 10))) == {child, other}


# --- Dying -------------------------------------------------------------------------------------


def test_nobody_is_measured_after_death(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    left(cast, child, kind=Kind.DIED)
    numbers = {"measured_on": days_ago(cast, 1), "weight_kg": 9}
    with pytest.raises(Refused, match="tercatat meninggal"):
        visits.add_measurement(cast.bidan, child, numbers)
    before = {"measured_on": days_ago(cast, 6), "weight_kg": 9}
    assert visits.add_measurement(cast.bidan, again(child), before).pk


def test_no_death_before_the_last_visit(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    visits.add_measurement(cast.bidan, child, {"measured_on": days_ago(cast, 2), "weight_kg": 9})
    with pytest.raises(Refused, match="masih diukur"):
        left(cast, child, kind=Kind.DIED)
    left(cast, child, kind=Kind.DIED, ago=2)


def test_a_pregnant_woman_who_died_is_counted_no_more(cast: SimpleNamespace) -> None:
    pregnancy, today = a_pregnancy(cast, 20), cast.programme.today()
    registering.check_pregnancy(
        cast.bidan, pregnancy, {"checked_on": days_ago(cast, 3), "lila_cm": 22}
    )
    with pytest.raises(Refused, match="masih diperiksa"):
        left(cast, pregnancy.mother, kind=Kind.DIED)
    left(cast, pregnancy.mother, kind=Kind.DIED, ago=1)
    assert not Mother.objects.pregnant(today).here(today).exists()
    assert not Pregnancy.objects.ongoing(today).of_those_here(today).exists()
    with pytest.raises(Refused, match="tercatat meninggal"):
        registering.check_pregnancy(
            cast.bidan, Pregnancy.objects.get(), {"checked_on": today, "hb": 11}
        )


# --- Moving inside the kecamatan ---------------------------------------------------------------


def moved(place: SimpleNamespace, *people: Any, **more: Any) -> Any:
    told = {"to_desa": place.desa, "to_posyandu": place.mawar} | more
    return life.note(place.bidan, people, Told(Kind.MOVED, days_ago(place, 1), **told))


def test_a_whole_family_moves_with_its_house(cast: SimpleNamespace) -> None:
    mother, child, other = a_family(cast)
    pregnancy = a_pregnancy(cast, mother=mother)
    home = mother.household
    moved(cast, mother, child, other, to_desa=cast.other_desa, to_posyandu=cast.kenanga,
          address="Jalan Baru 9", rt="07")  # fmt: skip
    home.refresh_from_db()
    assert (home.desa, home.posyandu, home.address) == (
        cast.other_desa, cast.kenanga, "Jalan Baru 9",
    )  # fmt: skip
    for person in (mother, child, other):
        person = again(person)
        assert (person.desa, person.posyandu) == (cast.other_desa, cast.kenanga)
        assert person.household == home and person.left_on is None
    pregnancy.refresh_from_db()
    assert pregnancy.desa == cast.other_desa


def test_a_part_that_goes_elsewhere_becomes_a_family_of_its_own(cast: SimpleNamespace) -> None:
    mother, child, other = a_family(cast)
    with pytest.raises(Refused, match="alamat barunya"):
        moved(cast, child, to_desa=cast.other_desa, to_posyandu=cast.kenanga)
    moved(cast, child, to_desa=cast.other_desa, to_posyandu=cast.kenanga, address="Jalan Nenek 2")
    child = again(child)
    assert child.household != mother.household and child.household.address == "Jalan Nenek 2"
    assert child.household.kk == "" and again(other).household == mother.household


def test_another_posyandu_at_the_same_address_keeps_the_house(cast: SimpleNamespace) -> None:
    mother, child, _ = a_family(cast)
    moved(cast, child)
    child = again(child)
    assert child.posyandu == cast.mawar and child.household == mother.household
    assert again(mother).posyandu == cast.melati
    with pytest.raises(Refused, match="tidak berubah"):
        moved(cast, child)


# --- Taking back -------------------------------------------------------------------------------


def test_a_mistake_is_taken_back_for_everybody(cast: SimpleNamespace) -> None:
    family = a_family(cast)
    event = left(cast, *family)[1]
    assert life.take_back(cast.petugas, event) == 3
    today = cast.programme.today()
    assert Child.objects.here(today).count() == 2 and Mother.objects.here(today).count() == 1
    assert LifeEvent.objects.filter(taken_back_by=cast.petugas).count() == 3
    assert Event.objects.filter(verb="take_back_life").count() == 3
    with pytest.raises(Refused, match="sudah dibatalkan"):
        life.take_back(cast.petugas, event)


@pytest.mark.parametrize("address", ["", "Jalan Baru 9"])
def test_a_move_is_taken_back_with_its_house(cast: SimpleNamespace, address: str) -> None:
    mother, child, other = a_family(cast)
    went = [child] if not address else [mother, child, other]
    event = moved(cast, *went, address=address)[0]
    life.take_back(cast.bidan, event)
    for person in (mother, child, other):
        assert again(person).posyandu == cast.melati
        assert again(person).household == mother.household
    mother.household.refresh_from_db()
    assert mother.household.address == "Jalan Contoh 1"
    assert mother.household.posyandu == cast.melati


def test_a_family_made_for_a_move_goes_with_it(cast: SimpleNamespace) -> None:
    mother, child, _ = a_family(cast)
    event = moved(cast, child, address="Jalan Nenek 2")[0]
    assert Household.objects.count() == 2
    life.take_back(cast.bidan, event)
    assert again(child).household == mother.household and Household.objects.count() == 1


def test_only_the_last_event_is_taken_back(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    (first,) = left(cast, child, ago=9)
    left(cast, child, ago=4, kind=Kind.CAME)
    with pytest.raises(Refused, match="Batalkan dahulu"):
        life.take_back(cast.bidan, first)


# --- Who may not, and what is refused ----------------------------------------------------------


def test_a_bidan_notes_in_her_desa_only(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    told = Told(Kind.LEFT, days_ago(cast, 1))
    for user in (cast.bidan_lain, cast.nakes_lain, cast.kader, cast.tim, cast.gasken.petugas):
        with pytest.raises(Refused) as refused:
            life.note(user, [child], told)
        assert refused.value.stranger
    assert not LifeEvent.objects.exists()


def test_all_or_none(cast: SimpleNamespace) -> None:
    _, child, other = a_family(cast)
    left(cast, other, ago=8)
    with pytest.raises(Refused, match="sudah tercatat pindah"):
        left(cast, child, other)
    assert LifeEvent.objects.count() == 1 and again(child).left_on is None


@pytest.mark.parametrize(
    ("ago", "kind", "said"),
    [(-1, Kind.LEFT, "belum tiba"), (4000, Kind.LEFT, "Periksa tahunnya"),
     (2000, Kind.DIED, "sebelum"), (9, Kind.LEFT, "kejadian terakhir")],
)  # fmt: skip
def test_days_that_cannot_be(cast: SimpleNamespace, ago: int, kind: str, said: str) -> None:
    _, child, _ = a_family(cast)
    if ago == 9:
        left(cast, child, ago=6, kind=Kind.CAME)
    with pytest.raises(Refused, match=said):
        left(cast, child, ago=ago, kind=kind)


def test_the_dead_neither_move_nor_come(cast: SimpleNamespace) -> None:
    _, child, _ = a_family(cast)
    left(cast, child, kind=Kind.DIED)
    for kind in (Kind.LEFT, Kind.CAME, Kind.MOVED, Kind.DIED):
        with pytest.raises(Refused, match="sudah tercatat meninggal"):
            left(cast, child, ago=1, kind=kind)
    with pytest.raises(Refused, match="Centang dahulu"):
        left(cast)


def test_pindah_tells_another_programme_nothing(cast: SimpleNamespace) -> None:
    child = a_child(cast, 10)
    left(cast, child)
    assert not LifeEvent.objects.in_scope(cast.gasken.petugas).exists()
    assert not Child.objects.of(cast.gasken.programme).exists()
    assert LifeEvent.objects.in_scope(cast.bidan).count() == 1


# --- Groups by date alone (domain.md §10, fact 18) ---------------------------------------------


def test_24_and_60_months_are_turned_by_date(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=date(2022, 2, 10))
    assert child in Child.objects.baduta(date(2024, 2, 9))
    assert child not in Child.objects.baduta(date(2024, 2, 10))
    last = a_child(cast, birth_date=date(2019, 5, 2))
    assert last in Child.objects.balita(date(2024, 5, 1))
    assert last not in Child.objects.balita(date(2024, 5, 2))
    young = a_child(cast, birth_date=date(2023, 1, 31))
    assert (young.months(date(2023, 2, 28)), young.months(date(2023, 3, 1))) == (0, 1)


def test_mothers_too_stand_in_groups_by_date(cast: SimpleNamespace) -> None:
    mother, today = a_mother(cast, household=a_household(cast)), cast.programme.today()
    Breastfeeding.objects.create(mother=mother, started_on=days_ago(cast, 60))
    assert mother in Mother.objects.breastfeeding(today).here(today)
    left(cast, mother, ago=7)
    assert mother not in Mother.objects.breastfeeding(today).here(today)
    then = days_ago(cast, 8)
    assert mother in Mother.objects.breastfeeding(then).here(then)
