"""A bidan examines a pregnant woman: gestation, risiko KEK, anaemia (domain facts 22)."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from registry.models import Mother, PregnancyCheck
from registry.pregnancy import (
    gestation,
    is_anaemic,
    is_kek_risk,
    is_overdue,
    naegele,
    signs,
    trimester,
)
from tests.cast import a_pregnancy, signed_in


def check(user: User, mother: Mother, **data: str) -> HttpResponse:
    return signed_in(user).post(reverse("registry:pregnancy-check", args=[mother.code]), data)


def test_it_works(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    data = {"weight_kg": "52,5", "lila_cm": "23,4", "hb": "10,6", "ttd": "30"}
    response = check(cast.bidan, mother, **data)
    assert response["Location"] == reverse("registry:mother", args=[mother.code])
    found = PregnancyCheck.objects.get()
    assert (found.checked_on, found.created_by) == (today, cast.bidan)
    assert (found.lila_cm, found.hb, found.ttd) == (Decimal("23.4"), Decimal("10.6"), 30)
    text = signed_in(cast.bidan).get(response["Location"]).content.decode()
    for said in ("Risiko KEK: LiLA 23,4 cm", "Anemia: Hb 10,6 g/dL", "30 minggu 0 hari",
                 "Rujuk minggu ini", "bukan diagnosis", "TTD 30 butir"):  # fmt: skip
        assert said in text, said
    event = Event.objects.get(verb="check_pregnancy")
    assert event.fields == ["checked_on", "hb", "lila_cm", "ttd", "weight_kg"]


# --- The rules, as pure functions --------------------------------------------------------------


def test_hpl_follows_naegele() -> None:
    assert naegele(date(2025, 1, 20)) == date(2025, 10, 27)
    assert naegele(date(2025, 2, 22)) == date(2025, 12, 1)
    assert naegele(date(2025, 2, 22)) != date(2025, 2, 22) + timedelta(days=280)
    assert naegele(date(2025, 5, 24)) == date(2026, 2, 28)  # 31 May less three months


def test_gestation_is_weeks_and_days() -> None:
    assert gestation(date(2025, 1, 20), date(2025, 4, 14)) == (12, 0)
    assert gestation(date(2025, 1, 20), date(2025, 4, 20)) == (12, 6)
    assert gestation(date(2025, 1, 20), date(2025, 1, 1)) == (0, 0)


@pytest.mark.parametrize(("weeks", "number"), [(12, 1), (13, 2), (27, 2), (28, 3)])
def test_trimester(weeks: int, number: int) -> None:
    assert trimester(date(2025, 1, 1), date(2025, 1, 1) + timedelta(weeks=weeks)) == number


def test_kek_and_anaemia_have_their_limits() -> None:
    assert is_kek_risk(23.4) and not is_kek_risk(23.5) and is_kek_risk(None) is None
    assert is_anaemic(10.6, 3) and not is_anaemic(10.6, 2) and is_anaemic(10.4, 2)
    assert is_anaemic(10.9, 1) and not is_anaemic(11.0, 1) and is_anaemic(None, 1) is None


def test_signs_are_worst_first_and_never_guessed() -> None:
    assert signs() == [] and signs(Decimal("23.5"), Decimal("11.0"), 3) == []
    assert [s.label for s in signs(Decimal("22"), Decimal("6.9"), 1)] == [
        "Anemia berat",
        "Risiko KEK",
    ]
    assert signs(None, Decimal("6.9"), 1)[0].tone == "merah"
    assert signs(None, Decimal("7.0"), 1)[0].tone == "oranye"
    assert signs(None, Decimal("10.6"), 2) == [] and signs(None, Decimal("10.6"), 3)


def test_a_pregnancy_is_overdue_after_45_weeks() -> None:
    first = date(2025, 1, 1)
    assert not is_overdue(first, first + timedelta(days=315))
    assert is_overdue(first, first + timedelta(days=316))


# --- The card ----------------------------------------------------------------------------------


def test_hb_is_judged_by_the_trimester_it_was_taken_in(cast: SimpleNamespace) -> None:
    """Taken at 20 weeks, read at 30: 10,6 is not anaemia."""
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    then = str(today - timedelta(weeks=10))
    check(cast.bidan, mother, hb="10,6", lila_cm="25", checked_on=then)
    text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
    assert "dalam batas aman" in text and "Anemia" not in text


def test_what_was_not_examined_is_never_called_good(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast, 30).mother
    check(cast.bidan, mother, lila_cm="25")
    text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
    assert "Hb belum diperiksa" in text and "dalam batas aman" not in text
    assert "Belum lengkap diperiksa" in signed_in(cast.bidan).get("/ibu/").content.decode()


def test_the_last_lila_counts_even_when_the_last_visit_had_none(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, lila_cm="22", checked_on=str(today - timedelta(days=9)))
    check(cast.bidan, mother, weight_kg="50")
    for url in ("/ibu/", f"/ibu/{mother.code}/"):
        assert "Risiko KEK" in signed_in(cast.bidan).get(url).content.decode()


# --- Who may not -------------------------------------------------------------------------------


def test_others_may_not(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast).mother
    for user in (cast.kader, cast.tim, cast.camat):
        assert check(user, mother, hb="11").status_code == 403
    there = a_pregnancy(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    Mother.objects.filter(pk=there.mother_id).update(desa=cast.other_desa, posyandu=cast.kenanga)
    assert check(cast.bidan, there.mother, hb="11").status_code == 404
    assert check(cast.petugas, a_pregnancy(cast.gasken).mother, hb="11").status_code == 404
    assert not PregnancyCheck.objects.exists()


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "paling sedikit satu"),
        ({"hb": "112"}, "Hb 112 g/dL terlalu besar. Tulis misalnya 11,2."),
        ({"hb": "1,1"}, "terlalu kecil"),
        ({"lila_cm": "235"}, "Tulis misalnya 23,5."),
        ({"lila_cm": "23,45"}, "1 angka di belakang koma"),
        ({"weight_kg": "5"}, "terlalu kecil"),
        ({"ttd": "-3"}, "terlalu kecil"),
        ({"ttd": "banyak"}, "angka saja"),
        ({"hb": "11", "checked_on": "2031-01-01"}, "belum terjadi"),
        ({"hb": "11", "checked_on": "2020-01-01"}, "sebelum HPHT"),
    ],
)
def test_bad_input_gets_a_sentence(cast: SimpleNamespace, data: dict[str, str], said: str) -> None:
    response = check(cast.bidan, a_pregnancy(cast).mother, **data)
    assert response.status_code == 422 and said in response.content.decode()
    assert not PregnancyCheck.objects.exists()


def test_one_examination_a_day(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast).mother
    check(cast.bidan, mother, hb="11")
    response = check(cast.bidan, mother, hb="12")
    assert response.status_code == 409 and "sudah diperiksa" in response.content.decode()
    assert PregnancyCheck.objects.get().hb == Decimal("11")


def test_who_is_not_pregnant_is_not_examined(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, ended_on=cast.programme.today())
    client = signed_in(cast.bidan)
    url = reverse("registry:pregnancy-check", args=[pregnancy.mother.code])
    assert "tidak tercatat hamil" in client.post(url, {"hb": "11"}, follow=True).content.decode()
    assert not PregnancyCheck.objects.exists()
