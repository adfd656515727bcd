"""How likely two records are one child: what speaks for it, what against, and in which words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.identity import index_of
from registry.lookup import alike
from registry.lookup.dates import How, how_dates_agree, misread
from registry.lookup.score import PERHAPS, SAME, Person, score, score_mothers

SITI = Person(
    "Siti Nurkhasanah", date(2024, 3, 5), False, "P", 1, "Aminah Lestari", "Budi Santoso",
)  # fmt: skip
NIK = "3302204503240001"


def with_nik(person: Person, nik: str) -> Person:
    return replace(person, nik=nik, nik_index=index_of(nik) or "")


def years_before(person: Person, years: int = 2) -> Person:
    return replace(person, birth_date=person.birth_date - timedelta(days=365 * years + 40))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "nama sama"),
        ({"name": "sti nurhasanah"}, "nama mirip"),
        ({"name": "Nurhasanah Siti"}, "nama mirip"),
        ({"name": "Siti Nur Khasanah"}, "nama sama"),
        ({"name": "Nurkhasanah"}, "nama lebih singkat"),
        ({"name": "S. Nurkhasanah"}, "nama lebih singkat"),
        ({"birth_date": date(2024, 5, 3)}, "hari dan bulan lahir mungkin tertukar"),
        ({"birth_date": date(2024, 3, 6)}, "tanggal lahir beda satu hari"),
        ({"birth_date": date(2024, 3, 15)}, "tanggal lahir beda satu angka"),
        ({"birth_date": date(2024, 3, 20), "approximate": True}, "tanggal lahir perkiraan, cocok"),
        ({"mother_name": ""}, "desa sama"),
        ({"mother_name": "Aminah"}, "nama ibu lebih singkat"),
        ({"father_name": ""}, "nama ibu sama"),
        ({"desa": 2}, "desa lain"),
        ({"name": "By. Ny. Aminah"}, "tanggal lahir sama"),  # before she had a name
    ],
)
def test_the_same_child_written_otherwise(changes: dict[str, object], reason: str) -> None:
    found = score(SITI, replace(SITI, **changes))
    assert found.value >= SAME and reason in found.reasons, found
    assert score(replace(SITI, **changes), SITI).value == found.value


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Siti Aisyah"}, "mungkin kembar"),
        ({"name": "Bagas Pratama", "sex": "L"}, "mungkin kembar"),
        ({"name": "Siti Aisyah", "birth_date": date(2022, 1, 9)}, "mungkin kakak adik"),
        ({"name": "Siti Nurhalimah", "birth_date": date(2022, 1, 9)}, "mungkin kakak adik"),
        ({"sex": "L", "name": "Siti Nurhidayat"}, "jenis kelamin berbeda"),
        ({"mother_name": "Sri Wahyuni", "father_name": "Joko", "birth_date": date(2022, 9, 9)},
         "nama ibu berbeda"),
        ({"name": "Putri Ayu", "mother_name": "Sri Wahyuni", "father_name": "Joko"},
         "nama berbeda"),
    ],
)  # fmt: skip
def test_somebody_else(changes: dict[str, object], reason: str) -> None:
    found = score(SITI, replace(SITI, **changes))
    assert found.value < SAME and reason in found.reasons, found


def test_a_twin_with_another_place_in_the_family() -> None:
    one = replace(SITI, name="Rafa Pratama", sex="L", birth_order=1)
    two = replace(one, name="Rafi Pratama", birth_order=2)
    assert score(one, two).value < SAME
    assert "urutan anak berbeda" in score(one, two).reasons


def test_common_names_say_little() -> None:
    """Two girls called Siti Putri in one desa are seldom one; two called alike and rarely, are."""
    far = {"birth_date": None, "mother_name": "", "father_name": ""}
    common = replace(SITI, name="Siti Putri", **far)
    rare = replace(SITI, name="Kinanti Sekarwangi", **far)
    assert score(common, common).value < score(rare, rare).value
    muhammad = replace(common, name="Muhammad Ahmad", sex="L")
    assert score(muhammad, muhammad).value < 0.5


def test_a_single_name_needs_more(cast: object = None) -> None:
    one = replace(SITI, name="Kirana")
    assert score(one, one).value >= SAME
    alone = replace(one, mother_name="", father_name="", birth_date=None)
    assert score(alone, alone).value < SAME


# --- NIK ---------------------------------------------------------------------------------------


def test_one_nik_is_one_person() -> None:
    known = with_nik(SITI, NIK)
    other = replace(known, name="Bunga Citra", mother_name="", father_name="", desa=3)
    found = score(known, other)
    assert found.value >= SAME and found.reasons[0] == "NIK sama"


def test_one_nik_and_another_birth_date_or_sex_is_for_a_person() -> None:
    known = with_nik(SITI, NIK)
    for other in (years_before(known), replace(known, sex="L")):
        assert PERHAPS <= score(known, other).value < SAME


def test_two_nik_are_two_persons_unless_a_figure_slipped() -> None:
    known = with_nik(SITI, NIK)
    other = score(known, with_nik(SITI, "3302201507220003"))
    assert other.value < SAME and "NIK berbeda" in other.reasons
    slip = score(known, with_nik(SITI, "3302204603240001"))
    assert slip.value >= SAME and "NIK beda satu angka" in slip.reasons


def test_the_next_number_of_a_nik_is_a_twins() -> None:
    one = with_nik(replace(SITI, name="Rahma Putri"), NIK)
    two = with_nik(replace(SITI, name="Rahmi Putri"), NIK[:-1] + "2")
    assert score(one, two).value < SAME
    assert "NIK beda nomor urut" in score(one, two).reasons


def test_the_end_of_a_nik_says_a_little() -> None:
    base = replace(SITI, mother_name="", father_name="", name="Siti Putri")
    same, other = (replace(base, nik_tail=tail) for tail in ("a", "b"))
    assert score(same, same).value > score(base, base).value > score(same, other).value
    assert "akhir NIK berbeda" in score(same, other).reasons


# --- Mothers -----------------------------------------------------------------------------------


def test_mothers() -> None:
    one = Person("Siti Aminah", date(1995, 4, 2), desa=1, father_name="Budi Santoso")
    assert score_mothers(one, one).value >= SAME
    assert score_mothers(one, replace(one, name="St. Aminah")).value >= SAME
    assert score_mothers(one, replace(one, father_name="Joko", birth_date=None)).value < SAME
    assert score_mothers(one, replace(one, name="Siti Rohmah")).value < SAME
    plain = Person("Siti", desa=1)
    assert PERHAPS <= score_mothers(plain, plain).value < SAME  # worth a look
    assert score_mothers(plain, replace(plain, desa=2)).value < PERHAPS


# --- Names and dates ---------------------------------------------------------------------------


def test_letters_that_differ_are_marked() -> None:
    assert alike.differing("sti nurhasanah", "Siti Nurkhasanah") == [
        ("S", False), ("i", True), ("ti Nur", False), ("k", True), ("hasanah", False),
    ]  # fmt: skip
    assert alike.differing("Ayu", "Ayu") == [("Ayu", False)]
    assert alike.differing("", "Ayu") == [("Ayu", True)]
    assert "".join(text for text, _ in alike.differing("Bunga", "Melati Putih")) == "Melati Putih"


@pytest.mark.parametrize(
    ("a", "b", "how"),
    [
        (date(2024, 3, 5), date(2024, 3, 5), How.SAME),
        (date(2024, 3, 5), date(2024, 5, 3), How.SWAPPED),
        (date(2024, 3, 5), date(2024, 3, 4), How.NEXT_DAY),
        (date(2024, 2, 29), date(2024, 3, 1), How.NEXT_DAY),
        (date(2024, 3, 5), date(2024, 3, 25), How.ONE_DIGIT),
        (date(2024, 3, 5), date(2023, 3, 5), How.ONE_DIGIT),
        (date(2024, 3, 5), date(2024, 3, 18), How.WEEKS),
        (date(2024, 3, 5), date(2024, 6, 17), How.MONTHS),
        (date(2024, 3, 5), date(2022, 6, 17), How.YEARS),
        (date(2024, 3, 5), None, How.UNKNOWN),
    ],
)
def test_how_dates_agree(a: date, b: date | None, how: How) -> None:
    assert how_dates_agree(a, b) == how_dates_agree(b, a) == how


def test_a_date_may_be_written_as_few_others() -> None:
    for month in range(1, 13):
        for day in range(1, 29):
            born = date(2024, month, day)
            others = misread(born)
            assert born not in others and len(others) < 30
            assert all(born in misread(other) for other in others), born
