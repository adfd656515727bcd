"""Warga kecamatan: who may take part in the programme, and the reason of an exception.

KEMPLING's guideline asks for it (Syarat: "Merupakan warga Kecamatan Kembaran"), GASKEN's does not;
so it is a setting of the programme whether staff ask. A kader's report is never asked.
"""

from typing import Any

from accounts.models import record
from accounts.transitions import Refused
from regions.models import Programme
from registry.models import Household

KEY = "ask_resident"
COLUMNS = ("resident", "resident_reason")
NEEDS_REASON = (
    "Keluarga ini bukan warga kecamatan. Tulis alasan mengapa tetap ditolong, "
    "misalnya tinggal sementara di rumah orang tua."
)


def asks(programme: Programme | None) -> bool:
    """Whether this programme asks for it."""
    return bool(programme and programme.setting(KEY, False))


def note(user: Any, household: Household, answer: dict[str, Any], action: str) -> None:
    """Write down whether a family is of the kecamatan; ``answer``: ``COLUMNS``, or {} = not said.

    Raises Refused when it is not, and nobody says why it takes part all the same.
    """
    changed = [n for n in COLUMNS if n in answer and getattr(household, n) != answer[n]]
    for name in changed:
        setattr(household, name, answer[name])
    refuse_without_reason(household)
    if changed:
        household.save(update_fields=changed)
        record(user, "correct_household", household, fields=changed, action=action)


def refuse_without_reason(household: Household) -> None:
    """Raise Refused for a family from elsewhere without a reason, where that is asked."""
    unreasoned = household.resident is False and not household.resident_reason.strip()
    if unreasoned and asks(household.programme):
        raise Refused(NEEDS_REASON)


def words(household: Household) -> str:
    """``Ya``, ``Bukan: tinggal sementara``, ``Belum ditanyakan``."""
    if household.resident is None:
        return "Belum ditanyakan"
    reason = f": {household.resident_reason}" if household.resident_reason else ""
    return "Ya" if household.resident else f"Bukan{reason}"
