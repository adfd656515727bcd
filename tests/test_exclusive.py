"""Exclusive breastfeeding is asked once a month in the first six months."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from accounts.transitions import Refused
from registry.models import Child, ExclusiveMonth
from registry.mothers import exclusive
from tests.cast import a_child, signed_in


def say(user: User, child: Child, **data: str) -> HttpResponse:
    url = reverse("registry:exclusive-note", args=[child.code])
    return signed_in(user).post(url, {"back": "ibu"} | data)


def test_it_works(cast: SimpleNamespace) -> None:
    child = a_child(cast, 2)
    response = say(cast.kader, child, month="2", exclusive="ya")
    assert response["Location"] == reverse("registry:mother", args=[child.mother.code])
    found = ExclusiveMonth.objects.get()
    assert (found.month, found.exclusive, found.created_by) == (2, True, cast.kader)
    assert found.asked_on == cast.programme.today()
    event = Event.objects.get(verb="note_exclusive")
    assert (event.object_code, event.fields) == (child.code, ["E3"])
    page = signed_in(cast.kader).get(response["Location"]).content.decode()
    assert "ASI eksklusif 6 bulan: belum diketahui" in page
    assert "E1 (umur 0 bulan)" in page and "E3 (umur 2 bulan)" not in page


def test_the_months_are_asked_as_they_begin() -> None:
    born = date(2026, 1, 31)
    asked = {date(2026, 1, 30): None, born: 0, date(2026, 2, 28): 0, date(2026, 3, 1): 1,
             date(2026, 6, 30): 4, date(2026, 7, 1): 5, date(2026, 7, 31): 5,
             date(2026, 8, 30): 5, date(2026, 8, 31): None}  # fmt: skip
    assert {day: exclusive.asked_month(born, day) for day in asked} == asked


def test_six_months_are_yes_only_when_all_six_are(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, 6), cast.programme.today()

    def whole() -> bool | None:
        return exclusive.read(child, child.exclusive_months.all(), today).whole

    assert whole() is None
    for month in range(5):
        exclusive.answer(cast.bidan, child, month, True, today)
    assert whole() is None  # a month nobody asked about is not a yes
    exclusive.answer(cast.bidan, child, 5, True, today)
    assert whole() is True
    ExclusiveMonth.objects.filter(month=2).update(exclusive=False)
    assert whole() is False
    assert exclusive.read(child, child.exclusive_months.all(), today).words.endswith("tidak")


def test_boxes_tell_no_from_not_asked_and_not_yet(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, 2), cast.programme.today()
    exclusive.answer(cast.bidan, child, 0, True, today)
    exclusive.answer(cast.bidan, child, 1, False, today)
    row = exclusive.read(child, child.exclusive_months.all(), today)
    assert [box.words for box in row.boxes] == [
        "Ya", "Tidak", "Belum ditanya", "Belum waktunya", "Belum waktunya", "Belum waktunya",
    ]  # fmt: skip
    assert [box.label for box in row.asked] == ["E3"]


def test_who_is_seven_months_old_is_not_asked(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    young, old = a_child(cast, 6), a_child(cast, 7, birth_date=today - timedelta(days=230))
    assert len(exclusive.read(young, [], today).asked) == 6
    assert exclusive.read(old, [], today).asked == ()
    page = signed_in(cast.bidan).get(f"/ibu/{old.mother.code}/").content.decode()
    assert "ASI eksklusif 6 bulan" in page and "hanya diberi ASI?" not in page


def test_the_same_answer_again_is_no_error(cast: SimpleNamespace) -> None:
    child, today = a_child(cast, 2), cast.programme.today()
    first = exclusive.answer(cast.bidan, child, 1, True, today)
    assert exclusive.answer(cast.kader, child, 1, True, today) == first
    assert Event.objects.filter(verb="note_exclusive").count() == 1


# --- Who may not -------------------------------------------------------------------------------


def test_others_may_not(cast: SimpleNamespace) -> None:
    child = a_child(cast, 2)
    for user in (cast.tim, cast.camat, cast.mitra):
        assert say(user, child, month="2", exclusive="ya").status_code == 403
    for user in (cast.kader_mawar, cast.bidan_lain, cast.gasken.petugas):
        assert say(user, child, month="2", exclusive="ya").status_code == 404
    page = signed_in(cast.camat).get(f"/ibu/{child.mother.code}/").content.decode()
    assert "hanya diberi ASI?" not in page
    assert not ExclusiveMonth.objects.exists()


# --- What is refused ---------------------------------------------------------------------------


def test_another_answer_later_is_refused(cast: SimpleNamespace) -> None:
    child = a_child(cast, 2)
    say(cast.kader, child, month="1", exclusive="ya")
    response = say(cast.bidan, child, month="1", exclusive="tidak")
    page = signed_in(cast.bidan).get(response["Location"])
    assert ExclusiveMonth.objects.get().exclusive is True and page.status_code == 200
    with pytest.raises(Refused, match="E2 sudah dijawab Ya pada"):
        exclusive.answer(cast.bidan, child, 1, False, cast.programme.today())


@pytest.mark.parametrize(
    ("month", "days", "said"),
    [(3, 0, "belum sampai bulan E4"), (6, 0, "enam bulan pertama"), (-1, 0, "enam bulan pertama"),
     (0, 1, "belum terjadi"), (0, -90, "belum sampai bulan E1")],
)  # fmt: skip
def test_what_cannot_be_answered(cast: SimpleNamespace, month: int, days: int, said: str) -> None:
    day = cast.programme.today() + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        exclusive.answer(cast.bidan, a_child(cast, 2), month, True, day)
    assert not ExclusiveMonth.objects.exists()


def test_a_stale_page_asks_nobody_who_is_seven_months_old(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    young, old = a_child(cast, 6), a_child(cast, 7, birth_date=today - timedelta(days=230))
    for child in (young, old):
        say(cast.bidan, child, month="0", exclusive="ya")
    assert [row.child for row in ExclusiveMonth.objects.all()] == [young]


@pytest.mark.parametrize("data", [{}, {"month": "2"}, {"month": "9", "exclusive": "ya"},
                                  {"month": "x", "exclusive": "mungkin"}])  # fmt: skip
def test_bad_input_is_told_and_nothing_kept(cast: SimpleNamespace, data: dict[str, str]) -> None:
    child = a_child(cast, 2)
    url = reverse("registry:exclusive-note", args=[child.code])
    page = signed_in(cast.bidan).post(url, {"back": "ibu"} | data, follow=True)
    assert "Pilih Ya atau Tidak" in page.content.decode() and not ExclusiveMonth.objects.exists()
