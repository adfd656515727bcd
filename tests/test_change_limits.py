"""The office changes a limit that sources dispute; a new load of the file does not undo that."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from kempling import limits, programmes
from regions.models import Programme
from registry import visits
from registry.models import Measurement
from registry.standards import LIMITS, limit
from tests.cast import a_child, signed_in

URL = reverse("programme-limits")


def change(place: SimpleNamespace, **changes: str) -> Any:
    present = {row.key: f"{limit(place.programme, row.key):g}".replace(".", ",") for row in LIMITS}
    return signed_in(place.sekcam).post(URL, present | changes)


def now(place: SimpleNamespace, key: str) -> float:
    return limit(Programme.objects.get(pk=place.programme.pk), key)


def test_it_works(cast: SimpleNamespace) -> None:
    answer = change(cast, refer_after_t="2", hb_trimester_2="11")
    assert answer.status_code == 302, answer.content.decode()
    kept = Programme.objects.get(code="kempling").settings
    assert (kept["refer_after_t"], kept["hb_trimester_2"]) == (2, 11.0)
    event = Event.objects.get(verb="change_programme")
    assert event.fields == ["hb_trimester_2", "refer_after_t"]


def test_whole_numbers_stay_whole_and_a_comma_is_read(cast: SimpleNamespace) -> None:
    change(cast, trimester_2_ends="24", hb_trimester_2="10,8")
    kept = Programme.objects.get(code="kempling").settings
    assert (kept["trimester_2_ends"], kept["hb_trimester_2"]) == (24, 10.8)
    assert isinstance(kept["trimester_2_ends"], int)
    assert 'value="10,8"' in signed_in(cast.sekcam).get(URL).content.decode()


def test_sending_the_page_unchanged_changes_nothing(cast: SimpleNamespace) -> None:
    before = dict(cast.programme.settings)
    assert change(cast).status_code == 302
    assert Programme.objects.get(code="kempling").settings == before
    assert not Event.objects.filter(verb="change_programme").exists()


def test_every_limit_stands_with_its_default_and_its_source(cast: SimpleNamespace) -> None:
    form = limits.LimitsForm(programme=cast.programme)
    assert list(form.fields) == [row.key for row in LIMITS]
    for row in LIMITS:
        hint = str(form.fields[row.key].help_text)
        assert hint.startswith("Bawaan: ") and row.source in hint, row.key
        assert row.low <= row.default <= row.high, row.key


def test_the_settings_page_names_what_differs(cast: SimpleNamespace) -> None:
    page = signed_in(cast.sekcam).get(reverse("programme-settings")).content.decode()
    assert URL in page and "Semua sama dengan bawaan." in page
    change(cast, trimester_2_ends="24")
    page = signed_in(cast.sekcam).get(reverse("programme-settings")).content.decode()
    assert "Trimester II sampai dengan minggu: 24 minggu (bawaan 27)" in page


@pytest.mark.parametrize("how", [{"too_old": ""}, {"too_old": "39", "bawaan": "too_old"}])
def test_back_to_the_default(cast: SimpleNamespace, how: dict[str, str]) -> None:
    change(cast, too_old="38")
    assert now(cast, "too_old") == 38
    assert change(cast, **how).status_code == 302
    assert now(cast, "too_old") == 35
    assert "too_old" not in Programme.objects.get(code="kempling").settings


def test_a_new_load_keeps_what_staff_changed(cast: SimpleNamespace) -> None:
    change(cast, too_old="38")
    programmes.load(programmes.FOLDER / "kempling.toml")
    assert now(cast, "too_old") == 38


def test_back_to_the_default_also_outlives_a_file_that_names_the_limit(
    cast: SimpleNamespace, tmp_path: Any
) -> None:
    text = (programmes.FOLDER / "kempling.toml").read_text()
    file = tmp_path / "kempling.toml"
    file.write_text(text.replace("[settings]", "[settings]\ntoo_old = 39", 1))
    programmes.load(file)
    assert now(cast, "too_old") == 39
    change(cast, too_old="")
    programmes.load(file)
    assert now(cast, "too_old") == 35


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"refer_after_t": "3"}, "Tulis angka dari 1 sampai 2."),
        ({"refer_after_t": "0"}, "Tulis angka dari 1 sampai 2."),
        ({"refer_after_t": "dua"}, "Tulis angka dari 1 sampai 2."),
        ({"hb_trimester_2": "9,9"}, "Tulis angka dari 10 sampai 12."),
        ({"hb_trimester_2": "10.55"}, "Tulis angka dari 10 sampai 12."),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    cast: SimpleNamespace, typed: dict[str, str], sentence: str
) -> None:
    answer = change(cast, **typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert all(f'value="{text}"' in page for text in typed.values())
    assert not Event.objects.filter(verb="change_programme").exists()


def test_alerts_of_a_first_t_follow_the_limit(cast: SimpleNamespace) -> None:
    """A boy on his line who gained nothing this month: referred after 1T, not after 2T."""
    child = a_child(cast, months=20, sex="L")
    for days, weight, height in ((62, "10.6", "80.4"), (31, "10.8", "81.3"), (0, "10.8", "82.2")):
        numbers = {
            "measured_on": cast.programme.today().replace(day=15) - timedelta(days=days),
            "weight_kg": Decimal(weight), "length_height_cm": Decimal(height), "measure": "l",
        }  # fmt: skip
        visits.add_measurement(cast.bidan, child, numbers)
    other = a_child(cast.gasken)

    def last() -> Measurement:
        return child.measurements.latest("measured_on")

    assert (last().weight_gain, last().t_run, last().alert) == ("T", 1, "oranye")
    change(cast, refer_after_t="2")
    assert last().alert == "biru"  # watched, not referred
    change(cast, refer_after_t="1")
    assert last().alert == "oranye"
    child.measurements.update(t_run=2)
    change(cast, refer_after_t="2")
    assert last().alert == "oranye" and not other.measurements.exists()


def test_another_programme_keeps_its_own(cast: SimpleNamespace) -> None:
    change(cast, too_old="38")
    assert now(cast.gasken, "too_old") == 35
