"""``manage.py forget_held [--dry-run]``: empty held reports whose time is over."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from registry import retention


class Command(BaseCommand):
    help = "Empty held reports 30 days after they became a report, 90 days after they were dropped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count them.")

    def handle(self, *args: Any, **options: Any) -> None:
        number = retention.forget_held(dry_run=options["dry_run"])
        self.stdout.write(f"{number} held reports {'due' if options['dry_run'] else 'emptied'}")
