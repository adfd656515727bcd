"""What stands in a cell: real dates and numbers, and texts that no spreadsheet takes for a formula.

A name may begin with = or @ (security.md §1.10): it gets a ``'`` before it, and ``plain`` takes it
off again, so that an exported file gives back the name it was made of.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TEXT, DAY, WHOLE, ONE, TWO = "text", "day", "whole", "0.0", "0.00"
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True)
class Column:
    """One column: its heading, how it is read from a row, what it holds; width in letters."""

    label: str
    read: Callable[[Any], Any]
    kind: str = TEXT
    width: int = 12


def safe(text: str) -> str:
    """The text as a spreadsheet shows it: ``=1+1`` becomes ``'=1+1``."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(shown: str) -> str:
    """The text that ``safe`` was given."""
    return shown[1:] if shown.startswith("'") and _FORMULA.match(shown[1:]) else shown
