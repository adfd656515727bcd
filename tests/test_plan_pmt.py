"""Planning a PMT: for whom, how long, with whose money; and who is referred instead."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from accounts.transitions import Refused
from interventions import workflow
from interventions.models import Partner, PmtEpisode
from tests.cast import a_child, a_pregnancy, signed_in
from tests.helps import a_check, a_pmt, a_visit


def _url(child: Any) -> str:
    return reverse("interventions:plan-pmt-child", kwargs={"code": child.code})


def _answers(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    values = {
        "indication": "stunting",
        "menu": "Nasi, telur, bayam",
        "funding": "apbdes",
        "planned_start": str(place.programme.today()),
        "cost_planned": "450.000",
    }
    return values | changes


@pytest.fixture
def child(cast: SimpleNamespace) -> Any:
    child = a_child(cast)
    a_visit(child)
    return child


def test_it_plans_for_a_child_with_the_programmes_days(cast: SimpleNamespace, child: Any) -> None:
    page = signed_in(cast.tim).get(_url(child))
    assert page.context["form"].initial["indication"] == "stunting"
    assert "pendek/sangat pendek 56 hari" in page.content.decode()
    answer = signed_in(cast.tim).post(_url(child), _answers(cast))
    episode = PmtEpisode.objects.get()
    assert answer.status_code == 302 and answer["Location"] == episode.get_absolute_url()
    assert (episode.child, episode.status, episode.planned_days) == (child, "planned", 56)
    assert (episode.desa, episode.posyandu) == (child.desa, child.posyandu)
    assert episode.planned_end == episode.planned_start + timedelta(days=55)
    assert (episode.cost_planned, episode.baseline) == (450_000, child.measurements.get())
    event = Event.objects.get(verb="plan")
    assert (event.object_code, event.user) == (episode.code, cast.tim)


def test_it_plans_for_a_pregnant_woman(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast)
    a_check(pregnancy, lila_cm="22.8")
    url = reverse("interventions:plan-pmt-pregnancy", kwargs={"code": pregnancy.code})
    page = signed_in(cast.tim).get(url)
    assert page.context["form"].initial["indication"] == "kek"
    answer = signed_in(cast.tim).post(url, _answers(cast, indication="kek"))
    episode = PmtEpisode.objects.get()
    assert answer.status_code == 302
    assert (episode.pregnancy, episode.planned_days) == (pregnancy, 120)
    assert episode.group(cast.programme.today()) == "Ibu hamil"


def test_the_days_follow_the_programmes_settings(cast: SimpleNamespace, child: Any) -> None:
    cast.programme.settings["pmt_days_stunting"] = 90
    cast.programme.save()
    signed_in(cast.tim).post(_url(child), _answers(cast))
    assert PmtEpisode.objects.get().planned_days == 90


def test_a_partner_of_the_programme_pays(cast: SimpleNamespace, child: Any) -> None:
    answers = _answers(cast, funding="mitra", partner=cast.partner.code, cost_planned="Rp450.000")
    signed_in(cast.tim).post(_url(child), answers)
    episode = PmtEpisode.objects.get()
    assert (episode.partner, episode.cost_planned) == (cast.partner, 450_000)


@pytest.mark.parametrize("role", ["petugas", "camat", "bidan", "nakes", "kader", "mitra"])
def test_colleagues_without_the_right_may_not(cast: SimpleNamespace, child: Any, role: str) -> None:
    assert signed_in(getattr(cast, role)).post(_url(child), _answers(cast)).status_code == 403
    with pytest.raises(Refused) as refused:
        workflow.plan_pmt(getattr(cast, role), child=child, **_plan(cast))
    assert refused.value.stranger and not PmtEpisode.objects.exists()


def test_the_other_programmes_child_does_not_exist(cast: SimpleNamespace, child: Any) -> None:
    client = signed_in(cast.gasken.tim)
    assert client.get(_url(child)).status_code == 404
    assert client.post(_url(child), _answers(cast)).status_code == 404


def test_gizi_buruk_is_referred_instead(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, whz="-3.14", alert="merah")
    page = signed_in(cast.tim).get(_url(child))
    assert "rujuk ke puskesmas" in page.content.decode()
    answer = signed_in(cast.tim).post(_url(child), _answers(cast))
    assert answer.status_code == 409 and "rujuk ke puskesmas" in answer.content.decode()
    assert not PmtEpisode.objects.exists()


def test_the_limit_of_gizi_buruk_belongs_to_gizi_kurang(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, whz="-3.00")
    answer = signed_in(cast.tim).post(_url(child), _answers(cast, indication="gizi_kurang"))
    assert answer.status_code == 302


@pytest.mark.parametrize("sign", [{"oedema": True}, {"lila_cm": "11.4"}])
def test_oedema_or_a_thin_arm_is_gizi_buruk_too(cast: SimpleNamespace, sign: Any) -> None:
    child = a_child(cast)
    a_visit(child, **sign)
    with pytest.raises(Refused, match="rujuk ke puskesmas"):
        workflow.plan_pmt(cast.tim, child=child, **_plan(cast))


def test_infants_and_those_past_five_are_no_target(cast: SimpleNamespace) -> None:
    for months in (3, 61):
        with pytest.raises(Refused):
            workflow.plan_pmt(cast.tim, child=a_child(cast, months=months), **_plan(cast))
    gone = a_child(cast, left_on=cast.programme.today())
    with pytest.raises(Refused, match="tidak tercatat"):
        workflow.plan_pmt(cast.tim, child=gone, **_plan(cast))


def test_nobody_gets_two_open_pmt(cast: SimpleNamespace, child: Any) -> None:
    a_pmt(cast, child=child)
    answer = signed_in(cast.tim).post(_url(child), _answers(cast))
    assert answer.status_code == 409 and "Sudah ada PMT" in answer.content.decode()
    assert PmtEpisode.objects.count() == 1


def test_mitra_funding_asks_for_the_partner_and_keeps_what_was_typed(
    cast: SimpleNamespace, child: Any
) -> None:
    answer = signed_in(cast.tim).post(_url(child), _answers(cast, funding="mitra", menu="Bubur X"))
    text = answer.content.decode()
    assert answer.status_code == 422 and "Pilih mitra yang membiayai." in text
    assert "Bubur X" in text and "450.000" in text
    with pytest.raises(Refused, match="mitra"):
        workflow.plan_pmt(cast.tim, child=child, **_plan(cast, funding="mitra"))


def test_a_partner_of_the_other_programme_is_refused(cast: SimpleNamespace, child: Any) -> None:
    strange = cast.gasken.partner
    answers = _answers(cast, funding="mitra", partner=strange.code)
    assert signed_in(cast.tim).post(_url(child), answers).status_code == 422
    with pytest.raises(Refused, match="daftar program"):
        workflow.plan_pmt(cast.tim, child=child, **_plan(cast, funding="mitra", partner=strange))
    assert strange.name not in signed_in(cast.tim).get(_url(child)).content.decode().replace(
        cast.partner.name, ""
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost_planned": "450.00"},
        {"cost_planned": "empat ratus ribu"},
        {"planned_start": "2026-02-30"},
        {"planned_start": "1926-01-01"},
        {"planned_days": "0"},
        {"planned_days": "lima"},
        {"indication": "kek"},
        {"menu": ""},
        {"planned_end": "2000-01-01"},
    ],
)
def test_wrong_answers_are_told(cast: SimpleNamespace, child: Any, wrong: Any) -> None:
    answer = signed_in(cast.tim).post(_url(child), _answers(cast, **wrong))
    assert answer.status_code == 422 and not PmtEpisode.objects.exists()
    for word in ("submit", "error:", "invalid", "field"):
        assert word not in _said(answer), word


def test_a_time_shorter_than_the_days_is_told(cast: SimpleNamespace, child: Any) -> None:
    end = cast.programme.today() + timedelta(days=9)
    answers = _answers(cast, planned_days="56", planned_end=str(end))
    answer = signed_in(cast.tim).post(_url(child), answers)
    assert "Masa ini hanya 10 hari, kurang dari 56 hari makan." in answer.content.decode()


def _plan(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"indication": "stunting", "menu": "Bubur", "funding": "apbdes",
            "planned_start": place.programme.today()} | changes  # fmt: skip


def _said(answer: Any) -> str:
    """The sentences of the form."""
    form = answer.context["form"]
    return " ".join(str(text) for texts in form.errors.values() for text in texts).lower()


def test_partners_are_added_once(cast: SimpleNamespace) -> None:
    url = reverse("interventions:add-partner")
    answers = {"name": "Mitra Contoh Baru", "kind": "perusahaan"}
    assert signed_in(cast.kasi).post(url, answers).status_code == 302
    assert Partner.objects.get(name="Mitra Contoh Baru").programme == cast.programme
    again = signed_in(cast.kasi).post(url, answers | {"name": "mitra contoh baru"})
    assert again.status_code == 409 and "sudah ada" in again.content.decode()
    assert signed_in(cast.petugas).post(url, answers).status_code == 403
