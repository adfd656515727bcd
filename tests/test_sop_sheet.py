"""The SOP sheet: the rows of the guidelines, and staff changing who and in what time."""

from types import SimpleNamespace

import pytest

from accounts.models import Event
from accounts.transitions import Refused
from sop import workflow
from sop.models import SopStep
from tests.access.sop import a_disposisi
from tests.cast import signed_in


def rows(place: SimpleNamespace) -> list[SopStep]:
    return list(SopStep.objects.of(place.programme))


def test_on_the_sheet_of_kempling_each_row_needs_what_the_row_before_gives(
    cast: SimpleNamespace,
) -> None:
    sheet = rows(cast)
    assert len(sheet) == 6
    for before, row in zip(sheet, sheet[1:], strict=False):
        assert row.completeness == before.output


def test_the_sheet_of_kempling_is_the_guidelines(cast: SimpleNamespace) -> None:
    sheet = rows(cast)
    assert [row.responsible for row in sheet] == ["camat", "sekcam", "kasi", "tim", "kasi", "tim"]
    assert [row.standard_minutes for row in sheet] == [5, 10, 60, None, None, 15]
    assert [row.is_daily for row in sheet] == [False, False, False, True, True, False]
    assert sheet[0].output == "Disposisi"
    assert sheet[5].output == "Laporan Kegiatan Inovasi KEMPLING"


def test_gaskens_rows_are_derived_and_without_standard(cast: SimpleNamespace) -> None:
    sheet = rows(cast.gasken)
    assert len(sheet) == 6
    assert all(row.is_derived and row.standard_minutes is None for row in sheet)
    page = signed_in(cast.gasken.tim).get("/sop/lembar/").content.decode()
    assert "Diturunkan dari pedoman" in page
    assert "belum ditetapkan" in page


def test_the_sheet_shows_its_rows_and_ticks(cast: SimpleNamespace) -> None:
    page = signed_in(cast.tim).get("/sop/lembar/").content.decode()
    for row in rows(cast):
        assert row.activity in page
    assert "1 jam" in page and "setiap hari" in page
    assert "Diturunkan" not in page


def test_staff_change_actors_and_standard_and_the_change_is_an_event(
    cast: SimpleNamespace,
) -> None:
    answer = {"responsible": "kasi", "others": ["tim", "kasi"], "standard_minutes": "20"}
    assert signed_in(cast.sekcam).post("/sop/lembar/2/", answer).status_code == 302
    row = rows(cast)[1]
    assert row.actors == ["kasi", "tim"]
    assert row.standard_minutes == 20
    event = Event.objects.get(verb="arrange_sop")
    assert (event.user, event.object_code) == (cast.sekcam, "kempling/2")
    assert event.fields == ["actors", "standard_minutes"]


def test_a_change_leaves_running_months_alone(cast: SimpleNamespace) -> None:
    run = a_disposisi(cast).runs.get()
    workflow.arrange(cast.sekcam, rows(cast)[1], {"actors": ["kasi"], "standard_minutes": 20})
    assert run.steps.get(number=2).actors == ["sekcam", "kasi", "tim"]
    assert a_disposisi(cast).runs.get().steps.get(number=2).actors == ["kasi"]


def test_nothing_changed_is_no_event(cast: SimpleNamespace) -> None:
    row = rows(cast)[1]
    assert workflow.arrange(cast.sekcam, row, {"actors": row.actors, "is_daily": False}) == []
    assert not Event.objects.filter(verb="arrange_sop").exists()


def test_who_may_not_arrange_the_sheet(cast: SimpleNamespace) -> None:
    row = rows(cast)[1]
    for stranger in (cast.tim, cast.kasi, cast.petugas, cast.kader, cast.gasken.sekcam):
        with pytest.raises(Refused) as refused:
            workflow.arrange(stranger, row, {"standard_minutes": 1})
        assert refused.value.stranger
    row.refresh_from_db()
    assert row.standard_minutes == 10


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"standard_minutes": "0"}, "Tulis waktu antara 1 menit"),
        ({"standard_minutes": "sejam"}, "Tulis menitnya dengan angka bulat"),
        ({"standard_minutes": "15", "is_daily": "on"}, "Pilih salah satu"),
        ({"responsible": "kader"}, ""),
        ({"responsible": ""}, ""),
    ],
)
def test_what_a_row_refuses(cast: SimpleNamespace, answer: dict[str, str], sentence: str) -> None:
    response = signed_in(cast.sekcam).post("/sop/lembar/2/", {"responsible": "sekcam"} | answer)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert rows(cast)[1].actors == ["sekcam", "kasi", "tim"]


def test_a_row_that_is_not_on_the_sheet_does_not_exist(cast: SimpleNamespace) -> None:
    assert signed_in(cast.sekcam).get("/sop/lembar/9/").status_code == 404
