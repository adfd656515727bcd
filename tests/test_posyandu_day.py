"""A posyandu day: who is due, one child after the other, the paper before and after."""

import io
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.middleware import LIST_COOKIE
from accounts.models import Event, User
from growth.age import completed_months
from registry import visits
from registry.models import Absence, Child, ExclusiveMonth, Measurement
from registry.posyandu import day as days_of
from registry.posyandu import entry
from tests.cast import a_child, person, signed_in

NUMBERS = {"weight_kg": "8,2", "length_height_cm": "74", "measure": "l", "lila_cm": "13,5"}


def url_of(cast: SimpleNamespace, child: Child | None = None, name: str = "", **more: Any) -> str:
    args = [cast.melati.code, more.get("on", cast.programme.today())]
    if child:
        return reverse(f"registry:posyandu-{name or 'child'}", args=[*args, child.code])
    return reverse(f"registry:posyandu-{name or 'day'}", args=args)


def page(user: User, url: str, **data: str) -> str:
    return signed_in(user).get(url, data).content.decode()


def a_girl(cast: SimpleNamespace, days: int = 551, **changes: Any) -> Child:
    """551 days old today, as fact 1 of the field: 8,2 kg and 74 cm are "pendek"."""
    born = cast.programme.today() - timedelta(days=days)
    return a_child(cast, birth_date=born, **changes)


def weighed(child: Child, on: date, kg: str, **numbers: Any) -> Measurement:
    given = {"measured_on": on, "weight_kg": Decimal(kg), **numbers}
    return visits.add_measurement(None, child, given)


def month_ago(cast: SimpleNamespace) -> date:
    """A day of the calendar month before, at most 45 days ago."""
    return cast.programme.today().replace(day=1) - timedelta(days=3)


# --- It works ----------------------------------------------------------------------------------


def test_a_child_is_measured_and_the_result_said_at_once(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast, name="Embun Contoh"), signed_in(cast.kader)
    after = a_girl(cast, name="Fajar Contoh")
    response = client.post(url_of(cast, child), NUMBERS)
    assert response.status_code == 303 and response["Location"] == url_of(cast, child)
    visit = child.measurements.get()
    assert (visit.measured_on, visit.created_by) == (cast.programme.today(), cast.kader)
    assert (visit.weight_kg, visit.length_height_cm) == (Decimal("8.2"), Decimal("74"))
    assert (visit.lila_cm, visit.measure, visit.haz) == (Decimal("13.5"), "l", Decimal("-2.34"))
    text = client.get(response["Location"]).content.decode()
    assert "Pendek: rujuk ke puskesmas minggu ini" in text and "tone-oranye" in text
    assert "Anak berikutnya: Fajar Contoh" in text and url_of(cast, after) in text
    assert "penapisan, bukan diagnosis" in text


def test_the_day_says_who_is_measured_absent_and_waiting(cast: SimpleNamespace) -> None:
    one, two, three = (a_girl(cast, name=f"{n} Contoh") for n in ("Awan", "Bumi", "Cahaya"))
    client = signed_in(cast.kader)
    client.post(url_of(cast, one), NUMBERS)
    client.post(url_of(cast, two, "absent"))
    text = page(cast.kader, url_of(cast))
    assert "1 dari 3 sudah diukur, 1 tidak hadir" in text
    places = [text.index(word) for word in ("Belum diukur", "Tidak hadir", "Sudah diukur")]
    assert places == sorted(places)
    assert f"Lanjut: {three.name}" in text and "8,2 kg (B) · 74,0 cm · LiLA 13,5 cm" in text
    assert Event.objects.filter(verb="view_posyandu_day", object_code=cast.melati.code).exists()


def test_the_result_leads_to_the_chart_and_says_who_lay(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    client.post(url_of(cast, child), NUMBERS)
    text = page(cast.kader, url_of(cast, child))
    assert "8,2 kg, 74,0 cm terlentang, LiLA 13,5 cm" in text  # nobody's arm was lying
    assert f'href="{reverse("registry:child", args=[child.code])}#grafik"' in text


def test_the_open_question_stands_before_the_numbers(cast: SimpleNamespace) -> None:
    baby = a_girl(cast, 100)
    weighed(baby, cast.programme.today(), "5.9")
    text = page(cast.kader, url_of(cast, baby))
    assert 0 < text.index("Bulan ini hanya ASI?") < text.index("Tersimpan <b>")


@pytest.mark.parametrize(("days", "last"), [(1825, True), (1700, False)])
def test_who_leaves_balita_is_not_called_back(
    cast: SimpleNamespace, days: int, *, last: bool
) -> None:
    child = a_girl(cast, days)
    weighed(child, cast.programme.today(), "17", length_height_cm=Decimal(108), measure="h")
    text = page(cast.kader, url_of(cast, child))
    assert (days_of.LAST_VISIT in text, "lagi bulan depan" in text) == (last, not last)


def test_a_name_not_found_says_why(cast: SimpleNamespace) -> None:
    a_girl(cast, name="Embun Contoh")
    assert "Tidak ada di daftar?" in page(cast.kader, url_of(cast), q="zzz")
    assert "data-none hidden>Tidak ada di daftar?" in page(cast.kader, url_of(cast), q="embun")


def test_weight_gain_is_said_in_words(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    weighed(child, month_ago(cast), "8.2")
    client.post(url_of(cast, child), {"weight_kg": "8,55"})
    assert "Berat naik 350 g (N)" in page(cast.kader, url_of(cast, child))
    thin = a_girl(cast)
    weighed(thin, month_ago(cast), "8.2")
    client.post(url_of(cast, thin), {"weight_kg": "8,1"})
    assert "Berat turun 100 g (T)" in page(cast.kader, url_of(cast, thin))


def test_a_doubted_weight_is_in_no_share_and_no_base(cast: SimpleNamespace) -> None:
    child, last, today = a_girl(cast), month_ago(cast), cast.programme.today()
    weighed(child, last - timedelta(days=5), "8.0")
    weighed(child, last, "12.0", doubted=["weight_kg"])
    visit = weighed(child, today, "8.4")
    assert days_of.gain_words(visit) == "Berat naik 400 g (N)"
    doubtful = a_girl(cast)
    weighed(doubtful, last, "8.0")
    assert weighed(doubtful, today, "7.0", doubted=["weight_kg"]).weight_gain == "T"
    assert days_of.read(cast.kader, cast.melati, today).gained.endswith("(1/1)")


def test_the_posture_is_filled_in_by_age_and_may_be_changed(cast: SimpleNamespace) -> None:
    baby, small, big = a_girl(cast, 250), a_girl(cast, 730), a_girl(cast, 731)
    checked = '{}" id="id_measure_{}" checked'
    for child, posture in ((baby, "l"), (small, "l"), (big, "h")):
        text = page(cast.kader, url_of(cast, child)).replace("\n", " ")
        assert f'name="measure" value="{posture}"' in text
        assert text.split(f'value="{posture}"')[1].split(">")[0].count("checked") == 1, checked
    assert 'name="measure" value="h"' not in page(cast.kader, url_of(cast, baby))
    refused = signed_in(cast.kader).post(url_of(cast, baby), NUMBERS | {"measure": "h"})
    assert refused.status_code == 422 and "selalu diukur terlentang" in refused.content.decode()
    signed_in(cast.kader).post(url_of(cast, small), NUMBERS | {"measure": "h", "weight_kg": "10"})
    assert not baby.measurements.exists()


def test_a_weight_alone_keeps_no_posture(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    signed_in(cast.kader).post(url_of(cast, child), {"weight_kg": "8.2", "measure": "l"})
    assert child.measurements.get().measure == ""


def test_lila_is_asked_from_six_months_and_asi_before(cast: SimpleNamespace) -> None:
    baby, child = a_child(cast, 3), a_child(cast, 9)
    young, older = (page(cast.kader, url_of(cast, c)) for c in (baby, child))
    assert 'name="lila_cm"' not in young and 'name="exclusive"' in young
    assert 'name="lila_cm"' in older and 'name="exclusive"' not in older


def test_exclusive_breastfeeding_is_written_down_once(cast: SimpleNamespace) -> None:
    baby, client = a_child(cast, 3), signed_in(cast.kader)
    assert "Tanyakan ASI" in page(cast.kader, url_of(cast))
    client.post(url_of(cast, baby), {"weight_kg": "5,8", "exclusive": "ya"})
    answer = ExclusiveMonth.objects.get(child=baby)
    months = completed_months(baby.birth_date, cast.programme.today())
    assert answer.exclusive and answer.month == months and baby.measurements.count() == 1
    assert "Tanyakan ASI" not in page(cast.kader, url_of(cast))


def test_who_was_measured_without_an_answer_is_still_asked(cast: SimpleNamespace) -> None:
    baby, client = a_child(cast, 3), signed_in(cast.kader)
    client.post(url_of(cast, baby), {"weight_kg": "5,8"})
    assert "Bulan ini hanya ASI?" in page(cast.kader, url_of(cast, baby))
    for said in ("tidak", "ya", "mungkin"):  # the first answer stands
        response = client.post(url_of(cast, baby, "asi"), {"exclusive": said}, follow=True)
    assert ExclusiveMonth.objects.get().exclusive is False
    assert "Bulan ini hanya ASI?" not in response.content.decode()
    older = a_child(cast, 20)
    client.post(url_of(cast, older, "asi"), {"exclusive": "ya"})
    assert ExclusiveMonth.objects.count() == 1


def test_last_values_stand_beside_the_boxes(cast: SimpleNamespace) -> None:
    child, before = a_girl(cast), month_ago(cast)
    weighed(child, before, "8.2", length_height_cm=Decimal("73.5"), measure="l")
    text = page(cast.kader, url_of(cast, child))
    assert "Terakhir 8,2 kg (" in text and "Terakhir 73,5 cm (" in text
    assert "Terakhir 8,2 kg · 73,5 cm" in page(cast.kader, url_of(cast))


def test_a_name_narrows_the_list(cast: SimpleNamespace) -> None:
    a_girl(cast, name="Embun Contoh")
    a_girl(cast, name="Fajar Contoh")
    text = page(cast.kader, url_of(cast), q="embun")
    assert ">Embun Contoh<" in text and ">Fajar Contoh<" not in text


def test_who_was_not_weighed_for_two_months_is_marked(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    today = cast.programme.today()
    weighed(child, today - timedelta(days=100), "7.9")
    assert "3 bulan tidak ditimbang" in page(cast.kader, url_of(cast))
    cast.programme.settings["unweighed_months"] = 6
    cast.programme.save()
    assert "tidak ditimbang</span>" not in page(cast.kader, url_of(cast))


def test_only_the_balita_who_live_here_are_due(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    here = a_girl(cast)
    a_girl(cast, posyandu=cast.mawar)
    a_girl(cast, left_on=today)
    old = a_girl(cast, days=1900)
    found = days_of.read(cast.kader, cast.melati, today)
    assert [row.child for row in found.rows] == [here]
    assert old in [row.child for row in days_of.read(
        cast.kader, cast.melati, today - timedelta(days=200)).rows]  # fmt: skip


def test_the_summary_counts_and_names_who_is_referred(cast: SimpleNamespace) -> None:
    short, well, _ = a_girl(cast, name="Senja Contoh"), a_girl(cast), a_girl(cast)
    weighed(well, month_ago(cast), "9.5")
    client = signed_in(cast.kader)
    client.post(url_of(cast, short), NUMBERS)
    client.post(url_of(cast, well), NUMBERS | {"weight_kg": "10", "length_height_cm": "80"})
    text = page(cast.kader, url_of(cast))
    assert "66,7 % (2/3)" in text and "100,0 % (1/1)" in text  # D/S and N/D'
    assert "1 anak perlu dirujuk" in text and "Pendek: rujuk ke puskesmas minggu ini" in text


def test_a_kader_begins_from_her_home_and_the_menu(cast: SimpleNamespace) -> None:
    text = page(cast.kader, "/")
    assert url_of(cast) in text and "Buka hari posyandu hari ini" in text
    assert reverse("registry:posyandu-days") in text
    assert "Buka hari posyandu" not in page(cast.camat, "/")


def test_who_has_one_posyandu_goes_straight_to_today(cast: SimpleNamespace) -> None:
    days = reverse("registry:posyandu-days")
    assert signed_in(cast.kader).get(days)["Location"] == url_of(cast)
    a_girl(cast)
    weighed(a_girl(cast), cast.programme.today(), "8.2")
    chosen = page(cast.bidan, days)
    assert "Posyandu Melati" in chosen and "Posyandu Mawar" in chosen and "Kenanga" not in chosen
    assert "50,0 % (1/2)" in chosen
    query = {"posyandu": cast.mawar.code, "tanggal": str(cast.programme.today())}
    assert cast.mawar.code in signed_in(cast.bidan).get(days, query)["Location"]


# --- Absent ------------------------------------------------------------------------------------


def test_absence_is_noted_once_and_a_late_comer_is_measured(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    for _ in range(2):
        assert client.post(url_of(cast, child, "absent"))["Location"] == url_of(cast)
    absence = Absence.objects.get()
    assert (absence.child, absence.posyandu, absence.created_by) == (child, cast.melati, cast.kader)
    assert Event.objects.filter(verb="note_absence", object_code=child.code).count() == 1
    client.post(url_of(cast, child), NUMBERS)
    assert "1 dari 1 sudah diukur<" in page(cast.kader, url_of(cast))
    said = client.post(url_of(cast, child, "absent"), follow=True).content.decode()
    assert "sudah diukur" in said and Absence.objects.count() == 1


# --- Twice, and two at once --------------------------------------------------------------------


def test_the_same_sent_twice_is_stored_once(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    assert [client.post(url_of(cast, child), NUMBERS).status_code for _ in range(2)] == [303, 303]
    assert Measurement.objects.count() == 1
    assert Event.objects.filter(verb="measure").count() == 1


def test_a_correction_is_not_written_over_another_unseen(cast: SimpleNamespace) -> None:
    """Two opened the same numbers; whose page is old sees the new ones first."""
    child, client = a_girl(cast), signed_in(cast.kader)
    client.post(url_of(cast, child), NUMBERS)
    url = url_of(cast, child, "correct")
    old = {"standing": child.measurements.get().code, "reason": "Salah ketik", "confirmed": "1"}
    first = NUMBERS | old | {"weight_kg": "8,4"}
    assert [client.post(url, first).status_code for _ in range(2)] == [303, 303]
    late = client.post(url, NUMBERS | old | {"weight_kg": "8,6"})
    text, standing = late.content.decode(), child.measurements.current().get()
    assert late.status_code == 409 and "baru saja diperbaiki orang lain" in text
    assert "8,4 kg" in text and 'value="8,6"' in text and standing.revision == 2
    doubted = client.post(url, NUMBERS | old | {"weight_kg": "14,6"})
    assert doubted.status_code == 409 and "baru saja diperbaiki" in doubted.content.decode()
    seen = NUMBERS | old | {"weight_kg": "8,6", "standing": standing.code}
    assert f'name="standing" value="{standing.code}"' in text
    assert client.post(url, seen).status_code == 303
    assert child.measurements.current().get().weight_kg == Decimal("8.6")


def test_a_second_kader_sees_what_the_first_wrote_and_may_correct(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    other = person("kader", cast.programme, posyandu=cast.melati)
    signed_in(cast.kader).post(url_of(cast, child), NUMBERS)
    client = signed_in(other)
    response = client.post(url_of(cast, child), NUMBERS | {"weight_kg": "8,4"})
    text = response.content.decode()
    assert response.status_code == 409 and "Anak ini sudah diukur" in text
    assert "8,2 kg (B) · 74,0 cm" in text and 'value="8,4"' in text
    assert child.measurements.get().weight_kg == Decimal("8.2")
    fix = NUMBERS | {"weight_kg": "8,4", "reason": "Diukur ulang"}
    assert client.post(url_of(cast, child, "correct"), fix)["Location"] == url_of(cast, child)
    visit = child.measurements.current().get()
    assert (visit.revision, visit.weight_kg) == (2, Decimal("8.4"))
    assert (visit.reason, visit.created_by) == ("Diukur ulang", other)
    # The first sending, arriving once more from a dead signal, changes nothing.
    assert signed_in(cast.kader).post(url_of(cast, child), NUMBERS).status_code == 303
    assert child.measurements.count() == 2


def test_two_at_the_very_same_moment_are_both_answered(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's visit lands between the look and the writing."""
    child, on = a_girl(cast), cast.programme.today()
    numbers = {"measured_on": on, "weight_kg": Decimal("8.2"), "length_height_cm": None,
               "measure": "", "lila_cm": None, "oedema": False, "confirmed": False}  # fmt: skip
    store = visits.add_measurement

    def after_the_other(user: Any, child: Child, given: dict[str, Any]) -> Measurement:
        monkeypatch.setattr(visits, "add_measurement", store)
        store(None, child, numbers)
        return store(user, child, given)

    monkeypatch.setattr(visits, "add_measurement", after_the_other)
    assert entry.measure(cast.kader, child, dict(numbers)).state == "duplicate"
    assert child.measurements.count() == 1


def test_a_script_gets_a_receipt(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)

    def send(**changes: str) -> Any:
        return client.post(url_of(cast, child), NUMBERS | changes, HTTP_ACCEPT="application/json")

    wrong = send(weight_kg="8400")
    assert wrong.status_code == 422 and "kilogram" in wrong.json()["errors"]["weight_kg"][0]
    first, again, other = send(), send(), send(weight_kg="8,3")
    assert [r.status_code for r in (first, again, other)] == [201, 200, 409]
    assert [r.json()["state"] for r in (first, again, other)] == ["saved", "duplicate", "taken"]
    assert first.json()["measurement"] == again.json()["measurement"]
    assert first.json()["words"] == "Pendek: rujuk ke puskesmas minggu ini"


# --- Asked back, refused -----------------------------------------------------------------------


def test_the_unlikely_is_asked_once_and_what_was_typed_stays(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    weighed(child, month_ago(cast), "8.2", length_height_cm=Decimal("76"), measure="l")
    asked = client.post(url_of(cast, child), NUMBERS)
    text = asked.content.decode()
    assert asked.status_code == 422 and 'name="confirmed"' in text
    assert "76,0 cm" in text and 'value="8,2"' in text
    assert child.measurements.count() == 1
    assert client.post(url_of(cast, child), NUMBERS | {"confirmed": "on"}).status_code == 303
    assert child.measurements.count() == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"measure": "l"}, "Isi berat"),
        ({"weight_kg": "8400"}, "Tulis dalam kilogram."),
        ({"weight_kg": "74", "length_height_cm": "8,2", "measure": "l"}, "tertukar"),
        ({"length_height_cm": "74", "measure": ""}, "terlentang atau berdiri"),
    ],
)
def test_the_impossible_is_refused(cast: SimpleNamespace, data: dict[str, str], said: str) -> None:
    child = a_girl(cast)
    response = signed_in(cast.kader).post(url_of(cast, child), data | {"confirmed": "on"})
    assert response.status_code == 422 and said in response.content.decode()
    assert not child.measurements.exists()


def test_a_day_to_come_is_not_opened_but_its_list_is_printed(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    soon = cast.programme.today() + timedelta(days=3)
    for url in (url_of(cast, on=soon), url_of(cast, child, on=soon)):
        text = client.get(url, follow=True).content.decode()
        assert "Hari ini belum tiba" in text
    client.post(url_of(cast, child, on=soon), NUMBERS)
    client.post(url_of(cast, child, "absent", on=soon))
    assert not child.measurements.exists() and not Absence.objects.exists()
    assert client.get(url_of(cast, name="paper", on=soon)).status_code == 200


def test_a_day_that_is_none_does_not_exist(cast: SimpleNamespace) -> None:
    for day in ("2026-02-30", "2026-2-3", "besok"):
        url = f"/hari-posyandu/{cast.melati.code}/{day}/"
        assert signed_in(cast.kader).get(url).status_code == 404


# --- Who may not -------------------------------------------------------------------------------


def test_strangers_find_nothing_and_who_only_reads_may_not(cast: SimpleNamespace) -> None:
    child, elsewhere = a_girl(cast), a_girl(cast, posyandu=cast.mawar)
    for user, status in ((cast.kader_mawar, 404), (cast.bidan_lain, 404), (cast.camat, 403)):
        client = signed_in(user)
        assert client.get(url_of(cast)).status_code == status
        assert client.post(url_of(cast, child), NUMBERS).status_code == status
        assert client.post(url_of(cast, child, "absent")).status_code == status
        table = client.post(url_of(cast, name="table"), {f"{child.code}-weight_kg": "8,2"})
        assert table.status_code == status
    client = signed_in(cast.kader)
    assert client.post(url_of(cast, elsewhere), NUMBERS).status_code == 404
    client.post(url_of(cast, name="table"), {f"{elsewhere.code}-weight_kg": "8,2"})
    assert not Measurement.objects.exists() and not Absence.objects.exists()


# --- From paper --------------------------------------------------------------------------------


def row_of(child: Child, **numbers: str) -> dict[str, str]:
    return {f"{child.code}-{name}": value for name, value in numbers.items()}


def test_a_table_from_paper_is_stored_row_by_row(cast: SimpleNamespace) -> None:
    good, gone, empty = a_girl(cast), a_girl(cast), a_girl(cast)
    on = cast.programme.today() - timedelta(days=40)
    url, client = url_of(cast, name="table", on=on), signed_in(cast.kader)
    data = {**row_of(good, weight_kg="8,2", length_height_cm="74", measure="l"),
            **row_of(gone, absent="1", measure="l"), **row_of(empty, measure="l")}  # fmt: skip
    for _ in range(2):  # sent twice, stored once
        response = client.post(url, data, follow=True)
    assert "sudah tersimpan sebelumnya" in response.content.decode()
    visit = Measurement.objects.get()
    assert (visit.child, visit.measured_on, visit.weight_kg) == (good, on, Decimal("8.2"))
    assert Absence.objects.get().child == gone
    text = page(cast.kader, url)
    assert f"{empty.code}-weight_kg" in text and f"{good.code}-weight_kg" not in text


def test_a_bad_row_keeps_nobody_waiting_and_loses_nothing(cast: SimpleNamespace) -> None:
    good, bad, odd = a_girl(cast), a_girl(cast, name="Salah Contoh"), a_girl(cast)
    url, client = url_of(cast, name="table"), signed_in(cast.kader)
    data = {**row_of(good, weight_kg="8,2"), **row_of(bad, weight_kg="8400", lila_cm="13,5"),
            **row_of(odd, weight_kg="25")}  # fmt: skip
    response = client.post(url, data)
    text = response.content.decode()
    assert response.status_code == 422 and Measurement.objects.get().child == good
    assert "2 baris perlu diperiksa" in text and "1 anak tersimpan." in text
    assert 'value="8400"' in text and 'value="13,5"' in text and "Tulis dalam kilogram." in text
    assert f"{odd.code}-confirmed" in text and f"{bad.code}-confirmed" not in text
    mended = {**row_of(good, weight_kg="8,2"), **row_of(bad, weight_kg="8,4", lila_cm="13,5"),
              **row_of(odd, weight_kg="25", confirmed="1")}  # fmt: skip
    assert client.post(url, mended).status_code == 302
    assert {m.child: m.weight_kg for m in Measurement.objects.all()} == {
        good: Decimal("8.2"), bad: Decimal("8.4"), odd: Decimal("25")}  # fmt: skip


def test_a_row_cannot_be_measured_and_absent(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    data = row_of(child, weight_kg="8,2", absent="1")
    text = signed_in(cast.kader).post(url_of(cast, name="table"), data).content.decode()
    assert "Hapus salah satu" in text and 'value="8,2"' in text
    assert not Measurement.objects.exists() and not Absence.objects.exists()


def test_an_error_in_a_row_names_its_box(cast: SimpleNamespace) -> None:
    data = row_of(a_girl(cast), weight_kg="8,4,2", length_height_cm="74", measure="l")
    text = signed_in(cast.kader).post(url_of(cast, name="table"), data).content.decode()
    assert "Berat badan: Tulis dengan angka saja" in text


def test_a_row_somebody_else_entered_is_told_not_overwritten(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.kader)
    client.post(url_of(cast, child), NUMBERS)
    response = client.post(url_of(cast, name="table"), row_of(child, weight_kg="9,1"))
    text = response.content.decode()
    assert response.status_code == 422 and "sudah dicatat oleh" in text and 'value="9,1"' in text
    assert url_of(cast, child, "correct") in text
    assert child.measurements.get().weight_kg == Decimal("8.2")


# --- Paper and queries -------------------------------------------------------------------------


def test_the_printed_list_has_every_child_and_few_pages(cast: SimpleNamespace) -> None:
    for number in range(60):
        child = a_girl(cast, days=100 + 25 * number, name=f"Anak Daftar {number:02d}")
    weighed(child, month_ago(cast), "14.2", length_height_cm=Decimal("99.5"), measure="h")
    response = signed_in(cast.kader).get(url_of(cast, name="paper"))
    assert response["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(io.BytesIO(response.content))
    texts = [sheet.get_textpage().get_text_range() for sheet in paper]
    whole = "\n".join(texts)
    assert len(texts) <= 3 and all("Nama anak" in text for text in texts)
    assert all(f"Anak Daftar {number:02d}" in whole for number in range(60))
    assert "14,2" in whole and "99,5" in whole
    assert Event.objects.filter(verb="print_posyandu_day", why__endswith="n=60").exists()


# --- Without a signal --------------------------------------------------------------------------


def test_the_phone_gets_the_list_it_keeps(cast: SimpleNamespace) -> None:
    child, other = a_girl(cast, name="Embun Contoh"), a_girl(cast, 100, name="Fajar Contoh")
    weighed(child, month_ago(cast), "8.4", length_height_cm=Decimal(74), measure="l")
    weighed(other, cast.programme.today(), "5.9")
    response = signed_in(cast.kader).get(url_of(cast, name="data"))
    data = response.json()
    assert response["Cache-Control"] == "no-store"
    assert (data["user"], data["url"]) == (cast.kader.code, url_of(cast))
    first, second = data["children"]
    assert (first["name"], first["state"], first["posture"]) == ("Embun Contoh", "waiting", "l")
    assert first["before"]["weight_kg"].startswith("Terakhir 8,4 kg (")
    assert first["lila"] and not first["lies"] and not first["asks"]
    assert (second["state"], second["lies"], second["asks"]) == ("measured", True, True)
    assert second["told"] == "5,9 kg (B)" and not second["lila"]
    event = Event.objects.get(verb="view_posyandu_day", user=cast.kader)
    assert event.why.endswith("n=2") and event.object_code == cast.melati.code


def test_the_phone_gets_no_more_than_the_scale_needs(cast: SimpleNamespace) -> None:
    child = a_girl(cast, name="Embun Contoh")
    text = signed_in(cast.kader).get(url_of(cast, name="data")).content.decode()
    mother = child.mother.name if child.mother else ""
    assert "Embun Contoh" in text and (not mother or mother not in text)
    assert "nik" not in text and "address" not in text


def test_the_shell_is_the_same_for_everybody(cast: SimpleNamespace) -> None:
    child, shell = a_girl(cast, 100, name="Embun Contoh"), reverse("registry:posyandu-offline")
    pages = {client.get(shell).content for client in (Client(), signed_in(cast.kader))}
    assert len(pages) == 1
    text = pages.pop().decode()
    assert cast.programme.short_name not in text and child.name not in text
    entry = page(cast.kader, url_of(cast, a_girl(cast)))  # the same words as the plain page
    for words in ("Berat badan", "Cara mengukur", "LiLA", "Tekan tiga detik", "Tidak hadir"):
        assert words in entry and words in text
    assert "Bulan ini hanya ASI?" in text and 'data-max="40.0"' in text


def test_the_mark_of_the_list_ends_with_sign_out_and_with_another_person(
    cast: SimpleNamespace,
) -> None:
    client = signed_in(cast.kader)
    assert client.get(url_of(cast)).cookies[LIST_COOKIE].value == cast.kader.code
    assert client.post(reverse("account_logout")).cookies[LIST_COOKIE].value == ""
    client = signed_in(cast.bidan)
    client.cookies[LIST_COOKIE] = cast.kader.code
    assert client.get("/").cookies[LIST_COOKIE].value == ""
    client.cookies[LIST_COOKIE] = cast.kader.code
    assert client.get(url_of(cast)).cookies[LIST_COOKIE].value == cast.bidan.code


def test_a_list_that_arrives_late_brings_the_mark_not_back(cast: SimpleNamespace) -> None:
    """Asked for before she signed out, answered after it: nobody's list may be shown then."""
    client = signed_in(cast.kader)
    assert LIST_COOKIE not in client.get(url_of(cast, name="data")).cookies


@pytest.mark.parametrize(
    ("name", "sent", "state"),
    [("child", NUMBERS, "saved"), ("absent", {}, "absent"), ("asi", {"exclusive": "ya"}, "told")],
)
def test_what_waited_is_answered_with_its_own_id(
    cast: SimpleNamespace, name: str, sent: dict[str, str], state: str
) -> None:
    child = a_girl(cast, 551 if name == "child" else 100)
    url, client = url_of(cast, child, name), signed_in(cast.kader)
    given = sent | {"client_id": "k" * 80}
    response = client.post(url, given, headers={"accept": "application/json"})
    assert response.status_code in (200, 201)
    answer = response.json()
    assert (answer["state"], answer["client_id"]) == (state, "k" * 64) and answer["stored"]
    again = client.post(url, given, headers={"accept": "application/json"})
    assert again.status_code == 200  # the reply was lost: the same once more is no error


def test_what_is_known_otherwise_is_said_to_the_script(cast: SimpleNamespace) -> None:
    baby, client = a_girl(cast, 100), signed_in(cast.kader)
    weighed(baby, cast.programme.today(), "5.9")
    json = {"accept": "application/json"}
    gone = client.post(url_of(cast, baby, "absent"), headers=json)
    assert gone.status_code == 409 and "sudah diukur" in gone.json()["stored"]
    client.post(url_of(cast, baby, "asi"), {"exclusive": "ya"})
    told = client.post(url_of(cast, baby, "asi"), {"exclusive": "tidak"}, headers=json)
    assert told.status_code == 409 and told.json()["stored"]
    assert not Absence.objects.exists() and ExclusiveMonth.objects.get().exclusive


@pytest.mark.usefixtures("blank_paper")
@pytest.mark.parametrize("name", ["day", "data", "table", "paper", "child"])
def test_the_queries_do_not_grow_with_the_children(cast: SimpleNamespace, name: str) -> None:
    counts = []
    client = signed_in(cast.kader)
    for many in (10, 50):
        for _ in range(many):
            child = a_girl(cast)
            if child.pk % 2:
                weighed(child, cast.programme.today(), "8.2")
        first = Child.objects.filter(measurements__isnull=False).first()
        url = url_of(cast, first) if name == "child" else url_of(cast, name=name)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= (10 if name == "child" else 8), counts
