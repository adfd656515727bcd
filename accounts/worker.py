"""The process that carries the jobs: one for a DATA_DIR, beside the server that begins them.

It holds a lock file, which the kernel lets go of however it ends; so whatever a job row calls
running when a worker starts was left by a dead one. SIGTERM ends it within seconds: the task at
hand is rolled back and stands in line again.
"""

import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from types import FrameType
from typing import IO

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from accounts import jobs
from accounts.models import Event, Job

LOOKS_EVERY, BEATS_EVERY = 1.0, 5.0  # seconds
NIGHT = time(2, 0)  # when nobody works; a night slept through is made up for
KEEPS = timedelta(days=30)  # finished tasks, so that a page can still say how they ended
NIGHTLY = "nightly"

log = logging.getLogger(__name__)


class Ended(BaseException):
    """The process is to end: thrown into the task at hand, which nothing may swallow."""


class Worker:
    """``Worker(folder).run()`` returns when it was told to end.

    ``hourly``: what is done at the start and then once an hour. ``beside``: the process without
    which this one has no purpose.
    """

    def __init__(
        self, folder: Path, hourly: Callable[[], object] | None = None, beside: int = 0
    ) -> None:
        self.folder, self.hourly, self.beside = folder, hourly, beside
        self.ending = threading.Event()
        self.job: Job | None = None
        self._hour: datetime | None = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_end)
        threading.Thread(target=self._watch, daemon=True).start()
        with self._only_one():
            self._until_ended(jobs.recover)
            while not self.ending.is_set():
                self._until_ended(self._look)

    def _until_ended(self, part: Callable[[], None]) -> None:
        try:
            part()
        except DatabaseError:
            log.exception("the database does not answer; trying again")
            self.ending.wait(BEATS_EVERY)

    def _look(self) -> None:
        close_old_connections()
        self._keep_time()
        job = jobs.take()
        if job is None:
            self.ending.wait(LOOKS_EVERY)
            return
        self.job = job
        try:
            if self.ending.is_set():  # told a moment ago, before there was a task to break off
                raise Ended
            jobs.carry(job)
        except Ended:
            with suppress(DatabaseError):  # then the next worker finds it running, and knows
                jobs.put_back(job)
        finally:
            self.job = None

    def _told_to_end(self, number: int, frame: FrameType | None) -> None:
        first = not self.ending.is_set()
        self.ending.set()
        if first and self.job:
            raise Ended

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Wait until no other worker serves this folder."""
        with (self.folder / ".worker.lock").open("w") as lock:
            while not (_locked(lock) or self.ending.wait(LOOKS_EVERY)):
                pass
            yield

    def _watch(self) -> None:
        """Beside the task: give a sign while it runs, and look whether the server still lives."""
        silence = 0.0
        while not self.ending.wait(0.5):
            if self.beside and not _lives(self.beside):
                os.kill(os.getpid(), signal.SIGTERM)
            silence = silence + 0.5 if self.job else 0.0
            if self.job and silence >= BEATS_EVERY:
                silence = 0.0
                with suppress(DatabaseError):  # locked out by the task's own writing
                    jobs.beat(self.job)
                connection.close()

    # --- What is done without being asked --------------------------------------------------------

    def _keep_time(self) -> None:
        now = timezone.now()
        if self._hour and now < self._hour + timedelta(hours=1):
            return
        self._hour = now
        if self.hourly:
            self.hourly()
        if night_is_due(now):
            jobs.begin(NIGHTLY)


def night_is_due(now: datetime) -> bool:
    """Whether a night has passed since the last nightly work, or since the portal's first event."""
    last = Job.objects.filter(kind=NIGHTLY).order_by("id").last()
    first = Event.objects.first()
    since = last.created_at if last else first.at if first else now
    return since < last_night(now)


def last_night(now: datetime) -> datetime:
    """The latest 02:00 of the server's zone that has passed."""
    local = timezone.localtime(now)
    night = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def forget_old_jobs() -> int:
    """Delete the rows of tasks long over; returns how many."""
    over = Job.objects.filter(state__in=jobs.OVER, finished_at__lt=timezone.now() - KEEPS)
    return over.delete()[0]


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
