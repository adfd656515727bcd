"""``manage.py forget_documents [--dry-run]``: delete identity papers whose time is over."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from registry import retention


class Command(BaseCommand):
    help = "Delete KK and akta pictures 30 days after verification, 90 days after rejection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = retention.forget(dry_run=options["dry_run"])
        self.stdout.write(f"{number} documents {'due' if options['dry_run'] else 'forgotten'}")
