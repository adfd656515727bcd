"""A child's visits: measured, corrected, and worked out anew when sex or birth date change.

Measurements are append-only: a correction adds a revision with its reason. z, N/T and alert are
derived from the child and from each other's order, so every act here works out the whole row of
visits again and writes what became different, with an event that says how many. The child keeps
its last counted visit and the rank of that alert, by which lists are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import record
from accounts.transitions import Refused
from growth.classify import ALERT_RANK
from registry import measuring
from registry.families import life
from registry.lookup import keys
from registry.models import Child, Measurement
from registry.models.children import ChildQuerySet
from registry.unmerged import MERGED

MEASURED_ALREADY = (
    "Anak ini sudah diukur pada tanggal itu. Perbaiki pengukuran yang ada, "
    "atau periksa tanggalnya."
)  # fmt: skip

BEFORE_BIRTH = "Tanggal ukur sebelum tanggal lahir anak ini. Periksa kedua tanggal itu."

# A child's own data that its z-scores, N/T and alerts hang on.
WORKED_OUT_FROM = ("sex", "birth_date", "birth_precision")


def add_measurement(user: Any, child: Child, numbers: dict[str, Any]) -> Measurement:
    """Store one visit with its z-scores and N/T, and put the visits after it in line.

    Raises Refused on a second visit of the same day, and on one before birth.
    """
    fresh = Measurement(child=child, created_by=user, **numbers)
    try:
        with transaction.atomic():
            lock(child)
            if fresh.measured_on < child.birth_date:  # corrected since the form was opened
                raise Refused(BEFORE_BIRTH)
            life.refuse_after_death(child, fresh.measured_on)
            _insert(user, child, fresh)
            record(user, "measure", child, fields=numbers, action="measure_child")
    except IntegrityError as error:
        raise Refused(MEASURED_ALREADY) from error
    return fresh


def correct_measurement(
    user: Any, old: Measurement, numbers: dict[str, Any], reason: str
) -> Measurement:
    """Add revision + 1 with its reason; the old revision stays and no longer counts."""
    if not reason.strip():
        raise Refused("Tulis alasan perbaikannya.")
    fresh = Measurement(
        child=old.child, created_by=user, revision=old.revision + 1, reason=reason,
        **{**numbers, "measured_on": old.measured_on},
    )  # fmt: skip
    with transaction.atomic():
        lock(old.child)
        live = Measurement.objects.filter(pk=old.pk, superseded=False)
        if not live.update(superseded=True):
            raise Refused("Pengukuran ini sudah diperbaiki orang lain. Muat ulang halaman.")
        _insert(user, old.child, fresh, lift=True)
        record(user, "correct_measurement", old.child, fields=numbers, action="measure_child")
    return fresh


def correct_child(user: Any, child: Child, changes: dict[str, Any]) -> None:
    """Correct a child's own data; a new sex or birth date recomputes every stored z and N/T."""
    with transaction.atomic():
        lock(child)
        born = changes.get("birth_date")
        counted = Measurement.objects.current().filter(child=child)
        if born and counted.filter(measured_on__lt=born).exists():
            raise Refused(BEFORE_BIRTH)
        for name, value in changes.items():
            setattr(child, name, value)
        child.save(update_fields=list(changes))
        keys.refresh(child)
        record(user, "correct_child", child, fields=changes, action="register_person")
        if set(WORKED_OUT_FROM) & set(changes):
            recompute(user, child, "register_person", lift=True)


def recompute(user: Any, child: Child, action: str = "measure_child", *, lift: bool = False) -> int:
    """Work out every visit of the child anew, in place; how many became different.

    The caller holds the lock. ``lift``: something was put right, so doubts may fall with it.
    """
    stood = _standing(child)
    changed = measuring.derive(child, Measurement.objects.filter(child=child), lift=lift)
    _write(changed)
    _stand([child] if _standing(child) != stood else [])
    _told(user, child, len(changed), action)
    return len(changed)


def stand_in(child: Child, on: date) -> None:
    """Where the visit that counted is gone, the revision below it counts again."""
    last = Measurement.objects.filter(child=child, measured_on=on).order_by("revision").last()
    if last and last.superseded:
        Measurement.objects.filter(pk=last.pk).update(superseded=False)


class Done(NamedTuple):
    """How far a recomputing has come: children and visits read, visits changed, last key."""

    children: int
    visits: int
    changed: int
    last: int


def recompute_many(children: ChildQuerySet, after: int = 0, size: int = 50) -> Iterator[Done]:
    """Work out the visits of many children anew, ``size`` at a time, each in its own transaction.

    May be ended at any moment: what was written stays right. ``after``: the key to go on behind.
    """
    done = Done(0, 0, 0, after)
    while True:
        with transaction.atomic():
            rest = children.filter(pk__gt=done.last).order_by("pk").select_related("programme")
            chunk = list(rest.select_for_update(of=("self",))[:size])
            read, changed = _recompute_chunk(chunk)
        if not chunk:
            return
        total = len(chunk) + done.children, read + done.visits, changed + done.changed
        done = Done(*total, chunk[-1].pk)
        yield done


def _recompute_chunk(children: list[Child]) -> tuple[int, int]:
    rows = defaultdict(list)
    for row in Measurement.objects.filter(child__in=children):
        rows[row.child_id].append(row)
    found, moved = [], []
    for child in children:
        stood = _standing(child)
        changed = measuring.derive(child, rows[child.pk])
        _told(None, child, len(changed), "")
        found += changed
        moved += [child] if _standing(child) != stood else []
    _write(found)
    _stand(moved)
    return sum(map(len, rows.values())), len(found)


def _insert(user: Any, child: Child, fresh: Measurement, *, lift: bool = False) -> None:
    """Store a new visit and what it makes of the visits after it."""
    rows = [*Measurement.objects.filter(child=child), fresh]
    others = [row for row in measuring.derive(child, rows, lift=lift) if row is not fresh]
    fresh.save(force_insert=True)
    _write(others)
    _stand([child])
    _told(user, child, len([row for row in others if not row.superseded]), "measure_child")


def _write(rows: list[Measurement]) -> None:
    Measurement.objects.bulk_update(rows, measuring.DERIVED, batch_size=100)


def _standing(child: Child) -> tuple[int | None, int]:
    return child.last_visit_id, child.rank


def _stand(children: list[Child]) -> None:
    """Write what lists read these children by; their visits are stored before."""
    Child.everyone.bulk_update(children, measuring.STANDS, batch_size=100)


def _told(user: Any, child: Child, count: int, action: str) -> None:
    if count:
        record(user, "recompute", child, why=f"n={count}", action=action)


def stand_many(children: Iterable[int]) -> None:
    """Let these children (their keys) stand by their last counted visit, by one statement."""
    counted = Measurement.objects.current().filter(child=OuterRef("pk")).order_by("-measured_on")
    levels = [When(alert=level, then=rank) for level, rank in ALERT_RANK.items()]
    ranks = counted.annotate(stands=Case(*levels, default=measuring.NOT_MEASURED_RANK))
    rank = Coalesce(Subquery(ranks.values("stands")[:1]), measuring.NOT_MEASURED_RANK)
    newest = Subquery(counted.values("pk")[:1])
    Child.everyone.filter(pk__in=children).update(last_visit=newest, rank=rank)


def point_to_last(children: Iterable[Child]) -> None:
    """Write which visit new children stand by, now that it has a key; their rank they have."""
    table = connection.ops.quote_name(Child._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET last_visit_id = %s WHERE id = %s",  # noqa: S608 - ours
            [(child.last_visit.pk, child.pk) for child in children if child.last_visit],
        )


def lock(child: Child) -> None:
    """One hand at a time on the visits of one child: the row of N/T is read, then written.

    What the visits are worked out from, and what was worked out of them last, is read again behind
    the lock: the child at hand may have been fetched before somebody else's act. Raises Refused
    when it was merged.
    """
    columns = (*WORKED_OUT_FROM, "left_on", "left_reason", "last_visit_id", "rank")
    held = Child.objects.select_for_update().filter(pk=child.pk).values(*columns).first()
    if held is None:
        raise Refused(MERGED)
    for name, value in held.items():
        setattr(child, name, value)
