"""What the page of one list shows: how far it is, its rows by outcome, what can be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from accounts import jobs
from accounts.models import Job
from accounts.paging import PARAMETER, Order, Page
from registry.imports import mapping, shows
from registry.imports.entries import Entry
from registry.imports.leaving_out import cells_of
from registry.models import Child, Import, ImportRow
from registry.models.imports import NEW, SKIP
from registry.names import clean_text

PER_PAGE = 25
IN_ORDER = Order("baris impor", ("number",), counted=False)
Outcome = ImportRow.Outcome
ORDER = (Outcome.ASK, Outcome.NEW, Outcome.CHANGED, Outcome.REFUSED, Outcome.SAME)
TONES = {Outcome.ASK: "kuning", Outcome.NEW: "hijau", Outcome.CHANGED: "biru",
         Outcome.REFUSED: "merah", Outcome.SAME: "netral"}  # fmt: skip
SHOWN_CELLS = 8
YES = "Ya, masukkan sebagai anak baru"


@dataclass
class Offer:
    """What may be decided of a row; ``facts`` of the child it would be."""

    value: str
    label: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""


@dataclass
class Shown:
    """One row of the list, in words."""

    row: ImportRow
    title: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


class ImportPage:
    """One list for its page; ``query``: ``hasil`` which rows, ``hal`` which page of them."""

    order: tuple[Outcome, ...] = ORDER
    tones: Mapping[Any, str] = TONES

    def __init__(self, source: Import, query: QueryDict) -> None:
        self.source, self.query = source, query
        self.is_of_reports = source.layout == mapping.REPORTS
        self.job: Job | None = jobs.seen(source.job) if source.job else None
        self.running = bool(self.job and not self.job.is_over)
        self.silent = bool(self.job and jobs.is_silent(self.job))
        asked = query.get("hasil", "")
        there = [outcome for outcome in self.order if self.counts.get(outcome)]
        self.outcome: Any = asked if asked in there else next(iter(there), "")

    @property
    def counts(self) -> dict[str, int]:
        return self.source.counts

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The outcomes that there are, with their numbers."""
        return [
            {"url": f"?hasil={outcome.value}", "label": self._word(outcome),
             "count": self.counts[outcome], "active": outcome == self.outcome}
            for outcome in self.order if self.counts.get(outcome)
        ]  # fmt: skip

    def _word(self, outcome: Outcome) -> str:
        is_held = self.is_of_reports and outcome == Outcome.NEW
        return "Laporan baru" if is_held else str(outcome.label)

    @property
    def tone(self) -> str:
        return self.tones.get(self.outcome, "netral")

    @cached_property
    def accepted(self) -> int:
        """How many rows writing would store."""
        return self.source.rows.accepted().count()

    @cached_property
    def undecided(self) -> int:
        return self.source.rows.filter(outcome=Outcome.ASK, decision="").count()

    @cached_property
    def left_out(self) -> int:
        return self.source.rows.left_out().count()

    @cached_property
    def last_decree(self) -> str:
        """The decree of the last import of this programme: mostly the same again."""
        of_this = Import.objects.filter(programme=self.source.programme).exclude(decree="")
        return of_this.values_list("decree", flat=True).first() or ""

    # --- The rows --------------------------------------------------------------------------------

    @cached_property
    def _page(self) -> Page:
        rows = self.source.rows.filter(outcome=self.outcome).select_related("child")
        return IN_ORDER.page(rows, self.query.get(PARAMETER, ""), PER_PAGE)

    @property
    def pager(self) -> dict[str, str]:
        return self._page.pager(self.query)

    @cached_property
    def rows(self) -> list[Shown]:
        if self.running or not self.outcome:
            return []
        rows = self._page.rows
        children = self._children(rows)
        return [self._shown(row, children) for row in rows]

    def _children(self, rows: Sequence[ImportRow]) -> dict[str, Child]:
        codes = {code for row in rows for code in row.candidates}
        found = Child.objects.of(self.source.programme).filter(code__in=codes)
        return {child.code: child for child in found.select_related("mother", "household")}

    def _shown(self, row: ImportRow, children: dict[str, Child]) -> Shown:
        if self.is_of_reports and "answers" in row.values:
            return Shown(row, *_report(row.values["answers"]))
        if "name" not in row.values:
            return Shown(row, *_cells(self.source, row))
        entry = Entry.unpack(row.values)
        shown = Shown(row, entry.name, shows.facts_of(entry)[1:])
        if row.outcome in (Outcome.NEW, Outcome.ASK):
            shown.visits = [shows.visit_words(day, visit) for day, visit in entry.visits.items()]
        if row.outcome == Outcome.ASK:
            shown.offers = [_offer(row, value, children) for value in row.choices]
        return shown


def _offer(row: ImportRow, value: str, children: dict[str, Child]) -> Offer:
    if value == NEW:
        return Offer(value, "Anak lain, belum tercatat" if row.candidates else YES)
    if value == SKIP:
        return Offer(value, "Lewati baris ini")
    child = children.get(value)
    if child is None:
        return Offer(value, "Anak yang sudah tidak ada")
    why = ", ".join(row.values.get("alike", {}).get(value, []))
    return Offer(value, f"{child.name}, sudah tercatat", shows.facts_of_child(child)[1:], why)


def _report(answers: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """A kader's report: whose, and who sent it."""
    told = (
        ("Kader", answers.get("reporter_name", "")),
        ("Umur", f"{answers['age_months']} bulan" if answers.get("age_months") else ""),
        ("Orang tua", " / ".join(filter(None, map(answers.get, ("mother_name", "father_name"))))),
        ("Alamat", answers.get("address", "")),
    )  # fmt: skip
    return answers.get("child_name", ""), [(label, text or "–") for label, text in told]


def _cells(source: Import, row: ImportRow) -> tuple[str, list[tuple[str, str]]]:
    """A row that could not be read: what stands in it, long numbers masked."""
    labels, columns = source.columns["labels"], mapping.columns_of(source)
    texts = [(at, clean_text(mapping.shown(cell))) for at, cell in enumerate(cells_of(row.values))]
    said = {at: text for at, text in texts if text not in ("", "-") and at < len(labels)}
    name = next((at for at, of in columns.items() if of == "child_name"), -1)
    first = sorted(said, key=lambda at: (at not in columns, at))[: SHOWN_CELLS + 1]
    facts = [(labels[at], said[at]) for at in sorted(first) if at != name]
    return said.get(name, "Tanpa nama"), facts[:SHOWN_CELLS]
