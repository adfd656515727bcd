"""Starting and stopping, the same for PMT, works and activities."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.transitions import Refused
from interventions import workflow
from interventions.models import PmtEpisode
from tests.cast import signed_in
from tests.helps import a_pmt, a_work, an_activity, days_ago

MAKERS = {"pmt": a_pmt, "work": a_work, "activity": an_activity}


def _url(verb: str, noun: str, thing: Any) -> str:
    return reverse(f"interventions:{verb}-{noun}", kwargs={"code": thing.code})


@pytest.mark.parametrize("noun", MAKERS)
def test_it_stops_with_a_reason(cast: SimpleNamespace, noun: str) -> None:
    thing = MAKERS[noun](cast)
    answer = signed_in(cast.tim).post(_url("stop", noun, thing), {"reason": "Keluarga pindah"})
    thing.refresh_from_db()
    assert answer.status_code == 302
    assert (thing.status, thing.stop_reason) == ("stopped", "Keluarga pindah")
    assert thing.ended_on == cast.programme.today()
    event = Event.objects.get(verb="stop")
    assert event.object_code == thing.code and "Keluarga" not in str(vars(event))


@pytest.mark.parametrize("noun", ["pmt", "work"])
def test_it_starts_and_then_stops(cast: SimpleNamespace, noun: str) -> None:
    thing = MAKERS[noun](cast)
    on = days_ago(cast, 2)
    assert signed_in(cast.tim).post(_url("start", noun, thing), {"on": str(on)}).status_code == 302
    thing.refresh_from_db()
    assert (thing.status, thing.started_on) == ("running", on)
    workflow.stop(cast.tim, thing, "Dana habis", cast.programme.today())
    assert thing.status == "stopped"


@pytest.mark.parametrize("noun", MAKERS)
def test_colleagues_may_not(cast: SimpleNamespace, noun: str) -> None:
    thing = MAKERS[noun](cast)
    for user in (cast.petugas, cast.camat, cast.bidan, cast.mitra):
        answer = signed_in(user).post(_url("stop", noun, thing), {"reason": "Coba"})
        assert answer.status_code == 403
    with pytest.raises(Refused) as refused:
        workflow.stop(cast.petugas, thing, "Coba", cast.programme.today())
    assert refused.value.stranger
    thing.refresh_from_db()
    assert thing.status == "planned"


@pytest.mark.parametrize("noun", MAKERS)
def test_without_a_reason_nothing_stops(cast: SimpleNamespace, noun: str) -> None:
    thing = MAKERS[noun](cast)
    for reason in ("", "   ", "x" * 301):
        answer = signed_in(cast.tim).post(_url("stop", noun, thing), {"reason": reason})
        assert answer.status_code == 422 and reason.strip() in answer.content.decode()
    with pytest.raises(Refused, match="alasan"):
        workflow.stop(cast.tim, thing, " ", cast.programme.today())


@pytest.mark.parametrize("noun", MAKERS)
def test_what_has_ended_cannot_be_stopped_again(cast: SimpleNamespace, noun: str) -> None:
    thing = MAKERS[noun](cast)
    stale = type(thing).objects.get(pk=thing.pk)
    workflow.stop(cast.tim, thing, "Pertama", cast.programme.today())
    with pytest.raises(Refused):
        workflow.stop(cast.kasi, stale, "Kedua", cast.programme.today())
    answer = signed_in(cast.kasi).post(_url("stop", noun, thing), {"reason": "Kedua"})
    assert answer.status_code == 409
    assert type(thing).objects.get(pk=thing.pk).stop_reason == "Pertama"


@pytest.mark.parametrize("verb", ["start", "complete", "stop"])
def test_the_second_of_two_is_told(cast: SimpleNamespace, verb: str) -> None:
    """Both loaded the same state; one conditional UPDATE decides."""
    episode = a_pmt(cast, begun=None if verb == "start" else 3)
    stale, today = PmtEpisode.objects.get(pk=episode.pk), cast.programme.today()
    reason = ("Alasan",) if verb == "stop" else ()
    getattr(workflow, verb)(cast.tim, episode, *reason, today)
    with pytest.raises(Refused, match="diubah orang lain"):
        getattr(workflow, verb)(cast.kasi, stale, *reason, today)
    assert Event.objects.filter(verb=verb, object_code=episode.code).count() == 1


def test_nothing_starts_in_the_future(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast)
    tomorrow = cast.programme.today() + timedelta(days=1)
    answer = signed_in(cast.tim).post(_url("start", "pmt", episode), {"on": str(tomorrow)})
    assert answer.status_code == 409 and "belum tiba" in answer.content.decode()
    for odd in ("", "kemarin", "2026-13-01"):
        answer = signed_in(cast.tim).post(_url("start", "pmt", episode), {"on": odd})
        assert answer.status_code == 422 and odd in answer.content.decode()


def test_the_buttons_are_the_table(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast)
    assert set(workflow.verbs(cast.tim, episode)) == {"start", "stop"}
    assert set(workflow.verbs(cast.bidan, episode)) == set()
    workflow.start(cast.tim, episode, cast.programme.today())
    assert set(workflow.verbs(cast.tim, episode)) == {"record_day", "complete", "stop"}
    assert set(workflow.verbs(cast.bidan, episode)) == {"record_day"}
    page = signed_in(cast.bidan).get(episode.get_absolute_url()).content.decode()
    assert "Catat hari makan" in page and "Hentikan" not in page
