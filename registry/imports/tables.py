"""What every reader of files gives back, and which of several tables is the list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.names import clean_text


@dataclass(slots=True)
class Table:
    """One table of a file: its rows are read as they are asked for."""

    kind: str
    rows: Iterator[list[Any]]
    name: str = ""
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def shown(name: str) -> str:
    """The name of a sheet, as it may stand in a sentence."""
    return clean_text(name)[:31]
