"""``manage.py rotate_keys [--check]``: write every NIK and KK number anew with the newest key.

Put the new key first in NIK_KEYS, restart the portal, run this, and take the old key out when
``--check`` counts none any more. Killed half-way it is simply started again.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import rotation


class Command(BaseCommand):
    help = "Write NIK and KK numbers anew with the first key of NIK_KEYS; --check only counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Count, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        found: dict[str, rotation.Done] = {}
        try:
            for done in rotation.rotate(dry_run=check):
                found[done.what] = done
        except ValueError as error:
            raise CommandError(f"{error} Put back the key that is missing.") from error
        word = "under an older key" if check else "written anew"
        for done in found.values():
            self.stdout.write(f"{done.what}: {done.rotated} of {done.seen} {word}")
        if not check or not any(done.rotated for done in found.values()):
            self.stdout.write("every number is under the newest key")
