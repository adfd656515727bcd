"""Writing the rows of a list, some hundred at a time, inside one transaction for them all.

Every chunk is judged anew behind the lock, so that what happened since the analysis counts. What
is stored is what single entry would have stored (tests/test_import_write.py compares).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from registry.imports import changing, making
from registry.imports.chunk import Chunk
from registry.imports.entries import Entry
from registry.imports.judge import Judge, Outcome, Row
from registry.imports.standing import Standing
from registry.models import CalledBefore, Import, ImportRow
from registry.models.imports import SKIP

SINCE = "Sejak dianalisis, keadaannya berubah."
WRITTEN = frozenset((Outcome.NEW, Outcome.CHANGED, Outcome.SAME))


class Writer:
    """Writes one import, chunk after chunk, in the order of the rows."""

    def __init__(self, source: Import, user: Any) -> None:
        self.source, self.user = source, user
        self.judge = Judge()
        self.counts: Counter[str] = Counter()

    def chunk(self, kept: Sequence[ImportRow]) -> None:
        rows = [_row(one) for one in kept]
        chosen = [row.decision for row in rows if row.decision]
        programme = self.source.programme
        entries = [row.entry for row in rows if row.entry]
        standing = Standing(programme, entries, chosen, lock=True)
        self.judge.judge(rows, standing)
        part = Chunk(programme, self.user, self.source.decree, self.judge, standing, rows)
        making.make(part)
        changing.change(part)
        self._remember(rows)
        self._close(rows, kept)

    def _remember(self, rows: list[Row]) -> None:
        """What a person linked is known the next time; the last answer counts."""
        linked = {}
        for row in rows:
            if row.decision and row.entry and row.child and row.outcome in WRITTEN:
                linked[row.entry.words] = row.child
                row.made["called"] = row.entry.words
        CalledBefore.objects.bulk_create(
            (CalledBefore(programme=self.source.programme, words=words, child=child)
             for words, child in linked.items()),
            update_conflicts=True, unique_fields=["programme", "words"], update_fields=["child"],
        )  # fmt: skip

    def _close(self, rows: list[Row], kept: Sequence[ImportRow]) -> None:
        """Write what became of each row; one that came out otherwise than analysed says so."""
        changed = []
        for row, one in zip(rows, kept, strict=True):
            self.counts[row.outcome] += 1
            written = row.outcome in WRITTEN
            child = row.child.pk if row.child and written else None
            moved = row.outcome != one.outcome
            if moved and not (row.decision and written):
                one.reason = " ".join([SINCE, *row.reasons])[:300]
            if moved or row.made or child != one.child_id:
                changed.append((row.outcome, one.reason, child, row.made, one.pk))
        save_rows(changed)


def save_rows(rows: Sequence[tuple[str, str, int | None, dict[str, Any], int]]) -> None:
    """Write (outcome, reason, child, made, key) of many rows."""
    made = ImportRow._meta.get_field("made")
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET outcome = %s, reason = %s, child_id = %s, made = %s WHERE id = %s",  # noqa: S608
            [(outcome, reason, child, made.get_db_prep_save(value, connection), key)
             for outcome, reason, child, value, key in rows],
        )  # fmt: skip


def _row(one: ImportRow) -> Row:
    entry = Entry.unpack(one.values)
    decided = one.decision if one.decision != SKIP else ""
    undecided = one.outcome == Outcome.ASK and not decided
    return Row(
        one.number, entry, outcome=Outcome.ASK if undecided else "", decision=decided,
        waits=undecided,
    )  # fmt: skip
