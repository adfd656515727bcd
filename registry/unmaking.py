"""What the undo of a verified report takes back: what it made, and what it filled in elsewhere.

A NIK given to the wrong child would keep the right one from having it.
"""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db.models import ProtectedError

from accounts.models import record
from accounts.transitions import Refused
from registry import visits
from registry.lookup import keys
from registry.models import Child, Household, Submission

ACTION = "verify_report"
Stands = dict[str, Any]


def stands(row: Child | Household) -> Stands:
    """What verifying may fill in, as JSON keeps it; NIK and KK by their index."""
    if isinstance(row, Child):
        return {"nik": row.nik_index, "birth": [str(row.birth_date), row.birth_precision]}
    return {"kk": row.kk_index, "resident": [row.resident, row.resident_reason]}


def since(before: Stands | None, row: Child | Household) -> dict[str, Any]:
    """What → [before, now] of all that has changed since; nothing of a row that was just made."""
    now = stands(row)
    return {name: [was, now[name]] for name, was in (before or {}).items() if now[name] != was}


def unmake(user: Any, submission: Submission) -> None:
    """Delete what approving made, and put back what it filled in. Raises Refused once something
    else hangs on it."""
    made = [
        submission.measurement if submission.made_measurement else None,
        submission.child if submission.made_child else None,
        submission.child.mother if submission.child and submission.made_mother else None,
        submission.child.household if submission.child and submission.made_household else None,
    ]
    child, measured_on, filled = submission.child, _made_on(submission), submission.filled
    if child:
        visits.lock(child)
    submission.consents.update(child=None)
    Submission.objects.filter(pk=submission.pk).update(
        child=None, measurement=None, made_child=False, made_mother=False, made_household=False,
        made_measurement=False, filled={},
    )  # fmt: skip
    try:
        for thing in filter(None, made):
            thing.delete()
    except ProtectedError as error:
        raise Refused(
            "Anak ini sudah punya catatan lain (pengukuran, bantuan, atau laporan lain), "
            "jadi verifikasinya tidak bisa dibatalkan lagi."
        ) from error
    if child and measured_on and child not in made:  # the visits after it compare anew
        visits.stand_in(child, measured_on)
        visits.recompute(user, child, "verify_report", lift=True)
    if child:
        _put_back(user, child, filled)
    submission.refresh_from_db()


def _made_on(submission: Submission) -> date | None:
    """The day of the visit that approving stored, None when it stored none."""
    return submission.measured_on if submission.made_measurement else None


def _put_back(user: Any, child: Child, filled: dict[str, dict[str, Any]]) -> None:
    """Put back what still stands as it was filled in; what somebody changed since stays."""
    _put_back_child(user, child, _still(child, filled.get("child", {})))
    _put_back_home(user, child.household, _still(child.household, filled.get("household", {})))


def _still(row: Child | Household, filled: dict[str, Any]) -> Stands:
    if not filled:
        return {}
    now = stands(type(row).everyone.get(pk=row.pk))  # the row at hand may be of before
    return {name: before for name, (before, after) in filled.items() if now[name] == after}


def _put_back_child(user: Any, child: Child, back: Stands) -> None:
    if "nik" in back:  # only ever filled in where none stood
        child.nik, child.nik_index = "", None
        child.save(update_fields=["nik", "nik_index"])
        keys.refresh(child)
        record(user, "correct_child", child, fields=["nik"], action=ACTION)
    if "birth" in back:
        born, precision = back["birth"]
        told = {"birth_date": date.fromisoformat(born), "birth_precision": precision}
        with suppress(Refused):  # a visit since, before that day: then the exact date is right
            visits.correct_child(user, child, told)


def _put_back_home(user: Any, home: Household, back: Stands) -> None:
    columns: dict[str, Any] = {"kk": "", "kk_index": None} if "kk" in back else {}
    if "resident" in back:
        columns |= dict(zip(("resident", "resident_reason"), back["resident"], strict=True))
    for name, value in columns.items():
        setattr(home, name, value)
    if columns:
        home.save(update_fields=list(columns))
        record(user, "correct_household", home, fields=columns, action=ACTION)
