"""Long tasks: begun by a click, carried by ``manage.py worker``, shown and stopped on a page.

The row is the queue. It is committed together with what it works on, so nothing is begun that was
not kept, and a worker that dies in the middle loses nothing: the next one finds the row and begins
again (docs/keputusan.md). So a work must bear being begun twice.

While a task writes everything in one transaction, nobody else sees its row change, and on SQLite
nobody else can write one. So how far it is, and the wish that it stop, lie in small files as well.
"""

import gc
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from accounts.models import Job
from accounts.transitions import Refused
from regions.models import Programme

SILENT = timedelta(seconds=60)  # longer than a worker waits for a busy database
TRIES = 3  # a task that ends its worker each time is not begun for ever
SAID_EVERY = 0.5  # seconds: more often nobody looks
STATES = Job.State
OVER = frozenset({STATES.DONE, STATES.FAILED, STATES.CANCELLED})
STOPPED = "Dihentikan. Tidak ada yang disimpan."
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
        """Say how far it is, now and then. Raises Stopped when a person asked for it."""
        job = self.job
        fresh = total not in (None, job.total) or message not in ("", job.message)
        job.done, job.total, job.message = done, total or job.total, message or job.message
        if fresh or time.monotonic() > self._said + SAID_EVERY:
            self._said = time.monotonic()
            self.heed()
            self._say()

    def heed(self) -> None:
        """Raise Stopped when a person asked for it."""
        asked = Job.objects.filter(pk=self.job.pk, cancel_asked=True)
        if _wish(self.job).exists() or asked.exists():
            raise Stopped

    def _say(self) -> None:
        job = self.job
        if connection.in_atomic_block:
            told = {"done": job.done, "total": job.total, "message": job.message}
            _written(_telling(job), json.dumps(told))
            return
        _telling(job).unlink(missing_ok=True)
        changes = {name: getattr(job, name) for name in ("done", "total", "message")}
        Job.objects.filter(pk=job.pk).update(beat_at=timezone.now(), **changes)


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


def seen(job: Job) -> Job:
    """The job with how far its open transaction is, which only its file tells."""
    if job.state == STATES.RUNNING:
        with suppress(OSError, ValueError):
            for name, value in json.loads(_telling(job).read_text()).items():
                setattr(job, name, value)
    return job


def ask_to_stop(job: Job) -> None:
    """Ask a task to stop: at once while it waits, at its next step when it runs."""
    _written(_wish(job), "")  # first: it ends the transaction that the next line may wait for
    waiting = Job.objects.filter(pk=job.pk, state=STATES.WAITING)
    over = {"state": STATES.CANCELLED, "finished_at": timezone.now(), "message": STOPPED}
    if not waiting.update(**over):
        Job.objects.filter(pk=job.pk, state=STATES.RUNNING).update(cancel_asked=True)
    job.refresh_from_db()
    if job.is_over:
        _wish(job).unlink(missing_ok=True)


def begin_again(job: Job) -> None:
    """Put a task in line again whose worker gives no sign. Raises Refused when it does."""
    if not is_silent(job) or not silent().filter(pk=job.pk).update(
        state=STATES.WAITING, attempts=0
    ):
        raise Refused("Pekerjaan ini masih berjalan atau sudah selesai. Muat ulang halaman.")
    job.refresh_from_db()


def is_silent(job: Job) -> bool:
    """Whether its worker has given no sign for a while, in its row or, writing, in its file."""
    with suppress(OSError):
        if time.time() - _telling(job).stat().st_mtime < SILENT.total_seconds():
            return False
    return silent().filter(pk=job.pk).exists()


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
    _telling(job).unlink(missing_ok=True)
    gc.freeze()  # what is loaded already need not be looked through again and again
    try:
        task.heed()
        end, sentence = STATES.DONE, _works[job.kind](task)
    except Stopped:
        end, sentence = STATES.CANCELLED, STOPPED
    except Refused as refused:
        end, sentence = STATES.FAILED, refused.sentence
    except Exception:
        log.exception("job %s (%s) broke", job.code, job.kind)
        end, sentence = STATES.FAILED, BROKE
    finally:
        gc.unfreeze()
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
    for file in (_telling(job), _wish(job)):
        file.unlink(missing_ok=True)
    changes: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    changes |= {"message": sentence[:200], "total": job.total}
    changes["done"] = job.total if state == STATES.DONE else job.done
    Job.objects.filter(pk=job.pk, state=STATES.RUNNING).update(**changes)
    job.refresh_from_db()


# --- The small files ----------------------------------------------------------------------------


def _telling(job: Job) -> Path:
    return Path(settings.DATA_DIR) / "jobs" / f"{job.code}.json"


def _wish(job: Job) -> Path:
    return Path(settings.DATA_DIR) / "jobs" / f"{job.code}.stop"


def _written(file: Path, text: str) -> None:
    """Written beside and moved there: nobody reads half of it."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(text)
    beside.replace(file)
