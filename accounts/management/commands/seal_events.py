"""``manage.py seal_events [--check]``: seal the event log, or verify its chain."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing
from accounts.models import Seal


class Command(BaseCommand):
    help = "Seal settled events in batches by a hash chain; --check verifies the whole chain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Verify, and seal nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_chain()
        else:
            self.stdout.write(f"batches sealed: {len(sealing.seal_events())}")
        last = Seal.objects.last()
        self.stdout.write(f"last seal: {last.digest} (event {last.last_id})" if last else "no seal")

    def check_chain(self) -> None:
        broken = sealing.check()
        if broken:
            seal = broken.seal
            raise CommandError(
                f"The batch of events {seal.first_id}–{seal.last_id}, sealed {seal.sealed_at:%F %T}"
                f" UTC, {broken.reason}: {broken.found} events are there now."
            )
        self.stdout.write(f"{Seal.objects.count()} batches hold")
