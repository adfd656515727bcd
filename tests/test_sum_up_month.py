"""The month's helps in numbers, the partner's own page, and the card's timeline."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from interventions import timeline, workflow
from interventions.models import Attendance
from interventions.summary import month_summary
from interventions.workflow import Came, Fed
from tests.cast import a_child, a_household, a_mother, a_pregnancy, signed_in
from tests.helps import a_check, a_pmt, a_visit, a_work, an_activity, days_ago


def _month(place: SimpleNamespace, ago: int = 20) -> dict[str, Any]:
    return month_summary(place.programme, days_ago(place, ago), place.programme.today())


def _feed(place: SimpleNamespace, episode: Any, *eaten: int | None) -> None:
    for n, portion in enumerate(eaten):
        day = episode.started_on + timedelta(days=n)
        workflow.record_day(place.tim, episode, Fed(day, portion is not None, portion))


def test_pmt_is_counted_by_group(cast: SimpleNamespace) -> None:
    small, big = a_child(cast, months=18), a_child(cast, months=40)
    for child in (small, big):
        a_visit(child, ago=15, whz="-2.18")
    done = a_pmt(cast, child=small, begun=10, planned_days=5, indication="gizi_kurang")
    _feed(cast, done, 4, 2, 1, None, 3)
    a_visit(small, ago=1, whz="-1.99")
    workflow.complete(cast.tim, done, days_ago(cast, 5))
    running = a_pmt(cast, child=big, begun=3)
    _feed(cast, running, 4)
    stopped = a_pmt(cast, pregnancy=a_pregnancy(cast), begun=4)
    workflow.stop(cast.tim, stopped, "Pindah", days_ago(cast, 1))
    rows = {row["group"]: row for row in _month(cast)["pmt"]}
    baduta, balita, bumil = rows["Baduta"], rows["Balita"], rows["Ibu hamil"]
    assert (baduta["completed"], baduta["running"], balita["running"]) == (1, 0, 1)
    assert (baduta["recorded"], baduta["given"], baduta["eaten"]) == (5, 4, 3)
    assert (baduta["eaten_days"], baduta["planned_days"]) == (3, 5)
    assert (baduta["recovered"], baduta["evaluable"]) == (1, 1)
    assert (bumil["stopped"], bumil["started"], balita["eaten"]) == (1, 1, 1)
    total = _month(cast)["pmt_total"]
    assert (total["started"], total["eaten"], total["given"]) == (3, 4, 5)


def test_a_month_composed_later_says_the_same(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast, begun=10, planned_days=5)
    _feed(cast, episode, 4)
    work = a_work(cast, begun=10)
    period = (days_ago(cast, 12), days_ago(cast, 6))
    before = month_summary(cast.programme, *period)
    workflow.complete(cast.tim, episode, days_ago(cast, 1))
    workflow.complete_work(cast.tim, work, days_ago(cast, 1), condition_after="Baik")
    assert month_summary(cast.programme, *period) == before
    assert before["pmt_total"]["running"] == 1 and before["sanitation_total"]["running"] == 1
    later = month_summary(cast.programme, days_ago(cast, 5), cast.programme.today())
    assert later["pmt_total"]["completed"] == 1 and later["pmt_total"]["eaten"] == 0


def test_works_count_their_families_and_children(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_child(cast, mother=child.mother, months=70)  # past five: counted in no group of balita
    work = a_work(cast, begun=5, household=child.household)
    workflow.complete_work(cast.tim, work, days_ago(cast, 1), condition_after="Baik",
                           cost_real=2_000_000)  # fmt: skip
    a_work(cast, begun=2, kind="sumur")
    found = {row["kind"]: row for row in _month(cast)["sanitation"]}
    assert (found["Jamban baru"]["completed"], found["Jamban baru"]["cost"]) == (1, 2_000_000)
    assert (found["Jamban baru"]["households"], found["Jamban baru"]["children"]) == (1, 1)
    assert (found["Sumur bor"]["running"], found["Sumur bor"]["households"]) == (1, 0)


def test_the_gain_is_of_people_not_of_classes(cast: SimpleNamespace) -> None:
    """Σ gains / Σ people: 10 and 4 × 30 are 26, not the 20 of two means."""
    for scores in ([(50, 60)], [(50, 80)] * 4):
        activity = an_activity(cast)
        people = [Came("Contoh", "P", pre_score=pre, post_score=post) for pre, post in scores]
        workflow.hold(cast.tim, activity, cast.programme.today(), [*people, Came("Contoh", "L")])
    row = _month(cast)["activities"][0]
    assert (row["held"], row["attended"], row["L"], row["P"], row["scored"]) == (2, 7, 2, 5, 5)
    assert row["gain"] == Decimal(26) == _month(cast)["activities_total"]["gain"]


def test_an_empty_month_is_zeros_and_no_division(cast: SimpleNamespace) -> None:
    found = _month(cast)
    assert found["pmt_total"]["eaten"] == 0 and found["activities_total"]["gain"] is None
    assert found["sanitation"] == [] and found["partners"] == []


def test_partners_by_count_and_their_own_rupiah(cast: SimpleNamespace) -> None:
    paid = {"funding": "mitra", "partner": cast.partner}
    work = a_work(cast, begun=5, **paid)
    workflow.complete_work(cast.tim, work, days_ago(cast, 1), condition_after="Baik",
                           cost_real=750_000)  # fmt: skip
    cooked = a_pmt(cast, begun=5, funding="apbdes", partner=cast.partner)
    workflow.complete(cast.tim, cooked, days_ago(cast, 1), cost_real=999)
    assert _month(cast)["partners"] == [
        {"partner": "Mitra Contoh", "pmt": 1, "works": 1, "activities": 0, "rupiah": 750_000}
    ]


def test_no_name_and_nobody_of_the_other_programme(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Anak Rahasia")
    a_pmt(cast, child=child, begun=3)
    a_pmt(cast.gasken, begun=3)
    found = _month(cast)
    assert "Rahasia" not in json.dumps(found, cls=DjangoJSONEncoder)
    assert found["pmt_total"]["running"] == 1


def test_a_mitra_sees_its_own_help_without_names(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Anak Rahasia")
    paid = {"funding": "mitra", "partner": cast.partner, "cost_planned": 450_000}
    episode = a_pmt(cast, child=child, begun=5, **paid)
    _feed(cast, episode, 4, None, 4)
    a_pmt(cast, begun=5)
    a_pmt(cast.gasken, begun=5, funding="mitra", partner=cast.gasken.partner)
    page = signed_in(cast.mitra).get(reverse("interventions:own-help"))
    text = page.content.decode()
    assert [row["code"] for row in page.context["rows"]] == [episode.code]
    assert "2/14" in text and "Rp450.000" in text
    for hidden in ("Rahasia", child.mother.name, child.code, "Jalan Contoh", "Kepala Contoh"):
        assert hidden not in text
    for user in (cast.tim, cast.camat, cast.kader, cast.bidan):
        assert signed_in(user).get(reverse("interventions:own-help")).status_code == 403
    assert signed_in(cast.mitra).get(episode.get_absolute_url()).status_code == 403


def test_the_partners_page_counts_what_each_gives(cast: SimpleNamespace) -> None:
    paid = {"funding": "mitra", "partner": cast.partner, "cost_planned": 450_000}
    a_pmt(cast, begun=5, **paid)
    a_work(cast, **paid)
    page = signed_in(cast.tim).get(reverse("interventions:partners"))
    partner, given = page.context["rows"][0]
    assert (partner, given.pmt, given.works, given.total) == (cast.partner, 1, 1, 2)
    assert given.planned_cost == 900_000 and "Rp900.000" in page.content.decode()
    assert cast.gasken.partner not in [row[0] for row in page.context["rows"]]


def test_the_childs_timeline_tells_its_helps(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child)
    episode = a_pmt(cast, child=child, begun=6, planned_days=5)
    _feed(cast, episode, 4, 4)
    workflow.complete(cast.tim, episode, days_ago(cast, 1))
    a_work(cast, household=child.household, begun=3)
    a_work(cast, household=a_household(cast), begun=3)
    items = timeline.for_child(child, cast.tim)
    assert [item["title"] for item in items] == [
        "PMT selesai", "Jamban baru dimulai", "PMT dimulai",
    ]  # fmt: skip
    assert "40,0 % (2/5)" in items[0]["text"] and items[0]["url"] == episode.get_absolute_url()
    assert all(item["url"] == "" for item in timeline.for_child(child, cast.kader))


def test_the_mothers_timeline_tells_her_classes(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    pregnancy = a_pregnancy(cast, mother=mother)
    a_check(pregnancy, lila_cm="22")
    a_pmt(cast, pregnancy=pregnancy, begun=2)
    activity = an_activity(cast)
    workflow.hold(cast.tim, activity, cast.programme.today(),
                  [Came(mother.name, "P", mother, pre_score=40, post_score=70)])  # fmt: skip
    titles = [item["title"] for item in timeline.for_mother(mother, cast.tim)]
    assert titles == [f"Hadir: {activity.title}", "PMT dimulai"]
    assert Attendance.objects.get().mother == mother


def test_the_cards_buttons_follow_right_and_state(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child)
    labels = [label for label, _ in timeline.actions_for(cast.tim, child)]
    assert labels == ["Rencanakan PMT", "Rencanakan air dan sanitasi"]
    assert timeline.actions_for(cast.bidan, child) == []
    assert timeline.actions_for(cast.gasken.tim, child) == []
    episode = a_pmt(cast, child=child, begun=1)
    assert timeline.actions_for(cast.bidan, child)[0][0] == "Catat hari makan"
    assert episode.code in timeline.actions_for(cast.tim, child)[0][1]
    sick = a_child(cast)
    a_visit(sick, whz="-3.14", alert="merah")
    assert "Rencanakan PMT" not in [label for label, _ in timeline.actions_for(cast.tim, sick)]
    mother = a_pregnancy(cast).mother
    assert timeline.actions_for(cast.tim, mother)[0][0] == "Rencanakan PMT"
