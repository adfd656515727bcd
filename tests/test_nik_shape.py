"""The shape of a NIK, and what happens without one or with another child's (domain.md §10, 23)."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Event
from registry.identity import clean_nik, disagrees, index_of, tail_of
from registry.models import Child
from tests.cast import a_child, signed_in
from tests.test_register_child import NIK, correct, register, typed

BORN = date(2023, 3, 5)
GIRL, BOY = "3302204503230001", "3302200503230001"


def test_the_birth_date_stands_in_it_a_girls_day_forty_more() -> None:
    assert not disagrees(GIRL, BORN, "P") and GIRL[6:12] == "450323"
    assert not disagrees(BOY, BORN, "L") and BOY[6:12] == "050323"
    assert disagrees(GIRL, BORN, "L") and disagrees(BOY, BORN, "P")
    assert disagrees(GIRL, date(2023, 3, 6), "P")


@pytest.mark.parametrize(
    "wrong",
    [
        "3302207203230001",  # day 72
        "3302200013230001",  # day 00
        "3302204013230001",  # day 40: neither a boy's nor a girl's
        "3302204513230001",  # month 13
        "3302204500230001",  # month 00
        "330220450323000",  # 15 digits
        "33022045032300011",
        "********",
        "3302********0001",
        "33022045032300O1",
        "٣٣٠٢٢٠٤٥٠٣٢٣٠٠٠١",
        "3.30220450323E+15",
    ],
)
def test_what_cannot_be_one_is_refused_in_a_sentence(wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_nik(wrong)
    assert "NIK" in refused.value.message and "Periksa lagi" in refused.value.message


@pytest.mark.parametrize("prefix", ["330220", "190101", "317301", "999999"])
def test_where_it_was_issued_does_not_matter(prefix: str) -> None:
    assert clean_nik(f"{prefix}4503230001") == f"{prefix}4503230001"


def test_blanks_and_dots_are_forgiven() -> None:
    assert clean_nik(" 3302.2045.0323-0001 ") == GIRL and clean_nik("  ") == ""


def test_the_end_of_a_nik_is_kept_as_a_keyed_index() -> None:
    assert tail_of(GIRL) == tail_of("0001") != tail_of("0002") and tail_of("") == ""
    assert "0001" not in tail_of(GIRL) and len(tail_of(GIRL)) == 32
    assert tail_of(GIRL) not in str(index_of(GIRL))


def test_without_nik_a_child_is_saved_by_mother_birth_date_and_desa(cast: SimpleNamespace) -> None:
    place = f"desa-{cast.desa.code}"
    assert register(cast.petugas, typed(cast, nik="", place=place)).status_code == 302
    child = Child.objects.get()
    assert (child.nik, child.nik_index, child.nik_tail) == ("", None, "")
    assert child.mother.name == "Ibu Contoh" and child.desa == cast.desa
    second = typed(cast, nik="", name="Bagas Lain", mother_name="Rohmah", address="Jalan 9")
    assert register(cast.petugas, second).status_code == 302  # two without NIK are two


def test_a_second_child_of_one_nik_is_refused_and_the_first_offered(cast: SimpleNamespace) -> None:
    known = a_child(cast, name="Bunga", birth_date=date(2024, 1, 1), nik=NIK,
                    nik_index=index_of(NIK))  # fmt: skip
    data = typed(cast, name="Anak Lain", mother_name="Ibu Lain", nik=NIK, birth_date="2024-01-01")
    card = reverse("registry:child", args=[known.code])
    for answer, status in (({}, 422), ({"not_same": "1"}, 409)):
        response = register(cast.bidan, data | answer)
        html = response.content.decode()
        assert response.status_code == status and card in html and "NIK sama" in html
    assert "sudah dipakai orang lain di program ini" in html and Child.objects.count() == 1


def test_outside_the_area_nothing_is_told_but_that_it_is_used(cast: SimpleNamespace) -> None:
    there = {"desa": cast.other_desa, "posyandu": cast.kenanga}
    hidden = a_child(cast, name="Bunga", birth_date=date(2024, 1, 1), nik=NIK,
                     nik_index=index_of(NIK), **there)  # fmt: skip
    data = typed(cast, name="Anak Lain", mother_name="Ibu Lain", nik=NIK, birth_date="2024-01-01")
    response = register(cast.bidan, data)
    html = response.content.decode()
    assert response.status_code == 409 and "sudah dipakai orang lain di program ini" in html
    for told in (hidden.code, hidden.name, cast.kenanga.name, hidden.mother.name, "NIK sama"):
        assert told not in html, told


def test_correcting_to_another_childs_nik_offers_that_child(cast: SimpleNamespace) -> None:
    born = date(2024, 1, 1)
    known = a_child(cast, birth_date=born, nik=NIK, nik_index=index_of(NIK))
    hidden_nik = NIK[:-1] + "2"
    a_child(cast, birth_date=born, nik=hidden_nik, nik_index=index_of(hidden_nik),
            desa=cast.other_desa, posyandu=cast.kenanga)  # fmt: skip
    child = a_child(cast, birth_date=born)
    card = reverse("registry:child", args=[known.code])
    response = correct(cast.bidan, child, nik=NIK)
    assert response.status_code == 409 and card in response.content.decode()
    response = correct(cast.bidan, child, nik=hidden_nik)
    assert response.status_code == 409 and "Tercatat pada" not in response.content.decode()


# --- While typing ------------------------------------------------------------------------------

ALIKE = "/anak/baru/mirip/"


def test_who_is_alike_is_shown_while_typing(cast: SimpleNamespace) -> None:
    known = a_child(cast, name="Siti Nurkhasanah")
    client = signed_in(cast.bidan)
    half = {"name": "sti nurhasanah", "birth_date": str(known.birth_date)}
    html = client.post(ALIKE, half).content.decode()
    assert known.code in html and "Ini anaknya" in html and "<html" not in html
    event = Event.objects.get(verb="list_children")
    assert event.why == "alike n=1"
    for little in ({}, {"name": "Siti"}, {"birth_date": "2024-01-01"}, {"name": "Bagas Lain",
                   "birth_date": str(known.birth_date)}):  # fmt: skip
        response = client.post(ALIKE, little)
        assert response.status_code == 200 and not response.content.strip(), little
    assert Event.objects.filter(verb="list_children").count() == 1


def test_it_shows_the_area_only_and_to_staff_only(cast: SimpleNamespace) -> None:
    known = a_child(cast, name="Siti Nurkhasanah")
    half = {"name": known.name, "birth_date": str(known.birth_date)}
    assert known.code not in signed_in(cast.bidan_lain).post(ALIKE, half).content.decode()
    assert known.code not in signed_in(cast.gasken.bidan).post(ALIKE, half).content.decode()
    assert signed_in(cast.kader).post(ALIKE, half).status_code == 403
    assert signed_in(cast.bidan).get(ALIKE).status_code == 405


def test_mothers_while_typing(cast: SimpleNamespace) -> None:
    known = a_child(cast).mother
    html = signed_in(cast.bidan).post("/ibu/baru/mirip/", {"name": known.name}).content.decode()
    assert known.code in html and "Ini ibunya" in html
    assert Event.objects.get(verb="list_mothers").why == "alike n=1"
