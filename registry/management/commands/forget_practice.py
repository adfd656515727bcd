"""``manage.py forget_practice [--dry-run]``: delete the receipts of practice after a day."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from registry import practice


class Command(BaseCommand):
    help = "Delete what was sent by practice QR codes more than 24 hours ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = practice.forget(dry_run=options["dry_run"])
        self.stdout.write(f"{number} practice reports {'due' if options['dry_run'] else 'gone'}")
