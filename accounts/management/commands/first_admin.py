"""``manage.py first_admin [--new]``: the one-time address by which the first admin comes in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts import workflow


class Command(BaseCommand):
    help = "Print a one-time address for an admin of every programme, when there is none yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="Print a fresh address in any case.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and (closed := workflow.close_demo_accounts()):
            self.stdout.write(f"demo accounts closed: {closed}")
        if not options["new"]:
            if workflow.an_admin_works():
                return
            if workflow.first_admin_waits():
                self.stdout.write(
                    "The first admin has been invited. For a fresh address: first_admin --new"
                )
                return
        address = reverse("accounts:accept", args=[workflow.invite_first_admin()])
        self.stdout.write("One-time address for the first admin, good for 7 days:")
        self.stdout.write(f"{settings.SITE_URL}{address}")
