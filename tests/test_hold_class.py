"""A parenting class: planned, held with attendance and scores, then done."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from interventions.models import Activity, Attendance
from tests.cast import a_child, a_mother, a_pregnancy, signed_in
from tests.helps import a_photo, an_activity, days_ago

PLAN = "interventions:plan-activity"


def _plan(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"kind": "parenting", "title": "Kelas pengasuhan contoh", "desa": place.desa.code,
            "place": "Balai desa", "planned_start": str(place.programme.today()),
            "funding": "apbdes", "cost_planned": "300.000"} | changes  # fmt: skip


def _hold_url(activity: Activity) -> str:
    return reverse("interventions:hold-activity", kwargs={"code": activity.code})


def _came(place: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    lines = {"tamu-TOTAL_FORMS": "2", "tamu-INITIAL_FORMS": "0",
             "tamu-0-name": "Ayah Contoh", "tamu-0-sex": "L", "tamu-0-role": "Ayah",
             "tamu-1-name": "", "tamu-1-sex": "P"}  # fmt: skip
    return {"held_on": str(place.programme.today()), "cost_real": "275.000", **lines} | changes


def _ticked(mother: Any, pre: str = "", post: str = "") -> dict[str, str]:
    code = mother.code
    return {f"{code}-came": "on", f"{code}-pre_score": pre, f"{code}-post_score": post}


def test_it_is_planned_and_held_with_attendance(cast: SimpleNamespace) -> None:
    one, two = a_pregnancy(cast).mother, a_child(cast).mother
    client = signed_in(cast.tim)
    assert client.post(reverse(PLAN), _plan(cast)).status_code == 302
    activity = Activity.objects.get()
    answers = _came(cast, photo=a_photo()) | _ticked(one, "50", "75") | _ticked(two, "60", "70")
    assert client.post(_hold_url(activity), answers).status_code == 302
    activity.refresh_from_db()
    assert (activity.status, activity.held_on) == ("completed", cast.programme.today())
    assert (activity.cost_real, activity.photo is not None) == (275_000, True)
    rows = set(activity.attendance.values_list("mother", "name", "sex"))
    assert rows == {(one.pk, one.name, "P"), (two.pk, two.name, "P"), (None, "Ayah Contoh", "L")}
    page = client.get(activity.get_absolute_url())
    figures = page.context["figures"]
    assert (figures.total, figures.men, figures.women) == (3, 1, 2)
    assert (figures.scored, float(figures.gain)) == (2, 17.5)
    assert "17,5" in page.content.decode() and "2 dari 3" in page.content.decode()


def test_the_list_offers_mothers_of_the_desa_only(cast: SimpleNamespace) -> None:
    here = a_pregnancy(cast).mother
    there = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga).mother
    grown, idle = a_child(cast, months=70).mother, a_mother(cast)
    page = signed_in(cast.tim).get(_hold_url(an_activity(cast)))
    offered = [mother for mother, _ in page.context["lines"]]
    assert offered == [here] and not {there, grown, idle} & set(offered)


@pytest.mark.parametrize("role", ["petugas", "bidan", "camat", "mitra"])
def test_colleagues_may_not(cast: SimpleNamespace, role: str) -> None:
    activity, client = an_activity(cast), signed_in(getattr(cast, role))
    assert client.post(reverse(PLAN), _plan(cast)).status_code == 403
    assert client.post(_hold_url(activity), _came(cast)).status_code == 403
    assert not Attendance.objects.exists()


def test_the_other_programme_does_not_find_it(cast: SimpleNamespace) -> None:
    answer = signed_in(cast.gasken.tim).post(_hold_url(an_activity(cast)), _came(cast))
    assert answer.status_code == 404
    strange = _plan(cast, desa=cast.gasken.desa.code)
    assert signed_in(cast.tim).post(reverse(PLAN), strange).status_code == 422


def test_nobody_came_is_asked_back(cast: SimpleNamespace) -> None:
    activity = an_activity(cast)
    answer = signed_in(cast.tim).post(_hold_url(activity), _came(cast, **{
        "tamu-0-name": "", "tamu-0-role": ""}))  # fmt: skip
    assert answer.status_code == 409 and "Isi daftar hadir" in answer.content.decode()
    activity.refresh_from_db()
    assert activity.status == "planned"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tamu-0-post_score": "101"}, "Angka paling besar 100."),
        ({"tamu-1-role": "Kakek"}, "Isi namanya."),
        ({"tamu-0-pre_score": "lima"}, "Tulis dengan angka"),
        ({"held_on": "kemarin"}, "Tanggal ini tidak ada"),
        ({"cost_real": "2,5 juta"}, "Tulis jumlah rupiah"),
    ],
)
def test_wrong_lines_are_told_and_kept(cast: SimpleNamespace, wrong: Any, words: str) -> None:
    answer = signed_in(cast.tim).post(_hold_url(an_activity(cast)), _came(cast, **wrong))
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text and "Ayah Contoh" in text
    assert not Attendance.objects.exists()


def test_a_score_without_a_tick_is_asked_back(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast).mother
    answers = _came(cast) | {f"{mother.code}-pre_score": "50"}
    answer = signed_in(cast.tim).post(_hold_url(an_activity(cast)), answers)
    assert answer.status_code == 422 and "belum dicentang hadir" in answer.content.decode()


def test_more_lines_keep_what_was_typed_and_store_nothing(cast: SimpleNamespace) -> None:
    mother, activity = a_pregnancy(cast).mother, an_activity(cast)
    answers = _came(cast, tambah="1") | _ticked(mother, "40")
    page = signed_in(cast.tim).post(_hold_url(activity), answers)
    assert page.status_code == 200 and len(page.context["guests"].forms) == 7
    text = page.content.decode()
    assert "Ayah Contoh" in text and 'value="40"' in text and "checked" in text
    assert not Attendance.objects.exists()
    for odd in ("", "x", "99999", "-1"):
        answers["tamu-TOTAL_FORMS"] = odd
        assert signed_in(cast.tim).post(_hold_url(activity), answers).status_code == 200
        del answers["tambah"]
        assert signed_in(cast.tim).post(_hold_url(activity), answers).status_code in {302, 409, 422}
        answers["tambah"] = "1"


def test_it_is_not_held_twice_nor_tomorrow(cast: SimpleNamespace) -> None:
    activity = an_activity(cast)
    future = _came(cast, held_on=str(days_ago(cast, -1)))
    answer = signed_in(cast.tim).post(_hold_url(activity), future)
    assert answer.status_code == 409 and "belum tiba" in answer.content.decode()
    signed_in(cast.tim).post(_hold_url(activity), _came(cast))
    again = signed_in(cast.tim).post(_hold_url(activity), _came(cast))
    assert again.status_code == 409 and Attendance.objects.count() == 1


def test_a_guest_is_never_counted_as_a_woman_by_default(cast: SimpleNamespace) -> None:
    activity = an_activity(cast)
    answer = signed_in(cast.tim).post(_hold_url(activity), _came(cast) | {"tamu-0-sex": ""})
    assert answer.status_code == 422 and "Pilih L atau P." in answer.content.decode()
    assert not Attendance.objects.exists()
