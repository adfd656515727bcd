"""A kader's Google Form: its rows are reports, not children, and still need verifying.

The form asks neither the child's sex nor the parents' consent, so none of its rows can stand as a
submission. Each is held (registry/held.py): staff complete it, and a colleague verifies it
(docs/keputusan.md). The same row again is the same report, however often it is imported.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from accounts import jobs
from registry import held
from registry.imports import mapping
from registry.imports.analyse import Reading, chunks, count
from registry.imports.judge import Outcome
from registry.imports.places import Unplaced
from registry.imports.values import Read
from registry.imports.writing import save_rows
from registry.models import HeldReport, Import, ImportRow

WHY = HeldReport.Why.LIST
ALREADY = "Laporan ini sudah ada."
TWICE = "Sama dengan baris {}."
# Our columns and the boxes of the report form that they fill.
BOXES = {
    "reporter_name": "reporter_name", "child_name": "child_name", "sex": "sex",
    "mother_name": "mother_name", "father_name": "father_name", "parent_job": "parent_job",
    "address": "address", "rt": "rt", "rw": "rw",
}  # fmt: skip
LONGEST_URL = 300


def analyse(task: jobs.Task, source: Import) -> Counter[str]:
    """Make the rows of a list of reports: new, known already, or refused."""
    reading = Reading(source)
    mapping.note_passed(source, reading.passed)
    ImportRow.objects.filter(source=source).delete()
    seen: dict[str, int] = {}
    done = 0
    for some in chunks(reading.rows):
        task.step(done, len(reading.rows), "Membandingkan dengan laporan di portal")
        rows = [_row(reading, number, cells) for number, cells in some]
        _mark_known(source, [row for row in rows if row.outcome == Outcome.NEW], seen)
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows)
        done += len(some)
    return count(source)


def _row(reading: Reading, number: int, cells: Any) -> ImportRow:
    read = reading.read(cells)
    row = ImportRow(source=reading.source, number=number, outcome=Outcome.NEW)
    # A report may lack what a child must have: whoever completes it asks for the rest.
    problems = [] if read.values.get("child_name") else ["Nama anak kosong."]
    try:
        desa, posyandu = reading.place(read)
    except Unplaced as unplaced:
        problems.append(str(unplaced))
    if problems:
        row.outcome, row.values = Outcome.REFUSED, {"cells": reading.cells(cells)}
        row.reason = " ".join(problems)[:300]
        return row
    answers = _answers(read) | {"desa": desa.code, "posyandu": posyandu.code if posyandu else ""}
    row.values = {"answers": answers, "on": str(read.values.get("reported_at") or "")}
    row.reason = " ".join([*read.problems, *read.asks, *read.notes])[:300]
    return row


def _answers(read: Read) -> dict[str, str]:
    """What the desk's form is opened with, all as text."""
    told = {box: str(read.values[name]) for name, box in BOXES.items() if read.values.get(name)}
    if born := read.values.get("birth_date"):
        told |= {"birth_date_0": str(born.day), "birth_date_1": str(born.month),
                 "birth_date_2": str(born.year)}  # fmt: skip
    elif (months := read.values.get("age_months")) is not None:
        told["age_months"] = str(months)
    if not (told.get("mother_name") or told.get("father_name")):
        told["father_name"] = read.values.get("parent_name", "")
    if on := read.values.get("reported_at"):
        told["filled_on"] = str(on)
    if url := read.values.get("document_url"):
        told["tautan_dokumen"] = url[:LONGEST_URL]
    return told


def _mark_known(source: Import, rows: Sequence[ImportRow], seen: dict[str, int]) -> None:
    """Rows that came in before, by an earlier import or earlier in this list, change nothing."""
    by_id = {client_id(row): row for row in rows}
    known = HeldReport.objects.filter(programme=source.programme, client_id__in=by_id)
    there = set(known.values_list("client_id", flat=True))
    for row in rows:
        key = client_id(row)
        first = seen.setdefault(key, row.number)
        if key in there or first != row.number:
            row.outcome = Outcome.SAME
            row.reason = ALREADY if key in there else TWICE.format(first)


def client_id(row: ImportRow) -> str:
    """The identity of a report of a list: all that it says, and when it was sent."""
    said = "|".join(f"{k}={v}" for k, v in sorted(row.values["answers"].items()))
    digest = hashlib.sha256(f"{row.values['on']}|{said}".encode()).hexdigest()
    return f"daftar-{digest[:40]}"


class Writer:
    """Holds the reports of one list; as ``writing.Writer`` for a list of children."""

    def __init__(self, source: Import, user: Any) -> None:
        self.source, self.user = source, user

    def chunk(self, rows: Sequence[ImportRow]) -> None:
        written = []
        for row in rows:
            if row.outcome != Outcome.NEW:
                continue
            report, is_new = held.hold(
                self.source.programme, WHY, row.values["answers"], client_id=client_id(row),
                received_at=self._received(row),
            )  # fmt: skip
            outcome = Outcome.NEW if is_new else Outcome.SAME
            made = {"report": report.code} if is_new else {}
            written.append((outcome, row.reason, None, made, row.pk))
        save_rows(written)

    def _received(self, row: ImportRow) -> datetime | None:
        """Noon of the day on which the kader sent it."""
        if not row.values["on"]:
            return None
        day = date.fromisoformat(row.values["on"])
        return datetime.combine(day, time(12), tzinfo=self.source.programme.tz)


def undo(source: Import) -> tuple[int, int]:
    """Take the reports back that nobody has settled since; how many went, and how many stay."""
    rows = {row.made["report"]: row for row in source.rows.exclude(made={})}
    waiting = HeldReport.objects.open().filter(code__in=rows, why=WHY)
    gone = set(waiting.values_list("code", flat=True))
    waiting.delete()
    for code, row in rows.items():
        if code not in gone:
            row.reason = "Tetap ada: sudah ditangani petugas."
            row.save(update_fields=["reason"])
    return len(gone), len(rows) - len(gone)
