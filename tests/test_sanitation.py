"""A sanitation work: find the family, plan, begin, finish with proof."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from interventions.models import SanitationWork
from registry.models import Document
from tests.cast import a_child, a_household, signed_in
from tests.helps import a_photo, a_work, days_ago

HOUSEHOLDS = "interventions:households"


def _plan_url(household: Any) -> str:
    return reverse("interventions:plan-work", kwargs={"code": household.code})


def _end_url(work: SanitationWork) -> str:
    return reverse("interventions:complete-work", kwargs={"code": work.code})


def _plan(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"kind": "jamban", "condition_before": "Buang air di kebun", "volume": "1 unit",
            "funding": "mitra", "partner": place.partner.code, "cost_planned": "2.500.000",
            "planned_start": str(days_ago(place, 3)),
            "planned_end": str(days_ago(place, -20))} | changes  # fmt: skip


def _end(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"ended_on": str(place.programme.today()), "condition_after": "Jamban leher angsa",
            "cost_real": "Rp2.450.000", "bast_number": "12/BAST/2026"} | changes  # fmt: skip


def test_it_plans_begins_and_finishes_with_photos(cast: SimpleNamespace) -> None:
    household = a_household(cast, latrine="terbuka", water="tidak_layak")
    client = signed_in(cast.tim)
    first = client.post(_plan_url(household), _plan(cast, photo=a_photo()))
    work = SanitationWork.objects.get()
    assert first.status_code == 302 and work.photo_before is not None
    assert (work.status, work.partner, work.cost_planned) == ("planned", cast.partner, 2_500_000)
    start = reverse("interventions:start-work", kwargs={"code": work.code})
    assert client.post(start, {"on": str(days_ago(cast, 2))}).status_code == 302
    answers = _end(cast, photo_after=a_photo(), latrine="aman")
    assert client.post(_end_url(work), answers).status_code == 302
    work.refresh_from_db()
    household.refresh_from_db()
    assert (work.status, work.cost_real, work.bast_number) == (
        "completed", 2_450_000, "12/BAST/2026",
    )  # fmt: skip
    assert work.photo_after is not None and work.photo_after.kind == Document.Kind.AFTER
    assert (work.photo_after.programme, work.photo_after.desa) == (cast.programme, cast.desa)
    assert (household.latrine, household.water) == ("aman", "tidak_layak")
    event = Event.objects.get(verb="improve_household")
    assert (event.object_code, event.fields) == (household.code, ["latrine"])
    page = client.get(work.get_absolute_url()).content.decode()
    assert work.photo_after.code in page and "Rp2.450.000" in page


def test_a_page_only_asked_for_is_fresh(cast: SimpleNamespace) -> None:
    """A form with photos is not taken for an empty sending."""
    for url in (_plan_url(a_household(cast)), _end_url(a_work(cast, begun=1))):
        page = signed_in(cast.tim).get(url)
        assert page.status_code == 200 and not page.context["form"].is_bound


def test_a_bidan_sees_the_photos_but_does_not_finish(cast: SimpleNamespace) -> None:
    work = a_work(cast, begun=2)
    assert signed_in(cast.bidan).get(work.get_absolute_url()).status_code == 200
    assert signed_in(cast.bidan).post(_end_url(work), _end(cast)).status_code == 403
    assert signed_in(cast.gasken.tim).post(_end_url(work), _end(cast)).status_code == 404
    work.refresh_from_db()
    assert work.status == "running"


def test_what_is_no_photo_is_told_and_the_rest_kept(cast: SimpleNamespace) -> None:
    work = a_work(cast, begun=2)
    paper = a_photo(content=b"%PDF-1.4 bukan foto", name="bast.pdf")
    answer = signed_in(cast.tim).post(_end_url(work), _end(cast, photo_after=paper))
    text = answer.content.decode()
    assert answer.status_code == 422 and "Jamban leher angsa" in text and "Rp2.450.000" in text
    assert not Document.objects.exists()


def test_a_planned_work_is_not_finished(cast: SimpleNamespace) -> None:
    work = a_work(cast)
    answer = signed_in(cast.tim).post(_end_url(work), _end(cast, photo_after=a_photo()))
    assert answer.status_code == 409 and not Document.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"funding": "mitra", "partner": ""}, "Pilih mitra yang membiayai."),
        ({"planned_end": "2000-01-01"}, "setelah rencana mulai"),
        ({"kind": "kolam"}, "Pilih salah satu dari daftar."),
        ({"kind": ""}, "Pilih jenis pekerjaan."),
        ({"condition_before": ""}, "Isi kondisi sebelum."),
        ({"cost_planned": "-5"}, "Tulis jumlah rupiah"),
    ],
)
def test_wrong_answers_are_told(cast: SimpleNamespace, wrong: Any, words: str) -> None:
    answer = signed_in(cast.tim).post(_plan_url(a_household(cast)), _plan(cast, **wrong))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not SanitationWork.objects.exists()


def test_the_child_helped_is_of_the_family(cast: SimpleNamespace) -> None:
    child, other = a_child(cast), a_child(cast)
    url = _plan_url(child.household)
    answer = signed_in(cast.tim).post(url, _plan(cast, child=other.code))
    assert answer.status_code == 422
    signed_in(cast.tim).post(url, _plan(cast, child=child.code))
    assert SanitationWork.objects.get().child == child


def test_the_list_shows_families_not_yet_fit(cast: SimpleNamespace) -> None:
    open_air = a_household(cast, latrine="terbuka", head_name="Kepala Terbuka")
    a_household(cast, latrine="aman", head_name="Kepala Aman")
    helped = a_household(cast, water="tidak_ada", head_name="Kepala Dibantu")
    a_work(cast, household=helped)
    a_household(cast.gasken, latrine="terbuka", head_name="Kepala Lain")
    page = signed_in(cast.tim).get(reverse(HOUSEHOLDS)).content.decode()
    assert "Kepala Terbuka" in page and _plan_url(open_air) in page
    for name in ("Kepala Aman", "Kepala Dibantu", "Kepala Lain"):
        assert name not in page


def test_a_family_is_found_by_any_of_its_names(cast: SimpleNamespace) -> None:
    child = a_child(cast, name="Anak Contoh Cemara")
    url = reverse(HOUSEHOLDS)
    for words in ("cemara", child.mother.name, "Kepala Contoh", "Jalan Contoh"):
        assert (
            _plan_url(child.household)
            in signed_in(cast.tim).get(url, {"q": words}).content.decode()
        )
    nothing = signed_in(cast.tim).get(url, {"q": "tidak ada ini", "desa": cast.desa.code})
    assert "Tidak ada keluarga yang cocok" in nothing.content.decode()
    assert (
        signed_in(cast.gasken.tim).get(url, {"q": "cemara"}).content.decode().count("Cemara") == 0
    )


def test_the_list_is_paged_by_key_without_gap_or_double(cast: SimpleNamespace) -> None:
    made = {a_household(cast, latrine="terbuka").code for _ in range(30)}
    client, url, seen = signed_in(cast.tim), reverse(HOUSEHOLDS), []
    while url:
        page = client.get(url)
        seen += [row.action[1].split("/")[-2] for row in page.context["rows"]]
        url = reverse(HOUSEHOLDS) + page.context["next_url"] if page.context["next_url"] else ""
    assert len(seen) == 30 and set(seen) == made
