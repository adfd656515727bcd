"""A pregnancy ends with an outcome; a live birth leads to the child, or to twins."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from registry.models import Breastfeeding, Child, Consent, Mother, Pregnancy
from tests.cast import a_child, a_mother, a_pregnancy, signed_in


def url(name: str, mother: Mother) -> str:
    return reverse(f"registry:{name}", args=[mother.code])


def end(user: User, mother: Mother, outcome: str = "lahir", ago: int = 3) -> HttpResponse:
    day = mother.programme.today() - timedelta(days=ago)
    typed = {"ended_on": str(day), "outcome": outcome}
    return signed_in(user).post(url("pregnancy-end", mother), typed)


def a_birth(place: SimpleNamespace, **more: Any) -> Mother:
    mother = a_mother(place, **more)
    a_pregnancy(place, 40, mother=mother)
    assert end(place.bidan, mother).status_code == 302
    return Mother.objects.get(pk=mother.pk)


def baby(number: int = 1, **changes: str) -> dict[str, str]:
    typed = {"name": f"Bayi Contoh {number}", "sex": "P", "birth_weight_g": "2900",
             "birth_length_cm": "48,5", "birth_order": "", "nik": ""} | changes  # fmt: skip
    return {f"anak{number}-{name}": value for name, value in typed.items()}


def register(user: User, mother: Mother, *babies: dict[str, str], **changes: str) -> HttpResponse:
    typed = {"anak": str(len(babies)), "known": "0", "nursing": "1", "consent_giver": "ibu",
             "consent_method": "lisan"} | changes  # fmt: skip
    for one in babies:
        typed |= one
    return signed_in(user).post(url("birth-new", mother), typed)


def test_it_works(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, births=1)
    pregnancy = a_pregnancy(cast, 40, mother=mother)
    answer = end(cast.bidan, mother)
    assert answer["Location"] == url("birth-new", mother)
    pregnancy.refresh_from_db()
    mother.refresh_from_db()
    assert (pregnancy.outcome, mother.births) == ("lahir", 2)
    page = signed_in(cast.bidan).get(answer["Location"]).content.decode()
    assert f"Bayi {mother.name}" in page and "39 minggu" in page and 'value="2"' in page
    answer = register(cast.bidan, mother, baby(birth_order="2"))
    child = Child.objects.get()
    assert answer["Location"] == reverse("registry:child", args=[child.code])
    assert (child.mother, child.household, child.pregnancy) == (mother, mother.household, pregnancy)
    assert (child.birth_date, child.birth_precision) == (pregnancy.ended_on, "day")
    assert (child.gestation_weeks, child.birth_weight_g, child.birth_order) == (39, 2900, 2)
    assert (child.desa, child.posyandu) == (mother.desa, mother.posyandu)
    nursing = Breastfeeding.objects.get()
    assert (nursing.mother, nursing.child, nursing.started_on) == (mother, child, child.birth_date)
    assert Consent.objects.get(child=child).method == "lisan"
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs >= {"end_pregnancy", "register_child", "begin_breastfeeding"}
    card = signed_in(cast.bidan).get(url("mother", mother)).content.decode()
    assert "lahir hidup" in card and "Daftarkan anak yang lahir" not in card
    card = signed_in(cast.bidan).get(reverse("registry:child", args=[child.code])).content.decode()
    assert "anak ke-2, 2.900 g, 48,5 cm, 39 minggu" in card


def test_twins_are_two_children_of_one_birth(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    page = signed_in(cast.bidan).get(url("birth-new", mother) + "?anak=2").content.decode()
    assert f"Bayi {mother.name} 2" in page
    answer = register(cast.bidan, mother, baby(1), baby(2, sex="L"))
    assert answer["Location"] == url("mother", mother)
    twins = Child.objects.order_by("id")
    assert [twin.sex for twin in twins] == ["P", "L"]
    assert len({twin.pregnancy_id for twin in twins}) == 1
    assert Breastfeeding.objects.count() == 1 and Consent.objects.count() == 2


def test_a_twin_may_follow(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    register(cast.bidan, mother, baby(1))
    page = signed_in(cast.bidan).get(url("birth-new", mother)).content.decode()
    assert "Sudah terdaftar dari kehamilan ini" in page
    assert register(cast.bidan, mother, baby(1, name="Kembar"), known="1").status_code == 302
    assert Child.objects.count() == 2 and Breastfeeding.objects.count() == 1


def test_the_same_birth_sent_twice_makes_one_child(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    register(cast.bidan, mother, baby())
    answer = register(cast.petugas, mother, baby())
    assert answer.status_code == 409 and "sudah didaftarkan" in answer.content.decode()
    assert Child.objects.count() == 1


def test_not_nursed_is_not_written_down(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    assert register(cast.bidan, mother, baby(), nursing="").status_code == 302
    assert not Breastfeeding.objects.exists()


def test_a_child_a_kader_reported_is_linked(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    known = a_child(cast, mother=mother, birth_date=mother.programme.today() - timedelta(days=4))
    stranger = a_child(cast)
    page = signed_in(cast.bidan).get(url("birth-new", mother)).content.decode()
    assert "Mungkin anak ini sudah dilaporkan" in page and known.name in page
    client = signed_in(cast.bidan)
    theirs, hers = (reverse("registry:birth-link", args=[mother.code, child.code])
                    for child in (stranger, known))  # fmt: skip
    assert client.post(theirs).status_code == 404
    client.post(hers)
    known.refresh_from_db()
    assert known.pregnancy == mother.pregnancies.get() and known.gestation_weeks == 39
    assert Event.objects.get(verb="link_birth").object_code == known.code


@pytest.mark.parametrize(("outcome", "births"), [("lahir_mati", 1), ("keguguran", 0)])
def test_other_outcomes_lead_back_to_her_card(
    cast: SimpleNamespace, outcome: str, births: int
) -> None:
    mother = a_mother(cast, births=0)
    a_pregnancy(cast, 40, mother=mother)
    assert end(cast.bidan, mother, outcome)["Location"] == url("mother", mother)
    mother.refresh_from_db()
    assert mother.births == births
    answer = signed_in(cast.bidan).get(url("birth-new", mother))
    assert answer.status_code == 302 and answer["Location"] == url("mother", mother)


def test_an_end_taken_back_takes_the_birth_along(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, births=2)
    a_pregnancy(cast, 40, mother=mother)
    end(cast.bidan, mother)
    signed_in(cast.bidan).post(url("pregnancy-reopen", mother))
    mother.refresh_from_db()
    assert (mother.births, mother.pregnancies.get().outcome) == (2, "")


# --- Who may not, and what is refused ----------------------------------------------------------


def test_others_may_not(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    for user, status in ((cast.kader, 403), (cast.tim, 403), (cast.bidan_lain, 404),
                         (cast.gasken.petugas, 404)):  # fmt: skip
        assert register(user, mother, baby()).status_code == status
    assert not Child.objects.exists()


def test_nobody_is_born_alive_before_20_weeks(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    a_pregnancy(cast, 19, mother=mother)
    answer = end(cast.bidan, mother)
    assert answer.status_code == 409 and "terlalu muda untuk lahir hidup" in answer.content.decode()
    assert end(cast.bidan, mother, "keguguran").status_code == 302


def test_the_outcome_is_asked(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    a_pregnancy(cast, 40, mother=mother)
    answer = end(cast.bidan, mother, "")
    assert answer.status_code == 422 and "Pilih bagaimana" in answer.content.decode()
    assert mother.pregnancies.get().ended_on is None


def test_no_end_is_taken_back_once_its_child_is_registered(cast: SimpleNamespace) -> None:
    mother = a_birth(cast)
    register(cast.bidan, mother, baby())
    answer = signed_in(cast.bidan).post(url("pregnancy-reopen", mother), follow=True)
    assert "sudah terdaftar" in answer.content.decode()
    assert Pregnancy.objects.get().outcome == "lahir"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"sex": ""}, "Pilih laki-laki"), ({"birth_weight_g": "29"}, "dalam gram"),
     ({"name": ""}, "Isi nama anak"), ({"nik": "12"}, "16 angka"),
     ({"nik": "3302204101900001"}, "berbeda dari yang diisi")],
)  # fmt: skip
def test_bad_input_keeps_what_was_typed(
    cast: SimpleNamespace, changes: dict[str, str], said: str
) -> None:
    mother = a_birth(cast)
    answer = register(cast.bidan, mother, baby(1), baby(2, **changes))
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text and 'value="48,5"' in text
    assert not Child.objects.exists()


def test_no_child_without_consent(cast: SimpleNamespace) -> None:
    answer = register(cast.bidan, a_birth(cast), baby(), consent_giver="")
    assert answer.status_code == 422 and "persetujuan" in answer.content.decode()


def test_a_nik_in_use_is_refused_and_nothing_stays(cast: SimpleNamespace) -> None:
    from registry.identity import index_of

    mother = a_birth(cast)
    born = mother.pregnancies.get().ended_on
    nik = f"330220{born.day + 40:02d}{born:%m%y}0001"
    a_child(cast, nik=nik, nik_index=index_of(nik))
    answer = register(cast.bidan, mother, baby(1), baby(2, nik=nik))
    assert answer.status_code == 409 and "sudah dipakai" in answer.content.decode()
    assert Child.objects.count() == 1 and not Breastfeeding.objects.exists()
