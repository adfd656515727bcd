"""The office enters a KBM table of its own, for days to come; what was weighed stays."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from growth.kbm import DEFAULT, in_force
from kempling import kbm, programmes
from regions.models import Programme
from tests.cast import signed_in

URL = reverse("programme-kbm")
PRESENT = {
    f"{sex}{band[0]}": str(DEFAULT.grams(sex, band[0])) for sex in "LP" for band in kbm.BANDS
}


def later(place: SimpleNamespace, days: int = 10) -> date:
    today: date = place.programme.today()
    return today + timedelta(days=days)


def enter(place: SimpleNamespace, **changes: Any) -> Any:
    typed = {"since": str(later(place)), "source": "Buku Contoh 2027 hlm. 1"} | PRESENT
    return signed_in(place.sekcam).post(URL, typed | changes)


def stored(place: SimpleNamespace) -> list[dict[str, Any]]:
    return kbm.versions(Programme.objects.get(pk=place.programme.pk))


def test_it_works(cast: SimpleNamespace) -> None:
    answer = enter(cast, L7="350", P12="150")
    assert answer.status_code == 302, answer.content.decode()
    table = in_force(stored(cast), later(cast))
    assert (table.grams("L", 7), table.grams("P", 7)) == (350, 300)
    assert [table.grams("P", month) for month in (11, 12, 40, 59)] == [200, 150, 150, 150]
    assert (len(table.boys), table.source) == (60, "Buku Contoh 2027 hlm. 1")
    event = Event.objects.get(verb="change_programme")
    assert event.fields == ["kbm"]


def test_until_its_day_the_old_table_holds(cast: SimpleNamespace) -> None:
    enter(cast, L7="350")
    assert in_force(stored(cast), later(cast, 9)) is DEFAULT
    page = signed_in(cast.sekcam).get(URL).content.decode()
    assert "Belum berlaku" in page and "Buku Contoh 2027 hlm. 1" in page


def test_the_form_begins_with_the_table_in_force(cast: SimpleNamespace) -> None:
    form = kbm.KbmForm(programme=cast.programme)
    assert {name: str(form[name].initial) for name in PRESENT} == PRESENT
    assert form["since"].initial > cast.programme.today()


def test_a_new_load_of_the_file_keeps_it(cast: SimpleNamespace) -> None:
    enter(cast)
    programmes.load(programmes.FOLDER / "kempling.toml")
    assert len(stored(cast)) == 1


def test_withdrawn_before_its_day(cast: SimpleNamespace) -> None:
    enter(cast)
    url = reverse("programme-kbm-withdraw", kwargs={"since": str(later(cast))})
    assert url in signed_in(cast.sekcam).get(URL).content.decode()
    assert signed_in(cast.sekcam).post(url).status_code == 302
    assert stored(cast) == []
    assert "sudah ditarik" in signed_in(cast.sekcam).post(url, follow=True).content.decode()


def test_what_is_in_force_cannot_be_withdrawn(cast: SimpleNamespace) -> None:
    since = str(later(cast, 0))
    begun = {"from": since, "source": "Buku", "L": [300] * 60, "P": [300] * 60}
    cast.programme.settings["kbm"] = [begun]
    cast.programme.save()
    url = reverse("programme-kbm-withdraw", kwargs={"since": since})
    page = signed_in(cast.sekcam).get(URL).content.decode()
    assert url not in page
    answer = signed_in(cast.sekcam).post(url, follow=True)
    assert "Tabel ini sudah berlaku." in answer.content.decode() and stored(cast) == [begun]
    settings = signed_in(cast.sekcam).get(reverse("programme-settings")).content.decode()
    assert "Berbeda dari bawaan sejak" in settings


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"L3": "49"}, "Tulis gram, bilangan bulat dari 50 sampai 2.000."),
        ({"L3": "2001"}, "Tulis gram, bilangan bulat dari 50 sampai 2.000."),
        ({"P8": "3,5"}, "Tulis gram, bilangan bulat dari 50 sampai 2.000."),
        ({"P8": ""}, "Tulis gram, bilangan bulat dari 50 sampai 2.000."),
        ({"source": " "}, "Tulis sumber tabel ini."),
        ({"since": "2999-01-01"}, "Periksa tahunnya."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    cast: SimpleNamespace, typed: dict[str, str], sentence: str
) -> None:
    answer = enter(cast, L5="555", **typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert 'value="555"' in answer.content.decode() and stored(cast) == []


@pytest.mark.parametrize("days", [0, -1])
def test_nobody_weighed_today_or_before_is_judged_anew(cast: SimpleNamespace, days: int) -> None:
    answer = enter(cast, since=str(later(cast, days)))
    assert answer.status_code == 422
    assert "Pilih hari sesudah hari ini" in answer.content.decode() and stored(cast) == []


def test_a_thousand_may_carry_its_dot(cast: SimpleNamespace) -> None:
    assert enter(cast, L2="1.000").status_code == 302
    assert stored(cast)[0]["L"][1] == 1000


def test_one_table_a_day(cast: SimpleNamespace) -> None:
    enter(cast, L7="350")
    answer = enter(cast, L7="360")
    assert answer.status_code == 422 and "Sudah ada tabel" in answer.content.decode()
    assert [version["L"][6] for version in stored(cast)] == [350]
