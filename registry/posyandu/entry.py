"""The acts of a posyandu day: a child is measured, or did not come. Sent twice, stored once."""

from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import record
from accounts.transitions import Refused
from regions.models import Posyandu
from registry import visits
from registry.models import Absence, Child, Measurement
from registry.mothers import exclusive
from registry.unmerged import hold

SAVED, DUPLICATE, TAKEN = "saved", "duplicate", "taken"
PUT_RIGHT_SINCE = (
    "Angka ini baru saja diperbaiki orang lain. Lihat yang tersimpan sekarang, "
    "dan simpan hanya kalau masih salah."
)  # fmt: skip
COMPARED = ("weight_kg", "length_height_cm", "measure", "lila_cm", "oedema")


class Entered(NamedTuple):
    """What became of a sending: ``saved``; ``duplicate``: these very numbers were stored before;
    ``taken``: the child has other numbers of that day, shown as ``visit``."""

    state: str
    visit: Measurement


def visit_on(child: Child, on: date) -> Measurement | None:
    """The counted visit of the child on the day."""
    rows = child.measurements.current().filter(measured_on=on)
    return rows.select_related("created_by", "child__programme").first()


def measure(user: Any, child: Child, numbers: dict[str, Any]) -> Entered:
    """Store the child's visit of the day once. Raises Refused as ``visits.add_measurement``.

    A double tap, a re-sent form and two kader at once end here: who comes second is told what
    stands, and may put it right.
    """
    on = numbers["measured_on"]
    if child.measurements.filter(measured_on=on).exists():
        return _known(child, numbers)
    try:
        return Entered(SAVED, visits.add_measurement(user, child, numbers))
    except Refused:
        if visit_on(child, on) is None:
            raise
        return _known(child, numbers)


def _known(child: Child, numbers: dict[str, Any]) -> Entered:
    """The visit that stands. Numbers of a revision since put right were stored too."""
    revisions = child.measurements.filter(measured_on=numbers["measured_on"])
    same = any(all(getattr(r, n) == numbers[n] for n in COMPARED) for r in revisions)
    standing = visit_on(child, numbers["measured_on"])
    if standing is None:  # between two revisions
        raise Refused("Pengukuran ini sedang diperbaiki orang lain. Coba sekali lagi.")
    return Entered(DUPLICATE if same else TAKEN, standing)


def put_right(
    user: Any, visit: Measurement, numbers: dict[str, Any], reason: str, seen: str
) -> Measurement:
    """Correct the visit somebody saw (its code ``seen``). Sent twice, put right once.

    Raises Refused when somebody else put it right in between: theirs is not written over unseen.
    """
    if seen and seen != visit.code:
        if all(getattr(visit, name) == numbers[name] for name in COMPARED):
            return visit
        raise Refused(PUT_RIGHT_SINCE)
    return visits.correct_measurement(user, visit, numbers, reason)


def tell_exclusive(user: Any, child: Child, told: bool | None, on: date) -> str:
    """Keep the answer to "hanya ASI?"; the sentence to show when another one stands, else ""."""
    month = exclusive.asked_month(child.birth_date, on)
    if told is None or month is None:
        return ""
    try:
        exclusive.answer(user, child, month, told, on)
    except Refused as refused:
        return refused.sentence
    return ""


def absent(user: Any, child: Child, posyandu: Posyandu, on: date) -> bool:
    """Note that the child did not come; False when it was noted before."""
    if visit_on(child, on):
        raise Refused(f"{child.name} sudah diukur pada hari ini, jadi tercatat hadir.")
    with transaction.atomic():
        hold(child)
        _, made = Absence.objects.get_or_create(
            child=child, on=on, defaults={"posyandu": posyandu, "created_by": user}
        )
        if made:
            record(user, "note_absence", child, why=str(on), action="hold_posyandu")
    return made
