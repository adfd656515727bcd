"""The board: who needs help and has none, worst first; filters in the address; few queries."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from interventions import workflow
from interventions.models import PmtEpisode
from interventions.todo import todo
from interventions.workflow import Fed
from tests.cast import a_child, a_household, a_pregnancy, signed_in
from tests.helps import a_check, a_pmt, a_visit, a_work, an_activity, days_ago


def _sections(user: Any, **asked: str) -> dict[str, Any]:
    page = signed_in(user).get(reverse("interventions:board"), asked)
    assert page.status_code == 200
    return {section.key: section for section in page.context["sections"]}


def _names(section: Any) -> list[str]:
    return [row.title for row in section.rows]


def test_it_shows_children_without_help_worst_first(cast: SimpleNamespace) -> None:
    def child(name: str, **z: Any) -> Any:
        made = a_child(cast, name=name)
        a_visit(made, **z)
        return made

    child("Contoh ringan", haz="-2.01")
    child("Contoh berat", haz="-3.40")
    child("Contoh gizi buruk", haz="-1.00", whz="-3.14", alert="merah")
    child("Contoh normal", haz="-2.00", waz="-2.00", whz="-2.00", alert="hijau")
    child("Contoh janggal", haz="-8.73", haz_flag=True, waz="0.10", whz="0.10", alert="kuning")
    helped = child("Contoh dibantu", haz="-2.90")
    a_pmt(cast, child=helped, begun=3)
    planned = child("Contoh direncanakan", haz="-2.80")
    a_pmt(cast, child=planned)
    better = child("Contoh membaik", haz="-2.50")
    a_visit(better, ago=2, haz="-1.90", alert="hijau")
    gone = child("Contoh pindah", haz="-2.50")
    gone.left_on = days_ago(cast, 1)
    gone.save()
    found = _sections(cast.tim)
    assert _names(found["children"]) == ["Contoh gizi buruk", "Contoh berat", "Contoh ringan"]
    assert found["children"].total == 3
    assert found["children"].rows[0].action is None  # referred, not fed
    assert _names(found["running"]) == ["Contoh dibantu"]
    assert _names(found["planned"]) == ["Contoh direncanakan"]


def test_a_stopped_pmt_leaves_the_child_without_help(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child)
    episode = a_pmt(cast, child=child)
    workflow.stop(cast.tim, episode, "Menolak", cast.programme.today())
    found = _sections(cast.tim)
    assert _names(found["children"]) == [child.name] == _names(found["ended"])


def test_pregnant_women_below_23_5_cm_are_targets(cast: SimpleNamespace) -> None:
    thin, limit, better, ended = (a_pregnancy(cast) for _ in range(4))
    a_check(thin, lila_cm="23.4")
    a_check(limit, lila_cm="23.5")
    a_check(better, ago=40, lila_cm="22.0")
    a_check(better, ago=5, lila_cm="23.9")
    a_check(ended, lila_cm="20.0")
    ended.ended_on = days_ago(cast, 1)
    ended.save()
    assert _names(_sections(cast.tim)["pregnancies"]) == [thin.mother.name]


def test_those_without_the_right_do_not_see_it(cast: SimpleNamespace) -> None:
    for user in (cast.kader, cast.mitra, cast.kabupaten):
        assert signed_in(user).get(reverse("interventions:board")).status_code == 403


def test_a_bidan_sees_her_desa_and_plans_nothing(cast: SimpleNamespace) -> None:
    here = a_child(cast)
    there = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    elsewhere = a_child(cast.gasken)
    for child in (here, there, elsewhere):
        a_visit(child)
    seen = _sections(cast.bidan)["children"]
    assert _names(seen) == [here.name] and seen.rows[0].action is None
    assert set(_names(_sections(cast.tim)["children"])) == {here.name, there.name}
    assert _names(_sections(cast.tim, desa=cast.other_desa.code)["children"]) == [there.name]


def test_each_pillar_and_status_has_its_address(cast: SimpleNamespace) -> None:
    work, activity = a_work(cast, begun=2), an_activity(cast)
    unfit = a_household(cast, latrine="terbuka", head_name="Kepala Terbuka")
    works = _sections(cast.tim, pilar="sanitasi")
    assert _names(works["households"]) == [str(unfit)]
    assert _names(works["running"]) == [str(work.household)]
    assert _names(_sections(cast.tim, pilar="kegiatan")["planned"]) == [activity.title]
    running = _sections(cast.tim, pilar="sanitasi", status="berjalan")
    assert list(running) == ["running"] and len(running["running"].rows) == 1
    odd = {"pilar": "x", "status": "y", "desa": "z", "hal": "1_nan_x"}
    assert "children" in _sections(cast.tim, **odd)
    assert _sections(cast.tim, status="berjalan", hal="kemarin_x") is not None


@pytest.mark.parametrize("status", ["butuh", "berjalan", "berakhir"])
def test_long_lists_are_paged_by_key_without_gap_or_double(
    cast: SimpleNamespace, status: str
) -> None:
    names = set()
    for n in range(30):
        child = a_child(cast)
        a_visit(child, haz=f"-{2 + (n % 4 + 1) / 10}")
        names.add(child.name)
        if status != "butuh":
            episode = a_pmt(cast, child=child, begun=n % 3 + 1)
        if status == "berakhir":
            workflow.stop(cast.tim, episode, "Contoh", days_ago(cast, n % 2))
    board, client = reverse("interventions:board"), signed_in(cast.tim)
    way, found = f"?status={status}", []
    while way:
        found.append(client.get(board + way).context["sections"][0])
        way = found[-1].pager.get("next_url")
    seen = sum(map(_names, found), [])
    assert len(seen) == 30 == found[0].total and set(seen) == names
    first = client.get(board + found[1].pager["previous_url"]).context["sections"][0]
    assert _names(first) == _names(found[0]) and not first.pager["previous_url"]


def test_pregnant_women_have_pages_of_their_own(cast: SimpleNamespace) -> None:
    for _ in range(30):
        a_visit(a_child(cast), haz="-2.50")
        a_check(a_pregnancy(cast), lila_cm="22.0")
    first = _sections(cast.tim, status="butuh")
    way = first["pregnancies"].pager["next_url"]
    second = signed_in(cast.tim).get(reverse("interventions:board") + way).context["sections"]
    children, women = second
    assert _names(children) == _names(first["children"]) and len(women.rows) == 5
    assert not set(_names(women)) & set(_names(first["pregnancies"]))


@pytest.mark.parametrize("pillar", ["pmt", "sanitasi", "kegiatan"])
@pytest.mark.parametrize("status", ["", "butuh", "berjalan", "direncanakan", "berakhir"])
def test_the_board_asks_at_most_eight_questions(
    cast: SimpleNamespace, pillar: str, status: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        child = a_child(cast)
        a_visit(child)
        if n % 2:
            a_pmt(cast, child=child, begun=n % 4 or None)
        pregnancy = a_pregnancy(cast)
        a_check(pregnancy, lila_cm="22")
        if n % 2:
            a_pmt(cast, pregnancy=pregnancy, begun=n % 4 or None)
        a_work(cast, begun=n % 3 or None)
        a_household(cast, water="tidak_ada")
        an_activity(cast)
    client = signed_in(cast.bidan)  # the narrowest area asks the most
    with django_assert_max_num_queries(8):
        client.get(reverse("interventions:board"), {"pilar": pillar, "status": status})


def test_the_home_page_is_told_what_waits(cast: SimpleNamespace) -> None:
    assert todo(cast.tim) == [] and todo(cast.kader) == [] and todo(cast.kabupaten) == []
    a_visit(a_child(cast))
    pregnancy = a_pregnancy(cast)
    a_check(pregnancy, lila_cm="23.0")
    silent = a_pmt(cast, begun=10)
    fresh = a_pmt(cast, begun=10)
    workflow.record_day(cast.bidan, fresh, Fed(days_ago(cast, 3), True, 4))
    a_work(cast, begun=30, planned_end=days_ago(cast, 1))
    items = {item["title"]: item for item in todo(cast.tim)}
    assert items["Rencanakan bantuan untuk sasaran"]["count"] == 2
    assert items["Catat hari makan PMT"]["count"] == 1
    assert items["Selesaikan atau mulai yang lewat rencana"]["count"] == 1
    assert [item["count"] for item in todo(cast.bidan)] == [1]
    workflow.record_day(cast.bidan, silent, Fed(days_ago(cast, 4), True, 4))
    assert [item["count"] for item in todo(cast.bidan)] == [1]  # four days ago is too long
    workflow.record_day(cast.bidan, silent, Fed(days_ago(cast, 3), True, 4))
    assert todo(cast.bidan) == []


def test_what_is_past_its_plan_says_so(cast: SimpleNamespace) -> None:
    a_work(cast, begun=30, planned_end=days_ago(cast, 1))
    row = _sections(cast.tim, pilar="sanitasi")["running"].rows[0]
    assert (row.state, row.tone) == ("Lewat rencana", "merah")
    assert PmtEpisode.objects.late(cast.programme.today() + timedelta(days=1)).count() == 0


def test_a_baby_under_six_months_is_looked_at_not_fed(cast: SimpleNamespace) -> None:
    baby = a_child(cast, months=3)
    a_visit(baby, haz="-2.80", alert="oranye")
    page = signed_in(cast.tim).get(reverse("interventions:board")).content.decode()
    assert baby.name in page and "Diperiksa bidan" in page
    assert reverse("interventions:plan-pmt-child", kwargs={"code": baby.code}) not in page
