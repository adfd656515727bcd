"""`manage.py zscore < in.csv > out.csv`: WHO z-scores for a table of children.

Columns and contract: growth/csvtool.py. Needs no database; remarks go to the error stream.
"""

import io
import sys
from typing import Any

from django.core.management.base import BaseCommand

from growth import csvtool


class Command(BaseCommand):
    help = "Menghitung nilai z WHO 2006 untuk setiap baris CSV dari masukan standar."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for stream in (sys.stdin, sys.stdout):
            if isinstance(stream, io.TextIOWrapper):
                # Line ends and bytes of another encoding pass through as they came.
                stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
        csvtool.run(sys.stdin, sys.stdout, sys.stderr)
