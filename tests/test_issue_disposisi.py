"""The Camat issues a disposisi: its number, its run, and row 1 of the sheet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Event
from accounts.transitions import Refused
from sop import workflow
from sop.forms import write_opened
from sop.models import Disposisi, Run, SopStep
from sop.progress import progress_of
from sop.todo import todo
from tests.cast import person, signed_in

WIB = ZoneInfo("Asia/Jakarta")
NOVEMBER = date(2026, 11, 1)
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=WIB)
WORDS: dict[str, Any] = {
    "month": NOVEMBER,
    "perihal": "Pelaksanaan KEMPLING",
    "instruction": "Laksanakan menurut lembar SOP.",
    "forwarded_to": ["sekcam", "kasi", "tim"],
}


def answers(place: Any, **changes: Any) -> dict[str, Any]:
    """What the Camat types, for this month."""
    return {
        "month": str(place.programme.today().replace(day=1)),
        "perihal": "Pelaksanaan KEMPLING",
        "basis": "SK Bupati",
        "sifat": "segera",
        "instruction": "Laksanakan menurut lembar SOP.",
        "forwarded_to": ["sekcam", "kasi", "tim"],
        "requests": ["proses"],
    } | changes


@pytest.fixture
def without_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the events out: a test in real transactions empties the tables after itself, and the
    event log refuses to be emptied."""
    monkeypatch.setattr(workflow, "record", lambda *args, **kwargs: None)


def at_once(times: int, act: Callable[[], Any]) -> list[Any]:
    """What the act returns when so many people do it in the same instant."""

    def one(_: int) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def issue(place: Any, **more: Any) -> Disposisi:
    options = {key: more.pop(key) for key in ("opened_at", "form_id", "at") if key in more}
    return workflow.issue(place.camat, place.programme, WORDS | more, **options)


def test_the_camat_issues_a_disposisi_and_the_sop_begins(cast: SimpleNamespace) -> None:
    client = signed_in(cast.camat)
    page = client.get("/sop/disposisi/baru/").content.decode()
    assert "SK Bupati tentang Tim Inovasi dan Tim Pelaksana" in page
    response = client.post("/sop/disposisi/baru/", answers(cast))
    made = Disposisi.objects.get()
    assert made.number == f"001/KEMPLING/{cast.programme.today().year}"
    assert response["Location"] == f"/sop/bulan/{made.runs.get().code}/"
    assert [step.number for step in made.runs.get().steps.all()] == [1, 2, 3, 4, 5, 6]
    assert Event.objects.get(verb="issue_disposisi").object_code == made.code
    assert made.number in client.get(response["Location"]).content.decode()


def test_issuing_finishes_row_one_from_the_moment_the_form_was_opened(
    cast: SimpleNamespace,
) -> None:
    made = issue(cast, opened_at=MONDAY, at=MONDAY + timedelta(minutes=4))
    first, second = made.runs.get().steps.all()[:2]
    assert (first.started_at, first.finished_at) == (MONDAY, MONDAY + timedelta(minutes=4))
    assert first.output == "Disposisi 001/KEMPLING/2026"
    assert (first.finished_by, first.finished_as) == (cast.camat, "Camat")
    assert second.started_at is None
    run = Run.objects.with_steps().get()
    assert progress_of(run, MONDAY)[0].actual == "4 menit"


def test_the_opening_moment_is_signed_and_only_carried_by_the_browser(
    cast: SimpleNamespace,
) -> None:
    client = signed_in(cast.camat)
    client.post("/sop/disposisi/baru/", answers(cast, opened=write_opened(MONDAY)))
    assert Disposisi.objects.get().runs.get().steps.get(number=1).started_at == MONDAY
    client.post("/sop/disposisi/baru/", answers(cast, opened="2026-11-02T09:00:00+07:00"))
    assert Disposisi.objects.first().runs.get().steps.get(number=1).started_at is None


def test_the_same_form_sent_twice_makes_one_disposisi(cast: SimpleNamespace) -> None:
    client, form = signed_in(cast.camat), answers(cast, opened=write_opened(MONDAY))
    first = client.post("/sop/disposisi/baru/", form)
    second = client.post("/sop/disposisi/baru/", form)
    assert first["Location"] == second["Location"]
    assert Disposisi.objects.count() == Run.objects.count() == 1


def test_a_plt_camat_issues_as_plt(cast: SimpleNamespace) -> None:
    plt = person("camat", cast.programme, acting="Plt")
    made = workflow.issue(plt, cast.programme, WORDS)
    assert made.issued_as == "Plt. Camat"
    assert made.runs.get().steps.get(number=1).finished_as == "Plt. Camat"


def test_numbers_run_per_programme_and_year(cast: SimpleNamespace) -> None:
    december = datetime(2026, 12, 31, 23, 30, tzinfo=WIB)
    january = december + timedelta(hours=1)
    numbers = [issue(cast, at=at).number for at in (december, december, january)]
    assert numbers == ["001/KEMPLING/2026", "002/KEMPLING/2026", "001/KEMPLING/2027"]
    other = workflow.issue(cast.gasken.camat, cast.gasken.programme, WORDS, at=december)
    assert other.number == "001/GASKEN/2026"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_events")
def test_issued_at_once_the_numbers_have_no_gap_and_no_twin(cast: SimpleNamespace) -> None:
    numbers = at_once(12, lambda: issue(cast, at=MONDAY).agenda_number)
    assert sorted(numbers) == list(range(1, 13))
    assert Run.objects.count() == 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_events")
def test_one_form_sent_by_two_taps_at_once_makes_one_disposisi(cast: SimpleNamespace) -> None:
    codes = at_once(6, lambda: issue(cast, form_id="sekali", at=MONDAY).code)
    assert len(set(codes)) == Disposisi.objects.count() == Run.objects.count() == 1


def test_where_row_one_is_not_the_camats_issuing_only_begins_the_run(
    cast: SimpleNamespace,
) -> None:
    there = cast.gasken
    made = workflow.issue(there.camat, there.programme, WORDS, opened_at=MONDAY, at=MONDAY)
    first = made.runs.get().steps.get(number=1)
    assert first.responsible == "tim"
    assert (first.started_at, first.finished_at) == (None, None)


# --- Repeating ------------------------------------------------------------------------------


def test_a_repeating_disposisi_begins_the_next_month_by_itself(cast: SimpleNamespace) -> None:
    issue(cast, repeats_monthly=True, opened_at=MONDAY, at=MONDAY)
    later = datetime(2026, 12, 3, 10, 0, tzinfo=WIB)
    run = workflow.open_month(cast.programme, date(2026, 12, 9), at=later)
    assert run is not None
    assert run.month == date(2026, 12, 1)
    assert run.started_at == datetime(2026, 12, 1, tzinfo=WIB)
    first = run.steps.get(number=1)
    assert first.output == "Disposisi 001/KEMPLING/2026, berulang dari November 2026"
    assert first.started_at is None  # nobody opened a form: the minutes stay unknown
    assert first.finished_at == run.started_at
    assert workflow.open_month(cast.programme, date(2026, 12, 9), at=later) is None
    assert Run.objects.count() == 2


def test_the_newest_repeating_disposisi_counts(cast: SimpleNamespace) -> None:
    issue(cast, repeats_monthly=True, at=MONDAY)
    newest = issue(cast, repeats_monthly=True, month=date(2026, 12, 1), at=MONDAY)
    january = datetime(2027, 1, 4, 9, 0, tzinfo=WIB)
    run = workflow.open_month(cast.programme, january.date(), at=january)
    assert run is not None and run.disposisi == newest


def test_no_run_without_a_tick_before_its_month_or_beside_another(cast: SimpleNamespace) -> None:
    december, early = date(2026, 12, 1), datetime(2026, 11, 30, 23, 0, tzinfo=WIB)
    later = early + timedelta(days=2)
    once = issue(cast, at=MONDAY)
    assert workflow.open_month(cast.programme, december, at=later) is None
    Disposisi.objects.filter(pk=once.pk).update(repeats_monthly=True)
    assert workflow.open_month(cast.programme, december, at=early) is None
    assert workflow.open_month(cast.programme, NOVEMBER, at=later) is None
    assert workflow.open_month(cast.gasken.programme, december, at=later) is None
    assert [run.month for run in workflow.open_this_month(at=later)] == [december]


def test_opening_the_page_begins_the_month(cast: SimpleNamespace) -> None:
    this = cast.programme.today().replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    issue(cast, month=before, repeats_monthly=True)
    for _ in range(2):
        assert signed_in(cast.tim).get("/sop/").status_code == 200
    assert Run.objects.of_month(cast.programme, this).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_events")
def test_two_visitors_begin_one_month(cast: SimpleNamespace) -> None:
    issue(cast, repeats_monthly=True, at=MONDAY)
    at = datetime(2026, 12, 3, 10, 0, tzinfo=WIB)
    made = at_once(6, lambda: workflow.open_month(cast.programme, at.date(), at=at))
    assert len([run for run in made if run]) == 1
    assert Run.objects.of_month(cast.programme, at.date()).get().steps.count() == 6


def test_the_camat_stops_the_repetition(cast: SimpleNamespace) -> None:
    made = issue(cast, repeats_monthly=True, at=MONDAY)
    page = signed_in(cast.camat).get(f"/sop/disposisi/{made.code}/").content.decode()
    assert "Hentikan pengulangan" in page
    response = signed_in(cast.camat).post(f"/sop/disposisi/{made.code}/berhenti/")
    assert response.status_code == 302
    december = datetime(2026, 12, 3, 10, 0, tzinfo=WIB)
    assert workflow.open_month(cast.programme, december.date(), at=december) is None
    made.refresh_from_db()
    with pytest.raises(Refused, match="sudah tidak berulang"):
        workflow.stop_repeating(cast.camat, made)


# --- Who may not, and what is refused ----------------------------------------------------------


def test_nobody_but_the_camat_of_the_programme_issues(cast: SimpleNamespace) -> None:
    strangers = [getattr(cast, role) for role in ("petugas", "tim", "kasi", "sekcam", "admin")]
    for stranger in [*strangers, cast.kader, cast.mitra, cast.kabupaten, cast.gasken.camat]:
        with pytest.raises(Refused) as refused:
            workflow.issue(stranger, cast.programme, WORDS)
        assert refused.value.stranger
        with pytest.raises(Refused):
            workflow.stop_repeating(stranger, Disposisi(programme=cast.programme))
    assert not Disposisi.objects.exists()


def test_a_camat_whose_time_is_over_issues_nothing(cast: SimpleNamespace) -> None:
    yesterday = cast.programme.today() - timedelta(days=1)
    former = person("camat", cast.programme, acting="Plh", valid_until=yesterday)
    with pytest.raises(Refused):
        workflow.issue(former, cast.programme, WORDS)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"perihal": ""}, "Tulis perihalnya."),
        ({"instruction": " "}, "Tulis isi disposisinya."),
        ({"forwarded_to": []}, "Pilih paling sedikit satu penerima."),
        ({"forwarded_to": ["kader"]}, "kader"),
        ({"due_on": "2020-01-02"}, "Batas waktu sudah lewat."),
        ({"due_on": "besok"}, "Tulis tanggalnya, misalnya 22/06/2026."),
        ({"month": "2020-01-01"}, ""),
        ({"month": "kapan saja"}, ""),
        ({"sifat": "rahasia sekali"}, ""),
    ],
)
def test_what_the_form_refuses_and_keeps(
    cast: SimpleNamespace, changes: dict[str, Any], sentence: str
) -> None:
    form = answers(cast, basis="Dasar yang diketik") | changes
    response = signed_in(cast.camat).post("/sop/disposisi/baru/", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Dasar yang diketik" in page
    assert not Disposisi.objects.exists()


def test_a_programme_without_a_sheet_is_told_so(cast: SimpleNamespace) -> None:
    SopStep.objects.of(cast.programme).delete()
    response = signed_in(cast.camat).post("/sop/disposisi/baru/", answers(cast))
    assert response.status_code == 409
    assert "Lembar SOP program ini masih kosong" in response.content.decode()
    assert not Disposisi.objects.exists()


def test_a_secret_disposisi_is_read_by_the_camat_and_its_receivers_only(
    cast: SimpleNamespace,
) -> None:
    made = issue(cast, sifat="rahasia", forwarded_to=["sekcam"], instruction="Kata rahasia")
    run = f"/sop/bulan/{made.runs.get().code}/"
    for user, may in ((cast.camat, True), (cast.sekcam, True), (cast.tim, False)):
        client: Client = signed_in(user)
        assert ("Kata rahasia" in client.get(run).content.decode()) is may
        for page in ("", "pdf/"):
            status = client.get(f"/sop/disposisi/{made.code}/{page}").status_code
            assert status == (200 if may else 403)


# --- Around it ---------------------------------------------------------------------------------


def test_the_lembar_disposisi_is_a_pdf_and_printing_it_an_event(cast: SimpleNamespace) -> None:
    made = issue(cast)
    response = signed_in(cast.sekcam).get(f"/sop/disposisi/{made.code}/pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert f"disposisi-001-kempling-{made.year}.pdf" in response["Content-Disposition"]
    assert Event.objects.get(verb="print").object_code == made.code


def test_the_form_says_which_month_has_a_disposisi_and_offers_the_next(
    cast: SimpleNamespace,
) -> None:
    this = cast.programme.today().replace(day=1)
    following = (this + timedelta(days=31)).replace(day=1)
    chosen = '<input type="radio" name="month" value="{}"'
    before = signed_in(cast.camat).get("/sop/disposisi/baru/").content.decode()
    assert "sudah ada disposisi" not in before
    made = issue(cast, month=this)
    after = signed_in(cast.camat).get("/sop/disposisi/baru/").content.decode()
    assert f"(sudah ada disposisi {made.number})" in after
    for page, month in ((before, this), (after, following)):
        box = page.split(chosen.format(month), 1)[1].split(">", 1)[0]
        assert "checked" in box


def test_the_camats_home_asks_for_this_months_disposisi_until_there_is_one(
    cast: SimpleNamespace,
) -> None:
    assert [card["url"] for card in todo(cast.camat)] == ["/sop/disposisi/baru/"]
    assert todo(cast.sekcam) == []
    issue(cast, month=cast.programme.today())
    assert todo(cast.camat) == []
