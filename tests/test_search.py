"""Search in the lists of people: however a name is written, by NIK, its end, or a code."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.log_words import why_of
from accounts.models import Event, User
from registry.identity import index_of
from registry.lookup import keys, search
from registry.models import Child, Mother
from tests import noisy_people, noisy_rows
from tests.cast import a_child, a_mother, a_pregnancy, a_submission, signed_in
from tests.test_find_duplicates import scans_in

NIK, HERS = "3302204503230001", "3302204107950017"


def named(place: SimpleNamespace, name: str, mother: str = "Rohmah", **changes: Any) -> Child:
    return a_child(place, name=name, name_key=name.lower(),
                   mother=a_mother(place, name=mother), **changes)  # fmt: skip


def found(user: User, text: str) -> list[str]:
    return [child.name for child in search.children(Child.objects.in_scope(user), text)]


NAMES = ("Siti Nurkhasanah", "Muhammad Rizki Saputra", "Soenarjo", "Kirana Lestari", "Bagas Adi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sti nurhasanah", "Siti Nurkhasanah"),
        ("NURHASANA", "Siti Nurkhasanah"),
        ("nur hasanah siti", "Siti Nurkhasanah"),
        ("nurkh", "Siti Nurkhasanah"),  # while typing
        ("siti n", "Siti Nurkhasanah"),
        ("m rizky", "Muhammad Rizki Saputra"),
        ("Moch. Riski S", "Muhammad Rizki Saputra"),
        ("rizki syaputra", "Muhammad Rizki Saputra"),
        ("muh", "Muhammad Rizki Saputra"),
        ("Sunaryo", "Soenarjo"),
        ("kirna lestri", "Kirana Lestari"),
        ("kitana lestari", "Kirana Lestari"),  # a wrong letter
        ("lestarih kirana", "Kirana Lestari"),
        ("bagasadi", "Bagas Adi"),
        ("  Bagas,  ", "Bagas Adi"),
    ],
)
def test_a_name_is_found_however_it_is_written(
    cast: SimpleNamespace, text: str, expected: str
) -> None:
    for name in NAMES:
        named(cast, name)
    assert found(cast.petugas, text) == [expected]


def test_by_the_mothers_name(cast: SimpleNamespace) -> None:
    named(cast, "Bagas", mother="Siti Nurkhasanah")
    named(cast, "Siti Nurhasanah", mother="Rohmah")
    named(cast, "Kirana", mother="Aminah")
    assert found(cast.petugas, "siti nurhasanah") == ["Siti Nurhasanah", "Bagas"]
    assert found(cast.petugas, "bagas nurkhasanah") == ["Bagas"]  # a word of each


def test_the_likeliest_stand_first(cast: SimpleNamespace) -> None:
    for name in ("Nur Rahma Putri", "Rahma Putri Ayu", "Rahma Putri", "Rohma Putri"):
        named(cast, name)
    named(cast, "Anggun", mother="Rahma Putri")
    names = found(cast.petugas, "rahma putri")
    assert names[:2] == ["Rahma Putri", "Rahma Putri Ayu"] and names[-1] == "Anggun"
    assert set(names[2:4]) == {"Nur Rahma Putri", "Rohma Putri"}


def test_many_are_found_too(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MANY", 2)
    for name in ("Siti Aminah", "Siti", "Siti Rohmah", "Bagas"):
        named(cast, name)
    assert found(cast.petugas, "siti")[0] == "Siti"
    assert set(found(cast.petugas, "siti")) == {"Siti", "Siti Aminah", "Siti Rohmah"}


# --- Numbers and codes -------------------------------------------------------------------------


def test_by_nik_and_by_its_last_four_digits(cast: SimpleNamespace) -> None:
    child = named(cast, "Bagas", nik=NIK, nik_index=index_of(NIK))
    named(cast, "Kirana", nik=HERS, nik_index=index_of(HERS))
    for text in (NIK, "0001", " 3302 2045 0323 0001 "):
        assert found(cast.petugas, text) == [child.name], text
    for text in ("001", "00010", "1000", NIK[:-1], NIK[:-1] + "9"):
        assert found(cast.petugas, text) == [], text


def test_by_code_and_by_receipt(cast: SimpleNamespace) -> None:
    child = named(cast, "Bagas")
    report = a_submission(cast, child=child)
    for text in (child.code, report.receipt, report.receipt_text.lower()):
        assert found(cast.petugas, text) == ["Bagas"], text
    assert found(cast.petugas, "nurkhasanahab") == []  # thirteen letters are a name as well
    named(cast, "Nurkhasanahab")
    assert found(cast.petugas, "nurkhasanahab") == ["Nurkhasanahab"]


def test_mothers(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, name="Siti Nurkhasanah", nik=HERS, nik_index=index_of(HERS))
    child = a_child(cast, mother=mother)
    a_mother(cast, name="Rohmah")
    receipt = a_submission(cast, child=child).receipt
    for text in ("sti nurhasanah", "nurk", HERS, "0017", mother.code, receipt, "nurkasanha"):
        rows = search.mothers(Mother.objects.in_scope(cast.petugas), text, cast.programme)
        assert list(rows) == [mother], text


@pytest.mark.parametrize(
    ("text", "questions"),
    [("sti nurhasanah", 1), ("nurkasanha siti", 2), ("Siti Nurkhasan", 1), ("nobodyisthere", 2),
     ("0017", 0), (HERS, 0)],
)  # fmt: skip
def test_children_and_mothers_are_sought_together(
    cast: SimpleNamespace, text: str, questions: int, django_assert_num_queries: Any
) -> None:
    """In one question, in a second where nobody is written so; a code costs none of its own."""
    mother = a_mother(cast, name="Siti Nurkhasanah", nik=HERS, nik_index=index_of(HERS))
    child = a_child(cast, mother=mother, name="Bagas", name_key="bagas")
    a_child(cast, mother=a_mother(cast, name="Rohmah"))
    lists = [kind.objects.in_scope(cast.petugas) for kind in (Child, Mother)]
    with django_assert_num_queries(questions):
        children, mothers = search.people(lists[0], lists[1], text, cast.programme)
    nobody, number = text == "nobodyisthere", questions == 0
    assert list(children) == ([] if nobody or number else [child])
    assert list(mothers) == ([] if nobody else [mother])


def test_nothing_is_found_by_nothing(cast: SimpleNamespace) -> None:
    named(cast, "Bagas")
    for text in ("…", "-", "ж", "zzzzzz", "%", "_", "' OR 1=1", "\\"):
        assert found(cast.petugas, text) == [], text


# --- Who sees whom -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["sti nurhasanah", "nurk", "nurkasanha", NIK, "0001"])
def test_the_area_is_never_left(cast: SimpleNamespace, text: str) -> None:
    number = {"nik": NIK, "nik_index": index_of(NIK)}
    here = named(cast, "Siti Nurkhasanah", **number)
    there = named(cast, "Siti Nurkhasanah", desa=cast.other_desa, posyandu=cast.kenanga)
    named(cast.gasken, "Siti Nurkhasanah", **number)
    assert found(cast.kader, text) == found(cast.bidan, text) == [here.name]
    assert found(cast.kader_mawar, text) == []
    lain = found(cast.bidan_lain, text)
    assert lain == ([there.name] if "n" in text else [])


def test_a_list_and_its_event(cast: SimpleNamespace) -> None:
    named(cast, "Bagas", nik=NIK, nik_index=index_of(NIK))
    named(cast, "Kirana")
    html = signed_in(cast.petugas).get("/anak/?q=0001").content.decode()
    assert "Bagas" in html and "Kirana" not in html and NIK not in html
    event = Event.objects.get(verb="list_children")
    assert (event.why, event.fields) == ("nik_tail n=1 of 1", ["q"])
    assert why_of(event.why) == "dicari dengan 4 angka akhir NIK, 1 dari 1 baris"
    assert "0001" not in f"{event.fields}{event.object_code}"


def test_a_whole_nik_does_not_stay_in_the_address(cast: SimpleNamespace) -> None:
    child = named(cast, "Bagas", nik=NIK, nik_index=index_of(NIK))
    client = signed_in(cast.petugas)
    response = client.get(f"/anak/?q={NIK}&kelompok=semua")
    assert response.status_code == 302 and NIK not in response["Location"]
    html = client.get(response["Location"]).content.decode()
    assert child.name in html and NIK not in html
    assert Event.objects.filter(verb="list_children", why="nik n=1").count() == 1
    unknown = client.get(f"/anak/?q={HERS}", follow=True).content.decode()
    assert "Tidak ada anak yang cocok" in unknown and HERS not in unknown


def test_the_list_of_mothers(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, name="Siti Nurkhasanah", nik=HERS, nik_index=index_of(HERS))
    a_pregnancy(cast, mother=mother)
    a_pregnancy(cast)
    client = signed_in(cast.bidan)
    for text in ("sti nurhasanah", "0017"):
        html = client.get("/ibu/", {"q": text}).content.decode()
        assert mother.code in html and html.count("/ibu/") and "1 ibu hamil" in html, text
    response = client.get("/ibu/", {"q": HERS})
    assert response.status_code == 302 and HERS not in response["Location"]
    assert mother.code in client.get(response["Location"]).content.decode()


# --- Queries and plans -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["sti nurhasanah", "siti", "nurk", "kitana lestrai", "0001", NIK])
def test_few_queries_and_no_scan(cast: SimpleNamespace, text: str) -> None:
    noisy_rows.store(cast.programme, noisy_people.world(5, 200, 0).known)
    for rows in (Child.objects.in_scope(cast.petugas), Child.objects.in_scope(cast.bidan)):
        with CaptureQueriesContext(connection) as made:
            list(search.children(rows, text, cast.programme)[:25])
        sql = [query["sql"] for query in made if not query["sql"].startswith("EXPLAIN")]
        assert len(sql) <= 4, text
        assert not [line for one in sql for line in scans_in(one)], text


def test_keys_say_nothing_that_names_do_not(cast: SimpleNamespace) -> None:
    """A key is made of sounds, desa and birth date: of no NIK, phone or address."""
    child = named(cast, "Bagas", nik=NIK)
    for key in keys.of_child(child, "Rohmah"):
        assert NIK not in key and NIK[-4:] not in key and len(key) <= 64
