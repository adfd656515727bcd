"""``manage.py load_programme programmes/gasken.toml [--force]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from kempling import programmes


class Command(BaseCommand):
    help = "Load a programme file: adds what is missing, keeps what staff changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="Also overwrite what staff changed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                programme = programmes.load(path, force=options["force"])
            except ValidationError as error:
                raise CommandError(error.messages[0]) from error
            self.stdout.write(f"{programme.short_name}: loaded from {path.name}")
