"""``manage.py worker [--beside PID]``: carry what takes longer than a page may take.

script/server starts one beside the server; deploy/kempling-worker.service keeps one on its own.
A second one waits until the first has ended.
"""

import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from accounts import jobs
from accounts.transitions import Refused
from accounts.worker import NIGHTLY, Worker, forget_old_jobs
from registry import practice
from registry.imports import workflow as _imports  # noqa: F401  names its tasks

EVERY_NIGHT = (
    "forget_documents", "forget_held", "forget_imports", "clearsessions", "seal_events",
)  # fmt: skip

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Carry long tasks, and the work of every hour and night, until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beside", type=int, default=0, help="End when this process ends.")

    def handle(self, *args: Any, **options: Any) -> None:
        Worker(settings.DATA_DIR, hourly=practice.forget, beside=options["beside"]).run()


@jobs.work(NIGHTLY)
def nightly(task: jobs.Task) -> str:
    """The work of every night; a part that breaks keeps no other waiting."""
    broken = [command for command in EVERY_NIGHT if not done(command)]
    forget_old_jobs()
    if broken:
        raise Refused(f"Tidak berhasil: {', '.join(broken)}.")
    return "Selesai."


def done(command: str) -> bool:
    try:
        call_command(command)
    except Exception:
        log.exception("%s broke", command)
        return False
    return True
