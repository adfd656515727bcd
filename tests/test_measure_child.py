"""A bidan measures a child, and puts a measurement right; the result is said at once."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from registry import visits
from registry.models import Child, Measurement
from tests.cast import a_child, signed_in


def measure(user: User, child: Child, **data: str) -> HttpResponse:
    url = reverse("registry:child-measure", args=[child.code])
    return signed_in(user).post(url, {"measure": "l"} | data)


def a_visit(child: Child, on: date, **numbers: object) -> Measurement:
    values = {"measured_on": on, "weight_kg": Decimal("8.2"), "measure": "l",
              "length_height_cm": Decimal("74")}  # fmt: skip
    return visits.add_measurement(None, child, values | numbers)


def a_girl(cast: SimpleNamespace) -> Child:
    """551 days old today, as fact 1 of the field."""
    return a_child(cast, birth_date=cast.programme.today() - timedelta(days=551))


def test_it_works(cast: SimpleNamespace) -> None:
    child, today = a_girl(cast), cast.programme.today()
    response = measure(cast.bidan, child, weight_kg="8,2", length_height_cm="74", lila_cm="13,5")
    assert response["Location"] == reverse("registry:child", args=[child.code])
    visit = child.measurements.get()
    assert (visit.measured_on, visit.haz, visit.waz) == (today, Decimal("-2.34"), Decimal("-1.87"))
    assert (visit.whz, visit.baz) == (Decimal("-1.00"), Decimal("-0.57"))
    assert visit.lila_cm == Decimal("13.5") and not visit.confirmed
    assert visit.created_by == cast.bidan and visit.alert == "oranye"
    assert Event.objects.filter(verb="measure", object_code=child.code).count() == 1


def test_the_result_is_said_at_once_in_words_and_colour(cast: SimpleNamespace) -> None:
    child, client = a_girl(cast), signed_in(cast.bidan)
    url = reverse("registry:child-measure", args=[child.code])
    data = {"weight_kg": "8.2", "length_height_cm": "74", "measure": "l"}
    text = client.post(url, data, follow=True).content.decode()
    assert "tersimpan. ◆ Rujuk minggu ini: Panjang menurut umur −2,34 SD: pendek" in text


def test_oedema_alone_is_a_visit_and_raises_the_alarm(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    measure(cast.bidan, child, oedema="on", measure="")
    visit = child.measurements.get()
    assert visit.oedema and visit.alert == "merah" and visit.waz is None


def test_a_visit_of_another_day_is_stored_for_that_day(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    on = cast.programme.today() - timedelta(days=20)
    measure(cast.bidan, child, measured_on=str(on), weight_kg="8")
    assert child.measurements.get().measured_on == on


# --- Who may not -------------------------------------------------------------------------------


def test_who_only_reads_may_not_and_strangers_find_nothing(cast: SimpleNamespace) -> None:
    child, gone = a_girl(cast), a_girl(cast.gasken)
    assert measure(cast.camat, child, weight_kg="8").status_code == 403
    assert measure(cast.kader_mawar, child, weight_kg="8").status_code == 404
    assert measure(cast.tim, child, weight_kg="8").status_code == 403
    assert measure(cast.bidan, gone, weight_kg="8").status_code == 404
    elsewhere = a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    assert measure(cast.bidan, elsewhere, weight_kg="8").status_code == 404
    assert measure(cast.nakes, elsewhere, weight_kg="8").status_code == 404
    assert not Measurement.objects.exists()


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Isi berat"),
        ({"weight_kg": "84"}, "Apakah maksudnya 8,4 kg?"),
        ({"weight_kg": "8400"}, "Tulis dalam kilogram."),
        ({"weight_kg": "delapan"}, "Tulis dengan angka"),
        ({"weight_kg": "0"}, "lebih dari 0"),
        ({"weight_kg": "74", "length_height_cm": "8,2"}, "tertukar"),
        ({"length_height_cm": "0,74"}, "Apakah maksudnya 74 cm?"),
        ({"lila_cm": "135"}, "Apakah maksudnya 13,5 cm?"),
        ({"length_height_cm": "74", "measure": ""}, "terlentang atau berdiri"),
        ({"weight_kg": "8", "measured_on": "2031-01-01"}, "belum terjadi"),
        ({"weight_kg": "8", "measured_on": "2024-01-01"}, "sebelum tanggal lahir"),
        ({"weight_kg": "8", "measured_on_0": "30", "measured_on_1": "2", "measured_on_2": "2026"},
         "tidak ada di kalender"),
    ],
)  # fmt: skip
def test_the_impossible_is_refused_and_what_was_typed_stays(
    cast: SimpleNamespace, data: dict[str, str], said: str
) -> None:
    child = a_girl(cast)
    response = measure(cast.bidan, child, **data, confirmed="1")
    text = response.content.decode()
    assert response.status_code == 422 and said in text
    for typed in (data.get("weight_kg"), data.get("length_height_cm")):
        assert not typed or f'value="{typed}"' in text
    assert not child.measurements.exists()


def test_the_unlikely_is_asked_once_and_stored_confirmed(cast: SimpleNamespace) -> None:
    child = a_child(cast, 25)
    response = measure(cast.bidan, child, weight_kg="25")
    assert response.status_code == 422 and 'name="confirmed"' in response.content.decode()
    assert not child.measurements.exists()
    assert measure(cast.bidan, child, weight_kg="25", confirmed="1").status_code == 302
    assert child.measurements.get().confirmed


def test_an_old_visit_is_asked_but_its_numbers_are_not_called_odd(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    on = str(cast.programme.today() - timedelta(days=60))
    assert measure(cast.bidan, child, weight_kg="8", measured_on=on).status_code == 422
    measure(cast.bidan, child, weight_kg="8", measured_on=on, confirmed="1")
    assert not child.measurements.get().confirmed


@pytest.mark.parametrize(("now", "asked"), [("73,3", False), ("73,2", True), ("76,9", False)])
def test_a_child_does_not_shrink(cast: SimpleNamespace, now: str, asked: bool) -> None:
    child, today = a_girl(cast), cast.programme.today()
    a_visit(child, today - timedelta(days=30))
    response = measure(cast.bidan, child, length_height_cm=now)
    assert response.status_code == (422 if asked else 302)
    if asked:
        text = response.content.decode()
        assert "73,2 cm pada" in text and "74,0 cm pada" in text and "0,8 cm" in text
        assert measure(
            cast.bidan, child, length_height_cm=now, confirmed="1"
        ).status_code == 302  # fmt: skip


def test_a_visit_put_in_before_another_is_compared_with_it(cast: SimpleNamespace) -> None:
    child, today = a_girl(cast), cast.programme.today()
    a_visit(child, today)
    before = str(today - timedelta(days=20))
    response = measure(cast.bidan, child, length_height_cm="76", measured_on=before)
    assert response.status_code == 422 and "2,0 cm" in response.content.decode()


def test_a_sudden_loss_of_weight_is_asked(cast: SimpleNamespace) -> None:
    child, today = a_girl(cast), cast.programme.today()
    a_visit(child, today - timedelta(days=30), weight_kg=Decimal("9"))
    assert measure(cast.bidan, child, weight_kg="8,1").status_code == 302  # exactly a tenth
    child.measurements.filter(measured_on=today).delete()
    response = measure(cast.bidan, child, weight_kg="8")
    assert response.status_code == 422 and "Berat turun 1,0 kg" in response.content.decode()


def test_a_second_visit_of_a_day_leads_to_the_first(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    first = a_visit(child, cast.programme.today())
    response = measure(cast.bidan, child, weight_kg="9", confirmed="1")
    text = response.content.decode()
    assert response.status_code == 422 and "sudah diukur pada tanggal itu" in text
    assert reverse("registry:measurement-correct", args=[child.code, first.code]) in text
    assert child.measurements.count() == 1


def test_of_two_at_once_the_second_is_told(cast: SimpleNamespace) -> None:
    child = a_girl(cast)
    a_visit(child, cast.programme.today())
    with pytest.raises(Refused):
        a_visit(child, cast.programme.today())


# --- Putting a visit right ---------------------------------------------------------------------


def correct(user: User, visit: Measurement, **data: str) -> HttpResponse:
    url = reverse("registry:measurement-correct", args=[visit.child.code, visit.code])
    given = {"weight_kg": "8,4", "length_height_cm": "74", "measure": "l", "reason": "Salah baca"}
    return signed_in(user).post(url, given | data)


def test_a_correction_is_a_new_revision_with_its_reason(cast: SimpleNamespace) -> None:
    child, today = a_girl(cast), cast.programme.today()
    old = a_visit(child, today - timedelta(days=3))
    assert correct(cast.bidan, old, measured_on=str(today)).status_code == 302
    new = child.measurements.current().get()
    assert (new.revision, new.reason, new.weight_kg) == (2, "Salah baca", Decimal("8.4"))
    assert new.measured_on == old.measured_on  # the day is not what was wrong
    assert child.measurements.count() == 2
    card = signed_in(cast.bidan).get(reverse("registry:child", args=[child.code]))
    assert "Semula 8,2 kg, 74,0 cm. Diperbaiki: Salah baca" in card.content.decode()


def test_the_form_is_opened_with_what_stands_there(cast: SimpleNamespace) -> None:
    visit = a_visit(a_girl(cast), cast.programme.today())
    url = reverse("registry:measurement-correct", args=[visit.child.code, visit.code])
    text = signed_in(cast.bidan).get(url).content.decode()
    assert 'name="measured_on' not in text and 'name="reason"' in text
    assert 'value="8,2"' in text and 'value="74"' in text


def test_a_correction_without_reason_is_refused(cast: SimpleNamespace) -> None:
    visit = a_visit(a_girl(cast), cast.programme.today())
    response = correct(cast.bidan, visit, reason=" ")
    assert response.status_code == 422 and "alasan" in response.content.decode()
    assert Measurement.objects.count() == 1


def test_a_replaced_visit_cannot_be_replaced_again(cast: SimpleNamespace) -> None:
    visit = a_visit(a_girl(cast), cast.programme.today())
    correct(cast.bidan, visit)
    assert correct(cast.bidan, visit).status_code == 404
    assert Measurement.objects.count() == 2


def test_a_visit_belongs_to_its_child(cast: SimpleNamespace) -> None:
    visit, other = a_visit(a_girl(cast), cast.programme.today()), a_girl(cast)
    url = reverse("registry:measurement-correct", args=[other.code, visit.code])
    assert signed_in(cast.bidan).get(url).status_code == 404
