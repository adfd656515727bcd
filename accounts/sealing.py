"""The seal on the event log: each batch's digest takes in the one before (design.md §4).

A changed, removed or slipped-in event breaks its batch and every later one. The last digest,
kept outside the machine, also shows when the whole chain was made anew.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Event, EventQuerySet, Seal

BATCH = 1000
# An event becomes visible when its transaction ends; younger ones may still get company below.
SETTLED = timedelta(minutes=10)
COLUMNS = (
    "id", "at", "user_id", "grant_id", "programme_id", "verb", "object_kind", "object_code",
    "fields", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """The first seal that no longer fits its events."""

    seal: Seal
    found: int
    reason: str


def seal_events(now: datetime | None = None) -> list[Seal]:
    """Seal every settled event not sealed yet, in batches; return the seals made, oldest first."""
    settled = (now or timezone.now()) - SETTLED
    newest = Event.objects.filter(at__lte=settled).order_by("-id").first()
    made: list[Seal] = []
    while newest and (seal := _seal_next(until=newest.pk)):
        made.append(seal)
    return made


def check() -> Broken | None:
    """Recompute the chain from its beginning; the first broken batch, or None when it holds."""
    before, digest = 0, ""
    for seal in Seal.objects.iterator():
        events = _between(before, seal.last_id)
        digest, count, first = _digest(digest, events)
        if digest != seal.digest:
            reason = "does not fit its seal" if first == seal.first_id else "begins elsewhere"
            return Broken(seal, count, reason)
        before = seal.last_id
    return None


def _seal_next(until: int) -> Seal | None:
    """Seal the next batch. One at a time: the unique ``last_id`` stops a second process."""
    with transaction.atomic():
        previous = Seal.objects.last()
        after = previous.last_id if previous else 0
        ids = list(_between(after, until).values_list("id", flat=True)[:BATCH])
        if not ids:
            return None
        digest, _, first = _digest(previous.digest if previous else "", _between(after, ids[-1]))
        return Seal.objects.create(first_id=first, last_id=ids[-1], digest=digest)


def _between(after: int, last: int) -> EventQuerySet:
    return Event.objects.filter(id__gt=after, id__lte=last).order_by("id")


def _digest(before: str, events: EventQuerySet) -> tuple[str, int, int]:
    """SHA-256 over the digest before and one line per event; with their number and first id."""
    chain, count, first = hashlib.sha256(before.encode()), 0, 0
    for row in events.values_list(*COLUMNS).iterator():
        chain.update(_line(row))
        count, first = count + 1, first or row[0]
    return chain.hexdigest(), count, first


def _line(row: tuple[object, ...]) -> bytes:
    """One event as bytes that are the same on every database."""
    plain = [v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v for v in row]
    return (json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
