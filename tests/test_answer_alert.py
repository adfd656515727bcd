"""An alert is answered (dirujuk, diukur ulang, dikunjungi), and everybody sees the answer."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from registry import visits, workflow
from registry.alerts.answers import answer
from registry.models import AlertAnswer, Child, Measurement, Mother
from registry.people import Approval
from tests.cast import a_child, a_pregnancy, a_submission, signed_in
from tests.helps import a_check, a_visit, days_ago


def url_of(person: Child | Mother) -> str:
    name = "alert-answer" if isinstance(person, Child) else "mother-alert-answer"
    return reverse(f"registry:{name}", args=[person.code])


def reply(
    user: User, person: Child | Mother, kind: str = "dirujuk", on: Any = None, note: str = ""
) -> HttpResponse:
    on = on or person.programme.today()
    return signed_in(user).post(url_of(person), {"kind": kind, "done_on": str(on), "note": note})


def card(user: User, person: Child | Mother) -> str:
    name = "child" if isinstance(person, Child) else "mother"
    return signed_in(user).get(reverse(f"registry:{name}", args=[person.code])).content.decode()


def todo(user: User) -> dict[str, int]:
    return {item["title"]: item["count"] for item in signed_in(user).get("/").context["todo"]}


def a_red_child(cast: SimpleNamespace, **more: Any) -> Child:
    child = a_child(cast)
    a_visit(child, alert="merah", whz="-3.4", created_by=cast.kader, **more)
    return child


# --- It works ----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    assert "Tanda ini belum dijawab" in card(cast.bidan, child)
    response = reply(cast.bidan, child, note="Diterima bidan jaga")
    assert response["Location"] == reverse("registry:child", args=[child.code])
    made = AlertAnswer.objects.get()
    assert (made.child, made.measurement) == (child, child.measurements.get())
    assert (made.kind, made.done_on) == ("dirujuk", cast.programme.today())
    assert (made.note, made.created_by) == ("Diterima bidan jaga", cast.bidan)
    event = Event.objects.get(verb="answer_alert")
    assert (event.object_code, event.why, event.grant.role) == (child.code, "dirujuk", "bidan")


def test_the_kader_who_measured_and_the_kecamatan_see_it(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    reply(cast.nakes, child, note="Diterima bidan jaga")
    for user in (cast.kader, cast.petugas, cast.tim, cast.kasi, cast.camat, cast.bidan):
        text = card(user, child)
        assert "Dirujuk" in text and str(cast.nakes) in text and "Diterima bidan jaga" in text
        assert "belum dijawab" not in text
    assert "Ditindaklanjuti: dirujuk" in card(cast.camat, child)  # in the timeline
    assert todo(cast.kader)["Anak yang Anda ukur sudah ditindaklanjuti"] == 1
    assert "Anak yang Anda ukur sudah ditindaklanjuti" not in todo(cast.kader_mawar)


def test_what_only_asks_to_be_watched_may_be_answered_and_does_not_nag(
    cast: SimpleNamespace,
) -> None:
    child = a_child(cast)
    a_visit(child, alert="biru", created_by=cast.kader)
    text = card(cast.bidan, child)
    assert "Catat tindak lanjut" in text and "belum dijawab" not in text
    reply(cast.bidan, child, "dikunjungi")
    assert "Dikunjungi" in card(cast.kader, child)


def test_the_number_of_answered_opens_exactly_these_children(cast: SimpleNamespace) -> None:
    """Not those whom somebody else measured, nor those the kader answered."""
    child, own, others = (a_red_child(cast) for _ in range(3))
    others.measurements.update(created_by=cast.bidan)
    for user, one in ((cast.nakes, child), (cast.kader, own), (cast.nakes, others)):
        reply(user, one)
    assert todo(cast.kader)["Anak yang Anda ukur sudah ditindaklanjuti"] == 1
    items = signed_in(cast.kader).get("/").context["todo"]
    url = next(i["url"] for i in items if i["title"].startswith("Anak yang Anda ukur"))
    rows = signed_in(cast.kader).get(url).context["rows"]
    assert [row.url for row in rows] == [reverse("registry:child", args=[child.code])]


def test_measured_again_asks_for_the_numbers(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    response = reply(cast.kader, child, "diukur_ulang")
    page = signed_in(cast.kader).get(response["Location"]).content.decode()
    assert "Hasil ukur ulang belum dimasukkan" in page
    assert reverse("registry:child-measure", args=[child.code]) in page
    a_visit(child, 0, alert="oranye")
    assert "Hasil ukur ulang belum dimasukkan" not in card(cast.kader, child)


def test_the_next_visit_raises_its_own_alert(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    reply(cast.bidan, child, on=days_ago(cast, 5))
    assert "belum dijawab" not in card(cast.bidan, child)
    a_visit(child, 2, alert="oranye")
    text = card(cast.bidan, child)
    assert "Tanda ini belum dijawab" in text and "Ditindaklanjuti: dirujuk" in text
    assert todo(cast.bidan)["Tanda ORANYE belum dijawab"] == 1


def test_a_corrected_visit_keeps_its_answer_unless_its_level_changes(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=days_ago(cast, 551))
    numbers = {"measured_on": days_ago(cast, 3), "measure": "l",
               "weight_kg": Decimal("8.2"), "length_height_cm": Decimal("74")}  # fmt: skip
    first = visits.add_measurement(cast.kader, child, numbers)
    assert first.alert == "oranye"
    reply(cast.bidan, child)
    same = visits.correct_measurement(
        cast.bidan, first, numbers | {"weight_kg": Decimal("8.3")}, "Salah baca"
    )
    assert same.alert == "oranye" and "belum dijawab" not in card(cast.bidan, child)
    worse = visits.correct_measurement(
        cast.bidan, same, numbers | {"weight_kg": Decimal("6.4")}, "Salah baca lagi"
    )
    assert worse.alert == "merah" and "Tanda ini belum dijawab" in card(cast.bidan, child)


def test_a_child_never_measured_is_answered_until_it_is_measured(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    reply(cast.kader, child, "dikunjungi")
    made = AlertAnswer.objects.get()
    assert made.measurement is None and "Dikunjungi" in card(cast.bidan, child)
    a_visit(child, alert="merah")
    assert "Tanda ini belum dijawab" in card(cast.bidan, child)


def test_a_mothers_alert_is_answered_until_her_next_examination(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, 20)
    mother = pregnancy.mother
    a_check(pregnancy, 10, lila_cm=Decimal("22.5"), hb=Decimal("12"))
    assert "Tanda ini belum dijawab" in card(cast.bidan, mother)
    assert reply(cast.bidan, mother).status_code == 302
    made = AlertAnswer.objects.get()
    assert (made.pregnancy, made.child, made.measurement) == (pregnancy, None, None)
    text = card(cast.camat, mother)
    assert "Dirujuk" in text and str(cast.bidan) in text and "belum dijawab" not in text
    a_check(pregnancy, 0, lila_cm=Decimal("22.5"), hb=Decimal("12"))
    assert "Tanda ini belum dijawab" in card(cast.bidan, mother)


def test_answers_are_added_never_replaced(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    reply(cast.kader, child, "dikunjungi", days_ago(cast, 3))
    reply(cast.bidan, child, "dirujuk")
    text = card(cast.camat, child)
    assert AlertAnswer.objects.count() == 2
    assert text.index("Dirujuk") < text.index("Dikunjungi")  # the newest first


def test_the_same_answer_twice_a_day_is_one(cast: SimpleNamespace) -> None:
    child = a_red_child(cast)
    for _ in range(2):
        assert reply(cast.bidan, child).status_code == 302
    assert AlertAnswer.objects.count() == Event.objects.filter(verb="answer_alert").count() == 1
    reply(cast.kader, child)  # another person's answer is another answer
    assert AlertAnswer.objects.count() == 2


def test_the_home_page_counts_what_nobody_answered(cast: SimpleNamespace) -> None:
    red = [a_red_child(cast) for _ in range(3)]
    a_red_child(cast.gasken)
    a_visit(a_child(cast), alert="hijau")
    a_check(a_pregnancy(cast, 20), 5, hb=Decimal("6"), lila_cm=Decimal("25"))
    assert todo(cast.bidan)["Tanda MERAH belum dijawab"] == 4
    assert "Tanda MERAH belum dijawab" not in todo(cast.camat)  # who cannot answer
    assert "Tanda MERAH belum dijawab" not in todo(cast.bidan_lain)
    reply(cast.kader, red[0])
    assert todo(cast.bidan)["Tanda MERAH belum dijawab"] == 3
    [item] = [i for i in signed_in(cast.bidan).get("/").context["todo"] if i["tone"] == "merah"]
    rows = signed_in(cast.bidan).get(item["url"]).context["rows"]
    assert len(rows) == item["count"] and {row.tone for row in rows} == {"merah"}


def test_the_home_page_counts_who_was_not_weighed(cast: SimpleNamespace) -> None:
    late, today = a_child(cast, name="Lama"), cast.programme.today()
    a_visit(late, 100, alert="hijau")
    a_visit(late, 10, alert="hijau", weight_kg=None)  # measured, not weighed
    a_visit(a_child(cast), 20, alert="hijau")
    a_child(cast, birth_date=today - timedelta(days=20))  # too young to have missed two months
    assert todo(cast.kader)["Anak tidak ditimbang 2 bulan"] == 1
    response = signed_in(cast.kader).get("/anak/?gizi=tidak_ditimbang")
    assert [row["name"] for row in response.context["rows"]] == ["Lama"]
    cast.programme.settings["unweighed_months"] = 4
    cast.programme.save()
    assert "Anak tidak ditimbang 4 bulan" not in todo(cast.kader)


# --- Who may not -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["camat", "sekcam", "admin", "mitra", "kabupaten"])
def test_who_may_not_answer(cast: SimpleNamespace, who: str) -> None:
    child = a_red_child(cast)
    assert reply(getattr(cast, who), child).status_code == 403
    assert not AlertAnswer.objects.exists()
    if who in ("camat", "sekcam"):
        assert url_of(child) not in card(getattr(cast, who), child)


@pytest.mark.parametrize("who", ["kader_mawar", "bidan_lain", "nakes_lain"])
def test_an_alert_elsewhere_does_not_exist(cast: SimpleNamespace, who: str) -> None:
    mother = a_pregnancy(cast).mother
    for person in (a_red_child(cast), mother):
        assert reply(getattr(cast, who), person).status_code == 404
    assert reply(cast.petugas, a_red_child(cast.gasken)).status_code == 404
    assert not AlertAnswer.objects.exists()


def test_the_public_is_asked_to_sign_in(cast: SimpleNamespace) -> None:
    response = Client().post(url_of(a_red_child(cast)), {"kind": "dirujuk"})
    assert response["Location"].startswith("/masuk/")


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "said"), [(-1, "belum tiba"), (11, "sebelum pengukuran")]
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_and_the_note_stays(
    cast: SimpleNamespace, ago: int, said: str
) -> None:
    child = a_red_child(cast)  # measured ten days ago
    response = reply(cast.bidan, child, on=days_ago(cast, ago), note="Catatan saya")
    text = response.content.decode()
    assert response.status_code == 409 and said in text and "Catatan saya" in text
    assert not AlertAnswer.objects.exists()
    assert reply(cast.bidan, child, on=days_ago(cast, 10)).status_code == 302


def test_a_mother_is_not_answered_before_her_examination(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, 20)
    a_check(pregnancy, 10, lila_cm=Decimal("22.5"))
    response = reply(cast.bidan, pregnancy.mother, on=days_ago(cast, 11))
    assert response.status_code == 409 and "sebelum pemeriksaan" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [({"done_on": "2026-01-01"}, "Pilih apa yang sudah dilakukan"),
     ({"kind": "sembuh", "done_on": "2026-01-01"}, "Pilih salah satu"),
     ({"kind": "dirujuk"}, "Isi tanggal"),
     ({"kind": "dirujuk", "done_on": "31/31/2026"}, "Tanggal"),
     ({"kind": "dirujuk", "done_on": "2026-01-01", "note": "x" * 201}, "Terlalu panjang")],
)  # fmt: skip
def test_a_half_answer_is_asked_back(
    cast: SimpleNamespace, data: dict[str, str], said: str
) -> None:
    child = a_red_child(cast)
    response = signed_in(cast.bidan).post(url_of(child), data)
    assert response.status_code == 422 and said in response.content.decode()
    assert not AlertAnswer.objects.exists()


def test_a_good_visit_has_nothing_to_answer(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_visit(child, alert="hijau")
    with pytest.raises(Refused):
        answer(cast.bidan, child, "dirujuk", cast.programme.today())
    assert url_of(child) not in card(cast.bidan, child)


def test_a_mother_who_is_not_pregnant_has_nothing_to_answer(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, 30)
    pregnancy.ended_on = date.today()
    pregnancy.save()
    response = signed_in(cast.bidan).get(url_of(pregnancy.mother), follow=True)
    assert "tidak tercatat hamil" in response.content.decode()
    with pytest.raises(Refused):
        answer(cast.bidan, pregnancy, "dirujuk", date.today())


def test_an_answered_visit_cannot_be_undone_away(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    child = workflow.approve(cast.petugas, report, Approval())
    reply(cast.bidan, child)
    with pytest.raises(Refused):
        workflow.undo(cast.kasi, report, "Salah anak")
    assert AlertAnswer.objects.count() == Measurement.objects.count() == 1
