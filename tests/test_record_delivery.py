"""Feeding days: one at a time or a week at once, never doubled, never outside the time."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.transitions import Refused
from interventions import workflow
from interventions.models import PmtDay, PmtEpisode
from interventions.workflow import Fed
from tests.cast import a_child, signed_in
from tests.helps import a_pmt, a_visit, days_ago


def _day(episode: PmtEpisode) -> str:
    return reverse("interventions:record-day", kwargs={"code": episode.code})


def _week(episode: PmtEpisode) -> str:
    return reverse("interventions:record-week", kwargs={"code": episode.code})


@pytest.fixture
def episode(cast: SimpleNamespace) -> PmtEpisode:
    return a_pmt(cast, begun=5)


def test_it_records_one_day(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    said = {"day": str(days_ago(cast, 1)), "given": "1", "eaten": "3", "note": "Sedikit demam"}
    answer = signed_in(cast.bidan).post(_day(episode), said)
    day = PmtDay.objects.get()
    assert answer.status_code == 302
    assert (day.day, day.given, day.eaten, day.by) == (days_ago(cast, 1), True, 3, cast.bidan)
    event = Event.objects.get(verb="record_day")
    assert (event.object_code, event.why) == (episode.code, "n=1")


def test_it_records_a_week_at_once(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    answers = ("4", "3", "2", "1", "0", "x")  # habis, ¾, ½, ¼, tidak dimakan, tidak diberikan
    said = {str(days_ago(cast, 5 - n)): word for n, word in enumerate(answers)}
    assert signed_in(cast.tim).post(_week(episode), said).status_code == 302
    rows = list(episode.days.values_list("given", "eaten"))
    assert rows == [(True, 4), (True, 3), (True, 2), (True, 1), (True, 0), (False, None)]
    page = signed_in(cast.tim).get(episode.get_absolute_url())
    # From half the portion on a day is eaten: 3 of 14 planned; given 5 of 14.
    assert page.context["feeding"].eaten == 3 and page.context["feeding"].given == 5
    assert "3 dari 14" in page.content.decode() and "5 dari 14" in page.content.decode()


@pytest.mark.parametrize("role", ["petugas", "camat", "sekcam", "kader", "mitra"])
def test_colleagues_without_the_right_may_not(
    cast: SimpleNamespace, episode: PmtEpisode, role: str
) -> None:
    said = {"day": str(days_ago(cast, 1)), "given": "1", "eaten": "4"}
    client = signed_in(getattr(cast, role))
    assert client.post(_day(episode), said).status_code == 403
    assert client.post(_week(episode), {str(days_ago(cast, 1)): "4"}).status_code == 403
    assert not PmtDay.objects.exists()


def test_the_bidan_of_another_desa_does_not_find_it(cast: SimpleNamespace) -> None:
    child = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    episode = a_pmt(cast, begun=5, child=child)
    for user in (cast.bidan, cast.nakes, cast.gasken.tim):
        assert signed_in(user).get(_day(episode)).status_code == 404


def test_a_day_twice_is_told_not_doubled(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    said = {"day": str(days_ago(cast, 1)), "given": "1", "eaten": "4"}
    signed_in(cast.tim).post(_day(episode), said)
    again = signed_in(cast.kasi).post(_day(episode), said | {"eaten": "0", "note": "Kedua"})
    text = again.content.decode()
    assert again.status_code == 409 and "Sudah dicatat sebelumnya" in text and "Kedua" in text
    assert PmtDay.objects.get().eaten == 4


def test_a_week_with_a_known_day_stores_nothing_and_says_so(
    cast: SimpleNamespace, episode: PmtEpisode
) -> None:
    workflow.record_day(cast.tim, episode, Fed(days_ago(cast, 2), True, 4))
    with pytest.raises(Refused, match="Sudah dicatat"):
        workflow.record_days(
            cast.tim, episode, [Fed(days_ago(cast, 1), True, 2), Fed(days_ago(cast, 2), True, 2)]
        )
    assert PmtDay.objects.count() == 1


def test_days_to_come_or_outside_the_time_are_refused_in_words(
    cast: SimpleNamespace, episode: PmtEpisode
) -> None:
    for ago, words in ((-1, "belum tiba"), (6, "di luar masa PMT")):
        said = {"day": str(days_ago(cast, ago)), "given": "1", "eaten": "4"}
        answer = signed_in(cast.tim).post(_day(episode), said)
        assert answer.status_code == 409 and words in answer.content.decode()
    short = a_pmt(cast, begun=10, planned_days=3)
    with pytest.raises(Refused, match="di luar masa PMT"):
        workflow.record_day(cast.tim, short, Fed(days_ago(cast, 7), True, 4))
    assert workflow.record_day(cast.tim, short, Fed(days_ago(cast, 8), True, 4))


def test_a_day_given_asks_how_much_was_eaten(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    said = {"day": str(days_ago(cast, 1)), "given": "1", "note": "Catatan X"}
    answer = signed_in(cast.tim).post(_day(episode), said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Pilih berapa yang dimakan." in text
    assert "Catatan X" in text and not PmtDay.objects.exists()


def test_an_empty_week_is_told(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    answer = signed_in(cast.tim).post(_week(episode), {})
    assert answer.status_code == 409 and "paling sedikit satu hari" in answer.content.decode()


def test_a_pmt_that_is_not_running_takes_no_day(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast)
    with pytest.raises(Refused):
        workflow.record_day(cast.tim, episode, Fed(cast.programme.today(), True, 4))
    assert signed_in(cast.tim).get(_week(episode)).status_code == 200


def test_a_late_beginning_moves_the_end(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast, planned_days=14, planned_start=days_ago(cast, 30))
    workflow.start(cast.tim, episode, days_ago(cast, 10))
    assert episode.planned_end == days_ago(cast, 10) + timedelta(days=13)
    assert workflow.record_day(cast.tim, episode, Fed(cast.programme.today(), True, 4))


def test_it_completes_with_its_before_and_after(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, ago=40, whz="-2.18")
    episode = a_pmt(cast, begun=30, child=child, indication="gizi_kurang")
    url = reverse("interventions:complete-pmt", kwargs={"code": episode.code})
    assert "Belum dapat dinilai" in signed_in(cast.tim).get(url).content.decode()
    a_visit(child, ago=2, whz="-1.99")
    page = signed_in(cast.tim).get(url).content.decode()
    assert "−2,18" in page and "−1,99" in page and "Pulih" in page
    said = {"ended_on": str(cast.programme.today()), "cost_real": "Rp 400.000,-"}
    assert signed_in(cast.tim).post(url, said).status_code == 302
    episode.refresh_from_db()
    assert (episode.status, episode.cost_real) == ("completed", 400_000)
    assert Event.objects.filter(verb="complete", object_code=episode.code).exists()


def test_it_does_not_end_before_a_recorded_day(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    workflow.record_day(cast.tim, episode, Fed(days_ago(cast, 1), True, 4))
    for ago, words in ((2, "Sudah ada catatan makan"), (9, "sebelum dimulai"), (-1, "belum tiba")):
        with pytest.raises(Refused, match=words):
            workflow.complete(cast.tim, episode, days_ago(cast, ago))


@pytest.mark.parametrize("given", ["2", "", "y"])
def test_odd_answers_are_no_stumble(cast: SimpleNamespace, episode: PmtEpisode, given: str) -> None:
    odd = {"day": "kemarin", "given": given, "eaten": "9", "note": "\x00"}
    assert signed_in(cast.tim).post(_day(episode), odd).status_code == 422
    for query in ("?ke=99", "?ke=abc", "?ke=-1", "?tanggal=kemarin"):
        assert signed_in(cast.tim).get(_week(episode) + query).status_code == 200
        assert signed_in(cast.tim).get(_day(episode) + query).status_code == 200


def test_a_paper_week_is_read_back(cast: SimpleNamespace, episode: PmtEpisode) -> None:
    """What is recorded stands in the week's page as words, what is not as a list to choose."""
    workflow.record_day(cast.tim, episode, Fed(days_ago(cast, 5), False, note="Anak dirawat"))
    page: Any = signed_in(cast.tim).get(_week(episode))
    lines = page.context["lines"]
    assert lines[0][1] is None and lines[0][0].words == "tidak diberikan"
    assert lines[1][1] is not None and lines[6][0].words == "belum tiba"
