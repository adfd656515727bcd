"""The worker: a task is carried once, told to stop, begun again when its worker died."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import jobs, worker
from accounts.models import Event, Job, Seal
from accounts.transitions import Refused
from kempling.management.commands.worker import nightly
from tests.servers import REPOSITORY, Server, run_server
from tests.test_serve import until

KIND = "uji"


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[jobs.Work], None]:
    """Say what a job of the kind "uji" does in this test."""

    def said(function: jobs.Work) -> None:
        monkeypatch.setitem(jobs._works, KIND, function)

    return said


def carried() -> Job:
    job = jobs.take()
    assert job
    jobs.carry(job)
    return job


def test_it_works(db: None, does: Any) -> None:
    def three_steps(task: jobs.Task) -> str:
        for done in range(3):
            task.step(done, 3, "Menghitung")
        return "Selesai: 3 baris."

    does(three_steps)
    first, second = jobs.begin(KIND), jobs.begin(KIND)
    assert carried() == first
    first.refresh_from_db()
    assert (first.state, first.done, first.percent) == ("done", 3, 100)
    assert first.message == "Selesai: 3 baris." and first.attempts == 1
    assert carried() == second
    assert jobs.take() is None


def test_a_refusal_is_told_and_a_break_tells_no_secret(db: None, does: Any) -> None:
    def refuses(task: jobs.Task) -> str:
        raise Refused("Berkasnya sudah dihapus.")

    def breaks(task: jobs.Task) -> str:
        raise ValueError("Anak Contoh 3302201234560001")

    for function, told in ((refuses, "Berkasnya sudah dihapus."), (breaks, jobs.BROKE)):
        does(function)
        jobs.begin(KIND)
        job = carried()
        assert (job.state, job.message) == ("failed", told)


def test_whoever_asks_is_obeyed(db: None, does: Any) -> None:
    waiting = jobs.begin(KIND)
    jobs.ask_to_stop(waiting)
    assert waiting.state == "cancelled"

    def asked_meanwhile(task: jobs.Task) -> str:
        jobs.ask_to_stop(Job.objects.get(pk=task.job.pk))
        task.step(1, 2, "Menyimpan")
        return "tidak sampai di sini"

    does(asked_meanwhile)
    assert jobs.take() is None, "what was stopped is not begun"
    jobs.begin(KIND)
    assert carried().state == "cancelled"


def test_an_open_transaction_tells_how_far_it_is_and_hears_the_wish(db: None, does: Any) -> None:
    def in_one_transaction(task: jobs.Task) -> str:
        with transaction.atomic():
            task.step(3, 10, "Menyimpan")
            other = jobs.seen(Job.objects.get(pk=task.job.pk))
            assert (other.done, other.total, other.message) == (3, 10, "Menyimpan")
            jobs.ask_to_stop(other)
            task.step(4, 10, "Menyimpan lagi")
        return "tidak sampai di sini"

    does(in_one_transaction)
    jobs.begin(KIND)
    assert carried().state == "cancelled"
    assert not [file for file in (Path(settings.DATA_DIR) / "jobs").iterdir() if file.is_file()]


def test_two_workers_take_a_task_once(db: None, does: Any) -> None:
    does(lambda task: "")
    jobs.begin(KIND)
    assert jobs.take() and jobs.take() is None


def test_what_a_dead_worker_left_is_begun_again_three_times(db: None, does: Any) -> None:
    does(lambda task: "")
    job = jobs.begin(KIND)
    for attempt in (1, 2, 3):
        taken = jobs.take()
        assert taken and taken.attempts == attempt
        jobs.recover()
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", jobs.DIED)


def test_a_silent_task_is_seen_and_begun_again(db: None, does: Any) -> None:
    does(lambda task: "")
    job = jobs.begin(KIND)
    jobs.take()
    assert not jobs.silent().exists()
    with pytest.raises(Refused):
        jobs.begin_again(job)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    assert jobs.silent().get() == job
    jobs._written(jobs._telling(job), "{}")  # it writes, and tells so in its file alone
    assert not jobs.is_silent(job)
    os.utime(jobs._telling(job), (0, 0))
    assert jobs.is_silent(job)
    jobs.begin_again(job)
    assert job.state == "waiting"
    jobs._telling(job).unlink()


def test_the_night_comes_once_and_is_made_up_for(cast: SimpleNamespace) -> None:
    first = jobs.begin("contoh")  # a portal that began yesterday at noon
    noon = timezone.localtime(first.created_at).replace(hour=12)
    Event.objects.bulk_create([Event(verb="submit", at=noon - timedelta(days=1))])
    assert worker.night_is_due(noon)
    night = jobs.begin(worker.NIGHTLY)
    Job.objects.filter(pk=night.pk).update(created_at=noon)
    assert not worker.night_is_due(noon + timedelta(hours=13))
    assert worker.night_is_due(noon + timedelta(days=3))


@pytest.mark.parametrize(
    ("now", "night"),
    [("2026-11-29T01:59", "2026-11-28T02:00"), ("2026-11-29T02:00", "2026-11-29T02:00")],
)
def test_a_night_begins_at_two(now: str, night: str) -> None:
    zone = timezone.get_current_timezone()
    moment = datetime.fromisoformat(now).replace(tzinfo=zone)
    assert worker.last_night(moment) == datetime.fromisoformat(night).replace(tzinfo=zone)


def test_nightly_work_seals_and_forgets(cast: SimpleNamespace, monkeypatch: Any) -> None:
    old = jobs.begin("contoh")
    long_ago = timezone.now() - timedelta(days=31)
    Job.objects.filter(pk=old.pk).update(state="done", finished_at=long_ago)
    Event.objects.bulk_create([Event(verb="submit", at=long_ago)])
    assert nightly(jobs.Task(jobs.begin(worker.NIGHTLY))) == "Selesai."
    assert Seal.objects.exists() and not Job.objects.filter(pk=old.pk).exists()
    commands = ("no_such_command", "clearsessions")
    monkeypatch.setattr("kempling.management.commands.worker.EVERY_NIGHT", commands)
    with pytest.raises(Refused, match="no_such_command"):
        nightly(jobs.Task(jobs.begin(worker.NIGHTLY)))


# --- The process --------------------------------------------------------------------------------


SLOW_WORKER = """
import sys, time, django
django.setup()
from django.conf import settings
from accounts import jobs, worker
@jobs.work("lambat")
def slow(task):
    for done in range(600):
        task.step(done, 600, "Menunggu")
        time.sleep(0.1)
    return "Selesai."
beside = int(sys.argv[1]) if sys.argv[1:] else 0
worker.Worker(settings.DATA_DIR, beside=beside).run()
"""


@pytest.fixture(scope="module")
def portal() -> Iterator[Server]:
    with run_server({"KEMPLING_DEMO": "0"}) as server:
        server.stop()  # the database is enough
        yield server


def jobs_of(portal: Server, code: str) -> str:
    said = "from accounts.models import Job; from accounts import jobs; " + code
    return portal.manage("shell", "-v0", "-c", said).stdout.strip()


def a_slow_worker(portal: Server, *arguments: str) -> "subprocess.Popen[bytes]":
    env = portal.env | {"DJANGO_SETTINGS_MODULE": "kempling.settings", "PYTHONPATH": "."}
    command = [sys.executable, "-c", SLOW_WORKER, *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, env=env)


def running(portal: Server) -> bool:
    return jobs_of(portal, "print(Job.objects.get(kind='lambat').message)") == "Menunggu"


@pytest.mark.live
def test_sigterm_ends_it_and_puts_the_task_back_and_kill_9_loses_none(portal: Server) -> None:
    state = "j = Job.objects.get(kind='lambat'); print(j.state, j.attempts)"
    jobs_of(portal, "jobs.begin('lambat')")
    first = a_slow_worker(portal)
    until(lambda: running(portal))
    first.terminate()
    assert first.wait(timeout=10) == 0
    assert jobs_of(portal, state) == "waiting 0"
    second = a_slow_worker(portal)
    until(lambda: jobs_of(portal, state) == "running 1")
    second.kill()
    second.wait(timeout=10)
    assert jobs_of(portal, state) == "running 1"
    third, standing_by = a_slow_worker(portal), a_slow_worker(portal)
    try:
        until(lambda: jobs_of(portal, state) == "running 2")
        jobs_of(portal, "jobs.ask_to_stop(Job.objects.get(kind='lambat'))")
        until(lambda: jobs_of(portal, state) == "cancelled 2")
    finally:
        for one in (third, standing_by):
            one.terminate()
            assert one.wait(timeout=10) == 0


@pytest.mark.live
def test_it_ends_with_the_server_it_stands_beside(portal: Server) -> None:
    server = subprocess.Popen(["sleep", "60"])
    beside = a_slow_worker(portal, str(server.pid))
    time.sleep(0.5)
    assert beside.poll() is None
    server.kill()  # and nobody has buried it yet
    assert beside.wait(timeout=15) == 0
    server.wait(timeout=10)
