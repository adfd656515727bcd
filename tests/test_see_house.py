"""Lihat rumah: the newest observation of a house wins; desa and limits that change."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from interventions import workflow
from kempling import limits
from registry.families import homes
from registry.models import HomeCheck, Household
from registry.standards import LIMITS
from tests.cast import a_household, signed_in
from tests.helps import a_work

TYPED = {
    "water_source": "ledeng", "water_reach": "rumah", "water_safe": "ya", "latrine_use": "sendiri",
    "latrine_bowl": "leher_angsa", "latrine_drain": "tangki", "septic_emptied": "ya",
    "building_sound": "ya", "floor_area_m2": "54", "residents": "5",
}  # fmt: skip
PIT = {"latrine_use": "sendiri", "latrine_bowl": "leher_angsa", "latrine_drain": "lubang"}


def look(user: User, home: Household, **changes: str) -> HttpResponse:
    return signed_in(user).post(reverse("registry:home-note", args=[home.code]), TYPED | changes)


def ladders(home: Household) -> tuple[str, str, str]:
    home.refresh_from_db()
    return home.water, home.latrine, home.house


def ago(place: SimpleNamespace, days: int) -> date:
    return place.programme.today() - timedelta(days=days)


def test_it_works(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    answer = look(cast.bidan, home)
    assert answer["Location"] == reverse("registry:household", args=[home.code])
    assert ladders(home) == ("aman", "aman", "layak")
    assert (home.floor_area_m2, home.residents) == (54, 5)
    assert home.surveyed_on == cast.programme.today()
    event = Event.objects.get(verb="note_home")
    assert event.object_code == home.code and "water_source" in event.fields
    assert event.grant.role == "bidan"
    text = signed_in(cast.bidan).get(answer["Location"]).content.decode()
    for said in ("Aman", "Layak huni", "Ledeng atau PAM", "ada di rumah atau halaman",
                 "10,8 m² per orang, paling sedikit 7,2 m²", "✓ Bangunan"):  # fmt: skip
        assert said in text, said


def test_the_form_begins_with_what_is_known(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    look(cast.tim, home, water_safe="tidak")
    form = (
        signed_in(cast.bidan).get(reverse("registry:home-note", args=[home.code])).context["form"]
    )
    assert form.initial["water_reach"] == "rumah" and form.initial["water_safe"] == "tidak"
    assert form.initial["floor_area_m2"] == 54 and form.initial["septic_emptied"] == "ya"


def test_the_same_look_sent_twice_is_one(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    look(cast.bidan, home)
    look(cast.bidan, home)
    assert HomeCheck.objects.count() == 1
    look(cast.bidan, home, residents="6")
    assert HomeCheck.objects.count() == 2


# --- Who wins ----------------------------------------------------------------------------------


def test_the_newest_observation_wins_of_each_part_by_itself(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    homes.note(cast.bidan, home, ago(cast, 30), {"water_source": "permukaan", **PIT})
    work = a_work(cast, begun=20, household=home)
    workflow.complete_work(cast.tim, work, ago(cast, 10), household={"latrine": "aman"},
                           condition_after="Jamban baru")  # fmt: skip
    assert ladders(home)[:2] == ("tidak_ada", "aman")
    assert home.latrine_use == "" and home.water_source == "permukaan"
    homes.note(cast.bidan, home, ago(cast, 15), {"latrine_use": "tidak_ada"})  # noted late
    assert ladders(home)[:2] == ("tidak_ada", "aman")
    homes.note(cast.bidan, home, ago(cast, 5), {"latrine_use": "umum"})
    assert ladders(home)[:2] == ("tidak_ada", "belum_layak")
    assert home.surveyed_on == ago(cast, 5)  # a work looks at nothing


def test_a_ladder_without_a_day_loses_against_any(cast: SimpleNamespace) -> None:
    home = a_household(cast, water="aman", latrine="terbuka")
    homes.note(cast.bidan, home, ago(cast, 900), {"water_source": "permukaan"})
    assert ladders(home)[:2] == ("tidak_ada", "terbuka")


def test_a_better_latrine_makes_a_better_house(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    look(cast.bidan, home, latrine_use="tidak_ada", latrine_bowl="", latrine_drain="")
    assert ladders(home) == ("aman", "terbuka", "tidak_layak")
    work = a_work(cast, begun=1, household=home)
    workflow.complete_work(cast.tim, work, cast.programme.today(), household={"latrine": "layak"},
                           condition_after="Jamban baru")  # fmt: skip
    assert ladders(home) == ("aman", "layak", "layak")


# --- Perkotaan and perdesaan, and the least area ------------------------------------------------


def say(user: User, place: SimpleNamespace, setting: str) -> HttpResponse:
    name = place.desa.code.replace(".", "_")
    return signed_in(user).post("/posyandu/desa/", {name: setting})


def test_a_pit_waits_for_the_desa_and_says_so(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    homes.note(cast.bidan, home, ago(cast, 1), PIT)
    assert ladders(home)[1] == ""
    card = reverse("registry:household", args=[home.code])
    text = signed_in(cast.bidan).get(card).content.decode()
    assert "Belum diketahui: desa ini perkotaan atau perdesaan" in text
    assert say(cast.petugas, cast, "perdesaan").status_code == 302
    assert ladders(home)[1] == "layak"
    say(cast.petugas, cast, "perkotaan")
    assert ladders(home)[1] == "belum_layak"
    event = Event.objects.filter(verb="set_desa_setting").first()
    assert (event.object_code, event.programme) == (cast.desa.code, cast.programme)


def test_only_those_who_look_after_places_mark_a_desa(cast: SimpleNamespace) -> None:
    for user in (cast.bidan, cast.kader, cast.tim, cast.camat):
        assert say(user, cast, "perkotaan").status_code == 403
    answer = say(cast.petugas, cast, "kota")
    assert answer.status_code == 422 and "Pilih dari daftar" in answer.content.decode()
    say(cast.gasken.petugas, cast, "perkotaan")  # not one of theirs
    cast.desa.refresh_from_db()
    assert cast.desa.setting == ""
    page = signed_in(cast.petugas).get("/posyandu/").content.decode()
    assert "/posyandu/desa/" in page


def test_another_least_area_judges_the_houses_anew(cast: SimpleNamespace) -> None:
    home, other = a_household(cast), a_household(cast)
    look(cast.bidan, home, floor_area_m2="40")  # 8 m² each
    look(cast.bidan, other, floor_area_m2="60")
    given: dict[str, Any] = {row.key: None for row in LIMITS}
    limits.change(cast.sekcam, cast.programme, given | {homes.LEAST_AREA: 9.0})
    assert (ladders(home)[2], ladders(other)[2]) == ("tidak_layak", "layak")
    limits.change(cast.sekcam, cast.programme, given)
    assert ladders(home)[2] == "layak"


# --- Who may not, and what is refused ----------------------------------------------------------


def test_others_may_not(cast: SimpleNamespace) -> None:
    home = a_household(cast)
    for user, status in ((cast.kader, 403), (cast.camat, 403), (cast.bidan_lain, 404),
                         (cast.gasken.tim, 404), (cast.tim, 302)):  # fmt: skip
        assert look(user, home).status_code == status


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (dict.fromkeys(TYPED, ""), "Isi paling sedikit satu"),
        ({"residents": ""}, "keduanya"),
        ({"floor_area_m2": ""}, "keduanya"),
        ({"floor_area_m2": "1"}, "meter persegi"),
        ({"residents": "99"}, "jumlah orang"),
        ({"water_source": "kolam-renang"}, "daftar"),
        ({"seen_on": "2031-01-01"}, "belum tiba"),
        ({"seen_on": "2009-01-01"}, "Periksa tahunnya"),
        ({"seen_on": "2026-02-31"}, "kalender"),
    ],
)
def test_bad_input_gets_a_sentence(
    cast: SimpleNamespace, changes: dict[str, str], said: str
) -> None:
    home = a_household(cast)
    answer = look(cast.bidan, home, **changes)
    assert answer.status_code in (409, 422) and said in answer.content.decode()
    assert not HomeCheck.objects.exists()


def test_nothing_said_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="paling sedikit satu"):
        homes.note(cast.bidan, a_household(cast), ago(cast, 1), {"water_source": ""})
