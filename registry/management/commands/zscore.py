"""`manage.py zscore < in.csv > out.csv`: WHO z-scores for a table of children.

Columns and contract: growth/csvtool.py. Needs no database; remarks go to the error stream.
"""

import sys
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from growth import csvtool


class Command(BaseCommand):
    help = "Menghitung nilai z WHO 2006 untuk setiap baris CSV dari masukan standar."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with _text(sys.stdin, "r") as infile, _text(sys.stdout, "w") as outfile:
            csvtool.run(infile, outfile, sys.stderr)


def _text(stream: TextIO, mode: str) -> TextIO:
    """Reopen a standard stream so that line ends and foreign bytes pass through unchanged."""
    return open(  # noqa: SIM115, PTH123 - closed by the caller; a number, not a path
        stream.fileno(),
        mode,
        encoding="utf-8",
        errors="surrogateescape",
        newline="",
        closefd=False,
    )
