"""A bidan examines a pregnant woman, and puts an examination right."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from registry import registering
from registry.models import Mother, Pregnancy, PregnancyCheck
from tests.cast import a_mother, a_pregnancy, signed_in


def check(user: User, mother: Mother, **data: str) -> HttpResponse:
    return signed_in(user).post(reverse("registry:pregnancy-check", args=[mother.code]), data)


def test_it_works(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    data = {"weight_kg": "52,5", "lila_cm": "23,4", "hb": "10,6", "ttd": "30"}
    response = check(cast.bidan, mother, **data)
    assert response["Location"] == reverse("registry:mother", args=[mother.code])
    found = PregnancyCheck.objects.get()
    assert (found.checked_on, found.created_by) == (today, cast.bidan)
    assert found.by == "bidan"
    assert (found.lila_cm, found.hb, found.ttd) == (Decimal("23.4"), Decimal("10.6"), 30)
    text = signed_in(cast.bidan).get(response["Location"]).content.decode()
    for said in ("Risiko KEK: LiLA 23,4 cm", "Anemia: Hb 10,6 g/dL", "30 minggu 0 hari",
                 "Rujuk minggu ini", "bukan diagnosis", "TTD 30 butir"):  # fmt: skip
        assert said in text, said
    event = Event.objects.get(verb="check_pregnancy")
    assert event.fields == ["by", "checked_on", "hb", "lila_cm", "ttd", "weight_kg"]


# --- The card ----------------------------------------------------------------------------------


def well_known(cast: SimpleNamespace, weeks: int) -> Pregnancy:
    """A first pregnancy of which nothing is unknown but the examinations."""
    mother = a_mother(cast, birth_date=date(1998, 5, 1))
    return a_pregnancy(cast, weeks, mother=mother, gravida=1, height_cm=Decimal("155"))


def test_hb_is_judged_by_the_trimester_it_was_taken_in(cast: SimpleNamespace) -> None:
    """Taken at 20 weeks and read at 26, 10,6 is no anaemia; at 30 weeks it is asked for anew."""
    today = cast.programme.today()
    for weeks, said in ((26, "dalam batas aman"), (30, "Hb belum diperiksa lagi")):
        mother = well_known(cast, weeks).mother
        then = str(today - timedelta(weeks=weeks - 20))
        check(cast.bidan, mother, hb="10,6", lila_cm="25", checked_on=then)
        check(cast.bidan, mother, weight_kg="60")
        text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
        assert said in text and "Anemia" not in text


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


def test_a_second_examination_on_one_day_offers_to_correct_the_first(
    cast: SimpleNamespace,
) -> None:
    mother, today = a_pregnancy(cast).mother, cast.programme.today()
    check(cast.bidan, mother, hb="11")
    response = check(cast.bidan, mother, hb="12")
    text = response.content.decode()
    assert response.status_code == 422 and "sudah diperiksa" in text
    assert reverse("registry:check-correct", args=[mother.code, today]) in text
    assert PregnancyCheck.objects.get().hb == Decimal("11")


def test_two_at_once_are_one_examination(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast)
    values = {"checked_on": cast.programme.today(), "hb": Decimal("11")}
    registering.check_pregnancy(cast.bidan, pregnancy, values)
    with pytest.raises(Refused):
        registering.check_pregnancy(cast.nakes, pregnancy, values)
    assert PregnancyCheck.objects.count() == 1


def test_who_is_not_pregnant_is_not_examined(cast: SimpleNamespace) -> None:
    pregnancy = a_pregnancy(cast, ended_on=cast.programme.today())
    client = signed_in(cast.bidan)
    url = reverse("registry:pregnancy-check", args=[pregnancy.mother.code])
    assert "tidak tercatat hamil" in client.post(url, {"hb": "11"}, follow=True).content.decode()
    assert not PregnancyCheck.objects.exists()


# --- What leaps is asked back once -------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        ({"weight_kg": "52"}, {"weight_kg": "57"}, ""),
        ({"weight_kg": "52"}, {"weight_kg": "57,1"}, "berbeda 5,1 kg dari 52 kg pada"),
        ({"weight_kg": "58"}, {"weight_kg": "52"}, "berbeda 6 kg"),
        ({"lila_cm": "24"}, {"lila_cm": "29"}, ""),
        ({"lila_cm": "24"}, {"lila_cm": "29,1"}, "LiLA 29,1 cm berbeda 5,1 cm"),
        ({"hb": "10"}, {"hb": "13"}, ""),
        ({"hb": "13,1"}, {"hb": "10"}, "Hb 10 g/dL berbeda 3,1 g/dL"),
    ],
)
def test_a_leap_is_asked_back_once(
    cast: SimpleNamespace, before: dict[str, str], now: dict[str, str], asked: str
) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, checked_on=str(today - timedelta(days=28)), **before)
    response = check(cast.bidan, mother, **now)
    if asked:
        text = response.content.decode()
        assert response.status_code == 422 and asked in text and "Periksa sekali lagi" in text
        response = check(cast.bidan, mother, confirmed="1", **now)
    assert response.status_code == 302 and PregnancyCheck.objects.count() == 2


def test_weight_may_leap_in_a_long_time(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, checked_on=str(today - timedelta(days=46)), weight_kg="50")
    assert check(cast.bidan, mother, weight_kg="58").status_code == 302


def test_an_examination_entered_late_is_compared_with_the_one_after(cast: SimpleNamespace) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, weight_kg="58")
    response = check(
        cast.bidan, mother, checked_on=str(today - timedelta(days=20)), weight_kg="52"
    )  # fmt: skip
    assert response.status_code == 422 and "berbeda 6 kg dari 58 kg" in response.content.decode()


# --- Putting an examination right --------------------------------------------------------------


def correct(user: User, mother: Mother, day: date, **data: str) -> HttpResponse:
    url = reverse("registry:check-correct", args=[mother.code, day])
    return signed_in(user).post(url, data)


def test_an_examination_is_put_right_and_the_old_one_stays(cast: SimpleNamespace) -> None:
    mother, today = well_known(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, hb="6,1", lila_cm="25", by="dokter")
    data = {"hb": "11,6", "lila_cm": "25", "by": "bidan", "reason": "Hb salah baca"}
    assert correct(cast.nakes, mother, today, **data).status_code == 302
    old, fresh = PregnancyCheck.objects.order_by("revision")
    assert (old.superseded, old.hb, old.by) == (True, Decimal("6.1"), "dokter")
    assert (fresh.superseded, fresh.revision, fresh.reason) == (False, 2, "Hb salah baca")
    assert (fresh.hb, fresh.by, fresh.created_by) == (Decimal("11.6"), "bidan", cast.nakes)
    event = Event.objects.get(verb="correct_check")
    assert "hb" in event.fields and event.object_code == mother.code
    text = signed_in(cast.bidan).get(f"/ibu/{mother.code}/").content.decode()
    assert "Anemia" not in text and "dalam batas aman" in text
    assert "Semula LiLA 25,0 cm, Hb 6,1 g/dL. Diperbaiki: Hb salah baca" in text
    (row,) = signed_in(cast.bidan).get("/ibu/").context["rows"]
    assert [sign.label for sign in row["signs"]] == ["Baik"]


@pytest.mark.parametrize(
    ("data", "said"),
    [({"hb": "11"}, "Tulis alasan"), ({"reason": "Salah"}, "paling sedikit satu"),
     ({"hb": "112", "reason": "Salah"}, "terlalu besar")],
)  # fmt: skip
def test_a_correction_needs_its_reason_and_numbers_that_can_be(
    cast: SimpleNamespace, data: dict[str, str], said: str
) -> None:
    mother, today = a_pregnancy(cast, 30).mother, cast.programme.today()
    check(cast.bidan, mother, hb="9")
    response = correct(cast.bidan, mother, today, **data)
    assert response.status_code == 422 and said in response.content.decode()
    assert PregnancyCheck.objects.get().hb == Decimal("9")


def test_of_two_corrections_the_second_is_told(cast: SimpleNamespace) -> None:
    pregnancy, today = a_pregnancy(cast, 30), cast.programme.today()
    first = registering.check_pregnancy(cast.bidan, pregnancy, {"checked_on": today, "hb": 9})
    registering.correct_check(cast.bidan, first, {"hb": Decimal("10")}, "Salah")
    with pytest.raises(Refused, match="orang lain"):
        registering.correct_check(cast.nakes, first, {"hb": Decimal("11")}, "Salah")
    assert PregnancyCheck.objects.current().get().hb == Decimal("10")
    with pytest.raises(IntegrityError):
        PregnancyCheck.objects.create(pregnancy=pregnancy, checked_on=today, revision=3)


def test_what_was_never_examined_cannot_be_put_right(cast: SimpleNamespace) -> None:
    mother = a_pregnancy(cast, 30).mother
    assert correct(cast.bidan, mother, date(2025, 1, 1), hb="11").status_code == 404
    url = f"/ibu/{mother.code}/periksa/kemarin/perbaiki/"
    assert signed_in(cast.bidan).get(url).status_code == 404
