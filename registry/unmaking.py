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
from registry.unmerged import hold

ACTION = "verify_report"
HANGS = (
    "Anak ini sudah punya catatan lain (pengukuran, bantuan, atau laporan lain), "
    "jadi verifikasinya tidak bisa dibatalkan lagi."
)
Stands = dict[str, Any]


def stands(row: Child | Household) -> Stands:
    """What verifying may fill in, as JSON keeps it; NIK and KK by their index."""
    told: Stands
    if isinstance(row, Child):
        told = {"nik": row.nik_index, "birth": [str(row.birth_date), row.birth_precision]}
    else:
        told = {"kk": row.kk_index, "resident": [row.resident, row.resident_reason]}
    return {"key": row.pk, **told}


def since(before: Stands, row: Child | Household) -> dict[str, Any]:
    """The key of the row, and what → [before, now] of all that has changed since."""
    now = stands(row)
    changed = {name: [was, now[name]] for name, was in before.items() if now[name] != was}
    return {"key": row.pk, **changed} if changed else {}


def unmake(user: Any, submission: Submission) -> None:
    """Delete what approving made, and put back what it filled in. Raises Refused once something
    else hangs on it."""
    child, filled = submission.child, submission.filled
    if child:
        _hold(child, filled)
    visit = submission.measurement if submission.made_measurement else None
    if visit and visit.superseded:  # whoever put it right has looked at this child
        raise Refused(HANGS)
    made = [
        visit,
        child if submission.made_child else None,
        child.mother if child and submission.made_mother else None,
        child.household if child and submission.made_household else None,
    ]
    submission.consents.update(child=None)
    Submission.objects.filter(pk=submission.pk).update(
        child=None, measurement=None, made_child=False, made_mother=False, made_household=False,
        made_measurement=False, filled={},
    )  # fmt: skip
    try:
        for thing in filter(None, made):
            thing.delete()
    except ProtectedError as error:
        raise Refused(HANGS) from error
    if child and visit and child not in made:  # the visits after it compare anew
        visits.stand_in(child, visit.measured_on)
        visits.recompute(user, child, "verify_report", lift=True)
    _put_back_child(user, filled.get("child", {}))
    _put_back_home(user, filled.get("household", {}))
    submission.refresh_from_db()


def _hold(child: Child, filled: dict[str, dict[str, Any]]) -> None:
    """Hold the household that was filled in, and the child with its own, in the order of all."""
    homes = Household.objects.filter(pk=filled.get("household", {}).get("key"))
    hold(*homes, child.household, child)
    visits.lock(child)


def _still(row: Child | Household, filled: dict[str, Any]) -> Stands:
    """What of it stands as it was filled in; what somebody changed since stays."""
    now = stands(row)
    return {
        name: told[0] for name, told in filled.items() if name != "key" and now[name] == told[1]
    }


def _put_back_child(user: Any, filled: dict[str, Any]) -> None:
    child = Child.objects.filter(pk=filled.get("key")).first()  # none that was merged since
    back = _still(child, filled) if child else {}
    if child and "nik" in back:  # only ever filled in where none stood
        child.nik, child.nik_index = "", None
        child.save(update_fields=["nik", "nik_index"])
        keys.refresh(child)
        record(user, "correct_child", child, fields=["nik"], action=ACTION)
    if child and "birth" in back:
        born, precision = back["birth"]
        told = {"birth_date": date.fromisoformat(born), "birth_precision": precision}
        with suppress(Refused):  # a visit since, before that day: then the exact date is right
            visits.correct_child(user, child, told)


def _put_back_home(user: Any, filled: dict[str, Any]) -> None:
    home = Household.objects.filter(pk=filled.get("key")).first()
    back = _still(home, filled) if home else {}
    columns: dict[str, Any] = {"kk": "", "kk_index": None} if "kk" in back else {}
    if "resident" in back:
        columns |= dict(zip(("resident", "resident_reason"), back["resident"], strict=True))
    if home and columns:
        for name, value in columns.items():
            setattr(home, name, value)
        home.save(update_fields=list(columns))
        record(user, "correct_household", home, fields=columns, action=ACTION)
