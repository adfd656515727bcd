"""``manage.py recompute [programme …] [--after KEY]``: work out all stored results anew.

z-scores, flags, N/T and alerts of every visit, after a new rule version or a restored backup.
Only what differs is written; killed half-way it is simply started again, or goes on ``--after``
the last key it printed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.models import Programme
from registry import visits
from registry.models import Child


class Command(BaseCommand):
    help = "Hitung ulang: z-scores, N/T and alerts of every visit; writes only what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("programmes", nargs="*", metavar="programme", help="Codes; none = all.")
        parser.add_argument("--after", type=int, default=0, help="Go on behind this key.")

    def handle(self, *args: Any, **options: Any) -> None:
        children = Child.objects.all()
        if options["programmes"]:
            chosen = Programme.objects.filter(code__in=options["programmes"])
            if missing := set(options["programmes"]) - {one.code for one in chosen}:
                raise CommandError(f"Unknown programme: {', '.join(sorted(missing))}")
            children = children.filter(programme__in=chosen)
        total, changed = children.count(), 0
        for done in visits.recompute_many(children, after=options["after"]):
            changed = done.changed
            self.stdout.write(
                f"{done.children}/{total} children, {done.visits} visits, {done.changed} changed"
                f" (--after {done.last})"
            )
            self.stdout.flush()
        self.stdout.write(f"{changed} changed")
