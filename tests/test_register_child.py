"""Staff register a child directly: household, mother, consent, perhaps a first visit."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from registry import registering
from registry.identity import index_of
from registry.models import Child, Consent, Household, Measurement, Mother
from tests.cast import a_child, a_household, signed_in

NIK, KK = "3302204101240001", "3302200101200002"
URL = "/anak/baru/"


def typed(here: SimpleNamespace, /, **changes: str) -> dict[str, str]:
    """What a bidan types about a girl of Posyandu Melati."""
    return {
        "name": "Anak Contoh Baru", "sex": "P", "birth_date": "2025-01-20",
        "mother_name": "Ibu Contoh", "father_name": "Ayah Contoh", "parent_job": "Petani",
        "place": here.melati.code, "address": "Jalan Contoh 7", "rt": "01", "rw": "02",
        "consent_giver": "ibu", "consent_method": "kertas",
    } | changes  # fmt: skip


def register(user: User, data: dict[str, str]) -> HttpResponse:
    return signed_in(user).post(URL, data)


def test_it_works(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    born = today - timedelta(days=500)
    visit = {"weight_kg": "9,4", "length_height_cm": "76,5", "measure": "l"}
    data = typed(cast, birth_date=str(born), kk=KK, **visit)
    response = register(cast.bidan, data)
    child = Child.objects.get()
    assert response["Location"] == reverse("registry:child", args=[child.code])
    assert (child.desa, child.posyandu, child.birth_date) == (cast.desa, cast.melati, born)
    assert (child.mother.name, child.father_name) == ("Ibu Contoh", "Ayah Contoh")
    assert child.mother.job == "Petani" and child.household.kk == KK
    kept = child.measurements.get()
    assert kept.measured_on == today and kept.weight_kg == Decimal("9.4") and kept.haz
    consent = Consent.objects.get(child=child)
    assert (consent.giver, consent.method, consent.recorded_by) == ("ibu", "kertas", cast.bidan)
    assert Event.objects.filter(verb="register_child", user=cast.bidan).count() == 1


def test_an_age_in_months_becomes_an_approximate_birth_date(cast: SimpleNamespace) -> None:
    register(cast.petugas, typed(cast, birth_date="", age_months="18"))
    child = Child.objects.get()
    assert child.is_approximate and child.months(cast.programme.today()) == 18


def test_a_known_kk_takes_the_child_into_its_household(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast, kk=KK))
    register(cast.bidan, typed(cast, kk=KK, name="Adik Contoh", birth_date="2026-03-01"))
    assert Household.objects.count() == 1 and Mother.objects.count() == 1
    assert Child.objects.count() == 2


def test_a_household_found_by_address_learns_its_kk(cast: SimpleNamespace) -> None:
    register(cast.bidan, typed(cast))
    register(cast.bidan, typed(cast, kk=KK, name="Adik Contoh", birth_date="2026-03-01"))
    assert Household.objects.get().kk == KK


def test_the_same_child_is_asked_once(cast: SimpleNamespace) -> None:
    known = a_child(cast, name="anak contoh baru", birth_date=date(2025, 2, 1))
    response = register(cast.bidan, typed(cast))
    assert response.status_code == 422 and Child.objects.count() == 1
    text = response.content.decode()
    assert "Mungkin sudah tercatat" in text and reverse("registry:child", args=[known.code]) in text
    assert 'value="Jalan Contoh 7"' in text  # what was typed is kept
    assert register(cast.bidan, typed(cast, not_same="1")).status_code == 302
    assert Child.objects.count() == 2


def test_a_child_out_of_sight_is_not_shown_as_the_same(cast: SimpleNamespace) -> None:
    hidden = a_child(cast, name="anak contoh baru", posyandu=cast.kenanga, desa=cast.other_desa)
    Child.objects.filter(pk=hidden.pk).update(nik_index=index_of(NIK))
    response = register(cast.bidan, typed(cast, nik=NIK, birth_date="2024-01-01"))
    assert response.status_code == 409 and "sudah dipakai" in response.content.decode()
    assert hidden.code not in response.content.decode()


# --- Who may not -------------------------------------------------------------------------------


def test_a_bidan_registers_in_her_desa_only(cast: SimpleNamespace) -> None:
    html = signed_in(cast.bidan).get(URL).content.decode()
    assert cast.melati.code in html and cast.kenanga.code not in html
    response = register(cast.bidan, typed(cast, place=cast.kenanga.code))
    assert response.status_code == 422 and not Child.objects.exists()


def test_a_puskesmas_registers_in_its_posyandu_only(cast: SimpleNamespace) -> None:
    assert register(cast.nakes, typed(cast)).status_code == 302
    for place in (cast.kenanga.code, f"desa-{cast.desa.code}", cast.gasken.melati.code):
        data = typed(cast, place=place, name="Anak Lain")
        assert register(cast.nakes, data).status_code == 422, place
    assert Child.objects.count() == 1


def test_a_desa_without_posyandu_is_enough_for_the_office(cast: SimpleNamespace) -> None:
    register(cast.petugas, typed(cast, place=f"desa-{cast.other_desa.code}"))
    child = Child.objects.get()
    assert (child.desa, child.posyandu) == (cast.other_desa, None)


def test_what_is_made_must_lie_in_the_area(cast: SimpleNamespace) -> None:
    """Past the list of choices the act itself refuses, and nothing stays behind."""
    where = {"programme": cast.programme, "desa": cast.other_desa, "posyandu": cast.kenanga}
    family = {"mother_name": "Ibu Contoh", "kk": "", "job": "",
              "home": {"address": "Jalan 1", "rt": "", "rw": "", "head_name": ""}}  # fmt: skip
    child = {"name": "Anak", "sex": "L", "birth_date": date(2025, 1, 1)}
    with pytest.raises(registering.Refused) as refused:
        registering.register_child(
            cast.bidan, where, family=family, child=child,
            consent={"giver": "ibu", "method": "lisan"},
        )  # fmt: skip
    assert refused.value.stranger
    assert not Child.objects.exists() and not Household.objects.exists()


def test_a_kader_may_not(cast: SimpleNamespace) -> None:
    assert register(cast.kader, typed(cast)).status_code == 403


# --- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"birth_date": "2030-01-01"}, "belum terjadi"),
        ({"birth_date": "2019-01-01"}, "lebih dari 6 tahun"),
        ({"birth_date": "", "age_months": ""}, "Isi tanggal lahir"),
        ({"mother_name": "", "father_name": ""}, "nama ibu atau nama ayah"),
        ({"consent_giver": ""}, "Minta persetujuan"),
        ({"consent_method": "centang"}, "Pilih dari daftar"),
        ({"place": ""}, "Pilih posyandu"),
        ({"kk": "123"}, "16 angka"),
        ({"nik": "3302207201240001"}, "tidak mungkin"),  # day 72
        ({"nik": "3302204113240001"}, "tidak mungkin"),  # month 13
        ({"nik": "330220410124000"}, "16 angka"),
        ({"nik": "********"}, "16 angka"),
        ({"nik": "3302200101240001"}, "NIK ini berbeda"),  # asked: another date, a boy's day
        ({"weight_kg": "8400"}, "gram"),
        ({"length_height_cm": "74", "weight_kg": "9"}, "terlentang atau berdiri"),
        ({"weight_kg": "9", "measured_on": "2024-01-01"}, "sebelum tanggal lahir"),
    ],
)
def test_bad_input_gets_a_sentence(
    cast: SimpleNamespace, changes: dict[str, str], said: str
) -> None:
    response = register(cast.bidan, typed(cast, **changes))
    text = response.content.decode()
    assert response.status_code == 422
    if said == "gram":
        assert "8400" in text and "8,4" in text
    else:
        assert said in text
    assert 'value="Anak Contoh Baru"' in text
    assert not Child.objects.exists() and not Household.objects.exists()


def test_an_unlikely_first_visit_is_asked_once_and_stored_confirmed(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    born = str(today - timedelta(days=760))
    data = typed(cast, birth_date=born, weight_kg="25", length_height_cm="86", measure="h")
    assert register(cast.bidan, data).status_code == 422
    register(cast.bidan, data | {"confirmed": "1"})
    visit = Measurement.objects.get()
    assert visit.confirmed and visit.waz_flag


def test_a_nik_of_another_child_is_refused_and_nothing_is_made(cast: SimpleNamespace) -> None:
    born = "2024-01-01"
    register(cast.bidan, typed(cast, nik=NIK, birth_date=born))
    data = typed(cast, name="Anak Lain", mother_name="Ibu Lain", nik=NIK, birth_date=born)
    response = register(cast.bidan, data | {"not_same": "1"})
    assert response.status_code == 409 and "sudah dipakai" in response.content.decode()
    assert Child.objects.count() == 1 and Mother.objects.count() == 1


def test_the_other_programme_knows_nothing_of_a_nik(cast: SimpleNamespace) -> None:
    register(cast.gasken.bidan, typed(cast.gasken, nik=NIK, birth_date="2024-01-01"))
    response = register(cast.bidan, typed(cast, nik=NIK, birth_date="2024-01-01"))
    assert response.status_code == 302 and Child.objects.count() == 2


def test_a_kk_of_another_desa_is_refused(cast: SimpleNamespace) -> None:
    there = a_household(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    Household.objects.filter(pk=there.pk).update(kk=KK, kk_index=index_of(KK))
    response = register(cast.bidan, typed(cast, kk=KK))
    assert response.status_code == 409 and "desa lain" in response.content.decode()
    assert not Child.objects.exists()


# --- Putting data right ------------------------------------------------------------------------


def correct(user: User, child: Child, **changes: str) -> HttpResponse:
    born = child.birth_date
    data = {"name": child.name, "sex": child.sex, "birth_date": str(born),
            "father_name": child.father_name, "posyandu": child.posyandu.code}  # fmt: skip
    return signed_in(user).post(
        reverse("registry:child-correct", args=[child.code]), data | changes
    )


def _a_measured_girl(cast: SimpleNamespace) -> Child:
    child = a_child(cast, birth_date=date(2022, 1, 15))
    numbers = {"measured_on": date(2023, 7, 20), "weight_kg": Decimal("8.2"),
               "length_height_cm": Decimal("74"), "measure": "l"}  # fmt: skip
    registering.visits.add_measurement(cast.bidan, child, numbers)
    return child


def test_a_corrected_sex_scores_every_visit_anew(cast: SimpleNamespace) -> None:
    child = _a_measured_girl(cast)
    assert correct(cast.bidan, child, sex="L", name="Anak Benar").status_code == 302
    child.refresh_from_db()
    assert (child.sex, child.name, child.name_key) == ("L", "Anak Benar", "anak benar")
    assert child.measurements.get().haz != Decimal("-2.34")
    event = Event.objects.get(verb="correct_child")
    assert {"sex", "name"} <= set(event.fields) and "Anak" not in str(event.fields)


def test_a_birth_date_after_a_visit_is_refused(cast: SimpleNamespace) -> None:
    child = _a_measured_girl(cast)
    response = correct(cast.bidan, child, birth_date="2023-08-01")
    assert response.status_code == 422 and "20 Juli 2023" in response.content.decode()


def test_an_approximate_birth_date_stays_until_it_is_known(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_precision="month")
    correct(cast.bidan, child, birth_date="", name="Anak Benar")
    child.refresh_from_db()
    assert child.is_approximate and child.name == "Anak Benar"
    correct(cast.bidan, child, birth_date="2025-03-02")
    child.refresh_from_db()
    assert not child.is_approximate and child.birth_date == date(2025, 3, 2)


def test_nik_and_kk_are_added_later(cast: SimpleNamespace) -> None:
    child = a_child(cast, birth_date=date(2024, 1, 1))
    correct(cast.bidan, child, nik=NIK, kk=KK)
    child.refresh_from_db()
    assert child.nik == NIK and Household.objects.get(pk=child.household_id).kk == KK
    other = a_child(cast, birth_date=date(2024, 1, 1))
    for data in ({"nik": NIK}, {"kk": KK}):
        response = correct(cast.bidan, other, **data)
        assert response.status_code == 409, data
    other.refresh_from_db()
    assert not other.nik and not Household.objects.get(pk=other.household_id).kk


def test_nothing_changed_changes_nothing(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    correct(cast.bidan, child)
    assert not Event.objects.filter(verb="correct_child").exists()


def test_a_child_stays_in_its_desa(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    assert correct(cast.petugas, child, posyandu=cast.mawar.code).status_code == 302
    assert correct(cast.petugas, child, posyandu=cast.kenanga.code).status_code == 422
    child.refresh_from_db()
    assert child.posyandu == cast.mawar
