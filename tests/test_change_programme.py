"""The office changes its programme; loading the file again does not undo that."""

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from accounts.models import Event
from interventions.models import Partner
from kempling import office, programmes
from regions.models import Programme, Region
from sop.models import SopStep
from tests.cast import signed_in

FILE = programmes.FOLDER / "kempling.toml"


def change(place: SimpleNamespace, **changes: Any) -> Any:
    form = {k.replace("_-_", "-"): v for k, v in office.values_of(place.programme).items()}
    return signed_in(place.sekcam).post(reverse("programme-settings"), form | changes)


def test_it_works(cast: SimpleNamespace) -> None:
    answer = change(cast, **{"letterhead-phone": "(0281) 000000", "settings-pmt_days_kek": "90"})
    assert answer.status_code == 302, answer.content.decode()
    kept = Programme.objects.get(code="kempling")
    assert kept.letterhead["phone"] == "(0281) 000000"
    assert kept.settings["pmt_days_kek"] == 90
    event = Event.objects.get(verb="change_programme")
    assert event.fields == ["letterhead-phone", "settings-pmt_days_kek"]


def test_a_new_load_keeps_what_staff_changed(cast: SimpleNamespace) -> None:
    change(cast, **{"letterhead-phone": "(0281) 000000"})
    SopStep.objects.filter(programme=cast.programme, number=2).update(standard_minutes=20)
    programmes.load(FILE)
    kept = Programme.objects.get(code="kempling")
    assert kept.letterhead["phone"] == "(0281) 000000"
    assert kept.sop_steps.get(number=2).standard_minutes == 20
    programmes.load(FILE, force=True)
    kept.refresh_from_db()
    assert kept.letterhead["phone"] == "(0281) 6843446"
    assert kept.sop_steps.get(number=2).standard_minutes == 10


def test_loading_twice_changes_nothing(cast: SimpleNamespace) -> None:
    def everything() -> list[Any]:
        tables = (Programme, Region, SopStep, Partner)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = everything()
    call_command("load_programme", str(FILE), stdout=StringIO())
    assert everything() == before


def test_the_official_regions_are_there(cast: SimpleNamespace) -> None:
    """domain.md §7.5: 16 desa; 12 kelurahan and 1 desa."""
    kembaran, sungailiat = cast.programme.desa(), cast.gasken.programme.desa()
    assert [d.kind for d in kembaran] == ["Desa"] * 16
    assert [d.kind for d in sungailiat].count("Kelurahan") == 12
    assert sungailiat.get(code="19.01.01.2007").title == "Desa Rebo"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"work_start": "pagi"}, "Tulis jam seperti 07:30."),
        ({"work_start": "16.30"}, "Jam selesai harus sesudah jam mulai."),
        ({"settings-pmt_days_kek": "0"}, "Angka paling kecil 1."),
        ({"report_number_format": "440/{nama}/2026"}, "Pakai hanya"),
    ],
)
def test_what_cannot_be_is_refused(
    cast: SimpleNamespace, changes: dict[str, str], sentence: str
) -> None:
    answer = change(cast, **changes)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Event.objects.filter(verb="change_programme").exists()


def test_a_file_that_is_no_programme_is_named_in_one_line(db: None, tmp_path: Any) -> None:
    bad = tmp_path / "salah.toml"
    for text in ("code = ", 'code = "x"', 'code="x"\nshort_name="X"\nname="X"\nregion="99.99"'):
        bad.write_text(text)
        with pytest.raises(CommandError):
            call_command("load_programme", str(bad))
    assert not Programme.objects.filter(code="x").exists()


@pytest.mark.parametrize("line", [
    "too_old = 'tua'", "too_old = 400", "too_old = nan", "hb_severe = true", "kbm = 'tabel'",
    "kbm = {}", "kbm = [1]", "kbm = [{from = 2026-12-01, source = 'Buku', L = [1], P = [2]}]",
])  # fmt: skip
def test_a_file_with_limits_nobody_could_type_is_refused(
    cast: SimpleNamespace, tmp_path: Any, line: str
) -> None:
    """A word where a number belongs would stop every page that goes by it."""
    text, file = FILE.read_text(), tmp_path / "kempling.toml"
    before = Programme.objects.get(code="kempling").settings
    for said, refused in ((line, True), ("too_old = 36", False)):
        file.write_text(text.replace("[settings]", f"[settings]\n{said}", 1))
        if refused:
            with pytest.raises(CommandError, match=r"settings\."):
                call_command("load_programme", str(file))
            assert Programme.objects.get(code="kempling").settings == before
        else:
            call_command("load_programme", str(file))
            assert Programme.objects.get(code="kempling").settings["too_old"] == 36


def test_nobody_is_sent_to_a_page_they_may_not_open(cast: SimpleNamespace) -> None:
    link = 'href="/sop/lembar/"'
    assert link in signed_in(cast.sekcam).get(reverse("programme-settings")).content.decode()
    assert link not in signed_in(cast.admin).get(reverse("programme-settings")).content.decode()
