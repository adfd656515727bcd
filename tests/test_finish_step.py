"""A step of the SOP is begun, noted, read and finished by the people it belongs to."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Event, User
from accounts.transitions import Refused
from sop import workflow
from sop.models import DayNote, Reading, Run, StepRecord
from sop.progress import compliance, progress_of
from sop.steps import State, open_steps, state_of, verbs
from sop.summary import month_compliance, month_summary
from sop.todo import todo
from tests.cast import person, signed_in

WIB = ZoneInfo("Asia/Jakarta")
OCTOBER = date(2026, 10, 1)
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=WIB)  # October is over: its daily steps may close
WORDS = {"perihal": "Contoh", "instruction": "Contoh", "forwarded_to": ["sekcam", "kasi", "tim"]}


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


def a_run(place: Any, until: int = 2, at: datetime = MONDAY, month: date = OCTOBER) -> Run:
    """A run whose steps before ``until`` are finished, each by its own person."""
    made = workflow.issue(
        place.camat, place.programme, WORDS | {"month": month}, opened_at=at, at=at
    )
    run = made.runs.get()
    for step in run.steps.filter(number__lt=until, finished_at=None):
        walk(place, step, at)
    return run


def walk(place: Any, step: StepRecord, at: datetime = MONDAY) -> StepRecord:
    """Do the step as its person does it."""
    user = getattr(place, step.responsible)
    if step.is_daily:
        workflow.note_day(user, step, step.run.month, "Kegiatan contoh", at=at)
    else:
        workflow.start(user, step, at=at)
    return workflow.finish(user, step, f"Hasil {step.output_name}", at=at)


def step_of(run: Run, number: int) -> StepRecord:
    return StepRecord.objects.select_related("run__programme").get(run=run, number=number)


# --- It works ----------------------------------------------------------------------------------


def test_the_whole_sop_is_walked_by_its_people(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    page = f"/sop/bulan/{run.code}/"
    for number, role in ((2, "sekcam"), (3, "kasi")):
        client = signed_in(getattr(cast, role))
        assert "Mulai" in client.get(page).content.decode()
        assert client.post(f"{page}{number}/mulai/").status_code == 302
        answer = {"output": f"Hasil langkah {number}"}
        response = client.post(f"{page}{number}/selesai/", answer)
        assert response["Location"] == f"{page}#langkah-{number}"
    for number, role in ((4, "tim"), (5, "kasi")):  # side by side, closed after the month
        client = signed_in(getattr(cast, role))
        note = {"day": "2026-10-05", "note": "Kelas pengasuhan di balai desa"}
        assert client.post(f"{page}{number}/catat/", note).status_code == 302
        assert "Tutup bulan" in client.get(page).content.decode()
        client.post(f"{page}{number}/selesai/", {"output": "Terlaksana"})
    tim = signed_in(cast.tim)
    tim.post(f"{page}6/mulai/")
    tim.post(f"{page}6/selesai/", {"output": "Laporan Oktober"})
    assert open_steps(list(run.steps.all())) == []
    assert [step.finished_by for step in run.steps.all()] == [
        *(cast.camat, cast.sekcam, cast.kasi, cast.tim, cast.kasi, cast.tim),
    ]
    assert "6 dari 6 langkah selesai" in tim.get(page).content.decode()
    done = Event.objects.filter(verb="finish_step")
    assert [event.object_code for event in done] == [f"{run.code}/{n}" for n in range(2, 7)]
    assert {event.grant.role for event in done if event.grant} == {"sekcam", "kasi", "tim"}


def test_gaskens_steps_are_walked_too(cast: SimpleNamespace) -> None:
    run = a_run(cast.gasken, until=7)
    assert open_steps(list(run.steps.all())) == []
    assert run.steps.get(number=5).finished_by == cast.gasken.kasi


def test_minutes_against_the_standard_with_waiting_apart(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    step = workflow.start(cast.sekcam, step_of(run, 2), at=MONDAY + minutes(45))
    workflow.finish(cast.sekcam, step, "Dipelajari", at=MONDAY + minutes(57))
    one = progress_of(Run.objects.with_details().get(), MONDAY + minutes(60))[1]
    assert (one.minutes, one.waited) == (12, 45)
    assert (one.standard, one.actual, one.waiting) == ("10 menit", "12 menit", "45 menit")
    assert one.is_late
    page = signed_in(cast.tim).get(f"/sop/bulan/{run.code}/").content.decode()
    assert "12 menit" in page and "45 menit" in page and "Lewat waktu" in page


def test_a_running_step_is_late_before_it_is_finished(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    workflow.start(cast.sekcam, step_of(run, 2), at=MONDAY)
    found = Run.objects.with_steps().get()
    assert not progress_of(found, MONDAY + minutes(10))[1].is_late
    assert progress_of(found, MONDAY + minutes(11))[1].is_late


def test_daily_steps_run_side_by_side_and_wait_from_the_step_before_both(
    cast: SimpleNamespace,
) -> None:
    run = a_run(cast, until=4)
    assert [step.number for step in open_steps(list(run.steps.all()))] == [4, 5]
    walk(cast, step_of(run, 5), MONDAY + minutes(30))  # five may close before four
    assert [step.number for step in StepRecord.objects.open()] == [4]
    walk(cast, step_of(run, 4), MONDAY + minutes(60))
    assert [step.number for step in StepRecord.objects.open()] == [6]
    waited = [one.waited for one in progress_of(Run.objects.with_steps().get(), MONDAY)]
    assert waited[3:5] == [60, 30]


def test_days_are_counted_once_however_many_people_note_them(cast: SimpleNamespace) -> None:
    run = a_run(cast, until=4)
    step, rekan = step_of(run, 4), person("tim", cast.programme)
    for user, day in ((cast.tim, 5), (rekan, 5), (cast.tim, 6)):
        workflow.note_day(user, step, OCTOBER.replace(day=day), "PMT dibagikan", at=MONDAY)
    one = progress_of(Run.objects.with_details().get(), MONDAY)[3]
    assert (one.days_noted, one.working_days, one.actual) == (2, 22, "2 hari tercatat")
    assert one.verdict is None


def test_the_queryset_word_open_is_the_same_rule(cast: SimpleNamespace) -> None:
    for place in (cast, cast.gasken):
        for until in range(1, 8):
            run = a_run(place, until)
            steps = list(run.steps.all())
            assert list(run.steps.open()) == open_steps(steps)


def test_the_other_actors_confirm_reading(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    page = f"/sop/bulan/{run.code}/"
    assert "Sudah saya baca" in signed_in(cast.tim).get(page).content.decode()
    for _ in range(2):
        signed_in(cast.tim).post(f"{page}2/baca/")
    reading = Reading.objects.get()
    assert (reading.by, reading.role, reading.step.number) == (cast.tim, "tim", 2)
    assert Event.objects.filter(verb="read_step").count() == 1
    assert "Sudah membaca: Tim Pelaksana Contoh" in signed_in(cast.camat).get(page).content.decode()


def test_a_plh_acts_as_the_office(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    plh = person("sekcam", cast.programme, acting="Plh")
    workflow.start(plh, step_of(run, 2))
    done = workflow.finish(plh, step_of(run, 2), "Dipelajari")
    assert done.finished_as == "Plh. Sekretaris Camat"


def test_the_list_and_the_home_page_say_what_is_next(cast: SimpleNamespace) -> None:
    today = cast.programme.today().replace(day=1)
    run = a_run(cast, month=today)
    assert [card["title"] for card in todo(cast.sekcam)] == [
        "Kerjakan: Mempelajari tugas sebagai Tim Pelaksana Inovasi KEMPLING"
    ]
    assert todo(cast.sekcam)[0]["url"] == f"/sop/bulan/{run.code}/#langkah-2"
    assert [(card["count"], card["title"]) for card in todo(cast.kasi)] == [
        (1, "Baca dan nyatakan sudah membaca")
    ]
    workflow.read(cast.kasi, step_of(run, 2))
    assert todo(cast.kasi) == todo(cast.petugas) == todo(cast.kader) == todo(cast.gasken.tim) == []
    page = signed_in(cast.tim).get("/sop/").content.decode()
    assert "1 dari 6" in page and "Sekretaris Camat" in page


def test_a_daily_step_noted_today_asks_nothing_more_until_the_month_ends(
    cast: SimpleNamespace,
) -> None:
    run = a_run(cast, until=4, month=date(2026, 11, 1))
    tenth, last = datetime(2026, 11, 10, 9, tzinfo=WIB), datetime(2026, 11, 30, 9, tzinfo=WIB)
    assert todo(cast.tim, at=tenth)[0]["title"].startswith("Catat hari ini")
    workflow.note_day(cast.tim, step_of(run, 4), tenth.date(), "PMT dibagikan", at=tenth)
    assert not [card for card in todo(cast.tim, at=tenth) if "Catat" in card["title"]]
    assert todo(cast.tim, at=last)[0]["title"].startswith("Tutup bulan")


# --- For the report ----------------------------------------------------------------------------


def test_the_months_summary_is_plain_data(cast: SimpleNamespace) -> None:
    a_run(cast, until=6)
    rows = month_summary(cast.programme, OCTOBER, now=MONDAY)
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0]["output"] == "Disposisi 001/KEMPLING/2026"
    assert (rows[1]["minutes"], rows[1]["verdict"]) == (0, "dalam waktu baku")
    assert (rows[3]["days_noted"], rows[3]["working_days"], rows[3]["verdict"]) == (1, 22, "")
    assert (rows[5]["minutes"], rows[5]["state"]) == (None, "Siap dimulai")
    assert month_compliance(cast.programme, OCTOBER) == (3, 3)
    assert month_summary(cast.programme, date(2020, 1, 1)) == []
    assert month_summary(cast.gasken.programme, OCTOBER) == []


def test_a_step_whose_beginning_is_unknown_is_in_no_count(cast: SimpleNamespace) -> None:
    made = workflow.issue(cast.camat, cast.programme, WORDS | {"month": OCTOBER}, at=MONDAY)
    progress = progress_of(Run.objects.with_steps().get(disposisi=made), MONDAY)
    assert progress[0].minutes is None
    assert progress[0].state is State.DONE
    assert compliance(progress) == (0, 0)


def test_the_report_finishes_the_last_step(cast: SimpleNamespace) -> None:
    run = a_run(cast, until=6)
    done = workflow.finish_report_step(
        cast.tim,
        cast.programme,
        date(2026, 10, 20),
        "Laporan 440/001",
        began=MONDAY + minutes(5),
        at=MONDAY + minutes(17),
    )
    assert done == step_of(run, 6)
    one = progress_of(Run.objects.with_details().get(), MONDAY)[5]
    assert (one.minutes, one.step.output) == (12, "Laporan 440/001")
    assert Event.objects.filter(verb="finish_step", object_code=f"{run.code}/6").count() == 1


def test_a_report_begun_early_counts_from_its_turn(cast: SimpleNamespace) -> None:
    a_run(cast, until=6)
    early, now = MONDAY - timedelta(days=3), MONDAY + minutes(9)
    done = workflow.finish_report_step(
        cast.tim, cast.programme, OCTOBER, "Laporan", began=early, at=now
    )
    assert done is not None and done.started_at == MONDAY


def test_a_step_the_tim_began_keeps_its_beginning(cast: SimpleNamespace) -> None:
    run = a_run(cast, until=6)
    workflow.start(cast.tim, step_of(run, 6), at=MONDAY + minutes(3))
    done = workflow.finish_report_step(
        cast.tim, cast.programme, OCTOBER, "Laporan", began=MONDAY, at=MONDAY + minutes(9)
    )
    assert done is not None and done.started_at == MONDAY + minutes(3)


def test_a_report_without_its_turn_finishes_nothing(cast: SimpleNamespace) -> None:
    def report(user: User, place: Any) -> StepRecord | None:
        return workflow.finish_report_step(user, place.programme, OCTOBER, "Laporan")

    assert report(cast.tim, cast) is None  # no disposisi
    run = a_run(cast, until=5)
    assert report(cast.tim, cast) is None  # rows 5 and 6 are left
    walk(cast, step_of(run, 5))
    for stranger in (cast.kasi, cast.camat, cast.gasken.tim, cast.kader):
        assert report(stranger, cast) is None
    assert report(cast.tim, cast) is not None
    assert report(cast.tim, cast) is None  # a second report finds it finished
    a_run(cast.gasken, until=6)
    assert report(cast.gasken.tim, cast.gasken) is None  # its last row closes with the month


# --- Who may not, and what is refused ----------------------------------------------------------

EVERYBODY = ("camat", "sekcam", "kasi", "tim", "petugas", "kader", "admin", "stranger")
WHOSE = {"start": {"kasi"}, "finish": {"kasi"}, "note": {"kasi", "tim"}, "read": {"tim"}}
# (verb, state, daily) -> the people it is drawn for; the row is Kasi's, Tim reads along.
DRAWN = {
    ("start", State.READY, False): {"kasi"},
    ("finish", State.RUNNING, False): {"kasi"},
    ("finish", State.RUNNING, True): {"kasi"},
    ("note", State.READY, True): {"kasi", "tim"},
    ("note", State.RUNNING, True): {"kasi", "tim"},
    **{
        ("read", state, daily): {"tim"}
        for state in (State.READY, State.RUNNING, State.DONE)
        for daily in (False, True)
    },
}


def _a_step_in(place: Any, state: State, daily: bool) -> StepRecord:
    """Row 3 in the state asked for, made daily or not; Kasi's own, with Tim beside."""
    run = a_run(place, until=2 if state is State.LOCKED else 3)
    StepRecord.objects.filter(run=run, number=3).update(is_daily=daily)
    step = step_of(run, 3)
    if state is State.RUNNING and daily:
        workflow.note_day(place.kasi, step, OCTOBER, "Contoh", at=MONDAY)
    elif state is State.RUNNING:
        workflow.start(place.kasi, step, at=MONDAY)
    elif state is State.DONE:
        walk(place, step)
    return step_of(run, 3)


def _act(user: User, step: StepRecord, verb: str) -> None:
    if verb == "finish":
        workflow.finish(user, step, "Hasil", at=MONDAY)
    elif verb == "note":
        workflow.note_day(user, step, OCTOBER.replace(day=9), "Contoh", at=MONDAY)
    else:
        {"start": workflow.start, "read": workflow.read}[verb](user, step, at=MONDAY)


def _as_stored() -> list[Any]:
    tables = (StepRecord, DayNote, Reading, Event)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("daily", [False, True], ids=["once", "daily"])
@pytest.mark.parametrize("state", State)
def test_every_pair_that_is_not_drawn_is_refused(
    cast: SimpleNamespace, state: State, daily: bool
) -> None:
    step = _a_step_in(cast, state, daily)
    steps = list(StepRecord.objects.filter(run=step.run).select_related("run__programme"))
    assert state_of(step, steps) is state
    for name in EVERYBODY:
        user = cast.gasken.kasi if name == "stranger" else getattr(cast, name)
        offered = set(verbs(user, step, steps, MONDAY.date()))
        for verb in ("start", "note", "finish", "read"):
            drawn = name in DRAWN.get((verb, state, daily), ())
            assert (verb in offered) is drawn, f"{name} is offered {verb}"
            before = _as_stored()
            with transaction.atomic():
                if drawn:
                    _act(user, step, verb)
                    assert _as_stored() != before
                else:
                    with pytest.raises(Refused) as refused:
                        _act(user, step, verb)
                    assert _as_stored() == before
                    assert refused.value.stranger is (name not in WHOSE[verb])
                transaction.set_rollback(True)


def test_a_camats_step_by_kasi_is_forbidden(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    StepRecord.objects.filter(run=run, number=2).update(actors=["camat", "kasi"])
    before = _as_stored()
    for verb, output in (("mulai", ""), ("selesai", "Diambil alih"), ("selesai", "")):
        answer = {"output": output}
        response = signed_in(cast.kasi).post(f"/sop/bulan/{run.code}/2/{verb}/", answer)
        assert response.status_code == 403
    assert _as_stored() == before


def test_disposisi_to_report_in_one_leap_is_refused(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    response = signed_in(cast.tim).post(f"/sop/bulan/{run.code}/6/selesai/", {"output": "Laporan"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Langkah ini menunggu langkah 2 selesai." in page
    assert "Laporan" in page
    assert step_of(run, 6).finished_at is None


def test_a_closed_step_is_not_opened_again_and_says_who_closed_it(cast: SimpleNamespace) -> None:
    run = a_run(cast, until=3)
    rekan = person("sekcam", cast.programme)
    response = signed_in(rekan).post(
        f"/sop/bulan/{run.code}/2/selesai/", {"output": "Hasil saya sendiri"}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "sudah diselesaikan Sekretaris Camat Contoh pada 2 November 2026 pukul 09.00" in page
    assert "Yang Anda tulis: “Hasil saya sendiri”" in page
    assert step_of(run, 2).output == "Hasil Pedoman Teknis"
    assert step_of(run, 2).finished_by == cast.sekcam


def test_of_two_who_finish_at_once_the_second_is_told(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw the step open; the change itself is conditional, so one is refused."""
    run = a_run(cast)
    step = workflow.start(cast.sekcam, step_of(run, 2), at=MONDAY)
    seen = list(StepRecord.objects.filter(run=run).select_related("run__programme"))
    workflow.finish(cast.sekcam, step, "Yang pertama", at=MONDAY)
    events = Event.objects.count()
    monkeypatch.setattr(workflow, "_guarded", lambda *_: (seen[1], seen))
    for act in (
        lambda: workflow.finish(cast.sekcam, step, "Yang kedua", at=MONDAY),
        lambda: workflow.start(cast.sekcam, step, at=MONDAY),
    ):
        with pytest.raises(Refused, match="baru saja diubah rekan Anda"):
            act()
    assert step_of(run, 2).output == "Yang pertama"
    assert Event.objects.count() == events


def test_a_daily_step_closes_on_the_months_last_day_and_not_before(
    cast: SimpleNamespace,
) -> None:
    run = a_run(cast, until=4, at=datetime(2026, 10, 1, 9, tzinfo=WIB))
    step = step_of(run, 4)
    early, last = datetime(2026, 10, 30, 15, tzinfo=WIB), datetime(2026, 10, 31, 0, 5, tzinfo=WIB)
    workflow.note_day(cast.tim, step, date(2026, 10, 2), "PMT dibagikan", at=early)
    with pytest.raises(Refused, match="ditutup mulai 31 Oktober 2026"):
        workflow.finish(cast.tim, step, "Terlaksana", at=early)
    assert "finish" not in verbs(cast.tim, step_of(run, 4), list(run.steps.all()), early.date())
    assert workflow.finish(cast.tim, step, "Terlaksana", at=last).finished_at == last


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 9, 30), "Pilih tanggal di bulan Oktober 2026"),
        (date(2026, 11, 1), "Pilih tanggal di bulan Oktober 2026"),
        (date(2026, 10, 8), "paling lambat hari ini"),
        (date(2026, 10, 6), "Anda sudah mencatat hari itu."),
    ],
)
def test_a_day_outside_the_month_or_to_come_or_noted_before_is_refused(
    cast: SimpleNamespace, day: date, sentence: str
) -> None:
    wednesday = datetime(2026, 10, 7, 9, tzinfo=WIB)
    step = step_of(a_run(cast, until=4, at=wednesday), 4)
    workflow.note_day(cast.tim, step, date(2026, 10, 6), "PMT dibagikan", at=wednesday)
    with pytest.raises(Refused, match=sentence):
        workflow.note_day(cast.tim, step, day, "Contoh", at=wednesday)
    assert DayNote.objects.count() == 1


def test_empty_words_are_refused_and_nothing_is_written(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    workflow.start(cast.sekcam, step_of(run, 2))
    response = signed_in(cast.sekcam).post(f"/sop/bulan/{run.code}/2/selesai/", {"output": " "})
    assert response.status_code == 422
    assert "Tulis dahulu hasilnya" in response.content.decode()
    assert '<a href="#langkah-2">' in response.content.decode()
    with pytest.raises(Refused):
        workflow.finish(cast.sekcam, step_of(run, 2), "  ")
    assert step_of(run, 2).finished_at is None


def test_a_note_keeps_what_was_typed(cast: SimpleNamespace) -> None:
    run = a_run(cast, until=4)
    client, page = signed_in(cast.tim), f"/sop/bulan/{run.code}/4/catat/"
    for day, status in (("kapan-kapan", 422), ("2026-11-01", 409), ("", 422)):
        response = client.post(page, {"day": day, "note": "Kelas pengasuhan"})
        assert response.status_code == status
        assert "Kelas pengasuhan" in response.content.decode()
    assert client.post(page, {"day": "05/10/2026", "note": "x" * 301}).status_code == 422
    assert client.post(page, {"day": "05/10/2026", "note": "Kelas"}).status_code == 302
    assert DayNote.objects.get().day == date(2026, 10, 5)


def test_steps_and_runs_of_another_programme_do_not_exist(cast: SimpleNamespace) -> None:
    run = a_run(cast)
    client = signed_in(cast.gasken.sekcam)
    assert client.get(f"/sop/bulan/{run.code}/").status_code == 404
    assert client.post(f"/sop/bulan/{run.code}/2/mulai/").status_code == 404
    assert signed_in(cast.sekcam).post(f"/sop/bulan/{run.code}/9/mulai/").status_code == 404
    assert run.code not in client.get("/sop/").content.decode()


def _questions(client: Client, page: str) -> int:
    """How many queries the page asks."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_the_list_asks_no_more_of_ten_months_than_of_one(cast: SimpleNamespace) -> None:
    client = signed_in(cast.tim)
    a_run(cast, until=3, month=date(2026, 1, 1))
    one = _questions(client, "/sop/")
    for month in range(2, 11):
        a_run(cast, until=3, month=date(2026, month, 1))
    assert _questions(client, "/sop/?tahun=2026") == one <= 12
    assert _questions(client, "/sop/?tahun=entah") == one


def test_a_runs_page_asks_no_more_of_a_full_month_than_of_one_day(cast: SimpleNamespace) -> None:
    run, client = a_run(cast, until=4), signed_in(cast.tim)
    page = f"/sop/bulan/{run.code}/"
    workflow.note_day(cast.tim, step_of(run, 4), OCTOBER, "PMT dibagikan", at=MONDAY)
    one = _questions(client, page)
    for day in range(2, 29):
        workflow.note_day(
            cast.tim, step_of(run, 4), OCTOBER.replace(day=day), "PMT dibagikan", at=MONDAY
        )
    assert "28 catatan harian" in client.get(page).content.decode()
    assert _questions(client, page) == one <= 14
