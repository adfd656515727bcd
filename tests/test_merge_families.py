"""Mothers and households become one, by themselves or together with a child."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from interventions import workflow as helps
from interventions.models import Attendance
from registry import people, registering
from registry.identity import index_of
from registry.merging.workflow import Choices, merge, undo_merge
from registry.models import Breastfeeding, Child, Household, Mother, Pregnancy, PregnancyCheck
from tests.cast import a_child, a_household, a_mother, a_pregnancy
from tests.helps import a_pmt, a_work, an_activity

KK = "3302202501230001"


def weeks_ago(place: SimpleNamespace, weeks: int) -> date:
    return place.programme.today() - timedelta(weeks=weeks)


def check(place: SimpleNamespace, pregnancy: Pregnancy, weeks: int, lila: str) -> PregnancyCheck:
    values = {"checked_on": weeks_ago(place, weeks), "lila_cm": Decimal(lila)}
    return registering.check_pregnancy(place.bidan, pregnancy, values)


def test_the_whole_family_at_once(cast: SimpleNamespace) -> None:
    """Household, mother and child were all entered twice: one decision, one undo."""
    one, again = a_child(cast), a_child(cast)
    mother, home = again.mother, again.household
    sister = a_child(cast, mother=mother)
    a_work(cast, household=home)
    homes = Household.objects.count()
    done = merge(cast.petugas, one, again, Choices(also=frozenset({"mother", "household"})))
    assert (Household.objects.count(), Mother.objects.count()) == (homes - 1, 1)
    assert set(one.mother.children.all()) == {one, sister}
    sister.refresh_from_db()
    assert (sister.mother, sister.household) == (one.mother, one.household)
    assert one.household.works.count() == 1
    assert [kind for kind, *_ in done.moved["parts"]] == ["household", "mother", "child"]
    assert Event.objects.filter(verb="merge").count() == 3
    undo_merge(cast.petugas, done)
    sister.refresh_from_db()
    assert (sister.mother, sister.household) == (mother, home)
    assert (Household.objects.count(), Mother.objects.count()) == (homes, 2)


def test_the_child_alone_leaves_both_mothers(cast: SimpleNamespace) -> None:
    one, again = a_child(cast), a_child(cast)
    merge(cast.petugas, one, again)
    assert Mother.objects.count() == 2
    one.refresh_from_db()
    assert one.mother != again.mother


def test_a_child_without_a_mother_gets_the_other_ones_family(cast: SimpleNamespace) -> None:
    one, again = a_child(cast), a_child(cast)
    Child.objects.filter(pk=one.pk).update(mother=None)
    one.refresh_from_db()
    merge(cast.petugas, one, again, Choices(gone=frozenset({"child.mother"})))
    one.refresh_from_db()
    assert (one.mother, one.household) == (again.mother, again.household)


def test_her_children_live_where_she_lives(cast: SimpleNamespace) -> None:
    one, again = a_mother(cast), a_mother(cast)
    child = a_child(cast, mother=again)
    elsewhere = a_child(cast, mother=again, household=a_household(cast))
    done = merge(cast.petugas, one, again)
    for row in (child, elsewhere):
        row.refresh_from_db()
    assert (child.mother, child.household) == (one, one.household)
    assert elsewhere.mother == one and elsewhere.household not in (one.household, again.household)
    assert Household.objects.filter(pk=again.household_id).exists()
    undo_merge(cast.petugas, done)
    child.refresh_from_db()
    assert (child.mother, child.household) == (again, again.household)


def test_one_pregnancy_noted_twice_is_one(cast: SimpleNamespace) -> None:
    mine = a_pregnancy(cast, weeks=20)
    twice = a_pregnancy(cast, weeks=21, gravida=2, height_cm=Decimal("151"))
    check(cast, mine, 4, "23.0")
    check(cast, twice, 4, "23.9")
    check(cast, twice, 2, "24.0")
    pmt = a_pmt(cast, pregnancy=twice)
    done = merge(cast.petugas, mine.mother, twice.mother)
    kept = Pregnancy.objects.get()
    assert (kept.pk, kept.gravida, kept.height_cm) == (mine.pk, 2, Decimal("151"))
    assert [c.lila_cm for c in kept.checks.current()] == [Decimal("24"), Decimal("23")]
    assert kept.checks.count() == 3 and kept.pmt_episodes.get() == pmt
    undo_merge(cast.petugas, done)
    again = Pregnancy.objects.get(pk=twice.pk)
    assert (again.mother, again.code, again.created_at) == (
        twice.mother, twice.code, twice.created_at,
    )  # fmt: skip
    assert [c.lila_cm for c in again.checks.current()] == [Decimal("24"), Decimal("23.9")]
    assert again.pmt_episodes.get() == pmt
    assert Pregnancy.objects.get(pk=mine.pk).gravida is None


def test_the_other_hpht_stands_where_that_was_chosen(cast: SimpleNamespace) -> None:
    mine, twice = a_pregnancy(cast, weeks=20), a_pregnancy(cast, weeks=22)
    key = f"mother.pregnancy.{mine.code}"
    merge(cast.petugas, mine.mother, twice.mother, Choices(gone=frozenset({key})))
    assert Pregnancy.objects.get().hpht == twice.hpht


def test_two_pregnancies_at_once_are_asked_back(cast: SimpleNamespace) -> None:
    old, new = a_pregnancy(cast, weeks=60), a_pregnancy(cast, weeks=8)
    with pytest.raises(Refused, match="kehamilan"):
        merge(cast.petugas, new.mother, old.mother)
    registering.end_pregnancy(cast.bidan, old, weeks_ago(cast, 21))
    merge(cast.petugas, new.mother, old.mother)
    assert new.mother.pregnancies.count() == 2


def test_she_nurses_once(cast: SimpleNamespace) -> None:
    one, again = a_mother(cast), a_mother(cast)
    child = a_child(cast, months=2, mother=again)
    registering.begin_breastfeeding(cast.bidan, one, weeks_ago(cast, 8))
    registering.begin_breastfeeding(cast.bidan, again, child.birth_date, child)
    done = merge(cast.petugas, one, again)
    row = Breastfeeding.objects.get()
    assert (row.mother, row.started_on, row.child) == (one, weeks_ago(cast, 8), child)
    undo_merge(cast.petugas, done)
    assert Breastfeeding.objects.count() == 2
    assert Breastfeeding.objects.get(mother=one).child is None


def test_she_came_to_a_class_once(cast: SimpleNamespace) -> None:
    one, again = a_mother(cast), a_mother(cast)
    activity, other = an_activity(cast), an_activity(cast)
    came = [
        helps.Came(one.name, mother=one, pre_score=40),
        helps.Came(again.name, mother=again, pre_score=50, post_score=80),
    ]
    helps.hold(cast.tim, activity, cast.programme.today(), came)
    helps.hold(cast.tim, other, cast.programme.today(), came[1:])
    done = merge(cast.petugas, one, again)
    assert one.attendance.count() == 2
    row = activity.attendance.get()
    assert (row.mother, row.pre_score, row.post_score) == (one, 40, 80)
    undo_merge(cast.petugas, done)
    assert Attendance.objects.count() == 3 and again.attendance.count() == 2


def test_the_rooms_of_a_house_are_chosen_together(cast: SimpleNamespace) -> None:
    one = a_household(cast, water="aman", latrine="layak", head_name="")
    again = a_household(
        cast, water="tidak_layak", latrine="", head_name="Bapak Contoh", rt="05",
        kk=KK, kk_index=index_of(KK),
    )  # fmt: skip
    done = merge(cast.petugas, one, again, Choices(gone=frozenset({"household.water"})))
    one.refresh_from_db()
    assert (one.water, one.latrine) == ("tidak_layak", "")
    assert (one.head_name, one.rt, one.kk) == ("Bapak Contoh", "01", KK)
    assert Household.everyone.get(pk=again.pk).kk_index is None
    people.give_kk(cast.petugas, one, KK)  # it is free again
    undo_merge(cast.petugas, done)
    one.refresh_from_db()
    assert (one.water, one.latrine, one.head_name, one.kk) == ("aman", "layak", "", "")
    assert Household.everyone.get(pk=again.pk).kk_index == index_of(KK)


def test_new_people_are_not_put_into_a_merged_family(cast: SimpleNamespace) -> None:
    one, again = a_child(cast), a_child(cast)
    stale, home = again.mother, again.household
    merge(cast.petugas, one, again, Choices(also=frozenset({"mother", "household"})))
    for act in (
        lambda: registering.begin_pregnancy(cast.bidan, stale, {"hpht": weeks_ago(cast, 8)}),
        lambda: registering.begin_breastfeeding(cast.bidan, stale, weeks_ago(cast, 2)),
        lambda: registering.correct_mother(cast.bidan, stale, {"phone": "0812"}),
        lambda: a_work(cast, household=home),
        lambda: helps.hold(cast.tim, an_activity(cast), cast.programme.today(),
                           [helps.Came("Ibu", mother=stale)]),
    ):  # fmt: skip
        with pytest.raises(Refused, match="digabung"):
            act()
