"""Some hundred rows on their way into the registry, and what every part of the writing needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import record_many
from regions.codes import new_code
from regions.models import Programme
from registry.imports.entries import VISIT, Entry
from registry.imports.inserting import insert, like
from registry.imports.judge import Judge, Row
from registry.imports.standing import Standing
from registry.models import Child, Consent, Measurement

ACTION = "import_lists"


@dataclass
class Chunk:
    """``decree``: the number of the decree that is the legal basis (UU 27/2022)."""

    programme: Programme
    user: Any
    decree: str
    judge: Judge
    standing: Standing
    rows: list[Row]

    def __post_init__(self) -> None:
        self.child = Child(programme=self.programme, created_by=self.user)
        self._visit = Measurement(created_by=self.user)
        self._basis = Consent(
            programme=self.programme, method=Consent.Method.DECREE, decree=self.decree,
            recorded_by=self.user,
        )  # fmt: skip

    def visit(self, child: Child, entry: Entry, day: date) -> Measurement:
        """A visit of the list that is not stored yet."""
        numbers = {name: entry.visits[day][name] for name in VISIT}
        return like(
            self._visit, code=new_code(), child=child, measured_on=day, doubted=[], **numbers
        )

    def basis(self, child: Child) -> Consent:
        """The legal basis in place of the parents' consent, which a list does not bring."""
        return like(self._basis, child=child)

    def tell(self, things: Iterable[tuple[Child, Iterable[str]]]) -> None:
        """One event a child: which of its columns the list has filled."""
        record_many(self.user, "import_child", things, action=ACTION, store=insert)
