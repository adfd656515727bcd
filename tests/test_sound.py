"""How names sound: what is written differently and read alike shares a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.lookup.sound import (
    LONGEST,
    beginning,
    is_unnamed,
    neighbours,
    parts,
    sound,
    words,
)

ALIKE = [
    ("Nurkhasanah", "Nurhasana", "nurkasannah", "Nur Khasanah"),  # kh, h, k; double; apart
    ("Soenarjo", "Sunaryo"),  # before 1972
    ("Djoko", "Joko", "Djoko"),
    ("Tjandra", "Candra", "Chandra"),
    ("Njoman", "Nyoman"),
    ("Widjaja", "Wijaya"),
    ("Jusuf", "Yusuf", "Yusup"),
    ("Ahmad", "Achmad", "Akhmad", "Ahmat"),
    ("Khoirul", "Choirul", "Hoirul", "Koirul"),
    ("Rifqi", "Rifki", "Rifky", "Ripki"),
    ("Syifa", "Sifa", "Shifa"),
    ("Zaenal", "Jaenal", "Saenal", "Zainal"),
    ("Dzakir", "Zakir", "Jakir"),
    ("Ridho", "Rido"),
    ("Fathur", "Fatur", "Patur"),
    ("Naufal", "Nawfal"),
    ("Aulia", "Auliya"),
    ("Aisyah", "Aisya", "Aisha", "Aisyahh"),
    ("Najib", "Najip"),
    ("Abdurrahman", "Abdul Rahman", "Abd. Rohman"),
    ("Siti", "Sity", "Sti"),
]
APART = [("Eka", "Eko"), ("Rafa", "Rafi"), ("Siti", "Sri"), ("Dewi", "Dian"), ("Bagus", "Bagong"),
         ("Anjani", "Anyani"), ("Hasan", "Husni Adi")]  # fmt: skip


def code(name: str) -> tuple[str, ...]:
    return tuple(sound(part) for part in parts(name))


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: names[0])
def test_what_is_read_alike_has_one_code(names: tuple[str, ...]) -> None:
    assert {code(name) for name in names} == {code(names[0])}


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_is_read_otherwise_has_another(one: str, other: str) -> None:
    assert code(one) != code(other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ny. Siti Aminah", ["siti", "aminah"]),
        ("Hj. Siti Aminah, S.Pd", ["siti", "aminah"]),
        ("SITI AMINAH S.Pd.", ["siti", "aminah"]),
        ("M. Rizki", ["muhammad", "rizki"]),
        ("M.Rizki", ["muhammad", "rizki"]),
        ("Moch. Rizki", ["muhammad", "rizki"]),
        ("Mochammad Rizki", ["muhammad", "rizki"]),
        ("Muhamat Rizki", ["muhammad", "rizki"]),
        ("Rizki M", ["rizki", "m"]),
        ("R.A. Kartini", ["kartini"]),
        ("An. Rizki", ["rizki"]),
        ("By. Ny. Aminah", ["aminah"]),
        ("Nur'aini", ["nuraini"]),
        ("José", ["jose"]),
        ("Аyu", ["ayu"]),  # a Cyrillic А
        ("Anak 12", ["anak", "12"]),
        ("H.", ["h"]),  # better a title than nothing
        ("Bayi", ["bayi"]),
        ("Al-Fatih", ["al", "fatih"]),
        ("…", []),
        ("", []),
    ],
)
def test_titles_are_no_words(name: str, expected: list[str]) -> None:
    assert words(name) == tuple(expected)


def test_a_newborn_may_have_no_name_yet() -> None:
    assert is_unnamed("By. Ny. Aminah") and is_unnamed("Bayi Aminah")
    assert not is_unnamed("Bayu Aji") and not is_unnamed("Ny. Aminah")


def test_one_mistake_is_near() -> None:
    for wrong in ("Nurksanah", "Nurkhasansah", "Nurkhanasah", "Murkhasanah", "Nurkhasalah"):
        assert sound(wrong) in neighbours(sound("Nurkhasanah")) | {sound("Nurkhasanah")}, wrong
    assert len(neighbours(sound("Nurkhasanah"))) < 200
    assert not neighbours("STI"[:2]) and not neighbours("2026")


@given(st.text(max_size=40))
def test_any_text_has_words_and_codes(text: str) -> None:
    for word in (*words(text), *parts(text)):
        assert 1 <= len(sound(word)) <= LONGEST
        assert sound(word).isascii() and sound(word).isalnum()
        assert len(beginning(word)) >= 1


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_neighbours_are_mutual(word: str) -> None:
    one = sound(word)
    for other in sorted(neighbours(one))[:20]:
        if len(other) > 3 and len(one) > 3:
            assert one in neighbours(other) or len(one) == LONGEST


@pytest.mark.parametrize(
    "name", ["Nurkhasanah", "Aisyah", "Muhadi", "Rahmawati", "Bambang", "Yuli", "Soenarjo"]
)
def test_a_name_begun_leads_to_the_whole(name: str) -> None:
    whole = sound(name.lower())
    for length in range(2, len(name)):
        assert whole.startswith(beginning(name[:length].lower()))
