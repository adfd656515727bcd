"""The priority list: who comes first and why, in whose area, at what cost."""

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from registry.alerts import priority
from registry.alerts.answers import answer
from registry.models import Child
from tests.cast import a_child, a_household, a_mother, a_pregnancy, signed_in
from tests.helps import a_check, a_visit, days_ago
from tests.pages import walk

LIST = "/prioritas/"


def rows(user: Any, query: str = "") -> list[Any]:
    response = signed_in(user).get(LIST + query)
    assert response.status_code == 200
    return list(response.context["rows"])


def names(user: Any, query: str = "") -> list[str]:
    return [row.name for row in rows(user, query)]


def why(row: Any) -> dict[str, int]:
    """Each reason of a row with its points, by code."""
    return {factor.code: factor.points for factor in row.factors}


def alerted(cast: SimpleNamespace, level: str, name: str, ago: int = 5, **child: Any) -> Child:
    """A child of three years, out of reach of the factors of age, with this alert."""
    found = a_child(cast, child.pop("months", 36), name=name, **child)
    a_visit(found, ago, alert=level)
    return found


# --- It works ----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    alerted(cast, "kuning", "Kuning")
    alerted(cast, "merah", "Merah")
    alerted(cast, "oranye", "Oranye")
    a_child(cast, 36, name="Belum")
    alerted(cast, "hijau", "Baik")
    alerted(cast, "biru", "Pantau")
    found = rows(cast.bidan)
    assert [(row.name, row.points) for row in found] == [
        ("Merah", 100), ("Oranye", 50), ("Belum", 25), ("Kuning", 20),
    ]  # fmt: skip
    assert why(found[0]) == {"merah": 100} and found[0].label == "Rujuk hari ini"
    assert found[2].steps == ("Timbang dan ukur anak ini.",)
    text = signed_in(cast.bidan).get(LIST).content.decode()
    for said in ("Tanda merah belum dijawab", "+100", "Bagaimana urutan ini dihitung?",
                 "4 anak dan ibu hamil", "bukan diagnosis", "Catat tindak lanjut"):  # fmt: skip
        assert said in text, said


def test_every_reason_of_a_child_is_named_with_its_points(cast: SimpleNamespace) -> None:
    home = a_household(cast, water="tidak_ada", latrine="terbuka")
    child = a_child(
        cast, 18, name="Semua", birth_weight_g=2400, gestation_weeks=36,
        mother=a_mother(cast, household=home),
    )  # fmt: skip
    a_visit(child, 100, alert="oranye")
    a_visit(child, 70, alert="merah", waz="-3.10", t_run=2)
    [row] = rows(cast.bidan)
    assert why(row) == {
        "merah": 100, "tidak_ditimbang": 20, "lama": 15, "bgm": 15, "2t": 15, "memburuk": 10,
        "baduta": 10, "bblr": 5, "prematur": 5, "air": 5, "jamban": 5,
    }  # fmt: skip
    assert row.points == sum(why(row).values()) == 205
    assert "kunjungi rumahnya" in row.steps[1]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"birth_weight_g": 2500}, "bblr"), ({"gestation_weeks": 37}, "prematur"),
     ({"months": 24}, "baduta")],
)  # fmt: skip
def test_the_limits_are_where_they_are_said(
    cast: SimpleNamespace, change: dict[str, int], code: str
) -> None:
    alerted(cast, "oranye", "Batas", **change)
    assert code not in why(rows(cast.bidan)[0])
    near = {"birth_weight_g": 2499, "gestation_weeks": 36, "months": 23}
    Child.objects.all().delete if False else None
    alerted(cast, "oranye", "Dekat", **{key: near[key] for key in change})
    [row] = [row for row in rows(cast.bidan) if row.name == "Dekat"]
    assert code in why(row)


def test_a_flagged_weight_is_no_line_crossed(cast: SimpleNamespace) -> None:
    child = a_child(cast, 36)
    a_visit(child, 5, alert="kuning", waz="-6.50", waz_flag=True)
    assert why(rows(cast.bidan)[0]) == {"kuning": 20}


@pytest.mark.parametrize(
    ("before", "now", "worse"),
    [("hijau", "oranye", True), ("oranye", "merah", True), ("merah", "oranye", False),
     ("oranye", "oranye", False), ("kuning", "oranye", False), ("biru", "merah", True)],
)  # fmt: skip
def test_a_child_that_got_worse_stands_higher(
    cast: SimpleNamespace, before: str, now: str, worse: bool
) -> None:
    child = a_child(cast, 36)
    a_visit(child, 35, alert=before)
    a_visit(child, 5, alert=now)
    a_visit(child, 65, alert="hijau")  # only the visit before counts
    assert ("memburuk" in why(rows(cast.bidan)[0])) is worse


def test_once_not_gained_and_twice(cast: SimpleNamespace) -> None:
    for name, run in (("Satu", 1), ("Dua", 2), ("Tiga", 3)):
        a_visit(a_child(cast, 36, name=name), 5, alert="oranye", t_run=run, weight_gain="T")
    found = {row.name: why(row) for row in rows(cast.bidan)}
    assert found["Satu"] == {"oranye": 50, "t": 8}
    assert found["Dua"] == found["Tiga"] == {"oranye": 50, "2t": 15}


def test_an_alert_waits_seven_days_before_it_is_late(cast: SimpleNamespace) -> None:
    alerted(cast, "oranye", "Tujuh", ago=7)
    alerted(cast, "oranye", "Delapan", ago=8)
    assert [(row.name, row.points) for row in rows(cast.bidan)] == [("Delapan", 65), ("Tujuh", 50)]


def test_a_home_without_water_alone_puts_nobody_on_the_list(cast: SimpleNamespace) -> None:
    home = a_household(cast, water="tidak_ada", latrine="terbuka")
    child = a_child(cast, 10, birth_weight_g=2000, mother=a_mother(cast, household=home))
    a_visit(child, 5, alert="hijau")
    assert rows(cast.bidan) == []
    assert (
        "Tidak ada yang perlu ditindaklanjuti" in signed_in(cast.bidan).get(LIST).content.decode()
    )


# --- Answers -----------------------------------------------------------------------------------


def test_who_is_answered_sinks_and_shows_who_when_and_what(cast: SimpleNamespace) -> None:
    red = alerted(cast, "merah", "Merah", ago=20, birth_weight_g=2000, months=12)
    red.measurements.update(t_run=2, waz=Decimal("-3.2"))
    alerted(cast, "kuning", "Kuning")
    assert names(cast.kader) == ["Merah", "Kuning"]
    answer(cast.nakes, red, "dirujuk", cast.programme.today(), "Diterima bidan jaga")
    first, last = rows(cast.kader)
    assert (first.name, last.name, last.points, why(last)) == ("Kuning", "Merah", 0, {"dijawab": 0})
    text = signed_in(cast.kader).get(LIST).content.decode()
    assert f"{last.answer.sentence}" in text and str(cast.nakes) in last.answer.sentence
    assert last.answer.sentence.startswith("Dirujuk ") and "Diterima bidan jaga" in text


def test_who_is_answered_but_not_weighed_is_still_looked_for(cast: SimpleNamespace) -> None:
    child = alerted(cast, "merah", "Merah", ago=80, birth_weight_g=2000)
    child.measurements.update(t_run=2)
    answer(cast.nakes, child, "dirujuk", cast.programme.today())
    [row] = rows(cast.bidan)
    assert why(row) == {"tidak_ditimbang": 20, "dijawab": 0, "bblr": 5} and row.points == 25


def test_who_answers_from_the_list_comes_back_to_it(cast: SimpleNamespace) -> None:
    for number in range(30):
        alerted(cast, "merah", f"Anak {number:02}")
    client, today = signed_in(cast.bidan), str(cast.programme.today())
    second = client.get(f"{LIST}?siapa=anak").context["pager"]["next_url"]
    row = rows(cast.bidan, second)[0]
    given = {"kind": "dirujuk", "done_on": today}
    assert client.post(row.answer_url, given)["Location"] == LIST + second
    row = rows(cast.bidan)[0]
    assert client.post(row.answer_url, given)["Location"] == LIST
    row = rows(cast.bidan)[0]
    again = given | {"kind": "diukur_ulang"}
    assert client.post(row.answer_url, again)["Location"] == row.url  # to enter the numbers
    row = rows(cast.bidan)[0]
    away = row.answer_url.partition("?")[0] + "?daftar=//contoh.id/%0d%0aX: 1"
    assert client.post(away, given)["Location"].startswith(LIST + "?")


def test_the_next_visit_puts_it_up_again(cast: SimpleNamespace) -> None:
    red = alerted(cast, "merah", "Merah", ago=20)
    answer(cast.nakes, red, "dirujuk", days_ago(cast, 10))
    a_visit(red, 2, alert="merah")
    [row] = rows(cast.kader)
    assert row.points == 100 and row.answer is None


def test_a_mother_answered_sinks_too(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, 20)
    a_check(pregnancy, 5, lila_cm=Decimal("22.5"), hb=Decimal("12"))
    [row] = rows(cast.bidan)
    assert why(row) == {"oranye": 50, "kek": 15} and "Risiko KEK" in row.reasons[0]
    answer(cast.kader, pregnancy, "dikunjungi", cast.programme.today())
    [row] = rows(cast.bidan)
    assert why(row) == {"dijawab": 0} and str(cast.kader) in row.answer.sentence


@pytest.mark.parametrize("jawaban", ["belum", "sudah"])
def test_the_list_of_what_is_not_answered(cast: SimpleNamespace, jawaban: str) -> None:
    red = alerted(cast, "merah", "Dijawab")
    alerted(cast, "merah", "Menunggu")
    a_check(a_pregnancy(cast, 20), 5, lila_cm=Decimal("22.5"))
    answer(cast.nakes, red, "dirujuk", cast.programme.today())
    found = names(cast.bidan, f"?siapa=anak&jawaban={jawaban}")
    assert found == (["Menunggu"] if jawaban == "belum" else ["Dijawab"])
    assert len(rows(cast.bidan, f"?jawaban={jawaban}")) == (2 if jawaban == "belum" else 1)


# --- Pregnant women ----------------------------------------------------------------------------


def test_children_and_pregnant_women_stand_in_one_order(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Anak merah")
    alerted(cast, "oranye", "Anak oranye")
    alerted(cast, "kuning", "Anak kuning")
    severe = a_pregnancy(cast, 20, mother=a_mother(cast, name="Ibu merah"))
    a_check(severe, 5, hb=Decimal("6"), lila_cm=Decimal("22"))
    thin = a_pregnancy(cast, 20, mother=a_mother(cast, name="Ibu oranye"))
    a_check(thin, 5, hb=Decimal("12"), lila_cm=Decimal("22"))
    found = [(row.name, row.points) for row in rows(cast.bidan)]
    assert found == [("Ibu merah", 130), ("Anak merah", 100), ("Ibu oranye", 65),
                     ("Anak oranye", 50), ("Anak kuning", 20)]  # fmt: skip
    assert names(cast.bidan, "?siapa=ibu") == ["Ibu merah", "Ibu oranye"]
    assert names(cast.bidan, "?siapa=anak") == ["Anak merah", "Anak oranye", "Anak kuning"]


def test_a_pregnancy_nobody_looks_after(cast: SimpleNamespace) -> None:
    never = a_pregnancy(cast, 20, mother=a_mother(cast, name="Belum"))
    late = a_pregnancy(cast, 42, mother=a_mother(cast, name="Lewat"))
    a_check(late, 63, hb=Decimal("12"), lila_cm=Decimal("26"))
    found = {row.name: row for row in rows(cast.bidan)}
    assert never and why(found["Belum"]) == {"belum_diperiksa": 25}
    assert why(found["Lewat"]) == {"lewat_hpl": 25, "lama_tak_periksa": 20}
    assert "Tanyakan apakah sudah bersalin, lalu catat." in found["Lewat"].steps
    late.ended_on = cast.programme.today()
    late.save()
    assert "Lewat" not in names(cast.bidan)


# --- Filters and pages -------------------------------------------------------------------------


def test_desa_posyandu_reason_and_name_narrow_the_list(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Melati")
    alerted(cast, "oranye", "Mawar", posyandu=cast.mawar)
    alerted(cast, "oranye", "Jauh", desa=cast.other_desa, posyandu=cast.kenanga)
    a_visit(a_child(cast, 36, name="Lama"), 90, alert="hijau")
    user, here = cast.petugas, cast.desa.code
    assert set(names(user)) == {"Melati", "Mawar", "Jauh", "Lama"}
    assert set(names(user, f"?desa={here}")) == {"Melati", "Mawar", "Lama"}
    assert names(user, f"?desa={here}&posyandu={cast.mawar.code}") == ["Mawar"]
    assert names(user, "?sebab=tidak_ditimbang") == ["Lama"]
    assert names(user, "?sebab=merah") == ["Melati"]
    assert names(user, "?q=jau") == ["Jauh"]
    assert len(rows(user, "?desa=x&posyandu=y&sebab=z&siapa=w&jawaban=v&hal=abc")) == 4
    text = signed_in(user).get(f"{LIST}?desa={here}&posyandu={cast.mawar.code}").content.decode()
    assert f"1 anak dan ibu hamil di Posyandu Mawar, {cast.desa.title}" in text


def test_a_reason_of_the_other_kind_finds_nobody(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Merah")
    a_pregnancy(cast, 20)
    assert names(cast.bidan, "?siapa=ibu&sebab=belum_diukur") == []
    assert len(names(cast.bidan, "?sebab=belum_diperiksa")) == 1


def test_paging_shows_everybody_once_in_the_same_order(cast: SimpleNamespace) -> None:
    """Whatever page the women fall on: 60 children and 30 women, their points mixed."""
    for number in range(60):
        alerted(cast, ("merah", "oranye", "kuning")[number % 3], f"Anak {number:02}")
    for number in range(30):
        pregnancy = a_pregnancy(cast, 20)
        lila = Decimal("22" if number % 2 else "26")
        a_check(pregnancy, 5 if number % 3 else 65, lila_cm=lila, hb=Decimal("12"))
    found = [page.context["rows"] for page in walk(signed_in(cast.petugas), LIST)]
    lengths = [len(page) for page in found]
    all_rows: list[Any] = sum(found, [])
    wanted = sorted((row.points for row in all_rows), reverse=True)
    assert [row.points for row in all_rows] == wanted
    assert len({row.url for row in all_rows}) == len(all_rows) == sum(lengths)
    assert lengths[:3] == [25, 25, 25] and 0 < lengths[3] <= 25
    response = signed_in(cast.petugas).get(LIST)
    assert response.context["count"] == len(all_rows)
    client = signed_in(cast.petugas)
    *_, last = walk(client, LIST)
    back = list(walk(client, f"{LIST}?{last.request['QUERY_STRING']}", "previous_url"))
    seen = [[row.url for row in page.context["rows"]] for page in reversed(back)]
    assert seen == [[row.url for row in page] for page in found]


def test_a_page_of_women_only_past_the_last_child(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Satu anak")
    for _ in range(30):
        a_pregnancy(cast, 20)
    pages = list(walk(signed_in(cast.petugas), LIST))
    assert [len(page.context["rows"]) for page in pages] == [25, 6]


@pytest.mark.parametrize("who", ["petugas", "bidan", "kader", "nakes"])
def test_the_list_costs_the_same_for_one_and_for_forty(cast: SimpleNamespace, who: str) -> None:
    client = signed_in(getattr(cast, who))
    alerted(cast, "merah", "Satu")
    a_pregnancy(cast, 20)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for number in range(20):
        child = alerted(cast, "oranye", f"Anak {number}")
        answer(cast.tim, child, "dirujuk", cast.programme.today())
        a_check(a_pregnancy(cast, 20), 5, hb=Decimal("9"))
    with CaptureQueriesContext(connection) as many:
        found = client.get(LIST)
    assert len(many) == len(one) <= 8, [query["sql"] for query in many]
    with CaptureQueriesContext(connection) as second:
        client.get(LIST + found.context["pager"]["next_url"])
    assert len(second) <= 8


# --- Who sees whom -----------------------------------------------------------------------------


def test_everybody_sees_the_own_area(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Melati")
    alerted(cast, "merah", "Mawar", posyandu=cast.mawar)
    alerted(cast, "merah", "Kenanga", desa=cast.other_desa, posyandu=cast.kenanga)
    alerted(cast.gasken, "merah", "Gasken")
    a_pregnancy(cast.gasken, mother=a_mother(cast.gasken, name="Ibu Gasken"))
    seen = {
        "kader": {"Melati"}, "kader_mawar": {"Mawar"}, "bidan": {"Melati", "Mawar"},
        "nakes": {"Melati", "Mawar"}, "nakes_lain": {"Kenanga"},
        **dict.fromkeys(("petugas", "tim", "kasi", "sekcam", "camat"),
                        {"Melati", "Mawar", "Kenanga"}),
    }  # fmt: skip
    for who, wanted in seen.items():
        assert set(names(getattr(cast, who))) == wanted, who
    assert set(names(cast.gasken.tim)) == {"Gasken", "Ibu Gasken"}


@pytest.mark.parametrize("who", ["kabupaten", "mitra", "admin"])
def test_who_sees_no_child_sees_no_list(cast: SimpleNamespace, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/").content.decode()


def test_who_cannot_answer_finds_no_button(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Merah")
    assert rows(cast.camat)[0].answer_url == "" != rows(cast.tim)[0].answer_url
    assert "Catat tindak lanjut" not in signed_in(cast.camat).get(LIST).content.decode()


def test_every_opening_is_an_event(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Merah")
    rows(cast.bidan, "?siapa=anak")
    event = Event.objects.get(verb="list_priority")
    assert (event.user, event.fields, event.why) == (cast.bidan, ["siapa"], "n=1 of 1")


def test_who_left_or_is_five_is_no_longer_on_the_list(cast: SimpleNamespace) -> None:
    alerted(cast, "merah", "Pindah", left_on=cast.programme.today())
    alerted(cast, "merah", "Besar", months=61)
    assert rows(cast.bidan) == []


# --- The table of factors ----------------------------------------------------------------------


def test_the_page_shows_every_factor_with_its_points(cast: SimpleNamespace) -> None:
    text = signed_in(cast.bidan).get(LIST).content.decode()
    shown = re.findall(r'<td>([^<]+)</td><td>[^<]+</td><td class="num">(\d+)</td>', text)
    said = {(factor.rule, str(factor.points)) for factor in priority.table(cast.programme)}
    assert {(rule.replace("&lt;", "<"), points) for rule, points in shown} == said


def test_every_factor_of_a_child_has_its_condition(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    tests = {**priority.own_tests(cast.programme, today), **priority.visit_tests(today)}
    assert {*tests, *priority.HOME_TESTS} == {f.code for f in priority.FACTORS if "anak" in f.of}


def test_the_months_are_the_programmes(cast: SimpleNamespace) -> None:
    cast.programme.settings["unweighed_months"] = 3
    cast.programme.save()
    a_visit(a_child(cast, 36, name="Lama"), 80, alert="hijau")
    assert names(cast.bidan) == []
    text = signed_in(cast.bidan).get(LIST).content.decode()
    assert "tidak ditimbang 3 bulan" in text
    assert timedelta(days=7) == priority.ANSWER_WITHIN
