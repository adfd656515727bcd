"""Who moved out or died is in no count and no list from that day on."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from interventions import targets, workflow
from interventions.attendance import mothers_of
from interventions.models import PmtEpisode
from interventions.workflow import Fed
from kempling import desk
from registry.families import life
from registry.families.life import Told
from registry.models import Child, LifeEvent, Mother
from reports.figures import by_desa
from reports.months import Month
from tests.cast import a_child, a_mother, a_pregnancy, signed_in
from tests.helps import a_check, a_pmt, a_visit, a_work, an_activity, days_ago

Kind = LifeEvent.Kind


def gone(place: SimpleNamespace, *people: Any, ago: int = 0, kind: str = Kind.LEFT) -> None:
    life.note(place.petugas, people, Told(kind, days_ago(place, ago)))


def names(user: Any, where: str) -> list[str]:
    return [row["name"] for row in signed_in(user).get(where).context["rows"]]


def test_lists_read_as_of_any_day(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast, 20).mother
    child = a_child(cast, 10, mother=mother)
    gone(cast, mother, child, ago=5)
    before, since = days_ago(cast, 6), days_ago(cast, 5)
    for where, person in (("/ibu/", mother), ("/anak/", child)):
        assert names(cast.petugas, where) == []
        assert names(cast.petugas, f"{where}?pada={before}") == [person.name]
        assert names(cast.petugas, f"{where}?pada={since}") == []
        assert names(cast.petugas, f"{where}?kelompok=semua") == [person.name]
        page = signed_in(cast.petugas).get(f"{where}?pada={before}").content.decode()
        assert f'value="{before}"' in page and "keadaan" in page
        for wrong in ("2031-01-01", "kemarin", "2026-13-01", "0001-01-01"):
            assert names(cast.petugas, f"{where}?pada={wrong}") == []


def test_turning_24_months_moves_a_child_by_date_alone(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    child = a_child(cast, birth_date=today.replace(year=today.year - 2, day=1))
    turned = today.replace(day=1)
    before = turned - timedelta(days=1)
    assert names(cast.petugas, f"/anak/?kelompok=baduta&pada={before}") == [child.name]
    assert names(cast.petugas, f"/anak/?kelompok=baduta&pada={turned}") == []
    assert names(cast.petugas, f"/anak/?kelompok=balita&pada={turned}") == [child.name]


def test_counts_follow(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 20).mother, cast.programme.today()
    child = a_child(cast, 10, mother=mother)

    def counted() -> tuple[int, int, list[str]]:
        row = by_desa(cast.programme, Month.of(today))[0]
        figures = [figure["value"] for figure in desk.figures(cast.petugas)[:2]]
        return row["hamil"], row["balita"], figures

    assert counted() == (1, 1, ["1", "1"])
    gone(cast, mother, child, kind=Kind.DIED)
    assert counted() == (0, 0, ["0", "0"])


def test_no_help_is_planned_for_them(cast: SimpleNamespace) -> None:
    pregnancy, today = a_pregnancy(cast, 20), cast.programme.today()
    a_check(pregnancy, 3, lila_cm=22)
    child = a_child(cast, 18, mother=pregnancy.mother)
    a_visit(child, 3)
    assert targets.pregnancies(cast.tim, today).exists() and targets.children(cast.tim, today)
    home = pregnancy.mother.household
    type(home).objects.filter(pk=home.pk).update(latrine="terbuka")
    assert targets.households(cast.tim).exists()
    gone(cast, pregnancy.mother, child)
    assert not targets.pregnancies(cast.tim, today).exists()
    assert not targets.children(cast.tim, today).exists()
    assert not targets.households(cast.tim).exists()
    assert pregnancy.mother not in mothers_of(cast.tim, an_activity(cast))
    url = reverse("interventions:plan-pmt-pregnancy", args=[pregnancy.code])
    answer = signed_in(cast.tim).post(url, {
        "indication": "kek", "menu": "Nasi", "planned_days": "14", "funding": "apbdes",
        "planned_start": str(today),
    })  # fmt: skip
    assert answer.status_code == 409 and "tidak tercatat di kecamatan" in answer.content.decode()


def test_a_running_pmt_waits_to_be_stopped(cast: SimpleNamespace) -> None:
    episode = a_pmt(cast, begun=8)
    person = episode.child
    before = [i["title"] for i in desk.waiting_for(cast.tim)]
    assert "Catat hari makan PMT" in before
    gone(cast, person, ago=2, kind=Kind.DIED)
    waiting = [item["title"] for item in desk.waiting_for(cast.tim)]
    assert "Hentikan PMT orang yang sudah tidak di sini" in waiting
    assert "Catat hari makan PMT" not in waiting
    page = signed_in(cast.tim).get("/tindakan/?pilar=pmt").content.decode()
    assert "Meninggal" in page
    again = PmtEpisode.objects.get(pk=episode.pk)
    assert "meninggal" in workflow.wrong_day(again, days_ago(cast, 1))
    assert workflow.wrong_day(again, days_ago(cast, 3)) == ""
    workflow.record_day(cast.tim, again, Fed(days_ago(cast, 3), True, 4))


def test_a_posyandu_day_expects_them_no_more(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, 10), cast.programme.today()
    day = reverse("registry:posyandu-day", args=[cast.melati.code, today])
    assert child.name in signed_in(cast.kader).get(day).content.decode()
    gone(cast, child, kind=Kind.DIED)
    assert child.name not in signed_in(cast.kader).get(day).content.decode()


def test_a_finished_work_stays_with_the_house(cast: SimpleNamespace) -> None:
    child = a_child(cast, 10)
    a_work(cast, begun=3, household=child.household)
    gone(cast, child, child.mother)
    assert Child.objects.count() == 1 and Mother.objects.count() == 1
    page = signed_in(cast.tim).get(child.household.get_absolute_url()).content.decode()
    assert "dimulai" in page and "Pindah ke luar kecamatan" in page
    assert a_mother(cast).left_on is None
