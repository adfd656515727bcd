"""Two cards of one person: merged in one transaction, merged no more, or told apart.

Whoever merges decides; nothing is lost: what cannot stand twice is kept with the merge, and the
merge can be taken back as long as what came later can still be told apart.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import record
from accounts.transitions import Refused
from growth.words import long_date
from registry import visits
from regions.models import Programme
from registry.lookup import keys
from registry.merging import journal as journals
from registry.merging import undoing, unite
from registry.merging.unite import Choices, Work
from registry.models import Child, Household, Measurement, Merge, Mother, NotSame, Submission
from registry.models.placed import Known
from registry.unmerged import ORDER

ACTION = "merge_people"
KINDS: dict[str, type[Known]] = {"child": Child, "mother": Mother, "household": Household}
NOT_YOURS = "Anda tidak berwenang menggabungkan kedua kartu ini."
ONE_CARD = "Ini kartu yang sama. Pilih kartu lain."
MERGED_BEFORE = "Salah satu kartu ini baru saja digabung. Muat ulang halaman untuk melihatnya."
MOVED_ON = "Data kedua kartu baru saja diubah orang lain. Muat ulang halaman, lalu periksa lagi."
COLLIDE = "Kedua kartu punya catatan yang tidak bisa digabung. Beri tahu admin portal."
UNDONE_BEFORE = "Penggabungan ini sudah dibatalkan."
TAKEN_SINCE = (
    "Tidak bisa dibatalkan sekarang: NIK atau nomor KK kartu lama dipakai orang lain, atau sudah "
    "ada PMT baru. Periksa itu dahulu, lalu batalkan lagi."
)
BEFORE_BIRTH = (
    "Ada pengukuran {} yang lebih awal dari tanggal lahir yang dipilih. Pilih tanggal lahir "
    "yang lain, atau perbaiki pengukurannya dahulu."
)
Part = tuple[str, Any, Any]  # kind, kept, gone


# --- Merging -----------------------------------------------------------------------------------


def merge(user: Any, kept: Known, gone: Known, choices: Choices | None = None) -> Merge:
    """Make two cards one: ``gone`` is merged into ``kept``, with their family where chosen.

    Raises Refused when one of them was merged meanwhile, lies outside the person's area, or when
    something stands against it (two pregnancies at once, a visit before birth).
    """
    choices = choices or Choices()
    try:
        with transaction.atomic():
            _one_at_a_time(kept.programme_id)
            parts = _held(user, _parts(kept, gone, choices.also))
            work = Work(user, choices)
            taken = [unite.people(work, *_fresh(part)) for part in parts]
            _work_out(user, parts)
            made = Merge.objects.create(
                programme=kept.programme, kind=_kind(kept), kept_code=kept.code,
                gone_code=gone.code, by=user, moved=_told(work, parts),
            )  # fmt: skip
            for (_, into, away), fields in zip(parts, taken, strict=True):
                record(user, "merge", into, fields=fields, why=away.code, action=ACTION)
    except IntegrityError as error:
        raise Refused(COLLIDE) from error
    return made


def _parts(kept: Known, gone: Known, also: Iterable[str]) -> list[Part]:
    """Household, mother, the two themselves: in this order each finds the one above it united."""
    if type(kept) is not type(gone) or kept.pk == gone.pk:
        raise Refused(ONE_CARD)
    family = [(name, getattr(kept, name, None), getattr(gone, name, None)) for name in also]
    wanted = {name: (one, other) for name, one, other in family if one and other and one != other}
    wanted[_kind(kept)] = (kept, gone)
    order = [kind for model in ORDER for kind, known in KINDS.items() if known is model]
    return [(kind, *wanted[kind]) for kind in order if kind in wanted]


def _held(user: Any, parts: list[Part]) -> list[Part]:
    """Lock everybody, and look again: nobody merged meanwhile, all in the person's area."""
    if not user.may(ACTION):
        raise Refused(NOT_YOURS, stranger=True)
    _hold_reports({kind: [kept.pk, gone.pk] for kind, kept, gone in parts}, "pk")
    for kind, kept, gone in parts:
        rows = KINDS[kind].everyone.filter(pk__in=(kept.pk, gone.pk))  # type: ignore[attr-defined]
        held = list(rows.select_for_update().order_by("pk"))
        if any(row.merged_into_id for row in held):
            raise Refused(MERGED_BEFORE)
        if len(held) != 2 or rows.in_scope(user, ACTION).count() != 2:
            raise Refused(NOT_YOURS, stranger=True)
        if kept.programme_id != gone.programme_id:
            raise Refused(NOT_YOURS, stranger=True)
        for row in (kept, gone):
            _same_family(row, next(one for one in held if one.pk == row.pk))
    return parts


def _one_at_a_time(programme: int) -> None:
    """A merge also touches cards merged into its two earlier, which no order of locking foresees:
    a into b, b into c and c into a at one moment would wait in a circle. Merges are rare."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme)


def _hold_reports(people: dict[str, list[Any]], by: str) -> None:
    """Reports before people, as taking a decision back does: nobody waits in a circle."""
    children = Child.everyone.none()
    for kind, two in people.items():
        path = by if kind == "child" else f"{kind}__{by}"
        children |= Child.everyone.filter(**{f"{path}__in": two})
    reports = Submission.objects.filter(child__in=children.values("pk"))
    list(reports.select_for_update().order_by("pk").values_list("pk"))


def _same_family(seen: Known, now: Known) -> None:
    for name in ("mother_id", "household_id"):
        if getattr(seen, name, None) != getattr(now, name, None):
            raise Refused(MOVED_ON)


def _fresh(part: Part) -> tuple[Any, Any]:
    """The two rows read anew: uniting the family may have changed them."""
    for person in part[1:]:
        person.refresh_from_db()
    return part[1], part[2]


def _work_out(user: Any, parts: list[Part]) -> None:
    """The visits of children derived anew, now that they stand in one row (or in two again), and
    what people are found by."""
    for kind, *two in parts:
        for person in two:
            person.refresh_from_db()
            if isinstance(person, Child | Mother) and person.merged_into_id is None:
                keys.refresh(person)
        children: list[Child] = two if kind == "child" else []
        for child in children:
            child.refresh_from_db()
            early = Measurement.objects.filter(child=child, measured_on__lt=child.birth_date)
            if first := early.order_by("measured_on").first():
                raise Refused(BEFORE_BIRTH.format(long_date(first.measured_on)))
            visits.recompute(user, child, ACTION)


def _told(work: Work, parts: list[Part]) -> dict[str, Any]:
    """What the undo needs: the steps, who became one, and which rows hung there afterwards."""
    return {
        "parts": [[kind, kept.code, gone.code] for kind, kept, gone in parts],
        "steps": work.journal.steps,
        "pairs": work.pairs,
        "stood": undoing.standing(work.pairs),
    }


# --- Taking it back ----------------------------------------------------------------------------


def undo_merge(user: Any, merge: Merge, *, apart: bool = False) -> list[str]:
    """Take a merge back; returns what stays with the kept card, in words.

    Everything stands as before; what was added since stays with the kept card. ``apart``: the two
    are also told apart. Raises Refused when something cannot be told apart any more.
    """
    if not user.may(ACTION):
        raise Refused(NOT_YOURS, stranger=True)
    try:
        with transaction.atomic():
            _one_at_a_time(merge.programme_id)
            parts = _merged(user, merge)
            outlook = undoing.look(merge)
            if outlook.refused:
                raise Refused(outlook.refused)
            undoing.follow(outlook)
            journals.take_back(merge.moved["steps"], outlook.leave)
            _work_out(user, parts)
            Merge.objects.filter(pk=merge.pk).update(undone_at=timezone.now(), undone_by=user)
            for _, kept, gone in parts:
                record(user, "undo_merge", kept, why=gone.code, action=ACTION)
            if apart:
                tell_apart(user, *parts[-1][1:])
    except IntegrityError as error:
        raise Refused(TAKEN_SINCE) from error
    return outlook.stays


def _merged(user: Any, merge: Merge) -> list[Part]:
    """The people of a merge that stands, locked."""
    held = Merge.objects.in_scope(user, ACTION).select_for_update().filter(pk=merge.pk).first()
    if held is None:
        raise Refused(NOT_YOURS, stranger=True)
    if held.undone_at:
        raise Refused(UNDONE_BEFORE)
    if later := undoing.later_one(held):
        raise Refused(undoing.LATER.format(long_date(held.programme.local(later.at).date())))
    _hold_reports({kind: codes for kind, *codes in held.moved["parts"]}, "code")
    parts = []
    for kind, *codes in held.moved["parts"]:
        rows = KINDS[kind].everyone.filter(code__in=codes)  # type: ignore[attr-defined]
        found = {row.code: row for row in rows.select_for_update().order_by("pk")}
        parts.append((kind, found[codes[0]], found[codes[1]]))
    return parts


# --- Telling apart -----------------------------------------------------------------------------


def tell_apart(user: Any, first: Known, second: Known) -> NotSame:
    """Remember that these two are two: the pair is never shown again. Said twice, stored once."""
    if not user.may(ACTION) or first.programme_id != second.programme_id:
        raise Refused(NOT_YOURS, stranger=True)
    if first.pk == second.pk:
        raise Refused(ONE_CARD)
    codes = sorted((first.code, second.code))
    with transaction.atomic():
        row, made = NotSame.objects.get_or_create(
            programme=first.programme, first_code=codes[0], second_code=codes[1],
            defaults={"kind": _kind(first), "by": user},
        )  # fmt: skip
        if made:
            record(user, "tell_apart", first, why=second.code, action=ACTION)
    return row


def _kind(person: Known) -> str:
    return str(person._meta.model_name)
