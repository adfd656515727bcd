"""``manage.py forget_imports``: delete the files and rows of lists whose time is over."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.imports import workflow


class Command(BaseCommand):
    help = "Delete what was kept of lists handed in or written more than 30 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{workflow.forget_old()} lists forgotten")
