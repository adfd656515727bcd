"""Long tasks: begun by a click, carried by ``manage.py worker``, shown and stopped on a page.

The row is the queue. It is committed together with what it works on, so nothing is begun that was
not kept, and a worker that dies in the middle loses nothing: the next one finds the row and begins
again (docs/keputusan.md). So a work must bear being begun twice.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Job
from accounts.transitions import Refused
from regions.models import Programme

SILENT = timedelta(seconds=60)  # longer than a worker waits for a busy database
TRIES = 3  # a task that ends its worker each time is not begun for ever
SAID_EVERY = 0.5  # seconds: more often nobody looks
STATES = Job.State
OVER = frozenset({STATES.DONE, STATES.FAILED, STATES.CANCELLED})
BROKE = "Terhenti karena kesalahan di portal. Coba sekali lagi; bila terulang, beri tahu admin."
DIED = "Terhenti tiga kali sebelum selesai, mungkin berkasnya terlalu besar. Beri tahu admin."

log = logging.getLogger(__name__)


class Stopped(Exception):
    """A person asked the task to stop: nothing of it may stay."""


class Task:
    """A job while it is carried: tells how far it is, and hears whether it is to stop."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._said = 0.0

    def step(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far it is, now and then. Raises Stopped when a person asked for it.

        Outside of a transaction only: inside of one nobody would see it.
        """
        job = self.job
        first = total is not None and total != job.total or message and message != job.message
        job.done, job.total, job.message = done, total or job.total, message or job.message
        if not first and time.monotonic() < self._said + SAID_EVERY:
            return
        self._said = time.monotonic()
        mine = Job.objects.filter(pk=job.pk)
        mine.update(done=done, total=job.total, message=job.message, beat_at=timezone.now())
        self.heed()

    def heed(self) -> None:
        """Raise Stopped when a person asked for it."""
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Stopped


Work = Callable[[Task], str]  # does the task and returns the sentence of its end
_works: dict[str, Work] = {}


def work(kind: str) -> Callable[[Work], Work]:
    """Name a function as what a job of this kind does. The worker's command imports its module."""

    def named(function: Work) -> Work:
        _works[kind] = function
        return function

    return named


# --- What a page does ---------------------------------------------------------------------------


def begin(kind: str, user: Any = None, programme: Programme | None = None) -> Job:
    """Put a task in line, in the transaction of what it works on."""
    return Job.objects.create(kind=kind, started_by=user, programme=programme)


def ask_to_stop(job: Job) -> None:
    """Ask a task to stop: at once while it waits, at its next step when it runs."""
    waiting = Job.objects.filter(pk=job.pk, state=STATES.WAITING)
    if not waiting.update(state=STATES.CANCELLED, finished_at=timezone.now()):
        Job.objects.filter(pk=job.pk, state=STATES.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()


def begin_again(job: Job) -> None:
    """Put a task in line again whose worker gives no sign. Raises Refused when it does."""
    if not silent().filter(pk=job.pk).update(state=STATES.WAITING, attempts=0):
        raise Refused("Pekerjaan ini masih berjalan atau sudah selesai. Muat ulang halaman.")
    job.refresh_from_db()


def silent() -> models.QuerySet[Job]:
    """The tasks whose worker has given no sign for a while."""
    return Job.objects.filter(state=STATES.RUNNING, beat_at__lt=timezone.now() - SILENT)


# --- What the worker does -----------------------------------------------------------------------


def take() -> Job | None:
    """The task that waits longest, now this worker's own; None when there is none."""
    waiting = Job.objects.filter(state=STATES.WAITING, kind__in=_works).order_by("id")
    for job in waiting[:10]:
        mine = Job.objects.filter(pk=job.pk, state=STATES.WAITING)
        if mine.update(
            state=STATES.RUNNING, beat_at=timezone.now(), attempts=models.F("attempts") + 1
        ):
            job.refresh_from_db()
            return job
    return None


def carry(job: Job) -> None:
    """Do a task that was taken, and write how it ended. An end of the worker leaves it running."""
    task = Task(job)
    try:
        task.heed()
        end, sentence = STATES.DONE, _works[job.kind](task)
    except Stopped:
        end, sentence = STATES.CANCELLED, "Dihentikan. Tidak ada yang disimpan."
    except Refused as refused:
        end, sentence = STATES.FAILED, refused.sentence
    except Exception:
        log.exception("job %s (%s) broke", job.code, job.kind)
        end, sentence = STATES.FAILED, BROKE
    _end(job, end, sentence)


def put_back(job: Job) -> None:
    """The worker is ended on purpose: the next one begins this task again."""
    running = Job.objects.filter(pk=job.pk, state=STATES.RUNNING)
    running.update(state=STATES.WAITING, attempts=models.F("attempts") - 1)


def recover() -> None:
    """Put in line again what a worker left that died. For the only worker, before it begins."""
    left = Job.objects.filter(state=STATES.RUNNING)
    spent = left.filter(attempts__gte=TRIES)
    spent.update(state=STATES.FAILED, message=DIED, finished_at=timezone.now())
    left.update(state=STATES.WAITING)


def beat(job: Job) -> None:
    """The worker lives, however long one step takes."""
    Job.objects.filter(pk=job.pk, state=STATES.RUNNING).update(beat_at=timezone.now())


def _end(job: Job, state: str, sentence: str) -> None:
    changes: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    changes |= {"message": sentence[:200]} | ({"done": job.total} if state == STATES.DONE else {})
    Job.objects.filter(pk=job.pk, state=STATES.RUNNING).update(**changes)
    job.refresh_from_db()
