"""``manage.py reindex [--missing]``: make the search keys of children and mothers.

``prepare`` runs it for those without keys (an installation from before there were any, a release
that makes other keys). Killed half-way it is simply started again.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from registry.lookup import keys
from registry.models import Child, Mother

AT_ONCE = 1000


class Command(BaseCommand):
    help = "Make the search keys of children and mothers; --missing: of those who have none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="Only who has no keys yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        for model, words in ((Mother, "mothers"), (Child, "children")):
            rows = model.objects.filter(keys=None) if options["missing"] else model.everyone.all()
            pks = list(rows.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(pks), AT_ONCE):
                some = model.everyone.filter(pk__in=pks[start : start + AT_ONCE])
                keys.refresh_many(**{words: some})
            if pks:
                self.stdout.write(f"search keys of {len(pks)} {words}")
